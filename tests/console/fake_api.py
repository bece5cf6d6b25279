"""The API as a browser test wants it: answers of the documented shapes, kept in memory, for tests to replace.

It answers through Playwright's interception, so no request leaves the browser, and what would have left it is
written down.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Page, Request, Route

API = "https://api.console.test"
LINKS = "https://links.console.test"
ISSUER = "https://issuer.console.test"
NOW = 1_700_000_000

Reply = tuple[int, Any]


@dataclass
class Asked:
    """One request that the console sent."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class FakeApi:
    """A deployment's API.

    Attributes:
        objects: sizes by key.
        links, shares: newest first, as the lists tell them.
        histories: of shares, by id.
        uploads: what answers the routes of uploads, by path.
        asked: all requests, oldest first.
        instead: replies that take the place of a route's own, by "METHOD /path" as it was asked for; a
            function may look at the route itself.
    """

    objects: dict[str, int] = field(default_factory=dict)
    links: list[dict[str, Any]] = field(default_factory=list)
    shares: list[dict[str, Any]] = field(default_factory=list)
    histories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    uploads: dict[str, Callable[[Asked], Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    instead: dict[str, Reply | Callable[[Route], None]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def install(self, page: Page) -> None:
        """Answer this page's calls."""
        page.route(f"{API}/**", self._answer)

    def calls(self, method: str, path: str) -> list[Asked]:
        """What was asked of a route so far."""
        return [each for each in self.asked if (each.method, each.path) == (method, path)]

    def link(self, key: str, state: str = "ready", **said: Any) -> dict[str, Any]:
        """Put a link on the list."""
        number = next(self._numbers)
        now = int(time.time())
        link = {
            "id": f"{number:064x}",
            "key": key,
            "size": 1_250_000,
            "state": state,
            "issued_at": now - 60 * number,
            "expires_at": now + 900,
            "max_claims": 1,
            "claims": [],
            "given_back": [],
            **said,
        }
        self.links.append(link)
        return link

    def share(self, key: str, state: str = "ready", **said: Any) -> dict[str, Any]:
        """Put a share on the list."""
        number = next(self._numbers)
        now = int(time.time())
        share = {
            "id": f"{number:022d}",
            "url": f"{LINKS}/-/{number:022d}",
            "key": key,
            "filename": key.rpartition("/")[2],
            "size": 1_250_000,
            "state": state,
            "created_at": now - 60 * number,
            "expires_at": now + 7 * 86400,
            "max_downloads": 3,
            "downloads": 0,
            "pin": False,
            **said,
        }
        self.shares.append(share)
        return share

    def _answer(self, route: Route) -> None:
        request = route.request
        if request.method == "OPTIONS":
            self._fulfil(route, 204, None)
            return
        asked = _read(request)
        self.asked.append(asked)
        instead = self.instead.get(f"{asked.method} {asked.path}")
        if callable(instead):
            instead(route)
        elif instead is not None:
            self._fulfil(route, *instead)
        else:
            self._fulfil(route, *self._reply(asked))

    @staticmethod
    def _fulfil(route: Route, status: int, body: Any, **headers: str) -> None:
        allowed = {
            "access-control-allow-origin": "*",
            "access-control-allow-headers": "authorization,content-type",
            "access-control-allow-methods": "GET,POST,DELETE",
            "access-control-expose-headers": "retry-after",
            "content-type": "application/json",
        }
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        route.fulfill(status=status, headers=allowed | headers, body=text)

    def _reply(self, asked: Asked) -> Reply:
        if asked.method == "POST" and asked.path in self.uploads:
            return self.uploads[asked.path](asked)
        match asked.method, asked.path.split("/")[1:]:
            case "GET", ["objects"]:
                return 200, self._objects(asked.query)
            case "GET", ["get-url"]:
                return 200, self._minted(asked.query)
            case "GET", ["url"]:
                expires = int(time.time()) + int(asked.query["expires_in"])
                address = f"{LINKS}/{asked.query['file']}?Expires={expires}&Signature=s1gned&Key-Pair-Id=K1"
                return 200, {"url": address, "expires_at": expires}
            case "GET", ["links"]:
                return 200, self._page("links", self.links, asked.query)
            case "GET", ["shares"]:
                return 200, self._page("shares", self.shares, asked.query)
            case "POST", ["shares"]:
                return 201, self._shared(asked.body)
            case "GET" | "DELETE", ["links" | "shares" as kind, id_]:
                listed = self.links if kind == "links" else self.shares
                found = next((each for each in listed if each["id"] == id_), None)
                if found is None:
                    return 404, {"error": f"no_such_{kind[:-1]}", "message": "There is none."}
                if asked.method == "DELETE":
                    found |= {"state": "revoked", "revoked_at": int(time.time())}
                return 200, found if kind == "links" else found | {"history": self.histories.get(id_, [])}
        return 404, {"error": "no_such_route", "message": "There is no such path."}

    def _objects(self, query: dict[str, str]) -> dict[str, Any]:
        prefix, limit, begin = query.get("prefix", ""), int(query["limit"]), int(query.get("next", "0"))
        below = [key for key in sorted(self.objects) if key.startswith(prefix)]
        deeper = set() if query.get("flat") == "true" else {key for key in below if "/" in key[len(prefix) :]}
        here = [key for key in below if key not in deeper]
        page = {
            "folders": sorted({prefix + key[len(prefix) :].split("/")[0] + "/" for key in deeper}),
            "objects": [
                {"key": key, "size": self.objects[key], "modified": NOW}
                for key in here[begin : begin + limit]
            ],
        }
        return page | ({"next": str(begin + limit)} if begin + limit < len(here) else {})

    def _minted(self, query: dict[str, str]) -> dict[str, Any]:
        link = self.link(query["key"])
        self.links.insert(0, self.links.pop())
        link["expires_at"] = int(time.time()) + int(query["expires_in"])
        url = f"{LINKS}/{query['key']}?X-Amz-Signature={link['id']}&x-link-nonce=s3cret"
        told = {name: link[name] for name in ("id", "key", "size", "max_claims", "expires_at")}
        return told | {"url": url, "expires_in": int(query["expires_in"]), "resume": 0}

    def _shared(self, body: dict[str, Any]) -> dict[str, Any]:
        share = self.share(body["key"], pin="pin" in body, max_downloads=body["max_downloads"])
        self.shares.insert(0, self.shares.pop())
        return share | {"history": []}

    @staticmethod
    def _page(name: str, listed: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        those = [each for each in listed if query.get("key") in (None, each["key"])]
        begin, limit = int(query.get("next", "0")), int(query.get("limit", "20"))
        page: dict[str, Any] = {name: those[begin : begin + limit]}
        return page | ({"next": str(begin + limit)} if begin + limit < len(those) else {})


def _read(request: Request) -> Asked:
    parts = urlsplit(request.url)
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    body = json.loads(request.post_data) if request.post_data else None
    return Asked(request.method, unquote(parts.path), query, body, request.headers)
