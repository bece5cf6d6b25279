"""The token guard's settings, checked at synthesis and carried to the edge.

What is wrong is refused here in the words of `onetime_urls.protocol`, which reads the same document at the
edge. A part may be known only at deployment, such as the id of a user pool that the app makes. It is checked
as far as it is known, and the document then is the value of an SSM parameter, in the deployment's own region.

Containers read the parameter once, so a changed document gets a parameter of another name: the function, in
which that name is, gets a new version, and no container goes on by old rules. While CloudFront changes over
to that version, new containers of the old one still read what they were made with: the guard may read each
parameter of its deployment.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack, Token
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from onetime_urls.cdk.oidc_issuer import OidcIssuer
from onetime_urls.cdk.refusal import Props, continued
from onetime_urls.protocol.private_assets import GuardSettings, InvalidSettings
from onetime_urls.protocol.rules import InvalidRules, Rule, Rules
from onetime_urls.protocol.tokens.claims import InvalidIssuer, Issuer

_REFERENCE = re.compile(r"\$\{Token\[[^\]]+\]\}")
_STAND_IN = re.compile(r"(Token(?P<number>\d+)Known)")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The props of `PrivateAssets` that its guard decides by."""

    issuers: Sequence[OidcIssuer]
    rules: Sequence[Rule]
    groups_claim: str
    cookies: Sequence[str]
    amplify_clients: Sequence[str]
    query_token: bool
    login_url: str | None
    cors_origins: Sequence[str]
    default_root_object: str | None


@dataclass(frozen=True)
class SettingsParameter:
    """Where the guard reads its settings at the edge.

    Attributes:
        parameter: in the deployment's own stack.
        name, region: of it.
        arns: of it and of those before it, without a reference to them.
    """

    parameter: ssm.StringParameter
    name: str
    region: str
    arns: str


class CheckedSettings:
    """Settings that the guard will take.

    Attributes:
        plain: the document, with what is known only at deployment as references.
    """

    def __init__(self, props: Props, asked: Asked) -> None:
        """
        Raises:
            PropError: they can't work.
        """
        rules = props.items("rules", asked.rules, Rule, 'rules, such as Rule("users/{sub}/*")')
        cookies = props.items("cookies", asked.cookies, str, "names of cookies")
        if not isinstance(asked.login_url, str | None):
            raise props.error(f"login_url is {asked.login_url!r}, it must be an address")
        known = _Known()
        try:
            settings = GuardSettings(
                issuers=tuple(_issuer(each, known) for each in asked.issuers),
                rules=Rules(tuple(rules), asked.groups_claim),
                cookies=tuple(cookies),
                amplify_clients=tuple(map(known.text, asked.amplify_clients)),
                query_token=asked.query_token,
                login_url=None if asked.login_url is None else known.url(asked.login_url),
                cors_origins=tuple(asked.cors_origins),
                default_root_object=asked.default_root_object,
            )
        except (InvalidSettings, InvalidRules, InvalidIssuer) as refused:
            raise props.error(continued(refused)) from None
        self.plain: dict[str, Any] = known.undo(json.loads(json.dumps(settings.to_plain())))

    def needs_parameter(self) -> bool:
        """Whether a part of it is known only at deployment."""
        return Token.is_unresolved(json.dumps(self.plain))

    def parameter(self, scope: Construct, construct_id: str, deployment: str) -> SettingsParameter:
        """An SSM parameter with the document, for the guard of that deployment."""
        stack = Stack.of(scope)
        document = json.dumps(self.plain)  # ids of pools and clients need no escapes
        resolved = json.dumps(stack.resolve(document), sort_keys=True)
        digest = hashlib.sha256(resolved.encode()).hexdigest()[:12]
        folder = f"/onetime-urls/{stack.region}/{deployment}/token-guard/"
        name = f"{folder}{digest}"
        made = ssm.StringParameter(
            scope,
            construct_id,
            parameter_name=name,
            string_value=document,
            description="What the token guard decides by: issuers, rules, and where tokens may come",
            tier=ssm.ParameterTier.INTELLIGENT_TIERING,  # 8 KB where 4 aren't enough
        )
        arns = stack.format_arn(service="ssm", resource="parameter", resource_name=f"{folder[1:]}*")
        return SettingsParameter(made, name, stack.region, arns)


class _Known:
    """Puts stand-ins in place of references, so that the rest can be checked, and takes them out again."""

    def __init__(self) -> None:
        self._references: list[str] = []

    def text(self, text: str) -> str:
        """`text` with a stand-in for each reference in it."""
        return _REFERENCE.sub(lambda found: self._stand_in(found[0]), text)

    def url(self, url: str) -> str:
        """The same for an URL, all of which may be one reference: what that will be isn't known."""
        return f"https://{self._stand_in(url)}.invalid" if _REFERENCE.fullmatch(url) else self.text(url)

    def undo(self, node: Any) -> Any:
        """A document with the references back in it."""
        match node:
            case str():
                whole = re.fullmatch(rf"https://{_STAND_IN.pattern}\.invalid", node)
                return _STAND_IN.sub(self._reference, whole[1] if whole else node)
            case dict():
                return {key: self.undo(value) for key, value in node.items()}
            case list():
                return [self.undo(each) for each in node]
            case _:
                return node

    def _stand_in(self, reference: str) -> str:
        if reference not in self._references:
            self._references.append(reference)
        return f"Token{self._references.index(reference)}Known"

    def _reference(self, found: re.Match[str]) -> str:
        return self._references[int(found["number"])]


def _issuer(issuer: OidcIssuer, known: _Known) -> Issuer:
    return Issuer(
        url=known.url(issuer.url),
        audience=tuple(map(known.text, issuer.audience)),
        token_use=tuple(issuer.token_use),
        keys_url=None if issuer.keys_url is None else known.url(issuer.keys_url),
    )
