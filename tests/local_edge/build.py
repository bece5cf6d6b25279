"""Distributions, requests and the API's documents for tests, with everything at its usual value."""

import html
import re
from typing import Any

from local_cloud.edge.config import Deployed
from local_cloud.edge.messages import Headers, Request
from local_cloud.edge.model import (
    Behaviour,
    CachePolicy,
    Distribution,
    Origin,
    OriginRequestPolicy,
    ResponseHeadersPolicy,
    Selection,
)

BUCKET = "some-bucket.s3.us-east-1.amazonaws.com"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:guard:3"
ARN = "arn:aws:cloudfront::000000000000:distribution/E123"
PRESIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host%3Bx-claim-token"
    "&X-Amz-Signature=" + "0" * 64
)
ALL = Selection("all")


def origin(**changed: Any) -> Origin:
    usual: dict[str, Any] = {
        "name": "assets",
        "domain": BUCKET,
        "region": "us-east-1",
        "path": "",
        "custom_headers": (),
        "identity": "none",
        "connection_attempts": 3,
        "connection_timeout": 10,
        "response_timeout": 30,
    }
    return Origin(**usual | changed)


def cache_policy(**changed: Any) -> CachePolicy:
    """Managed-CachingDisabled unless told otherwise."""
    usual: dict[str, Any] = {
        "min_ttl": 0,
        "default_ttl": 0,
        "max_ttl": 0,
        "headers": Selection(),
        "cookies": Selection(),
        "queries": Selection(),
        "encodings": (),
    }
    return CachePolicy(**usual | changed)


def behaviour(**changed: Any) -> Behaviour:
    usual: dict[str, Any] = {
        "pattern": "*",
        "origin": origin(),
        "allowed_methods": frozenset({"GET", "HEAD"}),
        "cached_methods": frozenset({"GET", "HEAD"}),
        "cache": cache_policy(),
        "origin_request": OriginRequestPolicy(
            headers=Selection("whitelist", frozenset({"x-claim-token"})), queries=ALL
        ),
        "response_headers": ResponseHeadersPolicy(),
        "viewer_request": None,
        "origin_response": None,
    }
    return Behaviour(**usual | changed)


def distribution(*behaviours: Behaviour, **changed: Any) -> Distribution:
    usual: dict[str, Any] = {"error_ttls": {}, "error_pages": {}}
    return Distribution("E123", ARN, "d123.cloudfront.net", behaviours or (behaviour(),), **(usual | changed))


def field(document: bytes | None, name: str) -> str:
    """The text of the one element of this name in an S3 error document; empty where there is none."""
    found = re.search(f"<{name}>(.*?)</{name}>", (document or b"").decode(), re.DOTALL)
    return html.unescape(found.group(1)) if found else ""


def request(
    uri: str = "/a.txt",
    querystring: str = "",
    method: str = "GET",
    headers: Headers = (("Host", "d123.cloudfront.net"),),
) -> Request:
    return Request(method, uri, querystring, headers, "203.0.113.7")


def listed(*members: Any) -> dict[str, Any]:
    """A list as the CloudFront API has it."""
    return {"Quantity": len(members), "Items": list(members)} if members else {"Quantity": 0}


def described(*, of_behaviour: Any = None, of_origin: Any = None, **config: Any) -> dict[str, Any]:
    """GetDistribution's `Distribution`, with changes to the default behaviour, the origin and the rest."""
    return {
        "Id": "E123",
        "ARN": ARN,
        "DomainName": "d123.cloudfront.net",
        "DistributionConfig": {
            "CallerReference": "1",
            "Enabled": True,
            "Comment": "",
            "Origins": listed(
                {
                    "Id": "assets",
                    "DomainName": BUCKET,
                    "OriginPath": "",
                    "CustomHeaders": listed(),
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                    "OriginShield": {"Enabled": False},
                    **(of_origin or {}),
                }
            ),
            "DefaultCacheBehavior": {
                "TargetOriginId": "assets",
                "ViewerProtocolPolicy": "https-only",
                "AllowedMethods": {**listed("GET", "HEAD"), "CachedMethods": listed("GET", "HEAD")},
                "TrustedSigners": {"Enabled": False, "Quantity": 0},
                "Compress": True,
                "CachePolicyId": "caching-disabled",
                **(of_behaviour or {}),
            },
            "CacheBehaviors": listed(),
            "CustomErrorResponses": listed(),
            "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
            "Logging": {"Enabled": True, "Bucket": "logs.s3.amazonaws.com"},
            "WebACLId": "",
            **config,
        },
    }


def api_cache_policy(**changed: Any) -> dict[str, Any]:
    key = {
        "EnableAcceptEncodingGzip": False,
        "EnableAcceptEncodingBrotli": False,
        "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    }
    return {
        "Name": "a",
        "MinTTL": 0,
        "DefaultTTL": 0,
        "MaxTTL": 0,
        "ParametersInCacheKeyAndForwardedToOrigin": key,
    } | changed


def api_origin_request_policy(**changed: Any) -> dict[str, Any]:
    return {
        "Name": "b",
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": listed("X-Claim-Token")},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    } | changed


def deployed(distribution: dict[str, Any] | None = None, **changed: Any) -> Deployed:
    usual: dict[str, Any] = {
        "distribution": distribution or described(),
        "cache_policies": {"caching-disabled": api_cache_policy()},
        "origin_request_policies": {"to-origin": api_origin_request_policy()},
        "response_headers_policies": {},
        "origin_access_controls": {},
        "key_groups": {},
        "public_keys": {},
        "functions": {FUNCTION: {"Timeout": 5, "Architectures": ["x86_64"], "PackageType": "Zip"}},
    }
    return Deployed(**usual | changed)
