"""How content is delivered once it is decided who gets it: a door's props, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

from onetime_urls.cdk.error_responses import STATUSES
from onetime_urls.cdk.options import Domain
from onetime_urls.cdk.patterns import ORIGIN
from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.paths import key_problem, write_path

Sites = Literal["same-origin", "same-site", "cross-origin"]
"""Values of `Cross-Origin-Resource-Policy` (Fetch Standard)."""

YEAR = 365 * 86_400


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Checked props.

    Attributes:
        error_pages: status to the page's path in the distribution.
        cache_seconds: for which the edge keeps an object, whatever its own Cache-Control says.
    """

    domain: Domain | None
    price_class: cloudfront.PriceClass
    geo_restriction: cloudfront.GeoRestriction | None
    web_acl_id: str | None
    compress: bool
    cache_seconds: int
    default_root_object: str | None
    error_pages: Mapping[int, str]
    cors_origins: Sequence[str]
    cross_origin_resource_policy: Sites

    @classmethod
    def checked(
        cls,
        props: Props,
        *,
        domain: Domain | None,
        price_class: cloudfront.PriceClass,
        geo_restriction: cloudfront.GeoRestriction | None,
        web_acl_id: str | None,
        compress: bool,
        cache_for: Duration | None,
        default_root_object: str | None,
        error_pages: Mapping[int, str] | None,
        cors_origins: Sequence[str],
        cross_origin_resource_policy: Sites,
    ) -> Self:
        """The props of a door.

        Raises:
            PropError: one can't work.
        """
        if default_root_object is not None:
            _path(props, "default_root_object", default_root_object)
        origins = props.items("cors_origins", cors_origins, str, "origins such as https://app.example.com")
        props.types(compress=(compress, bool), error_pages=(error_pages, Mapping | None))
        if cross_origin_resource_policy not in get_args(Sites):
            raise props.error(
                f"cross_origin_resource_policy is {cross_origin_resource_policy!r}, it must be "
                f"{', '.join(get_args(Sites)[:-1])} or {get_args(Sites)[-1]}"
            )
        return cls(
            domain=domain,
            price_class=price_class,
            geo_restriction=geo_restriction,
            web_acl_id=web_acl_id,
            compress=compress,
            cache_seconds=props.seconds(
                "cache_for", Duration.minutes(5) if cache_for is None else cache_for, 1, YEAR
            ),
            default_root_object=default_root_object,
            error_pages={
                _status(props, status): _path(props, f"error_pages[{status}]", key)
                for status, key in (error_pages or {}).items()
            },
            cors_origins=[
                # `*` doesn't go with cookies (Fetch Standard, "CORS protocol and credentials").
                props.text("cors_origins", each, ORIGIN, "an origin such as https://app.example.com")
                for each in origins
            ],
            cross_origin_resource_policy=cross_origin_resource_policy,
        )


def _status(props: Props, status: int) -> int:
    if status in STATUSES:
        return status
    known = ", ".join(map(str, STATUSES))
    raise props.error(f"error_pages names {status!r}, CloudFront has pages for {known}")


def _path(props: Props, prop: str, key: str) -> str:
    """The path of an object of the distribution's."""
    if not isinstance(key, str):
        raise props.error(f"{prop} must be the key of an object")
    problem = key_problem(key) or ("must not begin with a slash" if key.startswith("/") else None)
    if problem:
        raise props.error(f"{prop} is {key!r}, it {problem}")
    return write_path(key)
