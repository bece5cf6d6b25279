"""Users of a deployment's own pool, made for a test run and taken away after it, and what they can show.

On AWS the caller has to be an administrator of the pool; on the local cloud its root is.
"""

import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from local_cloud.clients import connect
from local_cloud.users import Account, make_user, sign_in
from tests.tokens import SigningKey, base64url
from tests.web import Answer, Deployment, send

FINANCE = "finance"


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    id_token: str
    access_token: str
    sub: str

    @property
    def claims(self) -> dict[str, Any]:
        """What the ID token says."""
        payload = self.id_token.split(".")[1]
        read: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return read


@dataclass(frozen=True)
class Visits:
    """A deployment's private assets, and those who visit them.

    Attributes:
        member: of the pool.
        accountant: of the pool, and of the group that `finance/*` is for.
        outsider: of another pool.
    """

    deployment: Deployment
    member: Person
    accountant: Person
    outsider: Person

    @property
    def url(self) -> str:
        return self.deployment.outputs["PrivateUrl"]

    def get(self, path: str, token: str | None = None, *, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path, byte for byte, with a token in the header."""
        bearer = {"authorization": f"Bearer {token}"} if token else {}
        return send(self.url, path, method=method, **{"accept": "*/*", **bearer, **headers})


@contextmanager
def visits(deployment: Deployment) -> Iterator[Visits]:
    """Everybody, signed in. Skips where there are no private assets, or no pool of the deployment's own."""
    outputs = deployment.outputs
    if "UserPoolId" not in outputs:
        pytest.skip("this deployment has no private assets with a user pool of its own")
    if deployment.is_local:
        cognito = connect(outputs["AwsEndpointUrl"], deployment.region).cognito
    else:
        cognito = deployment.session.client("cognito-idp", region_name=deployment.region)
    ours = (outputs["UserPoolId"], outputs["UserPoolClientId"])
    other = cognito.create_user_pool(PoolName=f"tests-{secrets.token_hex(4)}")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=other, ClientName="tests", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    existing = {each["GroupName"] for each in cognito.list_groups(UserPoolId=ours[0])["Groups"]}
    if FINANCE not in existing:
        cognito.create_group(UserPoolId=ours[0], GroupName=FINANCE)
    made: list[tuple[str, str]] = []

    def somebody(pool: str, client: str, *groups: str) -> Person:
        account = Account(pool, client, f"Aa1!{secrets.token_urlsafe(24)}")
        name = f"tests-{secrets.token_hex(4)}"
        make_user(cognito, account, name, groups)
        made.append((pool, name))
        tokens = sign_in(cognito, account, name)
        return Person(str(tokens["id_token"]), str(tokens["access_token"]), str(tokens["sub"]))

    try:
        yield Visits(deployment, somebody(*ours), somebody(*ours, FINANCE), somebody(other, client))
    finally:
        for pool, name in made:
            cognito.admin_delete_user(UserPoolId=pool, Username=name)
        cognito.delete_user_pool(UserPoolId=other)


def forged(person: Person) -> dict[str, str]:
    """Tokens that say what `person`'s says and that no issuer made, by what is wrong with them."""
    header, payload, signature = person.id_token.split(".")
    kid = json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]
    other_key = SigningKey(kid=kid, private="forger")
    raised = {**person.claims, "cognito:groups": [FINANCE], "exp": person.claims["exp"] + 3600}
    none = base64url(json.dumps({"alg": "none", "kid": kid}).encode())
    return {
        "another key": other_key.token(claims=person.claims),
        "another key's id": SigningKey(kid="forger", private="forger").token(claims=person.claims),
        "no algorithm": f"{none}.{payload}.",
        "no signature": f"{header}.{payload}.",
        "raised claims": f"{header}.{base64url(json.dumps(raised).encode())}.{signature}",
        "a signature cut short": person.id_token[:-2],
        "padding": f"{person.id_token}==",
        "a key of its own": other_key.token(
            claims=person.claims, header={"alg": "RS256", "kid": kid, "jwk": other_key.jwk()}
        ),
        "not a token": "e30.e30.e30",
        "one word": secrets.token_hex(8),
        "another issuer": other_key.token(claims={**person.claims, "iss": "https://evil.example.com"}),
        "100 KB": f"{header}.{'e' * 100_000}.{signature}"[:16_000],
    }
