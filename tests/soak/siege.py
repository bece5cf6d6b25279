"""Sends attacks at the whole local cloud, over sockets, and holds what comes back against what must.

no byte of the object reaches anyone who didn't ask for the whole link
nothing that S3 wrote, no token and no traceback reaches anyone
no answer of ours is a 5xx, but for the 503 that asks a preview to come back
a link is gone only if somebody got its object; every other one works afterwards, once
no record comes into being
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.soak.hostile import Attack, draw_attack
from tests.soak.schedule import Broken

ATTACKS_AT_A_TIME = 20
AT_ONCE = 6
_INSIDE = re.compile(
    rb"<Error>|CanonicalRequest|x-claim-token|SignatureDoesNotMatch|Traceback", re.IGNORECASE
)
_FRAME_HEADER, _WITH_AN_END, _END_STREAM = 9, (0, 1), 1
"""Of HTTP/2: DATA and HEADERS frames may end a stream."""


@dataclass(frozen=True)
class Besieged:
    """What is attacked.

    Attributes:
        address: of the edge.
        mint: makes a link for the object and returns the API's answer.
        records: counts the records in the table.
        body: the object, long and random enough to be recognised by any 32 bytes of it.
    """

    address: tuple[str, int]
    mint: Callable[[], dict[str, Any]]
    records: Callable[[], int]
    body: bytes


async def besiege(besieged: Besieged, *, seed: str, number: int, seconds: float = 1200) -> Counter[str]:
    """Send `number` attacks, or as many as begin within `seconds`, and count them by kind and answer.

    Raises:
        Broken: a promise was broken; the message names the attack.
    """
    totals: Counter[str] = Counter()
    end, batches = time.monotonic() + seconds, iter(range(-(-number // ATTACKS_AT_A_TIME)))
    before = await asyncio.to_thread(besieged.records)

    async def work() -> None:
        for n in batches:
            if time.monotonic() > end:
                return
            totals.update(await _attack(besieged, f"{seed}-{n}"))

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    made = await asyncio.to_thread(besieged.records) - before
    if made != totals["links"]:
        raise Broken(f"{made} records for {totals['links']} links")
    return totals


async def _attack(besieged: Besieged, seed: str) -> Counter[str]:
    """Some attacks, on a link that is made anew whenever one of them was the link after all."""
    random, totals, left = Random(seed), Counter[str](), ATTACKS_AT_A_TIME
    while left:
        url = (await asyncio.to_thread(besieged.mint))["url"]
        target, served = "/" + url.split("/", 3)[3], False
        totals["links"] += 1
        while left and not served:
            attack = draw_attack(random, target, time.time())
            head, body = await _send(besieged.address, attack.raw)
            totals["attacks"] += 1
            totals[f"{attack.kind}: {head[9:12].decode() or 'closed'}"] += 1
            problem = _problem(attack, head, body, besieged.body)
            if problem:
                raise Broken(f"attack {seed}, {left} to go ({attack.kind}, {attack.raw[:12]!r}): {problem}")
            served = besieged.body in body
            left -= 1
        await _examine(besieged, target, seed, served=served)
        totals["links served to a re-spelling" if served else "links that still worked"] += 1
    return totals


async def _examine(besieged: Besieged, target: str, seed: str, *, served: bool) -> None:
    """A link that was served is used, and any other works."""
    plain = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head, body = await _send(besieged.address, plain.encode())
    if (besieged.body in body) is served:
        raise Broken(f"a link of {seed} was {'served twice' if served else 'burnt'}: {head[:12]!r}")


def _problem(attack: Attack, head: bytes, body: bytes, secret: bytes) -> str | None:
    if secret in body:
        return None if attack.is_link else "the object was served"
    if any(secret[at : at + 32] in body for at in range(0, len(secret) - 32, 32)):
        return "a part of the object was served"
    if _INSIDE.search(head + body):
        return "something of S3's or of the inside came out"
    if head[9:10] == b"5" and b"x-link-status: preview" not in head.lower():
        return f"answered {head[9:12].decode()}"
    return None


async def _send(address: tuple[str, int], raw: bytes) -> tuple[bytes, bytes]:
    """Head and body of the answer; both empty where the connection was closed without one."""
    reader, writer = await asyncio.open_connection(*address)
    answer = bytearray()
    try:
        writer.write(raw)
        async with asyncio.timeout(15):
            while not _has_ended_over_http_2(answer) and (chunk := await reader.read(65_536)):
                answer += chunk
    except (OSError, TimeoutError):
        pass  # a refusal may come while the request is still being sent
    finally:
        writer.close()
    head, _, body = bytes(answer).partition(b"\r\n\r\n")
    return head, body


def _has_ended_over_http_2(answer: bytearray) -> bool:
    """Whether an answer that switched to HTTP/2 is whole: the server then waits for the next request.

    A frame begins with its payload's length in 3 bytes, its type, its flags and its stream (RFC 9113, section
    4.1). The request that asked for the switch is stream 1 (RFC 7540, section 3.2).
    """
    head, _, frames = bytes(answer).partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 101 ") and len(frames) >= _FRAME_HEADER:
        length, kind, flags = int.from_bytes(frames[:3]), frames[3], frames[4]
        stream, end = int.from_bytes(frames[5:_FRAME_HEADER]), _FRAME_HEADER + length
        if stream == 1 and kind in _WITH_AN_END and flags & _END_STREAM and len(frames) >= end:
            return True
        frames = frames[end:]
    return False
