"""Reads cache, origin request and response headers policies as the CloudFront API describes them.

Refused are the policies whose effect the edge would get wrong: those that send the viewer's Host to an
origin, or that ask for CloudFront's own `CloudFront-*` headers (Viewer-Address is made).
"""

from local_cloud.edge import model
from local_cloud.edge.documents import Document, NotModelled, items, refuse_others

_EVERY_METHOD = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def cache_policy(where: str, config: Document) -> model.CachePolicy:
    """From a CachePolicyConfig. Raises NotModelled, naming `where` and the policy."""
    where = f"{where}, cache policy {config['Name']}"
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    encodings = {"br": key.get("EnableAcceptEncodingBrotli"), "gzip": key.get("EnableAcceptEncodingGzip")}
    return model.CachePolicy(
        min_ttl=config["MinTTL"],
        # Defaults: API reference, "CachePolicyConfig".
        default_ttl=config.get("DefaultTTL", max(config["MinTTL"], 86_400)),
        max_ttl=config.get("MaxTTL", max(config["MinTTL"], 31_536_000)),
        headers=_headers(where, key["HeadersConfig"]),
        cookies=_selection(where, key["CookiesConfig"], "CookieBehavior", "Cookies"),
        queries=_selection(where, key["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
        encodings=tuple(name for name, enabled in encodings.items() if enabled),
    )


def origin_request_policy(where: str, config: Document) -> model.OriginRequestPolicy:
    """From an OriginRequestPolicyConfig. Raises NotModelled, naming `where` and the policy."""
    where = f"{where}, origin request policy {config['Name']}"
    return model.OriginRequestPolicy(
        headers=_headers(where, config["HeadersConfig"]),
        cookies=_selection(where, config["CookiesConfig"], "CookieBehavior", "Cookies"),
        queries=_selection(where, config["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
    )


def response_headers_policy(where: str, config: Document) -> model.ResponseHeadersPolicy:
    """From a ResponseHeadersPolicyConfig. Raises NotModelled, naming `where` and the policy."""
    where = f"{where}, response headers policy {config['Name']}"
    refuse_others(
        where,
        config,
        {
            "Comment",
            "Name",
            "CorsConfig",
            "SecurityHeadersConfig",
            "CustomHeadersConfig",
            "RemoveHeadersConfig",
        },
    )
    security = config.get("SecurityHeadersConfig") or {}
    custom = [
        model.PolicyHeader(each["Header"].lower(), each["Value"], each["Override"])
        for each in items(config, "CustomHeadersConfig")
    ]
    return model.ResponseHeadersPolicy(
        remove=frozenset(each["Header"].lower() for each in items(config, "RemoveHeadersConfig")),
        add=tuple([_security_header(where, name, setting) for name, setting in security.items()] + custom),
        cors=_cors(config["CorsConfig"]) if config.get("CorsConfig") else None,
    )


def _cors(config: Document) -> model.Cors:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(items(config, f"AccessControl{name}"))

    methods = listed("AllowMethods")
    return model.Cors(
        origins=listed("AllowOrigins"),
        headers=listed("AllowHeaders"),
        methods=_EVERY_METHOD if "ALL" in methods else methods,
        exposed=listed("ExposeHeaders"),
        credentials=config["AccessControlAllowCredentials"],
        max_age=config.get("AccessControlMaxAgeSec"),
        override=config["OriginOverride"],
    )


def _security_header(where: str, name: str, setting: Document) -> model.PolicyHeader:
    match name:
        case "ContentTypeOptions":
            header = ("x-content-type-options", "nosniff")
        case "ContentSecurityPolicy":
            header = ("content-security-policy", setting["ContentSecurityPolicy"])
        case "FrameOptions":
            header = ("x-frame-options", setting["FrameOption"])
        case "ReferrerPolicy":
            header = ("referrer-policy", setting["ReferrerPolicy"])
        case "StrictTransportSecurity":
            parts = [f"max-age={setting['AccessControlMaxAgeSec']}"]
            parts += ["includeSubDomains"] if setting.get("IncludeSubdomains") else []
            parts += ["preload"] if setting.get("Preload") else []
            header = ("strict-transport-security", "; ".join(parts))
        case "XSSProtection":
            parts = ["1" if setting["Protection"] else "0"]
            parts += ["mode=block"] if setting.get("ModeBlock") else []
            parts += [f"report={setting['ReportUri']}"] if setting.get("ReportUri") else []
            header = ("x-xss-protection", "; ".join(parts))
        case _:
            raise NotModelled(f"{where}: {name} isn't modelled")
    return model.PolicyHeader(*header, setting["Override"])


def _headers(where: str, config: Document) -> model.Selection:
    chosen = _selection(where, config, "HeaderBehavior", "Headers")
    chosen = model.Selection(chosen.behaviour, frozenset(name.lower() for name in chosen.names))
    if chosen.takes("host"):
        raise NotModelled(f"{where}: forwards the viewer's Host, which no origin here answers to")
    made_up = {name for name in chosen.names if name.startswith("cloudfront-")}
    if made_up - ({"cloudfront-viewer-address"} if chosen.behaviour == "whitelist" else set()):
        raise NotModelled(f"{where}: CloudFront-* headers but Viewer-Address aren't modelled")
    return chosen


def _selection(where: str, config: Document, behaviour: str, names: str) -> model.Selection:
    match config[behaviour]:
        case "none" | "whitelist" | "allExcept" | "all" as chosen:
            return model.Selection(chosen, frozenset(items(config, names)))
        case "allViewer":  # what the origin request policy calls all headers
            return model.Selection("all")
        case other:
            raise NotModelled(f"{where}: {behaviour} {other} isn't modelled")
