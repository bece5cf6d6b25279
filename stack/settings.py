"""Every setting of a deployment: what it may be and what it is by default.

Settings come from CDK context: `cdk deploy -c name=value`, where every value is a string, or the
`context` object of cdk.json, where JSON's own types work too. Both are read here and nowhere else,
strictly: a value that can't work is refused before anything is built from it, in one sentence that
says what would do. docs/settings.md shows the same declarations as a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, TypeVar

from onetime_urls.cdk.options import MAX_UPLOAD_FOLDERS, OBJECT_LIMIT
from onetime_urls.cdk.patterns import (
    CLIENT_ID,
    CORS_ORIGIN,
    DOMAIN,
    EMAIL,
    HTTPS,
    MEDIA_RANGE,
    PREFIX,
    SIGNING_KEY,
    UPLOAD_FOLDER,
    WEB_ACL,
)
from onetime_urls.protocol.contract.names import RESERVED_PREFIX, UPLOAD_PREFIX
from onetime_urls.protocol.links.limits import MAX_CLAIMS, MAX_RESUME_FACTOR, SESSION_SECONDS
from onetime_urls.protocol.pages.brand import NAME
from onetime_urls.protocol.shares.limits import MAX_DOWNLOADS, MAX_RESUME_SECONDS
from onetime_urls.protocol.signed_urls import MAX_COOKIE_SECONDS, MAX_URL_SECONDS, MIN_COOKIE_SECONDS
from stack import values
from stack.contradictions import contradictions
from stack.names import SettingsError, refuse_unknown, shown

T = TypeVar("T")


def _setting(default: T, read: Callable[[Any], T], allowed: str, meaning: str) -> T:
    """Declare a setting. `read` turns a context value into T or raises ValueError; `allowed`
    completes the sentence "it must be …"."""
    declared: T = field(default=default, metadata={"read": read, "allowed": allowed, "meaning": meaning})
    return declared


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One deployment's settings, validated. Make it with `from_context`."""

    stack_name: str = _setting(
        "OneTimeUrls",
        values.text(r"[A-Za-z](?:-?[A-Za-z0-9]){0,39}", longest=40),
        "1 to 40 letters and digits, beginning with a letter, with single hyphens between them",
        "Name of the CloudFormation stack, and of what is named after it. 40 characters leave room for the "
        "guard's function name, which Lambda limits to 64.",
    )
    region: str = _setting(
        "us-east-1",
        values.region,
        "a commercial AWS region, such as eu-west-1",
        "Home of the bucket, the table and the API. Elsewhere than us-east-1 a second stack holds the guard "
        "there, because Lambda@Edge requires it; bootstrap both regions.",
    )
    disposable: bool = _setting(
        False,
        values.truth,
        "true or false",
        "true: `cdk destroy` deletes the tables, the logs, and the bucket if it is empty. false: they stay.",
    )
    issuer_auth: str = _setting(
        "iam",
        values.one_of("iam", "jwt", "none"),
        "iam, jwt or none",
        "Who may call the API: callers with `execute-api:Invoke` (SigV4), holders of a token from "
        "`jwt_issuer`, or everyone who knows the address.",
    )
    jwt_issuer: str | None = _setting(
        None,
        values.text(HTTPS),
        "an https:// address",
        "Issuer of the tokens (`iss`), any OpenID Connect provider. Needed with `issuer_auth` = jwt, unless "
        "there are private assets: without it their tokens are accepted.",
    )
    jwt_audience: tuple[str, ...] = _setting(
        (),
        values.list_of(values.text(CLIENT_ID)),
        "one or more client ids: a JSON list, or text with commas between them",
        "Accepted audiences (`aud`, or `client_id`). Needed with `jwt_issuer`.",
    )
    cors_origins: tuple[str, ...] = _setting(
        (),
        values.list_of(values.text(CORS_ORIGIN)),
        "origins such as https://app.example.com, or *: a JSON list, or text with commas between them",
        "Web pages that may call the API from a browser and, unless it is `*`, open sessions of signed URLs "
        "and read private assets with the user's cookie. Empty: none.",
    )
    default_lifetime_seconds: int = _setting(
        900,
        values.whole_number(1, SESSION_SECONDS),
        f"a whole number from 1 to {SESSION_SECONDS}",
        "Lifetime of a link whose request names none. At most `max_lifetime_seconds`.",
    )
    max_lifetime_seconds: int = _setting(
        SESSION_SECONDS,
        values.whole_number(1, SESSION_SECONDS),
        f"a whole number from 1 to {SESSION_SECONDS}",
        "Longest lifetime that a request may ask for. AWS ends the session that signs links after an hour.",
    )
    max_claims: int = _setting(
        10,
        values.whole_number(1, MAX_CLAIMS),
        f"a whole number from 1 to {MAX_CLAIMS}",
        "Most downloads that one link may be minted for (`max_claims` of a request, 1 unless asked).",
    )
    max_resume_seconds: int = _setting(
        900,
        values.whole_number(0, MAX_RESUME_SECONDS),
        f"a whole number from 0 to {MAX_RESUME_SECONDS}",
        "Longest window in which whoever claimed a link may resume the download (`resume` of a request, 0 "
        "unless asked). It comes out of the session that signs the link, so it shortens the longest "
        "lifetimes. Downloads of shares get all of it. 0: no link can be resumed.",
    )
    max_resume_factor: int = _setting(
        4,
        values.whole_number(1, MAX_RESUME_FACTOR),
        f"a whole number from 1 to {MAX_RESUME_FACTOR}",
        "How often an object's bytes may be sent under one claim of a resumable link, at most "
        "(`resume_factor` of a request, 2 unless asked).",
    )
    nonce_key_generation: int = _setting(
        1,
        values.whole_number(1, 10**6),
        "a whole number from 1 to 1000000",
        "Raised by one, the next deployment rotates the key that keeps forged links from the table, and no "
        "link breaks (docs/operations.md).",
    )
    record_retention_days: int = _setting(
        30,
        values.whole_number(1, 3650),
        "a whole number from 1 to 3650",
        "Days that a link's record outlives the link, for audit. DynamoDB deletes it within days after.",
    )
    max_share_days: int = _setting(
        30,
        values.whole_number(1, 365),
        "a whole number from 1 to 365",
        "Longest life of a share. One whose request names none lives a week, or as long as this.",
    )
    max_downloads_per_share: int = _setting(
        20,
        values.whole_number(1, MAX_DOWNLOADS),
        f"a whole number from 1 to {MAX_DOWNLOADS}",
        "The most downloads that a share may be made for.",
    )
    max_upload_bytes: int = _setting(
        5 * 2**30,
        values.whole_number(1, OBJECT_LIMIT),
        f"a whole number from 1 to {OBJECT_LIMIT}",
        "The largest file that `POST /uploads` lets in. Above 5 GiB it has to be a multipart upload.",
    )
    upload_folders: tuple[str, ...] = _setting(
        (UPLOAD_PREFIX,),
        values.list_of(values.text(UPLOAD_FOLDER)),
        f"1 to {MAX_UPLOAD_FOLDERS} prefixes of keys, of letters, digits and !_.'()~-, that each end with a "
        f"slash, and not under {RESERVED_PREFIX}: a JSON list, or text with commas between them",
        "Below which `POST /uploads` lets files in. Under `uploads/` each has a key of its own that nobody "
        "can guess; elsewhere it keeps its name, and nothing is overwritten.",
    )
    upload_types: tuple[str, ...] = _setting(
        ("*/*",),
        values.list_of(values.text(MEDIA_RANGE)),
        "media types such as `application/pdf`, `image/*` or `*/*`: a JSON list, or text with commas between "
        "them",
        "What `POST /uploads` lets in, by the type that is announced. S3 keeps and sends the file as that "
        "type; nobody looks into it.",
    )
    uniform_share_answers: bool = _setting(
        False,
        values.truth,
        "true or false",
        "true: whoever visits a share that is used, expired or revoked is told the same as at an address "
        "that never was one.",
    )
    share_page_concurrency: int | None = _setting(
        None,
        values.whole_number(1, 10_000),
        "a whole number from 1 to 10000",
        "How many visits to share pages run at once at most (reserved concurrency of their function), so "
        "that a flood of them takes none from minting and the guard. The account keeps 100 unreserved. "
        "Without it: as many as the account allows.",
    )
    throttle_rate: int = _setting(
        50,
        values.whole_number(1, 10_000),
        "a whole number from 1 to 10000",
        "Requests per second that the API lets through, over time.",
    )
    throttle_burst: int = _setting(
        100,
        values.whole_number(1, 5_000),
        "a whole number from 1 to 5000",
        "Requests that the API lets through at once.",
    )
    price_class: str = _setting(
        "PriceClass_100",
        values.one_of("PriceClass_100", "PriceClass_200", "PriceClass_All"),
        "PriceClass_100, PriceClass_200 or PriceClass_All",
        "CloudFront's edge locations: North America and Europe, more, or all.",
    )
    domain_name: str | None = _setting(
        None,
        values.text(DOMAIN),
        "a domain name in lower case, such as files.example.com",
        "Links' own domain. Needs `certificate_arn`, or a hosted zone, or both.",
    )
    certificate_arn: str | None = _setting(
        None,
        values.text(r"arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}"),
        "the ARN of an ACM certificate in us-east-1 (CloudFront takes no other)",
        "Certificate of `domain_name`. Without it one is made, validated through the hosted zone.",
    )
    hosted_zone_id: str | None = _setting(
        None,
        values.text(r"Z[A-Z0-9]{1,31}"),
        "a Route 53 hosted zone id, such as Z0123456789ABCDEFGHIJ",
        "Public hosted zone that gets the records of `domain_name`. Goes with `hosted_zone_name`.",
    )
    hosted_zone_name: str | None = _setting(
        None,
        values.text(DOMAIN),
        "a domain name in lower case, such as example.com",
        "Name of that zone: `domain_name` itself or a parent of it.",
    )
    brand_name: str | None = _setting(
        None,
        values.text(NAME),
        "1 to 60 characters that can be seen",
        "Whose pages these are: the name that the share page, the guards' pages and the console carry. "
        "Without it pages show their domain, and the console this project's name.",
    )
    brand_colour: str | None = _setting(
        None,
        values.text("#[0-9a-fA-F]{6}"),
        "a colour such as #0a5c8f",
        "Their colour. It is made darker or lighter where it couldn't be read. Goes with `brand_name`.",
    )
    brand_logo: str | None = _setting(
        None,
        values.text(r"[^\x00]+\.(?:svg|png)"),
        "the path of an SVG or PNG file of 8192 bytes at most",
        "Their logo, which becomes part of every page. Goes with `brand_name`.",
    )
    web_acl_arn: str | None = _setting(
        None,
        values.text(WEB_ACL),
        "the ARN of a WAF web ACL for CloudFront: arn:aws:wafv2:us-east-1:…:global/webacl/…",
        "Web ACL in front of the distribution.",
    )
    access_logs: bool = _setting(
        False,
        values.truth,
        "true or false",
        "Log every request to the distribution, without its query string: that is the secret part of a link. "
        "The paths stay, and with them the addresses of shares: let few read this log.",
    )
    reconcile_logs: bool = _setting(
        False,
        values.truth,
        "true or false",
        "Tell from the access log which downloads were delivered and which failed, and show it in a link's "
        "status. Needs `access_logs`.",
    )
    monitoring: bool = _setting(
        True,
        values.truth,
        "true or false",
        "A CloudWatch dashboard, and alarms on throttling, refusals, errors and what viewers get.",
    )
    alarm_email: str | None = _setting(
        None,
        values.text(EMAIL),
        "an e-mail address",
        "Who is told of alarms, after confirming AWS's message. Without it they only show.",
    )
    refusals_alarm: int = _setting(
        100,
        values.whole_number(1, 1_000_000),
        "a whole number from 1 to 1000000",
        "Refused claims in five minutes that raise the alarm. What is usual depends on your traffic.",
    )
    events: bool = _setting(
        False,
        values.truth,
        "true or false",
        "Send an event to an EventBridge bus for each link and share minted, claimed, resumed, given back, "
        "used or revoked. Fed by the tables' streams: no claim waits for it. The three below turn it on.",
    )
    audit_trail: bool = _setting(
        False,
        values.truth,
        "true or false",
        "Keep the events' log for ten years, whatever becomes of the records. Otherwise three months.",
    )
    notify_email: str | None = _setting(
        None,
        values.text(EMAIL),
        "an e-mail address",
        "Who gets an e-mail for each link claimed or revoked and each share used, locked or revoked, after "
        "confirming AWS's message.",
    )
    notify_webhook_url: str | None = _setting(
        None,
        values.text(HTTPS, longest=512),
        "an https:// address",
        "Gets the same as JSON by POST, with the header `x-onetime-urls-key` from a secret of the stack's.",
    )
    private_assets: bool = _setting(
        False,
        values.truth,
        "true or false",
        "true: objects under `private_prefix` are also served to whoever is signed in, by a distribution of "
        "their own. Who may mint may hand them out by link as well.",
    )
    token_issuer: str | None = _setting(
        None,
        values.text(HTTPS),
        "an https:// address",
        "Issuer of the tokens (`iss`) of private assets, any OpenID Connect provider. Without it a Cognito "
        "user pool is made.",
    )
    token_audience: tuple[str, ...] = _setting(
        (),
        values.list_of(values.text(CLIENT_ID)),
        "one or more client ids: a JSON list, or text with commas between them",
        "Their accepted audiences (`aud`, or `client_id`). Needed with `token_issuer`.",
    )
    private_prefix: str = _setting(
        "private/",
        values.text(rf"(?!{UPLOAD_PREFIX}|{RESERVED_PREFIX})(?=.){PREFIX}"),
        f"segments of letters, digits and !_.'()~- that each end with a slash, and not under {UPLOAD_PREFIX} "
        f"or {RESERVED_PREFIX}",
        "Prefix of the keys that are private assets. Their addresses are without it.",
    )
    private_rules: tuple[str, ...] = _setting(
        ("*",),
        values.list_of(values.rule),
        "patterns such as `shared/*`, `users/{sub}/*` or `finance/* for finance|audit`: a JSON list, or text "
        "with commas between them",
        "Who may read which private assets, below the prefix: every signed-in user, or the groups named. No "
        "object may lie under two rules; one under none is nobody's.",
    )
    signed_urls: bool = _setting(
        False,
        values.truth,
        "true or false",
        "true: objects under `private_prefix` are also served by signed URLs and signed cookies, by a "
        "distribution of their own. Without `issuer_auth` = jwt whoever may call the API gets a URL for each "
        "of them; `private_rules` hold for holders of tokens.",
    )
    graphql: bool = _setting(
        False,
        values.truth,
        "true or false",
        "The API of signed URLs in GraphQL as well (AppSync). Needs `signed_urls`.",
    )
    max_url_seconds: int = _setting(
        MAX_URL_SECONDS,
        values.whole_number(1, MAX_URL_SECONDS),
        f"a whole number from 1 to {MAX_URL_SECONDS}",
        "Longest life of a signed URL. One whose request names none lives an hour, or as long as this.",
    )
    session_seconds: int = _setting(
        900,
        values.whole_number(MIN_COOKIE_SECONDS, MAX_COOKIE_SECONDS),
        f"a whole number from {MIN_COOKIE_SECONDS} to {MAX_COOKIE_SECONDS}",
        "Longest life of a session of signed cookies; the shortest is two thirds of it. There are sessions "
        "where there is an issuer.",
    )
    signing_key_spec: str = _setting(
        "RSA_2048",
        values.one_of("RSA_2048", "ECC_NIST_P256"),
        "RSA_2048 or ECC_NIST_P256",
        "Kind of the KMS keys that sign. Another one is other keys: what was signed before no longer works.",
    )
    signing_keys: tuple[str, ...] = _setting(
        ("1",),
        values.list_of(values.text(SIGNING_KEY)),
        "1 to 5 names of letters, digits and single hyphens: a JSON list, or text with commas between them",
        "Names of the keys of signed URLs. The first signs; what the others signed goes on to work. To "
        "rotate, put a new name in front.",
    )
    console: bool = _setting(
        False,
        values.truth,
        "true or false",
        "true: a web application to send, see and take back, at an address of its own (`ConsoleUrl`). Needs "
        "`issuer_auth` = jwt, or none.",
    )
    console_client_id: str | None = _setting(
        None,
        values.text(CLIENT_ID),
        "a client id",
        "As which client the console signs people in at `jwt_issuer`, or else at `token_issuer`: a public "
        "one, whose redirect and sign-out address is `ConsoleUrl` with a slash at its end. A user pool that "
        "is made gets one by itself.",
    )
    console_sign_in_domain: str | None = _setting(
        None,
        values.text(DOMAIN),
        "a domain name in lower case, such as login.example.com",
        "Domain of the sign-in pages, where `console_client_id` is a client of a Cognito user pool of yours.",
    )
    bucket_name: str | None = _setting(
        None,
        values.bucket_name,
        "3 to 63 lower-case letters, digits and hyphens, not reserved by S3, and without dots (a dot forces "
        "path-style addresses, which don't match the distribution's origin)",
        "Use this existing bucket, in `region`, instead of making one. Its owner must prepare it: see below.",
    )

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """The settings in `context`, all keys of the app's CDK context.

        Raises:
            SettingsError: a value is wrong, settings don't go together, or a key is none of ours.
        """
        refuse_unknown(context, [declared.name for declared in fields(cls)])
        given = {}
        for declared in fields(cls):
            value = context.get(declared.name)
            if value is None:
                continue
            try:
                given[declared.name] = declared.metadata["read"](value)
            except ValueError:
                allowed = declared.metadata["allowed"]
                raise SettingsError(f"{declared.name} is {shown(value)}, it must be {allowed}") from None
        settings = cls(**given)
        for wrong, reason in contradictions(settings):
            if wrong:
                raise SettingsError(reason)
        return settings

    @property
    def publishes(self) -> bool:
        """Whether anything wants events."""
        return bool(self.events or self.audit_trail or self.notify_email or self.notify_webhook_url)
