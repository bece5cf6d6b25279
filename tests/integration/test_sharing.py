"""A share from its making to its last download, over HTTP."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from onetime_urls.protocol.pages.layout import page_policy
from tests.integration.conftest import Upload
from tests.web import Answer, Deployment, follow, send, split_url

FORM = {"content_type": "application/x-www-form-urlencoded"}
PREVIEWS = {
    "slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "whatsapp": "WhatsApp/2.23.20.0",
    "imessage": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "signal": "WhatsApp/2",
    "outlook": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) BingPreview/1.0b",
    "browser": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}


def ask(url: str, body: str = "", **headers: str) -> Answer:
    base, target = split_url(url)
    return send(base, target, method="POST", body=body, **(FORM | headers))


def test_one_curl_command_downloads_a_share_and_the_next_one_is_told_it_is_used(
    deployment: Deployment, upload: Upload, tmp_path: Path
) -> None:
    share = deployment.share(upload(b"for you", "für dich.txt"))
    command = ["curl", "-sfOJLd", "", share["url"]]
    subprocess.run(command, cwd=tmp_path, check=True)
    [saved] = tmp_path.iterdir()
    assert saved.read_bytes() == b"for you"
    second = ask(share["url"])
    assert (second.status, second.headers["x-share-status"]) == (410, "used")
    shown = deployment.call("GET", f"/shares/{share['id']}").json()
    assert (shown["state"], shown["downloads"]) == ("used", 1)
    assert shown["history"][0]["address"]
    assert shown["history"][0]["agent"].startswith("curl/")


def test_of_32_people_who_ask_at_once_exactly_one_is_handed_the_file(
    deployment: Deployment, upload: Upload
) -> None:
    share = deployment.share(upload())
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: ask(share["url"]), range(32)))
    assert [answer.status for answer in answers].count(303) == 1
    assert {answer.status for answer in answers} <= {303, 410, 503}
    assert deployment.call("GET", f"/shares/{share['id']}").json()["downloads"] == 1


def test_a_ticket_that_is_sent_8_times_at_once_is_handed_one_link(
    deployment: Deployment, upload: Upload
) -> None:
    share = deployment.share(upload(), max_downloads=8)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(share["url"], "ticket=" + "t" * 22), range(8)))
    locations = {answer.headers["location"] for answer in answers if answer.status == 303}
    assert len(locations) == 1
    assert deployment.call("GET", f"/shares/{share['id']}").json()["downloads"] == 1


@pytest.mark.parametrize("agent", PREVIEWS.values(), ids=PREVIEWS)
def test_a_preview_burns_nothing(deployment: Deployment, upload: Upload, agent: str) -> None:
    share = deployment.share(upload())
    base, target = split_url(share["url"])
    for method in ("HEAD", "GET", "GET"):
        assert send(base, target, method=method, user_agent=agent, accept="*/*").status == 200
    shown = deployment.call("GET", f"/shares/{share['id']}").json()
    assert (shown["state"], shown["downloads"], shown["history"]) == ("ready", 0, [])


def test_the_page_has_rules_of_its_own_and_is_kept_by_nobody(deployment: Deployment, upload: Upload) -> None:
    url = deployment.share(upload())["url"]
    german = follow(url, accept="text/html", accept_language="de-DE,de;q=0.9").headers
    assert german["content-language"] == "de"
    headers = follow(url).headers
    assert headers["content-security-policy"] == page_policy(None, forms="'self'")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"].startswith("noindex")
    assert "HttpOnly" in headers["set-cookie"]


def test_past_the_distribution_the_page_answers_nobody(deployment: Deployment, upload: Upload) -> None:
    share = deployment.share(upload())
    base, target = split_url(f"{deployment.outputs['ApiEndpoint']}/-/{share['id']}")
    for method in ("GET", "POST"):
        answer = send(base, target, method=method, body="", x_share_origin="guess", **FORM)
        assert (answer.status, answer.body) == (403, b"")


def test_a_pin_is_asked_for_counted_and_accepted(deployment: Deployment, upload: Upload) -> None:
    url = deployment.share(upload(), pin="2468")["url"]
    assert ask(url).headers["x-share-status"] == "pin-missing"
    assert ask(url, "pin=1111").headers["x-share-status"] == "pin-wrong"
    assert ask(url, "pin=2468").status == 303


def test_32_wrong_pins_at_once_are_five_tries(deployment: Deployment, upload: Upload) -> None:
    url = deployment.share(upload(), pin="2468")["url"]
    with ThreadPoolExecutor(16) as pool:
        kinds = list(pool.map(lambda _: ask(url, "pin=1111").headers["x-share-status"], range(32)))
    assert kinds.count("pin-wrong") <= 5
    assert set(kinds) <= {"pin-wrong", "locked", "unavailable"}
    assert ask(url, "pin=2468").headers["x-share-status"] == "locked"


def test_a_revoked_share_takes_its_unclaimed_link_along(deployment: Deployment, upload: Upload) -> None:
    share = deployment.share(upload())
    link = ask(share["url"]).headers["location"]
    assert deployment.call("DELETE", f"/shares/{share['id']}").json()["state"] == "revoked"
    assert follow(link).reason == "403 revoked"
    assert ask(share["url"]).headers["x-share-status"] == "revoked"


def test_a_download_that_broke_off_goes_on_for_whoever_began_it_and_ends_with_the_share(
    deployment: Deployment, upload: Upload
) -> None:
    share = deployment.share(upload(b"0123456789"))
    link = ask(share["url"]).headers["location"]
    began = follow(link, range="bytes=0-3")
    assert (began.status, began.body) == (206, b"0123")
    lease = began.headers["set-cookie"].partition(";")[0]
    assert follow(link, range="bytes=4-").reason == "403 used"
    assert follow(link, range="bytes=4-", cookie=lease).body == b"456789"
    deployment.call("DELETE", f"/shares/{share['id']}")
    assert follow(link, range="bytes=4-", cookie=lease).reason == "403 revoked"


def test_a_share_is_found_in_the_list(deployment: Deployment, upload: Upload) -> None:
    share = deployment.share(upload())
    listed = deployment.call("GET", "/shares?limit=5").json()["shares"]
    assert share["id"] in {each["id"] for each in listed}
    of_its_object = deployment.call("GET", f"/shares?key={quote(share['key'], safe='')}").json()["shares"]
    assert [each["id"] for each in of_its_object] == [share["id"]]


@pytest.mark.usefixtures("only_closed")
def test_who_is_not_authorised_can_share_nothing(deployment: Deployment) -> None:
    base, target = split_url(deployment.outputs["ApiEndpoint"] + "/shares")
    answer = send(base, target, method="POST", body="{}", content_type="application/json")
    assert answer.status in (401, 403)


def test_a_file_that_a_caller_without_credentials_uploads_can_be_shared(
    deployment: Deployment, tmp_path: Path
) -> None:
    made = deployment.call("POST", "/uploads", {"filename": "a.txt", "size": 5}).json()
    file = tmp_path / "a.txt"
    for content, status in ((b"123456", "400"), (b"12345", "204")):
        file.write_bytes(content)
        fields = [part for pair in made["fields"].items() for part in ("-F", "=".join(pair))]
        done = subprocess.run(
            ["curl", "-s", "-o", "answer", "-w", "%{http_code}", *fields, "-F", f"file=@{file}", made["url"]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == status
    assert deployment.share(made["key"])["size"] == 5
    deployment.s3.delete_object(Bucket=deployment.bucket, Key=made["key"])


def test_a_file_in_parts_is_put_together_and_an_upload_that_never_began_is_not(
    deployment: Deployment,
) -> None:
    size = 5 * 2**20
    wanted = {"filename": "big.bin", "size": size, "multipart": True, "parts": 1}
    made = deployment.call("POST", "/uploads", wanted).json()
    base, target = split_url(made["parts"][0]["url"])
    sent = send(base, target, method="PUT", body="x" * size)
    assert sent.status == 200
    given = {"key": made["key"], "parts": [{"number": 1, "etag": sent.headers["etag"]}]}
    unknown = deployment.call("POST", made["complete"], given | {"upload_id": "none"})
    assert (unknown.status, unknown.json()["error"]) == (404, "no_such_upload")
    done = deployment.call("POST", made["complete"], given | {"upload_id": made["upload_id"]})
    assert done.json() == {"key": made["key"]}
    assert deployment.share(made["key"])["size"] == size
    deployment.s3.delete_object(Bucket=deployment.bucket, Key=made["key"])


def test_what_curl_saves_of_a_page_is_no_page_and_a_post_without_a_body_is_a_download(
    deployment: Deployment, upload: Upload, tmp_path: Path
) -> None:
    share = deployment.share(upload())
    subprocess.run(["curl", "-sfO", share["url"]], cwd=tmp_path, check=True)
    [saved] = tmp_path.iterdir()
    assert saved.name == share["id"]
    assert saved.read_text().startswith(share["filename"])
    assert "This is not the file yet." in saved.read_text()
    asked = ["curl", "-s", "-o", str(tmp_path / "answer"), "-w", "%{http_code}", "-X", "POST", share["url"]]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "303"
