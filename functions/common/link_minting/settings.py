"""Reads from the environment what minting needs to know of its deployment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from common.http_api.environment import REGION, ROLE, TABLE, SettingsError, matching, whole_number
from onetime_urls.protocol.contract.environment import Variable

BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_PARAMETER = re.compile(r"/[\w./-]{1,1010}", re.ASCII)
_ORIGIN = re.compile(rf"(?P<bucket>[a-z0-9-]+)\.s3\.(?P<region>{REGION.pattern})\.amazonaws\.com")
BASE_URL = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MintSettings:
    """One deployment's parts, as minting sees them.

    Attributes:
        bucket: the S3 bucket with the objects. No dots: a dot forces path-style addresses, which
            aren't the distribution's origin (S3 User Guide, "Virtual hosting of buckets").
        origin: the bucket's regional domain name, the host that every link is signed for.
        bucket_region: the region in `origin`.
        region: the region of the table and of the STS endpoint.
        table: the DynamoDB table with the links' records.
        parameter: the edge guard's SSM parameter, which holds the key of nonces.
        base_url: what links begin with, without a trailing slash. Plain http is for loopback only.
        signer_role: ARN of the role that signs, and may only read the bucket.
        retention: seconds that a record outlives its link.
    """

    bucket: str
    origin: str
    bucket_region: str
    region: str
    table: str
    parameter: str
    base_url: str
    signer_role: str
    retention: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        bucket = matching(environment, Variable.BUCKET_NAME, BUCKET)["0"]
        origin = matching(environment, Variable.ORIGIN_DOMAIN, _ORIGIN)
        if origin["bucket"] != bucket:
            raise SettingsError("ORIGIN_DOMAIN is not the domain of BUCKET_NAME")
        return cls(
            bucket=bucket,
            origin=origin["0"],
            bucket_region=origin["region"],
            region=matching(environment, Variable.AWS_REGION, REGION)["0"],
            table=matching(environment, Variable.LINKS_TABLE_NAME, TABLE)["0"],
            parameter=matching(environment, Variable.LINKS_PARAMETER_NAME, _PARAMETER)["0"],
            base_url=matching(environment, Variable.LINK_BASE_URL, BASE_URL)["0"],
            signer_role=matching(environment, Variable.SIGNER_ROLE_ARN, ROLE)["0"],
            retention=whole_number(environment, Variable.RECORD_RETENTION_SECONDS, 1, 10**9),
        )
