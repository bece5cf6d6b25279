"""Reads from the environment what the share admin needs to know, and what a caller may ask for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from common.http_api.environment import REGION, ROLE, TABLE, matching, whole_number
from common.link_minting.settings import BASE_URL, BUCKET
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.shares.limits import MAX_DOWNLOADS, MAX_RESUME_SECONDS

DAY = 86_400
_FOLDERS = re.compile(r"(?:[A-Za-z0-9!_.'()~-]+/)+(?:,(?:[A-Za-z0-9!_.'()~-]+/)+)*")
_MEDIA_RANGES = re.compile(r"[a-z0-9!#&^_.+*/-]+(?:,[a-z0-9!#&^_.+*/-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings.

    Attributes:
        bucket, bucket_region: where the objects are.
        region: the region of both tables and of the STS endpoint.
        shares_table, links_table: names.
        base_url: what a share's address begins with, without a trailing slash.
        uploader_role: ARN of the role whose session signs uploads.
        resume: seconds in which whoever began a download may go on with it.
        retention: seconds that a record outlives its share.
        max_share_days: longest life of a share.
        max_downloads: the most downloads of one share.
        max_upload_bytes: the largest upload.
        upload_folders: prefixes of the keys of uploads, each with its slash at the end.
        upload_types: media ranges of uploads, such as `image/*`, in lower case.
    """

    bucket: str
    bucket_region: str
    region: str
    shares_table: str
    links_table: str
    base_url: str
    uploader_role: str
    resume: int
    retention: int
    max_share_days: int
    max_downloads: int
    max_upload_bytes: int
    upload_folders: tuple[str, ...]
    upload_types: tuple[str, ...]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        return cls(
            bucket=matching(environment, Variable.BUCKET_NAME, BUCKET)["0"],
            bucket_region=matching(environment, Variable.BUCKET_REGION, REGION)["0"],
            region=matching(environment, Variable.AWS_REGION, REGION)["0"],
            shares_table=matching(environment, Variable.SHARES_TABLE_NAME, TABLE)["0"],
            links_table=matching(environment, Variable.LINKS_TABLE_NAME, TABLE)["0"],
            base_url=matching(environment, Variable.LINK_BASE_URL, BASE_URL)["0"],
            uploader_role=matching(environment, Variable.UPLOADER_ROLE_ARN, ROLE)["0"],
            resume=whole_number(environment, Variable.RESUME_SECONDS, 0, MAX_RESUME_SECONDS),
            retention=whole_number(environment, Variable.RECORD_RETENTION_SECONDS, 1, 10**9),
            max_share_days=whole_number(environment, Variable.MAX_SHARE_DAYS, 1, 365),
            max_downloads=whole_number(environment, Variable.MAX_DOWNLOADS, 1, MAX_DOWNLOADS),
            max_upload_bytes=whole_number(environment, Variable.MAX_UPLOAD_BYTES, 1, 5 * 2**40),
            upload_folders=tuple(matching(environment, Variable.UPLOAD_FOLDERS, _FOLDERS)["0"].split(",")),
            upload_types=tuple(matching(environment, Variable.UPLOAD_TYPES, _MEDIA_RANGES)["0"].split(",")),
        )

    @property
    def default_share_seconds(self) -> int:
        """Life of a share whose request names none: a week, or less where less is allowed."""
        return min(7, self.max_share_days) * DAY
