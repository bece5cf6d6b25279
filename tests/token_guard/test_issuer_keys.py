"""An issuer's keys: when they are asked for, what is taken for keys, and what an issuer that fails costs."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from common.edge.fetch import MAX_DOCUMENT_BYTES, Unreachable, fetch
from common.edge.issuer_keys import LONG_PAUSE, MAX_AGE, PAUSE
from common.edge.verifier import MAX_REMEMBERED, Verifier
from onetime_urls.protocol.tokens.errors import InvalidToken
from tests.token_guard.world import (
    KEYS,
    METADATA,
    Clock,
    IssuerServer,
    ask,
    bearer,
    make_guard,
    value,
    verdict,
)
from tests.tokens import NOW, SigningKey, key_set
from token_guard.guard import Guard

NEW = SigningKey("key-2", private="two")


def shown(guard: Guard, token: str) -> str:
    return verdict(ask(guard, authorization=bearer(token)))


def test_keys_are_fetched_before_the_first_request_and_not_with_it(
    guard: Guard, issuer: IssuerServer
) -> None:
    assert issuer.asked == [KEYS]
    for number in range(20):
        assert shown(guard, issuer.token(sub=f"user-{number}")) == "allowed"
    assert issuer.asked == [KEYS]


def test_without_an_url_of_keys_the_metadata_say_where_they_are(issuer: IssuerServer, clock: Clock) -> None:
    guard = make_guard(issuer, clock, issuers=(issuer.trusted(keys_url=None),))
    assert shown(guard, issuer.token()) == "allowed"
    assert issuer.asked == [METADATA, KEYS]
    clock.now += PAUSE
    assert shown(guard, issuer.token(NEW)) == "401 invalid_token"
    assert issuer.asked == [METADATA, KEYS, KEYS]


def test_a_new_key_is_found_by_the_first_token_that_names_it(
    guard: Guard, issuer: IssuerServer, clock: Clock
) -> None:
    issuer.documents[KEYS] = (200, key_set(SigningKey(), NEW))
    clock.now += PAUSE
    assert shown(guard, issuer.token(NEW)) == "allowed"
    assert issuer.asked == [KEYS, KEYS]


def test_junk_makes_a_container_ask_the_issuer_once_in_ten_seconds_whatever_comes_in(
    guard: Guard, issuer: IssuerServer, clock: Clock
) -> None:
    """A thousand well-formed tokens with keys' names that nobody knows, spread over a hundred seconds."""
    for number in range(1000):
        clock.now = NOW + number / 10
        assert shown(guard, issuer.token(SigningKey(f"junk-{number}"))) == "401 invalid_token"
    assert issuer.asked == [KEYS] * 10  # the one at the start among them


def test_what_is_refused_for_free_never_makes_anybody_ask(
    guard: Guard, issuer: IssuerServer, clock: Clock
) -> None:
    clock.now += PAUSE
    unknown = SigningKey("unknown")
    for changed in (
        {"iss": "https://evil.example"},
        {"aud": "x"},
        {"exp": NOW},
        {"token_use": "access"},
        {"nbf": NOW * 2},
    ):
        assert shown(guard, issuer.token(unknown, **changed)) == "401 invalid_token"
    for header in ({"alg": "HS256", "kid": "unknown"}, {"alg": "RS256", "kid": "unknown", "crit": []}):
        assert shown(guard, issuer.token(unknown, header=header)) == "401 invalid_token"
    assert issuer.asked == [KEYS]


def test_many_requests_at_once_ask_once(issuer: IssuerServer, clock: Clock) -> None:
    guard = make_guard(issuer, clock)
    clock.now += PAUSE
    issuer.documents[KEYS] = (200, key_set(SigningKey(), NEW))
    token = issuer.token(NEW)
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda _: shown(guard, token), range(64))) == {"allowed"}
    assert issuer.asked == [KEYS, KEYS]


def test_old_keys_stay_while_the_issuer_is_down(guard: Guard, issuer: IssuerServer, clock: Clock) -> None:
    issuer.documents[KEYS] = (500, b"")
    clock.now += MAX_AGE + 1
    good = issuer.token(exp=NOW + 10**6)
    for _ in range(5):
        assert shown(guard, good) == "allowed"
        clock.now += PAUSE
    assert issuer.asked == [KEYS, KEYS]  # nobody waits for it more than once in five minutes
    clock.now += LONG_PAUSE
    issuer.documents[KEYS] = (200, key_set(SigningKey()))
    assert shown(guard, good) == "allowed"
    assert issuer.asked == [KEYS, KEYS, KEYS]


def test_a_key_that_is_withdrawn_goes_out_of_use_within_an_hour_and_its_tokens_too(
    guard: Guard, issuer: IssuerServer, clock: Clock
) -> None:
    old = issuer.token(exp=NOW + 10**6)
    assert shown(guard, old) == "allowed"
    issuer.documents[KEYS] = (200, key_set(NEW))
    clock.now += MAX_AGE
    assert shown(guard, old) == "401 invalid_token"


def test_without_any_key_the_answer_is_503_until_the_issuer_is_back(
    issuer: IssuerServer, clock: Clock
) -> None:
    good = issuer.documents[KEYS]
    issuer.documents[KEYS] = (503, b"")
    guard = make_guard(issuer, clock)
    answer = ask(guard, authorization=bearer(issuer.token()))
    assert (answer["status"], value(answer, "retry-after")) == ("503", "10")
    assert verdict(ask(guard)) == "401"
    assert shown(guard, "junk") == "401 invalid_token"
    issuer.documents[KEYS] = good
    assert shown(guard, issuer.token()) == "503"
    clock.now += PAUSE
    assert shown(guard, issuer.token()) == "allowed"


@pytest.mark.parametrize(
    "document",
    [
        (301, key_set(SigningKey())),
        (302, key_set(SigningKey())),
        (307, key_set(SigningKey())),
        (404, key_set(SigningKey())),
        (203, key_set(SigningKey())),
        (200, b""),
        (200, b"<html>sign in to the network</html>"),
        (200, b'{"keys":{}}'),
        (200, b'{"keys":[]}' + b" " * MAX_DOCUMENT_BYTES),
        (200, b"[" * 50_000),
        (0, b""),
    ],
)
def test_what_is_no_key_set_leaves_a_guard_without_keys(
    issuer: IssuerServer, document: tuple[int, bytes]
) -> None:
    issuer.documents[KEYS] = document
    issuer.documents["/elsewhere"] = (200, key_set(SigningKey()))
    assert shown(make_guard(issuer), issuer.token()) == "503"
    assert issuer.asked == [KEYS]


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"jwks_uri": None},
        {"jwks_uri": "http://evil.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": ["https://evil.example"]},
    ],
)
def test_metadata_of_another_issuer_or_with_keys_elsewhere_are_refused(
    issuer: IssuerServer, changed: dict[str, Any]
) -> None:
    metadata = {"issuer": issuer.url, "jwks_uri": f"{issuer.base}{KEYS}"} | changed
    issuer.documents[METADATA] = (200, json.dumps(metadata).encode())
    assert shown(make_guard(issuer, issuers=(issuer.trusted(keys_url=None),)), issuer.token()) == "503"
    assert issuer.asked == [METADATA]


def test_one_issuers_keys_verify_nothing_of_anothers(issuer: IssuerServer) -> None:
    with IssuerServer() as other:
        thread = threading.Thread(target=other.serve_forever, args=(0.01,))
        thread.start()
        other.documents[KEYS] = (200, key_set(NEW))
        guard = make_guard(issuer, issuers=(issuer.trusted(), other.trusted()))
        assert shown(guard, issuer.token()) == "allowed"
        assert shown(guard, other.token(NEW)) == "allowed"
        assert shown(guard, other.token()) == "401 invalid_token"
        assert shown(guard, issuer.token(NEW)) == "401 invalid_token"
        other.shutdown()
        thread.join()


def test_a_container_remembers_so_many_tokens_and_no_more(issuer: IssuerServer, clock: Clock) -> None:
    verifier = Verifier((issuer.trusted(),), fetch, monotonic=clock)
    key = SigningKey(algorithm="ES256")
    issuer.documents[KEYS] = (200, key_set(key))
    for number in range(MAX_REMEMBERED + 20):
        verifier.verify(issuer.token(key, sub=f"user-{number}"), NOW, lambda: 5.0)
    assert len(verifier._remembered) == MAX_REMEMBERED


def test_a_remembered_token_is_not_verified_again_and_another_of_its_claims_is(
    issuer: IssuerServer, clock: Clock
) -> None:
    verifier = Verifier((issuer.trusted(),), fetch, monotonic=clock)
    token = issuer.token()
    claims = verifier.verify(token, NOW, lambda: 5.0)
    assert verifier.verify(token, NOW, lambda: 5.0) is claims
    signature = token.rpartition(".")[2]
    forged = f"{issuer.token(sub='user-2').rpartition('.')[0]}.{signature}"
    with pytest.raises(InvalidToken):
        verifier.verify(forged, NOW, lambda: 5.0)


@contextmanager
def scripted(script: Callable[[socket.socket], None]) -> Iterator[str]:
    """The URL of a peer that takes one connection and does as the script says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link:
                script(link)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/keys?p=1"
        thread.join()


def test_a_fetch_asks_for_the_whole_target_and_nothing_compressed() -> None:
    seen = list[bytes]()

    def script(link: socket.socket) -> None:
        seen.append(link.recv(65536))
        link.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")

    with scripted(script) as url:
        assert fetch(url, 5.0) == b"{}"
    assert seen[0].startswith(b"GET /keys?p=1 HTTP/1.1\r\n")
    assert b"\r\nAccept-Encoding: identity\r\n" in seen[0]


def test_a_document_that_drips_is_given_up_at_the_deadline() -> None:
    """Each line comes in time, and none is the last: the clock moves with every look at it."""
    now = [0.0]

    def monotonic() -> float:
        now[0] += 1.0
        return now[0]

    def script(link: socket.socket) -> None:
        link.recv(65536)
        with contextlib.suppress(OSError):
            link.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                link.sendall(b"X: y\r\n")

    with scripted(script) as url, pytest.raises(Unreachable, match="TimeoutError"):
        fetch(url, 8.0, monotonic=monotonic)


def test_a_document_over_the_limit_is_not_read_to_its_end() -> None:
    def script(link: socket.socket) -> None:
        link.recv(65536)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b" " * 1000)

    with scripted(script) as url, pytest.raises(Unreachable, match="ValueError"):
        fetch(url, 5.0)


def test_a_certificate_that_is_not_trusted_ends_it_before_anything_is_sent() -> None:
    received = list[bytes]()

    def script(link: socket.socket) -> None:
        received.append(link.recv(65536))
        link.sendall(b"HTTP/1.1 400 speak http\r\n\r\n")

    with scripted(script) as url, pytest.raises(Unreachable, match="SSL"):
        fetch(url.replace("http:", "https:").replace("127.0.0.1", "localhost"), 5.0)
    assert b"GET" not in received[0]
