"""Uploads as a browser test wants them: the API's routes for them, and the bucket that parts are sent to."""

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.client.servers import Quiet, serving
from tests.console.fake_api import Asked, FakeApi

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "PUT",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Expose-Headers": "ETag",
}

NEVER = 0
"""In place of a status: no answer, as long as the test lasts."""


class PartServer:
    """A host that parts are sent to. Real, since files are larger than what a browser's debugger likes.

    Attributes:
        url: its origin.
        take: decides on a part: its upload, its number and its bytes; tells the status, and the tag.
    """

    def __init__(self) -> None:
        self.take: Callable[[str, int, bytes], tuple[int, str]] = lambda _id, _number, _body: (404, "")
        self._ending = threading.Event()
        parts = self

        class Handler(Quiet):
            protocol_version = "HTTP/1.1"

            def do_OPTIONS(self) -> None:
                self._answer(200, "")

            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                query = parse_qs(urlsplit(self.path).query)
                status, tag = parts.take(query["id"][0], int(query["n"][0]), body)
                if status == NEVER:
                    parts._ending.wait()
                    self.close_connection = True
                    return
                self._answer(status, tag)

            def _answer(self, status: int, tag: str) -> None:
                self.send_response(status)
                for name, value in ({**_CORS, "ETag": tag} if tag else _CORS).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self._serving = serving(Handler)

    def __enter__(self) -> Self:
        self.url = self._serving.__enter__()
        return self

    def __exit__(self, *failure: Any) -> None:
        self._ending.set()
        self._serving.__exit__(*failure)


@dataclass
class Begun:
    """An upload on its way: what it announced, and the parts that have arrived."""

    key: str
    size: int
    part_size: int
    parts: dict[int, bytes] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return -(-self.size // self.part_size)


@dataclass
class FakeBucket:
    """Where parts go.

    Attributes:
        begun: uploads by their ids.
        sent: each part as it came: upload's id and number.
        stored: contents by key, of what was completed.
        aborted: ids.
        instead: may answer a part in the bucket's place, with a status.
    """

    api: FakeApi
    parts: PartServer
    begun: dict[str, Begun] = field(default_factory=dict)
    sent: list[tuple[str, int]] = field(default_factory=list)
    stored: dict[str, bytes] = field(default_factory=dict)
    aborted: list[str] = field(default_factory=list)
    instead: Callable[[int], int | None] = lambda _number: None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def install(self) -> None:
        """Take parts, and answer what the API is asked about uploads."""
        self.parts.take = self._part
        for path, answer in (
            ("", self._begin),
            ("/resume", self._resume),
            ("/complete", self._complete),
            ("/abort", self._abort),
        ):
            self.api.uploads[f"/uploads{path}"] = answer

    def _begin(self, asked: Asked) -> tuple[int, Any]:
        wanted = asked.body
        key = (
            wanted["folder"] + ("A" * 22 + "/" if wanted["folder"] == "uploads/" else "") + wanted["filename"]
        )
        if key in self.api.objects:
            return 409, {"error": "name_taken", "message": "There is an object of that name."}
        id_ = f"upload-{next(self._numbers)}"
        self.begun[id_] = Begun(key, wanted["size"], -(-wanted["size"] // wanted["parts"]))
        return 201, self._told(id_)

    def _resume(self, asked: Asked) -> tuple[int, Any]:
        id_ = asked.body["upload_id"]
        if id_ not in self.begun:
            return 404, {"error": "no_such_upload", "message": "There is no such upload in progress."}
        there = self.begun[id_].parts
        return 200, self._told(id_) | {
            "uploaded": [{"number": number, "etag": _tag(body)} for number, body in there.items()]
        }

    def _told(self, id_: str) -> dict[str, Any]:
        upload = self.begun[id_]
        numbers = (number for number in range(1, upload.count + 1) if number not in upload.parts)
        return {
            "key": upload.key,
            "upload_id": id_,
            "part_size": upload.part_size,
            "parts": [
                {"number": number, "url": f"{self.parts.url}/x?id={id_}&n={number}"} for number in numbers
            ],
            "complete": "/uploads/complete",
            "expires_at": 4_000_000_000,
        }

    def _complete(self, asked: Asked) -> tuple[int, Any]:
        upload = self.begun.pop(asked.body["upload_id"])
        told = {part["number"]: part["etag"] for part in asked.body["parts"]}
        assert told == {number: _tag(body) for number, body in upload.parts.items()}
        content = b"".join(upload.parts[number] for number in sorted(upload.parts))
        assert len(content) == upload.size
        self.stored[upload.key] = content
        self.api.objects[upload.key] = upload.size
        return 200, {"key": upload.key}

    def _abort(self, asked: Asked) -> tuple[int, Any]:
        self.begun.pop(asked.body["upload_id"], None)
        self.aborted.append(asked.body["upload_id"])
        return 200, {"key": asked.body["key"]}

    def _part(self, id_: str, number: int, body: bytes) -> tuple[int, str]:
        self.sent.append((id_, number))
        status = self.instead(number)
        if status is not None:
            return status, ""
        if id_ not in self.begun:
            return 404, ""
        self.begun[id_].parts[number] = body
        return 200, _tag(body)


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
