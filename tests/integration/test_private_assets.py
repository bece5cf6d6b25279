"""Private assets as users and attackers reach them. On AWS the deployment needs the local cloud's rules:
`-c private_rules='shared/*,finance/* for finance,users/{sub}/*'`.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from tests.integration.conftest import Upload
from tests.people import Visits, forged, visits
from tests.shared_cloud import NAMED_ORIGIN
from tests.web import Deployment, follow, send

Place = Callable[..., str]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def world(deployment: Deployment) -> Iterator[Visits]:
    with visits(deployment) as everybody:
        yield everybody


@pytest.fixture
def place(deployment: Deployment) -> Iterator[Place]:
    """Puts an object under the private prefix, gives its path, and takes it away again."""
    keys = []

    def put(folder: str, body: bytes = b"for members", *, kind: str = "text/plain", name: str = "") -> str:
        path = f"{folder}/{name or secrets.token_hex(4)}"
        key = deployment.outputs["PrivatePrefix"] + path
        deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=body, ContentType=kind)
        keys.append(key)
        return f"/{quote(path)}"

    yield put
    for key in keys:
        deployment.s3.delete_object(Bucket=deployment.bucket, Key=key)


def test_whoever_shows_a_token_of_the_pool_reads_by_header_and_by_cookie(world: Visits, place: Place) -> None:
    path = place("shared", b"read me")
    for token in (world.member.id_token, world.member.access_token):
        answers = (world.get(path, token), world.get(path, cookie=f"theme=dark; token={token}; x=y"))
        assert [(each.status, each.body) for each in answers] == [(200, b"read me")] * 2


def test_without_a_token_nobody_reads_and_is_told_how_to(world: Visits, place: Place) -> None:
    answer = world.get(place("shared"))
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["cache-control"] == "no-store"
    assert b"members" not in answer.body


def test_a_token_that_is_not_of_the_pool_is_invalid_and_nothing_of_it_is_repeated(
    world: Visits, place: Place
) -> None:
    path = place("shared")
    for wrong, token in {"of another pool": world.outsider.id_token, **forged(world.member)}.items():
        answer = world.get(path, token)
        assert answer.status == 401, wrong
        assert answer.headers["www-authenticate"].startswith('Bearer error="invalid_token"'), wrong
        assert token[:16].encode() not in answer.body + repr(answer.headers).encode(), wrong


def test_two_tokens_that_differ_are_refused_and_two_that_are_one_are_not(world: Visits, place: Place) -> None:
    path, one, other = place("shared"), world.member.id_token, world.accountant.id_token
    assert world.get(path, one, cookie=f"token={other}").status == 400
    assert world.get(path, cookie=f"token={one}; token={other}").status == 400
    assert world.get(path, one, cookie=f"token={one}").status == 200


def test_a_token_in_the_address_is_not_looked_at(world: Visits, place: Place) -> None:
    assert world.get(f"{place('shared')}?token={world.member.id_token}").status == 401


def test_a_group_reads_what_is_its_own_and_the_answer_does_not_tell_what_is_there(
    world: Visits, place: Place
) -> None:
    path = place("finance")
    assert world.get(path, world.accountant.id_token).status == 200
    refused, missing = (world.get(each, world.member.id_token) for each in (path, "/finance/nothing"))
    assert (refused.status, refused.body) == (missing.status, missing.body)
    assert refused.status == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]


def test_what_no_rule_covers_nobody_reads(world: Visits, place: Place) -> None:
    path = place("elsewhere")
    assert world.get(path, world.accountant.id_token).status == 403
    assert world.get("/", world.accountant.id_token).status == 403


def test_a_cached_object_is_still_only_for_those_who_may_read_it(world: Visits, place: Place) -> None:
    finance, own = place("finance", b"figures"), place(f"users/{world.member.sub}", b"mine")
    for path, reader in ((finance, world.accountant), (own, world.member)):
        answers = [world.get(path, reader.id_token) for _ in range(2)]
        assert [each.headers["x-cache"] for each in answers] == [
            "Miss from cloudfront",
            "Hit from cloudfront",
        ]
    for path, other in ((finance, world.member), (own, world.accountant)):
        for token, status in ((None, 401), (world.outsider.id_token, 401), (other.id_token, 403)):
            answer = world.get(path, token)
            assert (answer.status, answer.headers["cache-control"]) == (status, "no-store")
            assert world.get(path, token, method="HEAD").status == status


def test_one_copy_serves_all_who_may_read_it_whatever_their_token_cookies_or_query(
    world: Visits, place: Place
) -> None:
    path = place("shared")
    assert world.get(path, world.member.id_token).headers["x-cache"] == "Miss from cloudfront"
    for asked in (
        world.get(path, world.accountant.access_token),
        world.get(path, cookie=f"a=b; token={world.member.id_token}"),
        world.get(f"{path}?response-content-type=text/html&versionId=x", world.member.id_token),
    ):
        assert (asked.status, asked.headers["x-cache"]) == (200, "Hit from cloudfront")
        assert asked.headers["content-type"] == "text/plain"


def test_a_refusal_is_never_what_the_next_one_gets(world: Visits, place: Place) -> None:
    path = place("shared")
    assert world.get(path).status == 401
    assert world.get(path, world.outsider.id_token).status == 401
    assert world.get(path, world.member.id_token).status == 200


def test_an_object_that_appears_is_there_at_once(world: Visits, place: Place) -> None:
    name = secrets.token_hex(4)
    missing = world.get(f"/shared/{name}", world.member.id_token)
    assert missing.status == 404
    assert b"<" not in missing.body
    place("shared", name=name)
    assert world.get(f"/shared/{name}", world.member.id_token).status == 200


def test_no_spelling_of_a_path_leads_to_another_users_objects(world: Visits, place: Place) -> None:
    theirs, me = place(f"users/{world.member.sub}", b"not yours"), world.accountant
    name = theirs.rpartition("/")[2]
    prefix, other = f"/users/{me.sub}", world.member.sub
    spellings = [
        theirs,
        theirs.replace("users", "%75sers"),
        theirs.replace("/", "%2F").replace("%2F", "/", 1),
        theirs.replace("/", "%2f").replace("%2f", "/", 1),
        f"{prefix}/../{other}/{name}",
        f"{prefix}/%2e%2e/{other}/{name}",
        f"{prefix}/%2E%2E%2F{other}/{name}",
        f"{prefix}/..%2f{other}/{name}",
        f"{prefix}/..\\{other}\\{name}",
        f"{prefix}/..%5c{other}%5c{name}",
        f"{prefix}/%252e%252e/{other}/{name}",
        f"/{theirs}",
        f"/shared/..{theirs}",
        f"/shared/%2e%2e{theirs}",
        f"/./{theirs[1:]}",
        theirs.replace("users/", "users//"),
        f"{theirs}%00",
        f"{theirs}%0d%0ax-header:%20y",
        f"{theirs};x",
        theirs.upper(),
        theirs.replace("users", "Users"),
        f"/users/*/{name}",
        f"/users/{{sub}}/{name}",
        f"/users/{other[:-1]}%ff/{name}",
    ]
    for spelt in spellings:
        answer = world.get(spelt, me.id_token)
        assert answer.status in (400, 403, 404), spelt
        assert b"not yours" not in answer.body
    assert world.get(theirs.replace("users", "%75sers"), world.member.id_token).status == 200


def test_a_path_that_cannot_be_one_is_refused_before_anything_is_asked_of_the_token(world: Visits) -> None:
    for path in ("/shared/%zz", "/shared/../x", "/shared/%2e%2e/x", "/shared/a%00b", "/shared/%ff", "/-/x"):
        assert world.get(path, "not-a-token").status == 400, path


def test_nothing_outside_of_the_prefix_is_served(world: Visits, upload: Upload) -> None:
    key = upload(b"only by link")
    up = "../" * world.deployment.outputs["PrivatePrefix"].count("/")
    for path in (f"/{key}", f"/shared/../{up}{key}", f"/shared/%2e%2e/{quote(up, safe='')}{key}"):
        answer = world.get(path, world.accountant.id_token)
        assert answer.status in (400, 403), path
        assert answer.body != b"only by link"


def test_other_methods_are_refused(world: Visits, place: Place) -> None:
    path = place("shared")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert world.get(path, world.member.id_token, method=method).status in (403, 405)


def test_parts_and_conditions_work_as_at_any_cdn(world: Visits, place: Place) -> None:
    path, token = place("shared", bytes(range(200))), world.member.id_token
    for _ in range(2):  # of S3, and of the cache
        part = world.get(path, token, range="bytes=10-19")
        assert (part.status, part.body) == (206, bytes(range(10, 20)))
        assert part.headers["content-range"] == "bytes 10-19/200"
        outside = world.get(path, token, range="bytes=500-")
        assert outside.status == 416
        assert path.encode() not in outside.body
        whole = world.get(path, token)
        unchanged = world.get(path, token, if_none_match=whole.headers["etag"])
        assert (unchanged.status, unchanged.body) == (304, b"")
        head = world.get(path, token, method="HEAD")
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "200")


def test_text_is_compressed_for_those_who_take_it(world: Visits, place: Place) -> None:
    path = place("shared", b"many words " * 1000, name=f"{secrets.token_hex(4)}.txt")
    answer = world.get(path, world.member.id_token, accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < 1000
    assert "content-encoding" not in world.get(path, world.member.id_token).headers


def test_what_is_served_is_private_not_sniffed_sandboxed_and_not_for_other_sites(
    world: Visits, place: Place
) -> None:
    path = place("shared", b"<script>document.title = 'ran'</script>", kind="text/html")
    headers = world.get(path, world.member.id_token).headers
    assert "private" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].endswith("sandbox")
    assert headers["cross-origin-resource-policy"] == "same-site"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    storage = [each for each in headers if each.startswith("x-amz-") and not each.startswith("x-amz-cf-")]
    assert storage == []


def test_a_pdf_is_shown_outside_the_sandbox_from_the_cache_too(world: Visits, place: Place) -> None:
    path = place("shared", b"%PDF-1.7", kind="application/pdf")
    for _ in range(2):
        headers = world.get(path, world.member.id_token).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "sandbox" not in headers["content-security-policy"]


def test_an_unchanged_pdf_stays_outside_the_sandbox_whoever_says_that_it_is_unchanged(
    world: Visits, place: Place
) -> None:
    body = b"%PDF-1.7"
    path = place("shared", body, kind="application/pdf")
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    for _ in range(2):
        unchanged = world.get(path, world.member.id_token, if_none_match=etag)
        assert unchanged.status == 304
        assert "sandbox" not in unchanged.headers.get("content-security-policy", "")
        world.get(path, world.member.id_token)  # now the cache has it


def test_a_name_that_is_too_long_behind_the_prefix_is_404(world: Visits) -> None:
    name = "n" * (1024 - len("shared/"))
    assert world.get(f"/shared/{name}", world.member.id_token).status == 404


def test_a_refusal_is_in_the_form_that_is_asked_for(world: Visits, place: Place) -> None:
    path = place("shared")
    assert world.get(path, accept="application/json").json()["error"] == "no_token"
    page = world.get(path, accept="text/html,*/*")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert b"Sign in" in page.body


def test_s3_itself_and_the_other_distribution_refuse_what_is_private(world: Visits, place: Place) -> None:
    path = place("shared")
    key = world.deployment.outputs["PrivatePrefix"] + path[1:]
    at_s3 = world.deployment.at_s3(f"https://bucket/{key}")
    assert at_s3.status == 403
    links = send(
        world.deployment.outputs["DistributionUrl"],
        f"/{key}",
        authorization=f"Bearer {world.member.id_token}",
    )
    assert links.status in (400, 403)
    assert links.body != b"for members"


def test_who_may_mint_may_hand_a_private_object_out_once(world: Visits, place: Place) -> None:
    path = place("shared", b"handed out")
    link = world.deployment.mint(world.deployment.outputs["PrivatePrefix"] + path[1:])["url"]
    assert follow(link).body == b"handed out"
    assert follow(link).reason == "403 used"


def test_pages_of_no_named_origin_may_read_by_script(world: Visits, place: Place) -> None:
    answer = world.get(place("shared"), world.member.id_token, origin="https://evil.example.com")
    assert answer.status == 200
    assert "access-control-allow-origin" not in answer.headers
    asked = world.get(
        "/shared/x",
        method="OPTIONS",
        origin="https://evil.example.com",
        access_control_request_method="GET",
    )
    assert "access-control-allow-origin" not in asked.headers


def test_pages_of_a_named_origin_may_read_by_script_and_with_credentials(
    request: pytest.FixtureRequest, world: Visits, place: Place
) -> None:
    ours = NAMED_ORIGIN if request.config.getoption("--local-cloud") else None
    origin = os.environ.get("NAMED_ORIGIN", ours)
    if not origin:
        pytest.skip("name one of the deployment's cors_origins with NAMED_ORIGIN=")
    path = place("shared")
    asked = world.get(path, method="OPTIONS", origin=origin, access_control_request_method="GET")
    assert asked.status in (200, 204)
    for answer in (
        asked,
        world.get(path, world.member.id_token, origin=origin),
        world.get(path, origin=origin),
    ):
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"


def test_twenty_images_are_twenty_hits_once_one_user_has_seen_them(world: Visits, place: Place) -> None:
    paths = [place("shared", PNG, kind="image/png") for _ in range(20)]
    for path in paths:
        assert world.get(path, world.member.id_token).status == 200
    cookie = f"token={world.accountant.id_token}"
    answers = [world.get(path, cookie=cookie) for path in paths]
    assert {each.headers["x-cache"] for each in answers} == {"Hit from cloudfront"}


def test_aws_tells_a_missing_object_by_a_grant_to_list_that_ends_with_if_exists(
    world: Visits, only_aws: None
) -> None:
    """Undocumented: whether S3 knows an `s3:prefix` when a GetObject needs the permission to list. If it says
    403, the guard still says 404; the distribution's log shows which."""
    assert world.get("/shared/nothing-here", world.member.id_token).status == 404
