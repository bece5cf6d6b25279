"""What the console's page reads of its deployment: `config.json`."""

from typing import Any

from onetime_urls.cdk.one_time_urls import OneTimeUrls
from onetime_urls.cdk.sign_in import SignIn
from onetime_urls.cdk.signed_urls import SignedUrls


def configuration(
    *,
    links: OneTimeUrls,
    signed: SignedUrls | None,
    sign_in: SignIn | None,
    client_id: str,
    brand: dict[str, str],
) -> dict[str, Any]:
    """The object; texts in it may be known at deployment only, and need no escapes then."""
    shares = links.shares
    return {
        "api": links.api.endpoint,
        "signIn": _sign_in(sign_in, client_id) if sign_in else None,
        "signed": {"prefix": signed.prefix, "maxSeconds": signed.max_url_seconds} if signed else None,
        "uploads": {
            "folders": [*shares.upload_folders],
            "maxBytes": int(shares.max_upload.to_bytes()),
            "types": [*shares.upload_types],
        }
        if shares
        else None,
        "shares": {"maxDays": int(shares.max_life.to_days()), "maxDownloads": shares.max_downloads}
        if shares
        else None,
        "once": {
            "defaultSeconds": links.limits.default_lifetime_seconds,
            "maxSeconds": links.limits.max_lifetime_seconds,
        },
        "brand": brand,
    }


def _sign_in(sign_in: SignIn, client_id: str) -> dict[str, Any]:
    out = sign_in.sign_out
    return {
        "issuer": sign_in.issuer.url,
        "discovery": f"{sign_in.issuer.url.rstrip('/')}/.well-known/openid-configuration",
        "clientId": client_id,
        "scopes": [*sign_in.scopes],
        "token": sign_in.shows,
        "signOut": {
            "url": out.url,
            "clientParameter": out.client_parameter,
            "returnParameter": out.return_parameter,
        }
        if out
        else None,
    }
