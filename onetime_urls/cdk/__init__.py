"""Constructs for CDK apps: `from onetime_urls.cdk import OneTimeUrls, Console, …`."""

from onetime_urls.cdk.api_auth import ApiAuth
from onetime_urls.cdk.console import Console
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.one_time_urls import OneTimeUrls
from onetime_urls.cdk.options import (
    AccessLogs,
    Brand,
    Domain,
    Events,
    Monitoring,
    NewBucket,
    Sessions,
    Shares,
    SigningKey,
)
from onetime_urls.cdk.private_assets import PrivateAssets
from onetime_urls.cdk.refusal import PropError
from onetime_urls.cdk.sign_in import SignIn, SignOut
from onetime_urls.cdk.signed_urls import SignedUrls
from onetime_urls.protocol.rules import Rule

__all__ = [
    "AccessLogs",
    "ApiAuth",
    "Brand",
    "Console",
    "Domain",
    "Events",
    "LinkApi",
    "Monitoring",
    "NewBucket",
    "OidcIssuer",
    "OneTimeUrls",
    "PrivateAssets",
    "PropError",
    "Rule",
    "Sessions",
    "Shares",
    "SignIn",
    "SignOut",
    "SignedUrls",
    "SigningKey",
]
