"""Reads lines of CloudFront's access log, as standard logging (v2) writes them in JSON.

Field names and meanings are those of the CloudFront Developer Guide, "Standard logging reference". The
query isn't among the fields, so a line names an object and a request, never a link.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from onetime_urls.protocol.paths import Malformed, key_problem, percent_decode

GUARDS_OWN = frozenset({400, 403, 404, 405, 414, 416, 431})
"""Statuses of requests that were refused without a claim. Their lines are left out before anything is
looked up, so that junk costs no read."""

GENERATED = "LambdaGeneratedResponse"
"""What CloudFront calls an answer that a viewer-request function gave, so one without a claim: the 503s for
previews are among them. `X-Cache` shows it; the guide's list of results leaves it out. If the log says
something else, such a line costs reads, and no more."""

_LONGEST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Line:
    """One request that may have been a claim.

    Attributes:
        request_id: `x-edge-request-id`, which is the claim's id.
        keys: the object's key, or each of the two that the logged path can stand for.
        began_at: when the request came in, epoch seconds.
        status: of the answer.
        sent: bytes that went out, headers included.
        result: `x-edge-result-type` and `x-edge-detailed-result-type`.
        part: first and last byte of a partial answer; None for a whole one.
    """

    request_id: str
    keys: tuple[str, ...]
    began_at: int
    status: int
    sent: int
    result: tuple[str, str]
    part: tuple[int, int] | None


def read_lines(messages: Iterable[str]) -> Iterator[Line]:
    """The lines that may belong to a claim. What can't be read is left out: it proves nothing."""
    for message in messages:
        try:
            line = _read(json.loads(message))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            continue
        if line.keys and line.status not in GUARDS_OWN and GENERATED not in line.result:
            yield line


def _read(fields: dict[str, object]) -> Line:
    def text(name: str) -> str:
        return str(fields[name])

    ended = datetime.strptime(f"{text('date')} {text('time')}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    first, last = text("sc-range-start"), text("sc-range-end")
    return Line(
        request_id=text("x-edge-request-id"),
        keys=_keys(text("cs-uri-stem")) if text("cs-method") == "GET" else (),
        began_at=int(ended.timestamp() - min(max(float(text("time-taken")), 0.0), _LONGEST_SECONDS)),
        status=int(text("sc-status")),
        sent=int(text("sc-bytes")),
        result=(text("x-edge-result-type"), text("x-edge-detailed-result-type")),
        part=(int(first), int(last)) if first.isdecimal() and last.isdecimal() else None,
    )


def _keys(stem: str) -> tuple[str, ...]:
    """What the path may stand for: CloudFront escapes some characters of a value once more, and its guide
    leaves open whether `%` of a path that is escaped already is one of them. A claim's id is found under
    one key only, so that looking under both is safe."""
    keys: list[str] = []
    path = stem
    for _ in range(2):
        try:
            path = percent_decode(path)
        except Malformed:
            break
        key = path.removeprefix("/")
        if path.startswith("/") and key not in keys and key_problem(key) is None:
            keys.append(key)
    return tuple(keys)
