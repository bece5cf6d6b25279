"""The PIN: asked for, counted before it is looked at, and locked for a growing while."""

import hashlib
import io
import logging
from typing import Any

import pytest

from onetime_urls.protocol.contract.headers import TICKET_COOKIE
from onetime_urls.protocol.shares.pin import PinHash, Tries
from share_page import app as page_app
from tests.shares.world import FORM, Visitor, World, link_in
from tests.url_issuer.world import Answer

CURL = {"content-type": FORM}


def enter(cloud: World, share: Any, pin: str) -> Answer:
    return cloud.page("POST", share["id"], headers=CURL, body=f"pin={pin}".encode())


def test_without_the_pin_nothing_is_handed_over_and_no_try_is_spent(cloud: World) -> None:
    share = cloud.share(pin="2468")
    answer = enter(cloud, share, "")
    assert (answer.status, answer.headers["x-share-status"]) == (403, "pin-missing")
    assert enter(cloud, share, "2468").status == 303


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_right_one_starts_anew(cloud: World) -> None:
    share = cloud.share(pin="2468", max_downloads=2)
    for left in (4, 3):
        assert f"{left} tries are left" in enter(cloud, share, "1111").body
    assert enter(cloud, share, "2468").status == 303
    assert "4 tries are left" in enter(cloud, share, "1111").body


def test_five_wrong_pins_lock_for_a_while_that_doubles(cloud: World) -> None:
    share = cloud.share(pin="2468")
    for length in (60, 120, 240):
        for _ in range(4):
            assert enter(cloud, share, "1111").status == 403
        locked = enter(cloud, share, "1111")
        assert (locked.status, locked.headers["x-share-status"]) == (429, "locked")
        assert length - 5 <= int(locked.headers["retry-after"]) <= length
        assert enter(cloud, share, "2468").status == 429
        assert cloud.shown(share)["state"] == "locked"
        cloud.ahead += length
    assert enter(cloud, share, "2468").status == 303


def test_the_fifth_try_may_be_the_right_one_and_leaves_no_lock_behind(cloud: World) -> None:
    share = cloud.share(pin="2468", max_downloads=2)
    for _ in range(4):
        enter(cloud, share, "1111")
    assert enter(cloud, share, "2468").status == 303
    for _ in range(4):
        enter(cloud, share, "1111")
    assert int(enter(cloud, share, "1111").headers["retry-after"]) <= 60


def test_a_right_pin_undoes_no_lock_that_others_caused_meanwhile(
    cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = cloud.share(pin="2468", max_downloads=2)
    hashed = PinHash.matches

    def while_others_guess(kept: PinHash, pin: str) -> bool:
        monkeypatch.setattr(PinHash, "matches", hashed)
        for _ in range(4):
            enter(cloud, share, "1111")
        return hashed(kept, pin)

    monkeypatch.setattr(PinHash, "matches", while_others_guess)
    assert enter(cloud, share, "2468").status == 303
    assert cloud.shown(share)["state"] == "locked"


def test_a_ticket_that_somebody_planted_is_no_pin(cloud: World) -> None:
    share, planted = cloud.share(pin="2468", max_downloads=2), "A" * 22
    victim = Visitor(cloud, share["id"], cookie=planted)
    victim.look()
    assert planted not in (victim.cookie, victim.ticket)
    assert victim.press(pin="1111").headers["x-share-status"] == "pin-wrong"
    assert link_in(victim.press(pin="2468"))
    attacker = Visitor(cloud, share["id"], ticket=planted)
    assert attacker.press().headers["x-share-status"] == "pin-missing"
    by_cookie_alone = cloud.page(
        "POST", share["id"], headers=CURL, cookies=[f"{TICKET_COOKIE}={victim.cookie}"], body=b""
    )
    assert by_cookie_alone.headers["x-share-status"] == "pin-missing"


def test_a_page_that_asks_for_the_pin_again_has_another_ticket(cloud: World) -> None:
    share, known = cloud.share(pin="2468"), "A" * 22
    for form in (f"ticket={known}", f"ticket={known}&pin=1111"):
        page = cloud.page("POST", share["id"], headers=CURL | {"accept": "text/html"}, body=form.encode())
        assert page.headers["x-share-status"] in ("pin-missing", "pin-wrong")
        assert known not in page.body + page.headers["set-cookie"]


@pytest.mark.parametrize("wanted", [{"pin": "2468"}, {"max_downloads": 2}])
def test_a_planted_cookie_does_not_hide_the_visitors_own(cloud: World, wanted: dict[str, Any]) -> None:
    visitor = Visitor(cloud, cloud.share(**wanted)["id"])
    visitor.look()
    visitor.press(pin="2468")
    cookies = [f"{TICKET_COOKIE}={'A' * 22}", f"{TICKET_COOKIE}={visitor.cookie}"]
    page = cloud.page("GET", visitor.share_id, headers={"accept": "text/html"}, cookies=cookies)
    assert page.headers["x-share-status"] == "waiting"


def test_whose_download_is_waiting_sees_it_on_the_page_without_the_pin(cloud: World) -> None:
    visitor = Visitor(cloud, cloud.share(pin="2468", max_downloads=2)["id"])
    visitor.look()
    first = link_in(visitor.press(pin="2468"))
    page = visitor.look()
    assert page.headers["x-share-status"] == "waiting"
    assert 'name="pin"' not in page.body
    assert link_in(visitor.press()) == first


def test_the_try_is_written_down_before_the_pin_is_looked_at(
    cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = cloud.share(pin="2468")

    def die(_: PinHash, __: str) -> bool:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(PinHash, "matches", die)
        for _ in range(5):
            assert enter(cloud, share, "2468").status == 500
    assert cloud.shown(share)["state"] == "locked"


def test_a_ticket_that_was_handed_a_link_is_not_asked_again(cloud: World) -> None:
    visitor = Visitor(cloud, cloud.share(pin="2468")["id"])
    visitor.look()
    first = link_in(visitor.press(pin="2468"))
    assert first
    assert link_in(visitor.press(pin="")) == first


def test_the_pin_is_never_logged(cloud: World) -> None:
    lines = io.StringIO()
    [console] = page_app.logger.handlers
    assert isinstance(console, logging.StreamHandler)
    before = console.setStream(lines)
    visitor = Visitor(cloud, cloud.share(pin="24682468")["id"])
    visitor.look()
    visitor.press(pin="13571357")
    location = link_in(visitor.press(pin="24682468"))
    console.setStream(before)
    logged = lines.getvalue()
    assert "visited" in logged
    for secret in ("24682468", "13571357", visitor.ticket or "?", visitor.share_id, location[-64:]):
        assert secret not in logged


def test_tries_that_others_write_meanwhile_are_counted_too(cloud: World) -> None:
    share = cloud.share(pin="2468")
    store = page_app.handover().store
    seen = store.share(share["id"], lambda: 10)
    assert seen is not None
    after = seen.tries.debited(0)
    assert store.change_tries(seen.id, seen.tries, after, lambda: 10)[0] is True
    written, found = store.change_tries(seen.id, seen.tries, after, lambda: 10)
    assert written is False
    assert found is not None
    assert found.tries.made == 1


def test_two_spellings_of_one_text_are_one_pin() -> None:
    kept = PinHash.of("\u00fcber", b"s" * 16)
    assert kept.matches("u\u0308ber")
    assert not kept.matches("uber")


def test_a_month_allows_a_patient_guesser_about_two_hundred_tries() -> None:
    tries, now, made = Tries(), 0, 0
    while now < 30 * 86_400:
        tries = tries.debited(now)
        made += 1
        now = max(now, tries.locked_until)
    assert 150 < made < 250


def test_a_pin_is_hashed_at_the_cost_that_owasp_names() -> None:
    """Password Storage Cheat Sheet, "scrypt": N = 2^15, r = 8, p = 3."""
    digest = hashlib.scrypt(b"2468", salt=b"s" * 16, n=2**15, r=8, p=3, maxmem=2**26, dklen=32)
    assert PinHash.of("2468", b"s" * 16).digest == digest
