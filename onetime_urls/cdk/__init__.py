"""Constructs for CDK apps: `from onetime_urls.cdk import OneTimeUrls`."""

from onetime_urls.cdk.link_api import ApiAuth, LinkApi
from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.one_time_urls import OneTimeUrls
from onetime_urls.cdk.options import AccessLogs, Domain, Events, Monitoring, Shares
from onetime_urls.cdk.refusal import PropError

__all__ = [
    "AccessLogs",
    "ApiAuth",
    "Domain",
    "Events",
    "LinkApi",
    "Monitoring",
    "OidcIssuer",
    "OneTimeUrls",
    "PropError",
    "Shares",
]
