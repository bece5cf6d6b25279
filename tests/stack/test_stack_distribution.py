"""The distribution: nothing of CloudFront's own reaches S3, nothing is kept, nothing is forgotten."""

import json

from tests.stack.synthesis import Json, Synthesised, flat

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""CloudFront Developer Guide, "Use managed cache policies"."""


def config(made: Synthesised) -> Json:
    found: Json = made.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def test_cloudfront_adds_no_identity_of_its_own_neither_the_old_kind_nor_the_new(every: Synthesised) -> None:
    origin, api = config(every)["Origins"]
    assert "S3OriginConfig" not in api
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert "OriginAccessControlId" not in origin
    assert "CustomOriginConfig" not in origin
    assert "OriginCustomHeaders" not in origin
    everything = json.dumps(every.templates)
    assert "OriginAccessControl" not in everything
    assert "CloudFrontOriginAccessIdentity" not in everything


def test_the_origin_is_the_buckets_regional_domain(default: Synthesised, tailored: Synthesised) -> None:
    assert flat(config(default)["Origins"][0]["DomainName"]) == "<AssetsBucket252B3DF7.RegionalDomainName>"
    imported = flat(config(tailored)["Origins"][0]["DomainName"])
    assert imported == "acme-files.s3.us-east-1.amazonaws.com"


def test_nothing_is_cached_and_only_pages_have_a_behaviour_of_their_own(every: Synthesised) -> None:
    assert config(every)["DefaultCacheBehavior"]["CachePolicyId"] == CACHING_DISABLED
    [pages] = config(every)["CacheBehaviors"]
    assert (pages["PathPattern"], pages["CachePolicyId"]) == ("-/*", CACHING_DISABLED)
    assert "LambdaFunctionAssociations" not in pages


def test_no_error_is_cached_whatever_its_code(every: Synthesised) -> None:
    assert config(every)["CustomErrorResponses"] == [
        {"ErrorCode": code, "ErrorCachingMinTTL": 0}
        for code in (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
    ]


def test_the_origin_gets_the_whole_query_and_what_the_guard_sets(every: Synthesised) -> None:
    policy = every.one("AWS::CloudFront::OriginRequestPolicy", named="Distribution")[
        "OriginRequestPolicyConfig"
    ]
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert policy["HeadersConfig"] == {
        "HeaderBehavior": "whitelist",
        "Headers": ["x-claim-token", "x-link-lease", "x-link-part", "Accept", "Accept-Language"],
    }
    assert policy["CookiesConfig"] == {"CookieBehavior": "whitelist", "Cookies": ["onetime-lease"]}
    used = flat(config(every)["DefaultCacheBehavior"]["OriginRequestPolicyId"])
    assert used == "<DistributionOriginRequestPolicyB1455B24>"


def test_only_get_and_head_over_https_are_let_in_and_bytes_are_not_recoded(every: Synthesised) -> None:
    behaviour = config(every)["DefaultCacheBehavior"]
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert behaviour["Compress"] is False
    assert "FunctionAssociations" not in behaviour
    assert "TrustedKeyGroups" not in behaviour


def test_one_numbered_version_of_the_guard_runs_at_viewer_request_and_origin_response(
    default: Synthesised,
) -> None:
    associations = config(default)["DefaultCacheBehavior"]["LambdaFunctionAssociations"]
    assert [each["EventType"] for each in associations] == ["viewer-request", "origin-response"]
    assert all("IncludeBody" not in each for each in associations)
    [version] = {each["LambdaFunctionARN"]["Ref"] for each in associations}
    resource = default.templates["OneTimeUrls"]["Resources"][version]
    assert resource["Type"] == "AWS::Lambda::Version"
    assert resource["DeletionPolicy"] == "Retain"


def test_every_answer_is_unstored_unsniffed_unframed_and_tells_no_referrer(every: Synthesised) -> None:
    policy = every.one("AWS::CloudFront::ResponseHeadersPolicy", named="Distribution")[
        "ResponseHeadersPolicyConfig"
    ]
    assert policy["CustomHeadersConfig"]["Items"] == [
        {"Header": "Cache-Control", "Value": "no-store", "Override": True}
    ]
    assert policy["SecurityHeadersConfig"] == {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
            "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
            "Override": False,
        },
        "ContentTypeOptions": {"Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
        "StrictTransportSecurity": {"AccessControlMaxAgeSec": 31536000, "Override": True},
    }
    assert "CorsConfig" not in policy
    used = flat(config(every)["DefaultCacheBehavior"]["ResponseHeadersPolicyId"])
    assert used == "<DistributionResponseHeadersPolicyDB4E91B8>"


def test_the_distribution_speaks_ipv6_and_http_3_and_serves_no_default_object(every: Synthesised) -> None:
    found = config(every)
    assert found["Enabled"] is True
    assert found["IPV6Enabled"] is True
    assert found["HttpVersion"] == "http2and3"
    assert "DefaultRootObject" not in found


def test_the_legacy_log_which_records_query_strings_is_never_on(every: Synthesised) -> None:
    assert "Logging" not in config(every)
    assert "RealtimeLogConfigArn" not in config(every)["DefaultCacheBehavior"]


def test_price_class_and_web_acl_come_from_the_settings(default: Synthesised, tailored: Synthesised) -> None:
    assert config(default)["PriceClass"] == "PriceClass_100"
    assert "WebACLId" not in config(default)
    assert config(tailored)["PriceClass"] == "PriceClass_All"
    assert config(tailored)["WebACLId"].startswith(
        "arn:aws:wafv2:us-east-1:111122223333:global/webacl/links/"
    )


def test_without_a_domain_links_are_at_cloudfronts_own(default: Synthesised) -> None:
    assert "Aliases" not in config(default)
    assert "ViewerCertificate" not in config(default)
    outputs = default.templates["OneTimeUrls"]["Outputs"]
    assert flat(outputs["DistributionUrl"]["Value"]) == "https://<Distribution20DB6340.DomainName>"


def test_a_domain_with_a_given_certificate_needs_tls_1_2_and_gets_no_records(tailored: Synthesised) -> None:
    assert config(tailored)["Aliases"] == ["files.example.com"]
    certificate = config(tailored)["ViewerCertificate"]
    assert certificate["AcmCertificateArn"].startswith("arn:aws:acm:us-east-1:111122223333:certificate/")
    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert certificate["SslSupportMethod"] == "sni-only"
    assert list(tailored.resources("AWS::Route53::RecordSet")) == []
    outputs = tailored.templates["Acme-Links"]["Outputs"]
    assert outputs["DistributionUrl"]["Value"] == "https://files.example.com"
    issuer = tailored.function("url_issuer.handler.handler")["Environment"]["Variables"]
    assert issuer["LINK_BASE_URL"] == "https://files.example.com"


def test_a_domain_in_a_hosted_zone_gets_its_records_and_a_certificate_in_us_east_1(
    abroad: Synthesised,
) -> None:
    records = [found["Properties"] for found in abroad.resources("AWS::Route53::RecordSet")]
    assert {(each["Name"], each["Type"], each["HostedZoneId"]) for each in records} == {
        ("files.example.com.", "A", "Z0123456789ABCDEFGHIJ"),
        ("files.example.com.", "AAAA", "Z0123456789ABCDEFGHIJ"),
    }
    certificate = abroad.one("AWS::CertificateManager::Certificate", stack="OneTimeUrls-edge-eu-west-1")
    assert certificate["DomainName"] == "files.example.com"
    assert certificate["DomainValidationOptions"] == [
        {"DomainName": "files.example.com", "HostedZoneId": "Z0123456789ABCDEFGHIJ"}
    ]
    used = config(abroad)["ViewerCertificate"]["AcmCertificateArn"]["Fn::GetStackOutput"]
    assert used["StackName"] == "OneTimeUrls-edge-eu-west-1"
    assert used["Region"] == "us-east-1"
    published = abroad.templates["OneTimeUrls-edge-eu-west-1"]["Outputs"][used["OutputName"]]
    assert flat(published["Value"]).startswith("<OneTimeUrlsCertificate")
