"""Small CloudFormation templates: a distribution that is right, and ones that are wrong in one way each."""

from typing import Any

BUCKET = "edge-test-assets"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CONFIGURABLE_ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)


def origin_request_policy(name: str, *headers: str) -> dict[str, Any]:
    listed = (
        {"HeaderBehavior": "whitelist", "Headers": list(headers)} if headers else {"HeaderBehavior": "none"}
    )
    config = {
        "Name": name,
        "CookiesConfig": {"CookieBehavior": "none"},
        "HeadersConfig": listed,
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    return {
        "Type": "AWS::CloudFront::OriginRequestPolicy",
        "Properties": {"OriginRequestPolicyConfig": config},
    }


def origin_access_control(signing: str) -> dict[str, Any]:
    config = {
        "Name": signing,
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": signing,
        "SigningProtocol": "sigv4",
    }
    return {
        "Type": "AWS::CloudFront::OriginAccessControl",
        "Properties": {"OriginAccessControlConfig": config},
    }


def origin(name: str, **changed: Any) -> dict[str, Any]:
    usual = {
        "Id": name,
        "DomainName": f"{BUCKET}.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    return usual | changed


def behaviour(*functions: tuple[str, str], **changed: Any) -> dict[str, Any]:
    """A behaviour with these (trigger, ARN) associations."""
    usual = {
        "TargetOriginId": "assets",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": ["GET", "HEAD"],
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": {"Ref": "ToOrigin"},
        "ResponseHeadersPolicyId": {"Ref": "ToViewer"},
        "LambdaFunctionAssociations": [
            {"EventType": trigger, "LambdaFunctionARN": arn} for trigger, arn in functions
        ],
    }
    return usual | changed


def distribution(
    default: dict[str, Any], *others: dict[str, Any], prefix: str, careful: bool = True
) -> dict[str, Any]:
    """A template whose policies begin with `prefix`. Unless `careful`, error TTLs are at their default."""
    to_viewer = {
        "Name": f"{prefix}-to-viewer",
        "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}},
        "CustomHeadersConfig": {
            "Items": [{"Header": "cache-control", "Value": "no-store", "Override": True}]
        },
    }
    config = {
        "Enabled": True,
        "DefaultCacheBehavior": default,
        "CacheBehaviors": list(others),
        "Origins": [
            origin("assets"),
            origin("with-oac", OriginAccessControlId={"Fn::GetAtt": ["Always", "Id"]}),
            origin("with-idle-oac", OriginAccessControlId={"Fn::GetAtt": ["Never", "Id"]}),
            origin(
                "with-oai", S3OriginConfig={"OriginAccessIdentity": "origin-access-identity/cloudfront/E1"}
            ),
        ],
        "CustomErrorResponses": [
            {"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in CONFIGURABLE_ERRORS if careful
        ],
    }
    return {
        "Resources": {
            "ToOrigin": origin_request_policy(f"{prefix}-to-origin", "x-claim-token", "x-origin-response"),
            "Headerless": origin_request_policy(f"{prefix}-headerless"),
            "ToViewer": {
                "Type": "AWS::CloudFront::ResponseHeadersPolicy",
                "Properties": {"ResponseHeadersPolicyConfig": to_viewer},
            },
            "Always": origin_access_control("always"),
            "Never": origin_access_control("never"),
            "Distribution": {
                "Type": "AWS::CloudFront::Distribution",
                "Properties": {"DistributionConfig": config},
            },
        }
    }
