"""An issuer as a browser test wants it: whoever comes is let in, with tokens that live as long as told."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import BrowserContext, Route

from tests.console.fake_api import ISSUER

SIGN_IN = {
    "issuer": ISSUER,
    "clientId": "console",
    "scopes": ["openid", "email"],
    "token": "id",
    "signOut": None,
}


@dataclass
class FakeIssuer:
    """Where people sign in.

    Attributes:
        refresh: whether there are refresh tokens.
        lifetime: of tokens, in seconds.
        denies: what it answers instead of letting somebody in, as OAuth calls it.
        down: whether it can't be reached.
        who: signs in next.
        tokens: handed out so far.
    """

    refresh: bool = False
    lifetime: int = 3600
    denies: str = ""
    down: bool = False
    who: str = "person@example.com"
    tokens: list[str] = field(default_factory=list)
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def install(self, context: BrowserContext) -> None:
        """Answer all of a browser's pages."""
        context.route(f"{ISSUER}/**", self._answer)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if self.down:
            route.abort()
        elif path == "/authorize":
            route.fulfill(status=302, headers={"location": self._back(route.request.url)})
        elif path == "/token":
            self._json(route, self._tokens(parse_qs(route.request.post_data or "")))
        elif path == "/end":
            route.fulfill(content_type="text/html", body="<title>Signed out</title>")
        else:
            names = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "end_session_endpoint": "end",
            }
            self._json(route, {"issuer": ISSUER, **{name: f"{ISSUER}/{at}" for name, at in names.items()}})

    def _back(self, address: str) -> str:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"c0de-{len(self._asked)}"
        self._asked[code] = asked
        said = {"error": self.denies} if self.denies else {"code": code}
        return f"{asked['redirect_uri']}?{urlencode(said | {'state': asked['state']})}"

    def _tokens(self, body: dict[str, list[str]]) -> dict[str, Any]:
        asked = self._asked.pop(body["code"][0]) if "code" in body else {}
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "console",
            "sub": self.who,
            "email": self.who,
            "iat": now,
            "exp": now + self.lifetime,
            "jti": len(self.tokens),
            **({"nonce": asked["nonce"]} if asked else {}),
        }
        parts = [
            urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in ({"alg": "RS256"}, claims)
        ]
        self.tokens.append(b".".join([*parts, b"c2lnbmF0dXJl"]).decode())
        told = {"token_type": "Bearer", "access_token": "access", "id_token": self.tokens[-1]}
        return told | ({"refresh_token": f"refresh-{len(self.tokens)}"} if self.refresh else {})

    @staticmethod
    def _json(route: Route, body: Any) -> None:
        route.fulfill(json=body, headers={"access-control-allow-origin": "*"})
