"""What the edge makes of a deployed distribution, and what it refuses to serve."""

from typing import Any

import pytest

from local_cloud.edge import config
from local_cloud.edge.documents import NotModelled
from local_cloud.edge.model import PolicyHeader, Selection
from tests.local_edge.build import (
    FUNCTION,
    api_cache_policy,
    api_origin_request_policy,
    deployed,
    described,
    listed,
)
from tests.local_edge.keys import p256_key, rsa_key


def association(event: str = "viewer-request", arn: str = FUNCTION, **more: Any) -> dict[str, Any]:
    return {"LambdaFunctionAssociations": listed({"EventType": event, "LambdaFunctionARN": arn, **more})}


def refusal(**parts: Any) -> str:
    with pytest.raises(NotModelled) as caught:
        config.parse(deployed(**parts))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_usual_distribution_is_read_whole() -> None:
    read = config.parse(
        deployed(
            described(
                of_behaviour={"OriginRequestPolicyId": "to-origin", **association("origin-response")},
                CustomErrorResponses=listed(
                    {"ErrorCode": 404, "ErrorCachingMinTTL": 0}, {"ErrorCode": 500, "ResponsePagePath": ""}
                ),
            )
        )
    )
    default = read.behaviours[-1]
    assert read.error_ttls == {404: 0, 500: 10}
    assert (default.pattern, default.viewer_request, default.origin_response) == ("*", None, FUNCTION)
    assert default.allowed_methods == {"GET", "HEAD"}
    assert default.origin_request.headers == Selection("whitelist", frozenset({"x-claim-token"}))
    assert default.origin_request.queries.takes("anything")
    assert not default.cache.caches
    assert (default.origin.identity, default.origin.region) == ("none", "us-east-1")
    assert (default.origin.connection_attempts, default.origin.response_timeout) == (3, 30)


def test_ordered_behaviours_come_before_the_default_one() -> None:
    ordered = {"PathPattern": "/s/*", "TargetOriginId": "assets", "CachePolicyId": "caching-disabled"}
    read = config.parse(deployed(described(CacheBehaviors=listed(ordered))))
    assert [each.pattern for each in read.behaviours] == ["/s/*", "*"]


@pytest.mark.parametrize("signing", ["always", "no-override", "never"])
def test_an_origin_access_control_gives_its_signing_behaviour(signing: str) -> None:
    read = config.parse(
        deployed(
            described(of_origin={"OriginAccessControlId": "oac"}),
            origin_access_controls={"oac": {"SigningBehavior": signing}},
        )
    )
    assert read.behaviours[0].origin.identity == signing


def test_an_origin_access_identity_is_seen() -> None:
    identity = {"S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E1"}}
    read = config.parse(deployed(described(of_origin=identity)))
    assert read.behaviours[0].origin.identity == "origin-access-identity"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:lambda:us-east-1:000000000000:function:guard",
        "arn:aws:lambda:us-east-1:000000000000:function:guard:$LATEST",
        "arn:aws:lambda:us-east-1:000000000000:function:guard:live",
        "arn:aws:lambda:eu-west-1:000000000000:function:guard:3",
    ],
)
def test_only_a_numbered_function_version_in_us_east_1_is_taken(arn: str) -> None:
    message = refusal(distribution=described(of_behaviour=association(arn=arn)))
    assert message.startswith("behaviour (default), viewer-request: CloudFront takes only a numbered")


@pytest.mark.parametrize("event", ["origin-request", "viewer-response"])
def test_triggers_that_are_not_modelled_are_refused(event: str) -> None:
    assert "isn't modelled" in refusal(distribution=described(of_behaviour=association(event)))


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ({"Environment": {"Variables": {"A": "b"}}}, "environment variables"),
        ({"Layers": [{"Arn": "x"}]}, "layers"),
        ({"VpcConfig": {"SubnetIds": ["subnet-1"]}}, "a VPC"),
        ({"Architectures": ["arm64"]}, "arm64"),
        ({"Timeout": 6}, "a time-out over 5 s"),
        ({"PackageType": "Image"}, "container image"),
        ({"TracingConfig": {"Mode": "Active"}}, "X-Ray"),
        ({"DeadLetterConfig": {"TargetArn": "x"}}, "dead-letter"),
    ],
)
def test_functions_that_lambda_at_edge_would_not_take_are_refused(setting: Any, named: str) -> None:
    functions = {FUNCTION: {"Timeout": 5, **setting}}
    message = refusal(distribution=described(of_behaviour=association()), functions=functions)
    assert named in message


def api_origin(domain: str = "a1b2c3.execute-api.eu-west-1.amazonaws.com", **changed: Any) -> Any:
    """The parts of an origin that make it an HTTP API."""
    own = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only", "OriginReadTimeout": 20}
    return {"DomainName": domain, "S3OriginConfig": None, "CustomOriginConfig": own | changed}


def test_an_http_api_may_be_an_origin() -> None:
    [behaviour] = config.parse(deployed(described(of_origin=api_origin()))).behaviours
    origin = behaviour.origin
    assert (origin.api, origin.region, origin.response_timeout) == ("a1b2c3", "eu-west-1", 20)


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"Enabled": False}, "disabled"),
        ({"OriginGroups": listed({"Id": "g"})}, "OriginGroups"),
        ({"ConnectionMode": "tenant-only"}, "ConnectionMode"),
        ({"SomethingNew": {"Enabled": True}}, "SomethingNew"),
        ({"CustomErrorResponses": listed({"ErrorCode": 404, "ResponsePagePath": "/x"})}, "404"),
        ({"CustomErrorResponses": listed({"ErrorCode": 403, "ResponseCode": "200"})}, "403"),
        ({"of_behaviour": {"CachePolicyId": None, "ForwardedValues": {"QueryString": True}}}, "Forwarded"),
        ({"of_behaviour": {"CachePolicyId": ""}}, "without a cache policy"),
        ({"of_behaviour": {"TrustedSigners": {"Enabled": True, "Quantity": 1}}}, "TrustedSigners"),
        ({"of_behaviour": {"FunctionAssociations": listed({"EventType": "x"})}}, "FunctionAssociations"),
        ({"of_behaviour": {"TargetOriginId": "elsewhere"}}, "origin groups"),
        ({"of_behaviour": association(IncludeBody=True)}, "IncludeBody"),
        ({"of_origin": api_origin("api.example.com")}, "isn't an S3 bucket"),
        ({"of_origin": api_origin(OriginProtocolPolicy="match-viewer")}, "https"),
        ({"of_origin": api_origin(HTTPSPort=8443)}, "443"),
        ({"of_origin": api_origin(IpAddressType="ipv6")}, "IpAddressType"),
        ({"of_origin": api_origin() | {"OriginAccessControlId": "E1"}}, "OriginAccessControlId"),
        ({"of_origin": {"DomainName": "example.com"}}, "isn't an S3 bucket"),
        ({"of_origin": {"DomainName": "b.s3-website-us-east-1.amazonaws.com"}}, "isn't an S3 bucket"),
        ({"of_origin": {"OriginShield": {"Enabled": True}}}, "OriginShield"),
    ],
)
def test_what_the_edge_would_get_wrong_is_refused_by_name(parts: Any, named: str) -> None:
    assert named in refusal(distribution=described(**parts))


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"HeaderBehavior": "allViewer"}, "Host"),
        ({"HeaderBehavior": "whitelist", "Headers": listed("Host")}, "Host"),
        ({"HeaderBehavior": "allExcept", "Headers": listed("x-other")}, "Host"),
        ({"HeaderBehavior": "whitelist", "Headers": listed("CloudFront-Viewer-Country")}, "CloudFront-*"),
        ({"HeaderBehavior": "allViewerAndWhitelistCloudFront"}, "allViewerAndWhitelistCloudFront"),
    ],
)
def test_origin_request_policies_that_no_bucket_could_answer_are_refused(headers: Any, named: str) -> None:
    message = refusal(
        distribution=described(of_behaviour={"OriginRequestPolicyId": "to-origin"}),
        origin_request_policies={"to-origin": api_origin_request_policy(HeadersConfig=headers)},
    )
    assert named in message


def test_all_headers_but_the_host_may_be_forwarded() -> None:
    policy = api_origin_request_policy(
        HeadersConfig={"HeaderBehavior": "allExcept", "Headers": listed("Host")}
    )
    read = config.parse(
        deployed(
            described(of_behaviour={"OriginRequestPolicyId": "to-origin"}),
            origin_request_policies={"to-origin": policy},
        )
    )
    assert read.behaviours[0].origin_request.headers.takes("anything")


def test_a_caching_policy_is_read_with_its_encodings() -> None:
    optimized = api_cache_policy(MinTTL=1, DefaultTTL=86400, MaxTTL=31536000)
    optimized["ParametersInCacheKeyAndForwardedToOrigin"]["EnableAcceptEncodingGzip"] = True
    read = config.parse(deployed(cache_policies={"caching-disabled": optimized})).behaviours[0].cache
    assert read.caches
    assert (read.min_ttl, read.default_ttl, read.encodings) == (1, 86400, ("gzip",))


def test_a_response_headers_policy_becomes_headers() -> None:
    policy = {
        "Name": "c",
        "SecurityHeadersConfig": {
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": 60,
                "IncludeSubdomains": True,
                "Preload": True,
                "Override": True,
            },
            "ContentTypeOptions": {"Override": True},
            "ContentSecurityPolicy": {"ContentSecurityPolicy": "sandbox", "Override": True},
            "FrameOptions": {"FrameOption": "DENY", "Override": False},
            "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
            "XSSProtection": {"Protection": True, "ModeBlock": True, "Override": False},
        },
        "CustomHeadersConfig": listed({"Header": "Cache-Control", "Value": "no-store", "Override": True}),
        "RemoveHeadersConfig": listed({"Header": "X-Amz-Version-Id"}),
    }
    read = config.parse(
        deployed(
            described(of_behaviour={"ResponseHeadersPolicyId": "r"}), response_headers_policies={"r": policy}
        )
    ).behaviours[0]
    assert read.response_headers.remove == {"x-amz-version-id"}
    assert set(read.response_headers.add) == {
        PolicyHeader("strict-transport-security", "max-age=60; includeSubDomains; preload", True),
        PolicyHeader("x-content-type-options", "nosniff", True),
        PolicyHeader("content-security-policy", "sandbox", True),
        PolicyHeader("x-frame-options", "DENY", False),
        PolicyHeader("referrer-policy", "no-referrer", True),
        PolicyHeader("x-xss-protection", "1; mode=block", False),
        PolicyHeader("cache-control", "no-store", True),
    }


@pytest.mark.parametrize(
    "part",
    [
        {"ServerTimingHeadersConfig": {"Enabled": True, "SamplingRate": 50.0}},
        {"SecurityHeadersConfig": {"SomethingNew": {"Override": True}}},
    ],
)
def test_response_headers_policies_that_are_not_modelled_are_refused(part: Any) -> None:
    message = refusal(
        distribution=described(of_behaviour={"ResponseHeadersPolicyId": "r"}),
        response_headers_policies={"r": {"Name": "c", **part}},
    )
    assert "response headers policy c" in message


def test_a_web_acl_and_a_restriction_by_country_are_named_as_idle() -> None:
    geo = {"GeoRestriction": {"RestrictionType": "whitelist", "Quantity": 1, "Items": ["CH"]}}
    assert config.parse(deployed(described())).idle == ()
    parsed = config.parse(deployed(described(WebACLId="arn:aws:wafv2:x", Restrictions=geo)))
    assert parsed.idle == ("WebACLId (web ACL)", "GeoRestriction (by country)")


def test_a_behaviour_trusts_the_keys_of_all_its_groups_and_of_no_other() -> None:
    keys = {"K1": rsa_key(), "K2": p256_key(), "K3": rsa_key()}
    documents = {name: {"EncodedKey": key.pem} for name, key in keys.items()}
    groups = {"G1": {"Items": ["K1"]}, "G2": {"Items": ["K1", "K2"]}}
    trusting = {"TrustedKeyGroups": {"Enabled": True, **listed("G1", "G2")}}
    parsed = config.parse(
        deployed(described(of_behaviour=trusting), key_groups=groups, public_keys=documents)
    )
    trusted = parsed.behaviours[0].trusted_keys
    assert trusted == {name: keys[name].private.public_key() for name in ("K1", "K2")}


def test_a_behaviour_without_key_groups_asks_for_no_signature() -> None:
    off = described(of_behaviour={"TrustedKeyGroups": {"Enabled": False, "Quantity": 0}})
    for each in (off, described()):
        assert config.parse(deployed(each)).behaviours[0].trusted_keys is None
