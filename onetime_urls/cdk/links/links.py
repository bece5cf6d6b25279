"""What the functions of one deployment's links have in common."""

from dataclasses import dataclass

from aws_cdk import aws_s3 as s3

from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.links.limits import LinkLimits
from onetime_urls.cdk.links.parameter import GuardParameter
from onetime_urls.cdk.tables import Table


@dataclass(frozen=True, kw_only=True)
class Links:
    """One deployment's links.

    Attributes:
        api: where the functions are called.
        bucket: the objects.
        table: the links' records.
        parameter: of the guard, which holds the key of nonces.
        base_url: the distribution's address, without a trailing slash.
        limits: what a link may be asked for.
    """

    deployment: Deployment
    api: LinkApi
    bucket: s3.IBucket
    table: Table
    parameter: GuardParameter
    base_url: str
    limits: LinkLimits
