"""Which settings go together.

Each rule is a condition and the sentence that refuses it. The first that holds is what the operator reads.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onetime_urls.cdk.options import MAX_UPLOAD_FOLDERS
from onetime_urls.cdk.sign_in import COGNITO
from onetime_urls.protocol.rules import InvalidRules, Rules
from stack import values

if TYPE_CHECKING:
    from stack.settings import Settings


def contradictions(settings: "Settings") -> Iterator[tuple[object, str]]:
    """Whether settings that are each right alone contradict each other, and how."""
    yield from _of_the_api(settings)
    yield from _of_the_console(settings)
    yield from _of_the_rest(settings)
    yield from _of_the_domain(settings)
    yield from _of_private_files(settings)


def _of_the_api(settings: "Settings") -> Iterator[tuple[object, str]]:
    default, longest = settings.default_lifetime_seconds, settings.max_lifetime_seconds
    yield (
        default > longest,
        f"default_lifetime_seconds is {default}, more than max_lifetime_seconds, which is {longest}",
    )
    jwt = settings.issuer_auth == "jwt"
    # Private assets have an issuer: the API takes its tokens too, unless it has another one.
    needs = jwt and not (settings.private_assets and not settings.jwt_issuer and not settings.jwt_audience)
    yield needs and not settings.jwt_issuer, "issuer_auth is jwt, which needs jwt_issuer"
    yield needs and not settings.jwt_audience, "issuer_auth is jwt, which needs jwt_audience"
    yield settings.jwt_issuer and not jwt, f"jwt_issuer is set, but issuer_auth is {settings.issuer_auth}"
    yield settings.jwt_audience and not jwt, f"jwt_audience is set, but issuer_auth is {settings.issuer_auth}"
    yield (
        "*" in settings.cors_origins and len(settings.cors_origins) > 1,
        "cors_origins names single origins beside *, which allows all",
    )


def _of_the_console(settings: "Settings") -> Iterator[tuple[object, str]]:
    jwt = settings.issuer_auth == "jwt"
    yield (
        settings.console and settings.issuer_auth == "iam",
        "console needs issuer_auth = jwt or none: a browser has no IAM credentials",
    )
    yield (
        settings.console_client_id and not settings.console,
        "console_client_id is set, but console is false",
    )
    issuer = settings.jwt_issuer or settings.token_issuer or ""
    yield (
        settings.console_client_id and jwt and not issuer,
        "console_client_id is set, but the stack's own user pool gets a client by itself",
    )
    yield (
        settings.console_sign_in_domain and not settings.console_client_id,
        "console_sign_in_domain needs console_client_id",
    )
    yield (
        settings.console_client_id and issuer.startswith(COGNITO) != bool(settings.console_sign_in_domain),
        "console_sign_in_domain goes with a Cognito user pool as the issuer, and only with that",
    )
    yield (
        settings.console_client_id and not jwt,
        f"console_client_id is set, but issuer_auth is {settings.issuer_auth}",
    )
    yield (
        settings.console
        and (settings.jwt_issuer or (jwt and settings.token_issuer))
        and not settings.console_client_id,
        "console needs console_client_id: a client that it signs people in as",
    )


def _of_the_rest(settings: "Settings") -> Iterator[tuple[object, str]]:
    yield settings.alarm_email and not settings.monitoring, "alarm_email is set, but monitoring is false"
    for name in ("brand_colour", "brand_logo"):
        yield getattr(settings, name) and not settings.brand_name, f"{name} is set, but brand_name isn't"
    yield (
        not 1 <= len(settings.upload_folders) <= MAX_UPLOAD_FOLDERS,
        f"upload_folders must be 1 to {MAX_UPLOAD_FOLDERS} prefixes",
    )
    yield not settings.upload_types, "upload_types is empty: */* lets every type in"
    yield settings.reconcile_logs and not settings.access_logs, "reconcile_logs needs access_logs"


def _of_the_domain(settings: "Settings") -> Iterator[tuple[object, str]]:
    domain, zone = settings.domain_name, settings.hosted_zone_name
    yield settings.hosted_zone_id and not zone, "hosted_zone_id needs hosted_zone_name"
    yield zone and not settings.hosted_zone_id, "hosted_zone_name needs hosted_zone_id"
    yield settings.certificate_arn and not domain, "certificate_arn is set, but domain_name isn't"
    yield zone and not domain, "hosted_zone_name is set, but domain_name isn't"
    yield (
        domain and not settings.certificate_arn and not zone,
        "domain_name needs certificate_arn, or hosted_zone_id and hosted_zone_name",
    )
    yield (
        domain and zone and not f".{domain}".endswith(f".{zone}"),
        f"domain_name is {domain}, which isn't in the hosted zone {zone}",
    )


def _of_private_files(settings: "Settings") -> Iterator[tuple[object, str]]:
    for name in ("token_issuer", "token_audience"):
        yield (
            getattr(settings, name) and not settings.private_assets,
            f"{name} is set, but private_assets is false",
        )
    yield settings.token_issuer and not settings.token_audience, "token_issuer needs token_audience"
    yield settings.token_audience and not settings.token_issuer, "token_audience needs token_issuer"
    yield settings.graphql and not settings.signed_urls, "graphql needs signed_urls"
    yield not settings.signing_keys, "signing_keys is empty: one has to sign"
    try:
        Rules(tuple(map(values.rule_of, settings.private_rules)))
    except InvalidRules as refused:
        yield True, f"private_rules: {refused}"
