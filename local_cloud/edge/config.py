"""Reads the CloudFront API's description of a distribution; refuses whatever the edge doesn't model.

The names are those of the CloudFront API (GetDistribution and so on), as boto3 gives them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from local_cloud.edge import function_config, model, policy_config
from local_cloud.edge.documents import Document, NotModelled, items, refuse_others
from local_cloud.edge.hosts import API_DOMAIN, S3_DOMAIN


@dataclass(frozen=True)
class Deployed:
    """The API's own documents: functions by their ARNs, all else by their ids."""

    distribution: Document
    cache_policies: Mapping[str, Document]
    origin_request_policies: Mapping[str, Document]
    response_headers_policies: Mapping[str, Document]
    origin_access_controls: Mapping[str, Document]
    functions: Mapping[str, Document]
    key_groups: Mapping[str, Document]
    public_keys: Mapping[str, Document]


# Names, prices, certificates, protocol versions and logs change nothing about which bytes a viewer gets.
_NO_EFFECT = {
    "CallerReference",
    "Aliases",
    "Comment",
    "PriceClass",
    "HttpVersion",
    "IsIPV6Enabled",
    "ViewerCertificate",
    "Logging",
}
_DISTRIBUTION = _NO_EFFECT | {
    "Origins",
    "DefaultCacheBehavior",
    "CacheBehaviors",
    "CustomErrorResponses",
    "DefaultRootObject",
    "Enabled",
    "Restrictions",
    "WebACLId",
    "ConnectionMode",
}
# Viewers count as HTTPS ones whatever the viewer protocol policy says.
_BEHAVIOUR = {
    "PathPattern",
    "TargetOriginId",
    "ViewerProtocolPolicy",
    "AllowedMethods",
    "LambdaFunctionAssociations",
    "CachePolicyId",
    "OriginRequestPolicyId",
    "ResponseHeadersPolicyId",
    "TrustedKeyGroups",
    "Compress",
    "RealtimeLogConfigArn",
}
_ORIGIN = {
    "Id",
    "DomainName",
    "OriginPath",
    "CustomHeaders",
    "S3OriginConfig",
    "CustomOriginConfig",
    "ConnectionAttempts",
    "ConnectionTimeout",
    "OriginAccessControlId",
}
# Connections to MiniStack are neither encrypted nor kept alive.
_CUSTOM_ORIGIN = {
    "HTTPPort",
    "HTTPSPort",
    "OriginProtocolPolicy",
    "OriginSslProtocols",
    "OriginReadTimeout",
    "OriginKeepaliveTimeout",
}


def behaviours(distribution: Document) -> list[Document]:
    """The behaviours of a DistributionConfig by precedence; the default one is last and without a
    PathPattern.
    """
    return [*items(distribution, "CacheBehaviors"), distribution["DefaultCacheBehavior"]]


def parse(deployed: Deployed) -> model.Distribution:
    """The distribution to serve. Raises NotModelled with one line that names the setting."""
    config = deployed.distribution["DistributionConfig"]
    refuse_others("distribution", config, _DISTRIBUTION)
    if not config["Enabled"]:
        raise NotModelled("the distribution is disabled")
    if config.get("ConnectionMode", "direct") != "direct":
        raise NotModelled("distribution: ConnectionMode other than direct isn't modelled")
    origins = {each["Id"]: _origin(each, deployed) for each in items(config, "Origins")}
    return model.Distribution(
        id=deployed.distribution["Id"],
        arn=deployed.distribution["ARN"],
        domain=deployed.distribution["DomainName"],
        behaviours=tuple(_behaviour(each, origins, deployed) for each in behaviours(config)),
        error_ttls=dict(_error_ttl(each) for each in items(config, "CustomErrorResponses")),
        error_pages=dict(
            _error_page(each)
            for each in items(config, "CustomErrorResponses")
            if each.get("ResponsePagePath") or each.get("ResponseCode")
        ),
        idle=tuple(_idle(config)),
        root=f"/{config['DefaultRootObject']}" if config.get("DefaultRootObject") else "",
    )


def _idle(config: Document) -> Iterator[str]:
    """What only ever refuses viewers, by what no viewer of this machine has."""
    if config.get("WebACLId"):
        yield "WebACLId (web ACL)"
    if (config.get("Restrictions") or {}).get("GeoRestriction", {}).get("RestrictionType", "none") != "none":
        yield "GeoRestriction (by country)"


def _origin(config: Document, deployed: Deployed) -> model.Origin:
    where = f"origin {config['Id']}"
    refuse_others(where, config, _ORIGIN)
    bucket = S3_DOMAIN.fullmatch(config["DomainName"])
    api = API_DOMAIN.fullmatch(config["DomainName"])
    if bucket and "S3OriginConfig" in config:
        found, own = bucket, config["S3OriginConfig"]
        refuse_others(where, own, {"OriginAccessIdentity", "OriginReadTimeout"})
    elif api and "CustomOriginConfig" in config:
        found, own = api, config["CustomOriginConfig"]
        refuse_others(where, own, _CUSTOM_ORIGIN)
        if own["OriginProtocolPolicy"] != "https-only" or own.get("HTTPSPort", 443) != 443:
            raise NotModelled(f"{where}: an HTTP API answers to https on port 443 only")
        if config.get("OriginAccessControlId"):
            raise NotModelled(f"{where}: OriginAccessControlId isn't modelled for an API")
    else:
        raise NotModelled(
            f"{where}: {config['DomainName']} isn't an S3 bucket's own domain name (S3OriginConfig), nor an "
            "HTTP API's (CustomOriginConfig)"
        )
    return model.Origin(
        name=config["Id"],
        domain=config["DomainName"],
        region=found["region"] or "us-east-1",
        path=config.get("OriginPath") or "",
        custom_headers=tuple(
            (each["HeaderName"], each["HeaderValue"]) for each in items(config, "CustomHeaders")
        ),
        identity=_identity(config, own, deployed),
        # Defaults: API reference, "Origin", "S3OriginConfig" and "CustomOriginConfig".
        connection_attempts=config.get("ConnectionAttempts") or 3,
        connection_timeout=config.get("ConnectionTimeout") or 10,
        response_timeout=own.get("OriginReadTimeout") or 30,
        api=api["id"] if api else None,
    )


def _identity(
    config: Document, own: Document, deployed: Deployed
) -> Literal["none", "origin-access-identity", "always", "no-override", "never"]:
    if control := config.get("OriginAccessControlId"):
        # Both at once is an error on AWS; a control that signs would decide anyway.
        behaviour: Literal["always", "no-override", "never"] = deployed.origin_access_controls[control][
            "SigningBehavior"
        ]
        return behaviour
    return "origin-access-identity" if own.get("OriginAccessIdentity") else "none"


def _behaviour(config: Document, origins: Mapping[str, model.Origin], deployed: Deployed) -> model.Behaviour:
    where = f"behaviour {config.get('PathPattern', '(default)')}"
    refuse_others(where, config, _BEHAVIOUR)
    if not config.get("CachePolicyId"):
        raise NotModelled(f"{where}: cache settings without a cache policy aren't modelled")
    if config["TargetOriginId"] not in origins:
        raise NotModelled(f"{where}: its target isn't an origin (origin groups aren't modelled)")
    methods = config.get("AllowedMethods") or {}
    origin_request = model.OriginRequestPolicy()
    if policy := config.get("OriginRequestPolicyId"):
        origin_request = policy_config.origin_request_policy(where, deployed.origin_request_policies[policy])
    response_headers = model.ResponseHeadersPolicy()
    if policy := config.get("ResponseHeadersPolicyId"):
        response_headers = policy_config.response_headers_policy(
            where, deployed.response_headers_policies[policy]
        )
    functions = {
        each["EventType"]: function_config.version(where, each, deployed.functions)
        for each in items(config, "LambdaFunctionAssociations")
    }
    return model.Behaviour(
        pattern=config.get("PathPattern", "*"),
        origin=origins[config["TargetOriginId"]],
        allowed_methods=frozenset(methods.get("Items") or ("GET", "HEAD")),
        cached_methods=frozenset(items(methods, "CachedMethods") or ("GET", "HEAD")),
        cache=policy_config.cache_policy(where, deployed.cache_policies[config["CachePolicyId"]]),
        origin_request=origin_request,
        response_headers=response_headers,
        viewer_request=functions.get("viewer-request"),
        origin_response=functions.get("origin-response"),
        compress=bool(config.get("Compress")),
        trusted_keys=_trusted_keys(config, deployed),
    )


def _trusted_keys(config: Document, deployed: Deployed) -> Mapping[str, model.PublicKey] | None:
    groups = config.get("TrustedKeyGroups") or {}
    if not groups.get("Enabled"):
        return None
    keys = [key for group in items(config, "TrustedKeyGroups") for key in deployed.key_groups[group]["Items"]]
    return {each: _public_key(each, deployed.public_keys[each]["EncodedKey"]) for each in keys}


def _public_key(name: str, encoded: str) -> model.PublicKey:
    key = load_pem_public_key(encoded.encode())
    if not isinstance(key, model.PublicKey):
        raise NotModelled(f"public key {name}: neither RSA nor ECDSA")
    return key


def _error_ttl(config: Document) -> tuple[int, int]:
    minimum = config.get("ErrorCachingMinTTL")
    return config["ErrorCode"], 10 if minimum is None else minimum


def _error_page(config: Document) -> tuple[int, model.ErrorPage]:
    status, path, code = config["ErrorCode"], config.get("ResponsePagePath"), config.get("ResponseCode")
    if not path or not code:
        # API reference, "CustomErrorResponse": one needs the other.
        raise NotModelled(f"custom error response {status}: needs a page and a status, or neither")
    return status, model.ErrorPage(path, int(code))
