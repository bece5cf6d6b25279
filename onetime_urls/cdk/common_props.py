"""Props that every construct with a distribution takes, checked before anything is made."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3

from onetime_urls.cdk.options import AccessLogs, Domain, Monitoring
from onetime_urls.cdk.patterns import WEB_ACL
from onetime_urls.cdk.refusal import Props


def check_common_props(
    props: Props,
    *,
    bucket: s3.IBucket | None,
    access_logs: AccessLogs | None,
    monitoring: Monitoring | None,
    domain: Domain | None,
    price_class: cloudfront.PriceClass,
    geo_restriction: cloudfront.GeoRestriction | None,
    web_acl_id: str | None,
    removal_policy: RemovalPolicy,
    reconciles: bool = False,
) -> None:
    """Refuse what is of another type than its prop, or can't work.

    Args:
        reconciles: whether the construct reads its access log, which has links' outcomes.

    Raises:
        PropError: one can't work.
    """
    props.resource("bucket", bucket, "bucket_name", "a bucket, such as s3.Bucket.from_bucket_name(…)")
    props.types(
        access_logs=(access_logs, AccessLogs | None),
        monitoring=(monitoring, Monitoring | None),
        domain=(domain, Domain | None),
        price_class=(price_class, cloudfront.PriceClass),
        geo_restriction=(geo_restriction, cloudfront.GeoRestriction | None),
        removal_policy=(removal_policy, RemovalPolicy),
    )
    if access_logs and access_logs.reconcile and not reconciles:
        raise props.error("access_logs.reconcile is for one-time links, which these aren't")
    if monitoring:
        props.email("monitoring.email", monitoring.email)
    if web_acl_id is not None:
        props.text("web_acl_id", web_acl_id, WEB_ACL, "the ARN of a WAF web ACL for CloudFront, in us-east-1")
