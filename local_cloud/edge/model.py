"""What a deployed distribution says, in the edge's own terms.

These are facts only. `config` makes them out of the CloudFront API's answers and refuses what they can't
express; `policies`, `cache`, `responses` and `s3` decide with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PublicKey = RSAPublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Selection:
    """Which header, cookie or query string names a policy lets through. Header names are in lower case."""

    behaviour: Literal["none", "whitelist", "allExcept", "all"] = "none"
    names: frozenset[str] = frozenset()

    def takes(self, name: str) -> bool:
        """Whether the policy lets `name` through."""
        if self.behaviour in {"all", "none"}:
            return self.behaviour == "all"
        return (name in self.names) == (self.behaviour == "whitelist")


@dataclass(frozen=True, slots=True)
class OriginRequestPolicy:
    """What the origin is sent beyond the cache key. The default is a behaviour without such a policy."""

    headers: Selection = Selection()
    cookies: Selection = Selection()
    queries: Selection = Selection()


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """The cache key and how long objects live in seconds; what is in the key goes to the origin as well."""

    min_ttl: int
    default_ttl: int
    max_ttl: int
    headers: Selection
    cookies: Selection
    queries: Selection
    encodings: tuple[str, ...]  # of "br" and "gzip": those that Accept-Encoding is cut down to

    @property
    def caches(self) -> bool:
        """False for Managed-CachingDisabled and for any other policy whose maximum TTL is 0."""
        return self.max_ttl > 0


@dataclass(frozen=True, slots=True)
class PolicyHeader:
    """One header of a response headers policy. Without `override` the origin's own value stays."""

    name: str
    value: str
    override: bool


@dataclass(frozen=True, slots=True)
class Cors:
    """The CORS settings of a response headers policy."""

    origins: tuple[str, ...]
    headers: tuple[str, ...]
    methods: tuple[str, ...]
    exposed: tuple[str, ...]
    credentials: bool
    max_age: int | None  # seconds
    override: bool


@dataclass(frozen=True, slots=True)
class ResponseHeadersPolicy:
    """What is taken from and added to every response to viewers. The default does neither."""

    remove: frozenset[str] = frozenset()
    add: tuple[PolicyHeader, ...] = ()
    cors: Cors | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """An S3 bucket, or an HTTP API, behind the distribution.

    `api` is the API's id; None is a bucket. An API has no identity.
    """

    name: str
    domain: str
    region: str
    path: str
    custom_headers: tuple[tuple[str, str], ...]
    identity: Literal["none", "origin-access-identity", "always", "no-override", "never"]
    connection_attempts: int
    connection_timeout: int  # seconds
    response_timeout: int  # seconds
    api: str | None = None

    @property
    def signs(self) -> bool:
        """Whether an origin access control makes CloudFront sign requests to it."""
        return self.identity in {"always", "no-override"}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One cache behaviour. Functions are version-qualified Lambda ARNs."""

    pattern: str
    origin: Origin
    allowed_methods: frozenset[str]
    cached_methods: frozenset[str]
    cache: CachePolicy
    origin_request: OriginRequestPolicy
    response_headers: ResponseHeadersPolicy
    viewer_request: str | None
    origin_response: str | None
    compress: bool = False
    trusted_keys: Mapping[str, PublicKey] | None = None  # by id; None where nothing needs to be signed

    @property
    def forwards_cookies(self) -> bool:
        """Whether any cookie goes to the origin; where none does, CloudFront drops its Set-Cookie."""
        return {self.cache.cookies.behaviour, self.origin_request.cookies.behaviour} != {"none"}


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What viewers get in place of an error: the object at `path`, with `status`."""

    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """`behaviours` are in the order of precedence and end with the default one.

    `root` is the path of the default root object, empty if there is none; `idle` names the settings that
    have an effect on AWS and none here.
    """

    id: str
    arn: str
    domain: str
    behaviours: tuple[Behaviour, ...]
    error_ttls: Mapping[int, int]  # status code -> error caching minimum TTL in seconds
    error_pages: Mapping[int, ErrorPage]  # by the status code of the error
    root: str = ""
    idle: tuple[str, ...] = ()
