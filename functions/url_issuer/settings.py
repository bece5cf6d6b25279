"""Reads the function's environment once, into values that can be relied on.

The stack sets these variables (stack/), so a wrong one is a mistake in the deployment. It is refused
by name before the first link is made: a link minted with half a configuration would fail when
somebody opens it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from link_protocol.limits import MAX_S3_LIFETIME, S3_GRACE

_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_ORIGIN = re.compile(rf"(?P<bucket>[a-z0-9-]+)\.s3\.(?P<region>{_REGION.pattern})\.amazonaws\.com")
_BASE_URL = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)
_SECONDS = re.compile(r"[1-9]\d{0,9}", re.ASCII)


class SettingsError(ValueError):
    """An environment variable is missing or can't work. The message names it and holds no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings.

    Attributes:
        bucket: the S3 bucket with the objects. No dots: a dot forces path-style addresses, which
            aren't the distribution's origin (S3 User Guide, "Virtual hosting of buckets").
        origin: the bucket's regional domain name, the host that every link is signed for.
        bucket_region: the region in `origin`.
        region: the region of the table and of the STS endpoint.
        table: the DynamoDB table with the links' records.
        base_url: what links begin with, without a trailing slash. Plain http is for loopback only.
        signer_role: ARN of the role that signs, and may only read the bucket.
        default_lifetime, max_lifetime: seconds.
        retention: seconds that a record outlives its link.
    """

    bucket: str
    origin: str
    bucket_region: str
    region: str
    table: str
    base_url: str
    signer_role: str
    default_lifetime: int
    max_lifetime: int
    retention: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        bucket = _matching(environment, "BUCKET_NAME", _BUCKET)["0"]
        origin = _matching(environment, "ORIGIN_DOMAIN", _ORIGIN)
        if origin["bucket"] != bucket:
            raise SettingsError("ORIGIN_DOMAIN is not the domain of BUCKET_NAME")
        max_lifetime = _seconds(environment, "MAX_LIFETIME_SECONDS", MAX_S3_LIFETIME - S3_GRACE)
        return cls(
            bucket=bucket,
            origin=origin["0"],
            bucket_region=origin["region"],
            region=_matching(environment, "AWS_REGION", _REGION)["0"],
            table=_matching(environment, "LINKS_TABLE_NAME", re.compile(r"[\w.-]{3,255}", re.ASCII))["0"],
            base_url=_matching(environment, "LINK_BASE_URL", _BASE_URL)["0"],
            signer_role=_matching(environment, "SIGNER_ROLE_ARN", _ROLE)["0"],
            default_lifetime=_seconds(environment, "DEFAULT_LIFETIME_SECONDS", max_lifetime),
            max_lifetime=max_lifetime,
            retention=_seconds(environment, "RECORD_RETENTION_SECONDS", 10**9),
        )


def _matching(environment: Mapping[str, str], name: str, shape: re.Pattern[str]) -> dict[str, str]:
    """The variable's named groups, and the whole of it as "0"."""
    found = shape.fullmatch(environment.get(name, ""))
    if found is None:
        raise SettingsError(f"{name} is missing or malformed: it must match {shape.pattern}")
    return {"0": found[0], **found.groupdict()}


def _seconds(environment: Mapping[str, str], name: str, longest: int) -> int:
    seconds = int(_matching(environment, name, _SECONDS)["0"])
    if seconds > longest:
        raise SettingsError(f"{name} must be at most {longest}")
    return seconds
