"""Fetches what was deployed: the distribution and all that it refers to (CloudFront and Lambda APIs)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from local_cloud.edge import config, function_config, model
from local_cloud.edge.documents import Document, items

if TYPE_CHECKING:
    from types_boto3_cloudfront import CloudFrontClient
    from types_boto3_lambda import LambdaClient


def distribution(
    cloudfront: "CloudFrontClient", functions: "LambdaClient", distribution_id: str
) -> model.Distribution:
    """The distribution to serve. Raises botocore's errors, or NotModelled with one line that names the
    setting.
    """
    described: Document = cloudfront.get_distribution(Id=distribution_id)["Distribution"]
    behaviours = config.behaviours(described["DistributionConfig"])
    arns = [
        association["LambdaFunctionARN"]
        for behaviour in behaviours
        for association in items(behaviour, "LambdaFunctionAssociations")
    ]
    groups = _by_id(
        (each for behaviour in behaviours for each in items(behaviour, "TrustedKeyGroups")),
        lambda name: cloudfront.get_key_group(Id=name)["KeyGroup"]["KeyGroupConfig"],
    )
    deployed = config.Deployed(
        distribution=described,
        cache_policies=_by_id(
            (each.get("CachePolicyId") for each in behaviours),
            lambda name: cloudfront.get_cache_policy(Id=name)["CachePolicy"]["CachePolicyConfig"],
        ),
        origin_request_policies=_by_id(
            (each.get("OriginRequestPolicyId") for each in behaviours),
            lambda name: cloudfront.get_origin_request_policy(Id=name)["OriginRequestPolicy"][
                "OriginRequestPolicyConfig"
            ],
        ),
        response_headers_policies=_by_id(
            (each.get("ResponseHeadersPolicyId") for each in behaviours),
            lambda name: cloudfront.get_response_headers_policy(Id=name)["ResponseHeadersPolicy"][
                "ResponseHeadersPolicyConfig"
            ],
        ),
        origin_access_controls=_by_id(
            (each.get("OriginAccessControlId") for each in items(described["DistributionConfig"], "Origins")),
            lambda name: cloudfront.get_origin_access_control(Id=name)["OriginAccessControl"][
                "OriginAccessControlConfig"
            ],
        ),
        functions=_by_id(
            # Any other ARN is refused before its configuration is looked at.
            (arn for arn in arns if function_config.is_numbered_version(arn)),
            lambda arn: functions.get_function_configuration(FunctionName=arn),
        ),
        key_groups=groups,
        public_keys=_by_id(
            (key for group in groups.values() for key in group["Items"]),
            lambda name: cloudfront.get_public_key(Id=name)["PublicKey"]["PublicKeyConfig"],
        ),
    )
    return config.parse(deployed)


def _by_id(ids: Iterable[str | None], fetch: Callable[[str], Document]) -> dict[str, Document]:
    return {each: fetch(each) for each in sorted({each for each in ids if each})}
