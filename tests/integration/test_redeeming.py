"""What a deployed link does when it is used, over HTTP, on AWS or in the local cloud."""

import hashlib
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from onetime_urls.protocol.pages.layout import page_policy
from tests.integration.conftest import Upload
from tests.web import Deployment, follow, send, split_url

BODY = bytes(range(256)) * 4096


def test_the_first_download_is_whole_and_the_second_is_refused(
    deployment: Deployment, upload: Upload
) -> None:
    url = deployment.mint(upload(BODY))["url"]
    first = follow(url)
    assert (first.status, hashlib.sha256(first.body).digest()) == (200, hashlib.sha256(BODY).digest())
    second = follow(url)
    assert (second.reason, BODY in second.body) == ("403 used", False)


def test_a_download_is_an_attachment_that_nothing_may_cache_or_sniff(
    deployment: Deployment, upload: Upload
) -> None:
    answer = follow(deployment.mint(upload(b"x", "a report.pdf"))["url"])
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "max-age" in answer.headers["strict-transport-security"]


def test_nothing_of_the_objects_metadata_goes_out_but_the_checksum_of_an_upload(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload(b"x", "with metadata.bin")
    metadata = {"sha256": "0" * 64, "uploader": "someone@example.com"}
    deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=b"x", Metadata=metadata)
    answer = follow(deployment.mint(key)["url"])
    # What begins with x-amz-cf- is CloudFront's own.
    ours = [name for name in answer.headers if name.startswith("x-amz-") and not name.startswith("x-amz-cf-")]
    assert (answer.status, ours) == (200, ["x-amz-meta-sha256"])


def test_of_32_parallel_downloads_exactly_one_is_served(deployment: Deployment, upload: Upload) -> None:
    key = upload(BODY)
    with ThreadPoolExecutor(32) as pool:
        for _ in range(3):
            url = deployment.mint(key)["url"]
            answers = list(pool.map(follow, [url] * 32))
            assert Counter(answer.reason for answer in answers) == {"200": 1, "403 used": 31}
            assert [answer.body for answer in answers if answer.status == 200] == [BODY]


@pytest.mark.parametrize("path_style", [False, True], ids=["virtual-hosted", "path-style"])
def test_the_link_is_worthless_at_s3_itself_and_still_works_afterwards(
    deployment: Deployment, upload: Upload, path_style: bool
) -> None:
    url = deployment.mint(upload(b"guarded"))["url"]
    for headers in ({}, {"x_claim_token": "0" * 32}, {"x_claim_token": ""}):
        answer = deployment.at_s3(url, path_style=path_style, **headers)
        assert (answer.status, b"guarded" in answer.body) == (403, False)
    assert follow(url).body == b"guarded"


def test_a_respelt_link_is_the_same_link(deployment: Deployment, upload: Upload) -> None:
    url = deployment.mint(upload(b"once"))["url"]
    base, target = split_url(url)
    path, _, query = target.partition("?")
    respelt_path = path.replace("i", "%69", 1).replace("/", "%2f").replace("%2f", "/", 1)
    respelt_query = "&".join(reversed(query.split("&"))).replace("X-Amz-Expires", "X-Amz-%45xpires")
    assert send(base, f"{respelt_path}?{respelt_query.replace('%2F', '%2f')}").body == b"once"
    assert follow(url).reason == "403 used"


def alter_path(path: str, query: str) -> str:
    return f"{path}x?{query}"


def alter_signature(path: str, query: str) -> str:
    name = "X-Amz-Signature="
    digit = query.partition(name)[2][0]
    return f"{path}?{query.replace(name + digit, name + ('0' if digit != '0' else '1'))}"


def alter_nonce(path: str, query: str) -> str:
    return f"{path}?{query.partition('x-link-nonce=')[0]}x-link-nonce={'0' * 64}" + (
        f"&{rest}" if (rest := query.partition("x-link-nonce=")[2][65:]) else ""
    )


def alter_disposition(path: str, query: str) -> str:
    return f"{path}?{query.replace('attachment', 'inline')}"


def alter_lifetime(path: str, query: str) -> str:
    return f"{path}?{query.replace('X-Amz-Expires=', 'X-Amz-Expires=1')}"


def add_parameter(path: str, query: str) -> str:
    return f"{path}?{query}&x-amz-acl=public-read"


def repeat_parameter(path: str, query: str) -> str:
    return f"{path}?{query}&{query.split('&')[0]}"


def drop_parameter(path: str, query: str) -> str:
    return f"{path}?{query.partition('&')[2]}"


def slip_in_a_dot_segment(path: str, query: str) -> str:
    return f"/x/%2e%2e{path}?{query}"


def double_the_slash(path: str, query: str) -> str:
    return f"/{path}?{query}"


@pytest.mark.parametrize(
    "alter",
    [
        alter_path,
        alter_signature,
        alter_nonce,
        alter_disposition,
        alter_lifetime,
        add_parameter,
        repeat_parameter,
        drop_parameter,
        slip_in_a_dot_segment,
        double_the_slash,
    ],
    ids=lambda alter: alter.__name__.replace("_", " "),
)
def test_an_altered_link_is_refused_and_the_original_still_works(
    deployment: Deployment, upload: Upload, alter: object
) -> None:
    assert callable(alter)
    url = deployment.mint(upload(b"unharmed"))["url"]
    base, target = split_url(url)
    path, _, query = target.partition("?")
    altered = alter(path, query)
    assert altered != target
    answer = send(base, altered)
    assert answer.status == 403
    assert answer.headers["x-link-status"] in ("altered", "unknown", "malformed")
    assert follow(url).body == b"unharmed"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused_and_consume_nothing(
    deployment: Deployment, upload: Upload, method: str
) -> None:
    url = deployment.mint(upload(b"unharmed"))["url"]
    base, target = split_url(url)
    assert send(base, target, method=method).status in (403, 405)
    assert follow(url).body == b"unharmed"


@pytest.mark.parametrize("part", ["bytes=0-0", "bytes=1-", "bytes=-1", "bytes=0-1,3-4"])
def test_a_request_for_a_part_is_refused_and_consumes_nothing(
    deployment: Deployment, upload: Upload, part: str
) -> None:
    url = deployment.mint(upload(b"unharmed"))["url"]
    assert follow(url, range=part).reason == "403 range"
    whole = follow(url)
    assert (whole.body, whole.headers["accept-ranges"]) == (b"unharmed", "none")


def test_conditions_and_a_range_of_everything_are_ignored(deployment: Deployment, upload: Upload) -> None:
    conditions = {
        "range": "bytes=0-",
        "if_none_match": "*",
        "if_match": '"no such"',
        "if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT",
        "if_range": '"no such"',
    }
    answer = follow(deployment.mint(upload(b"whole"))["url"], **conditions)
    assert (answer.status, answer.body) == (200, b"whole")


def test_a_preview_is_told_to_come_back_and_consumes_nothing(deployment: Deployment, upload: Upload) -> None:
    url = deployment.mint(upload(b"unharmed"))["url"]
    preview = follow(url, sec_purpose="prefetch;prerender")
    assert preview.reason == "503 preview"
    assert int(preview.headers["retry-after"]) > 0
    assert follow(url).body == b"unharmed"


def test_a_claim_token_of_the_viewers_own_changes_nothing(deployment: Deployment, upload: Upload) -> None:
    url = deployment.mint(upload(b"once"))["url"]
    assert follow(url, x_claim_token="0" * 32).body == b"once"
    assert follow(url, x_claim_token="0" * 32).reason == "403 used"


def test_an_expired_link_is_refused_as_expired(deployment: Deployment, upload: Upload) -> None:
    minted = deployment.mint(upload(), expires_in=1)
    time.sleep(max(0, minted["expires_at"] - time.time()) + 1)
    assert follow(minted["url"]).reason == "403 expired"


@pytest.mark.parametrize("target", ["/", "/favicon.ico", "/robots.txt", "/?", "/x?y=z", "//x/y", "/%00"])
def test_a_target_that_is_no_link_is_refused(deployment: Deployment, target: str) -> None:
    answer = send(deployment.outputs["DistributionUrl"], target)
    assert answer.reason in ("403 malformed", "403", "400")


@pytest.mark.parametrize(
    "name",
    [
        "a b.txt",
        "a+b.txt",
        "100%.txt",
        "%2F.txt",
        "a&b=c.txt",
        "a#b?c.txt",
        "a//b.txt",
        "ключ/鍵 é.txt",
        "'()*!~.txt",
    ],
)
def test_a_key_with_awkward_characters_is_served(deployment: Deployment, upload: Upload, name: str) -> None:
    key = upload(name.encode(), name)
    assert follow(deployment.mint(key)["url"]).body == name.encode()


def test_a_key_of_1024_bytes_is_served(deployment: Deployment, upload: Upload) -> None:
    room = 1024 - len(upload(name="probe").encode()) + len("probe")
    key = upload(b"long", "é" * (room // 2) + "x" * (room % 2))
    assert len(key.encode()) == 1024
    assert follow(deployment.mint(key)["url"]).body == b"long"


def test_the_bytes_that_were_promised_are_served_after_an_overwrite(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload(b"promised", "overwritten.bin")
    url = deployment.mint(key)["url"]
    deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=b"other")
    assert follow(url).body == b"promised"


def test_the_bytes_that_were_promised_are_served_after_a_plain_delete(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload(b"promised", "deleted.bin")
    url = deployment.mint(key)["url"]
    deployment.s3.delete_object(Bucket=deployment.bucket, Key=key)
    assert follow(url).body == b"promised"


def test_when_s3_fails_after_the_claim_nothing_of_its_answer_is_shown_and_no_other_link_is_harmed(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload(b"destroyed", "destroyed.bin")
    url = deployment.mint(key)["url"]
    (version,) = deployment.s3.list_object_versions(Bucket=deployment.bucket, Prefix=key)["Versions"]
    deployment.s3.delete_object(Bucket=deployment.bucket, Key=key, VersionId=version["VersionId"])
    failed = follow(url, accept="application/json")
    assert failed.reason == "503 storage"
    assert failed.json()["error"] == "storage"
    for trace in (b"<Error>", b"CanonicalRequest", b"claim-token", deployment.bucket.encode()):
        assert trace not in failed.body
    assert upload(b"second life", "destroyed.bin") == key
    assert follow(deployment.mint(key)["url"]).body == b"second life"


def test_a_browser_reads_a_page_and_a_program_reads_json(deployment: Deployment, upload: Upload) -> None:
    url = deployment.mint(upload())["url"]
    follow(url)
    page = follow(url, accept="text/html,application/xhtml+xml")
    assert page.headers["content-type"].startswith("text/html")
    assert b"already been used" in page.body
    assert page.headers["content-security-policy"] == page_policy(None)
    german = follow(url, accept="text/html", accept_language="de")
    assert german.headers["content-language"] == "de"
    assert "Schon benutzt" in german.body.decode()
    assert follow(url, accept="application/json").json()["error"] == "used"
