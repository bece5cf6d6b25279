"""The people of the local cloud, and their tokens.

`member` and `accountant` (in the group `finance`) are users of the deployment's own pool, `outsider` is one
of another pool of the same cloud: a token of theirs is good there and nowhere here. Users are made by
Cognito's API, as an administrator makes them; their passwords are random and lie in the instance's folder.
"""

import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

GROUPS = {"member": (), "accountant": ("finance",), "outsider": ()}
"""Who there is, and in which groups."""

OUTSIDERS = ("outsider",)

RULES = ("shared/*", "finance/* for finance", "users/{sub}/*")
"""Who may read which private assets here."""


class NoSuchUser(LookupError):
    """There is nobody of that name; the message is a line that says who there is."""


@dataclass(frozen=True)
class Account:
    """A user of a pool, known to it by a password."""

    pool: str
    client: str
    password: str

    def __repr__(self) -> str:
        return f"Account(pool={self.pool!r})"


class People:
    """Everybody's accounts, in a file that only its owner can read."""

    def __init__(self, work: Path) -> None:
        """
        Args:
            work: the instance's own folder.
        """
        self._file = work / "users.json"

    def make(self, cognito: Any, pool: str, client: str) -> None:
        """Make everybody, and the outsiders' pool.

        Args:
            cognito: a client for Cognito, as an administrator.
            pool, client: the deployment's own.
        """
        other = cognito.create_user_pool(PoolName="another-application")["UserPool"]["Id"]
        others_client = cognito.create_user_pool_client(
            UserPoolId=other,
            ClientName="another-application",
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]["ClientId"]
        for group in {group for groups in GROUPS.values() for group in groups}:
            cognito.create_group(UserPoolId=pool, GroupName=group)
        accounts = {}
        for name, groups in GROUPS.items():
            its_pool, its_client = (other, others_client) if name in OUTSIDERS else (pool, client)
            account = Account(its_pool, its_client, f"Aa1!{secrets.token_urlsafe(24)}")
            make_user(cognito, account, name, groups)
            accounts[name] = asdict(account)
        self._file.touch(mode=0o600)
        self._file.write_text(json.dumps(accounts))

    def account(self, name: str) -> Account:
        """Somebody's account.

        Raises:
            NoSuchUser: there is nobody of that name.
            FileNotFoundError: no cloud runs in this folder.
        """
        accounts = json.loads(self._file.read_text())
        if name not in accounts:
            raise NoSuchUser(f"there is no {name!r}: name one of {', '.join(accounts)}")
        return Account(**accounts[name])


def make_user(cognito: Any, account: Account, name: str, groups: tuple[str, ...]) -> None:
    """Make a user with a password that holds, in these groups."""
    cognito.admin_create_user(UserPoolId=account.pool, Username=name, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=account.pool, Username=name, Password=account.password, Permanent=True
    )
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=account.pool, Username=name, GroupName=group)


def sign_in(cognito: Any, account: Account, name: str) -> dict[str, str | int]:
    """Fresh tokens of a user.

    Returns:
        `id_token`, `access_token`, `sub`, and `expires_in` in seconds.
    """
    result: Mapping[str, Any] = cognito.admin_initiate_auth(
        UserPoolId=account.pool,
        ClientId=account.client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": account.password},
    )["AuthenticationResult"]
    payload = result["IdToken"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {
        "id_token": result["IdToken"],
        "access_token": result["AccessToken"],
        "sub": claims["sub"],
        "expires_in": result["ExpiresIn"],
    }
