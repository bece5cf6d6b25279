"""What a link's sender sees and can do once it is minted, over HTTP, on AWS or in the local cloud."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.integration.conftest import Upload
from tests.web import Answer, Deployment, follow, send, split_url


def id_of(url: str) -> str:
    [signature] = parse_qs(urlsplit(url).query)["X-Amz-Signature"]
    return signature


def show(deployment: Deployment, link_id: str) -> Answer:
    return deployment.ask_api(path=f"/links/{link_id}")


def revoke(deployment: Deployment, link_id: str) -> Answer:
    return deployment.ask_api(path=f"/links/{link_id}", method="DELETE")


def listed(deployment: Deployment, query: str) -> dict[str, Any]:
    answer = deployment.ask_api(query, path="/links")
    assert answer.status == 200, answer
    return answer.json()


def test_a_links_status_is_ready_before_and_used_after_its_download(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload(b"watched")
    minted = deployment.mint(key)
    link_id = id_of(minted["url"])
    before = show(deployment, link_id)
    assert (before.status, before.headers["cache-control"]) == (200, "no-store")
    assert before.json() == {
        "id": link_id,
        "key": key,
        "size": len(b"watched"),
        "state": "ready",
        "issued_at": minted["expires_at"] - minted["expires_in"],
        "expires_at": minted["expires_at"],
        "max_claims": 1,
        "claims": [],
        "given_back": [],
    }
    assert follow(minted["url"], user_agent="watched-client/1").status == 200
    after = show(deployment, link_id).json()
    [claim] = after["claims"]
    assert after == before.json() | {"state": "used", "claims": [claim]}
    assert (claim["agent"], claim["outcome"]) == ("watched-client/1", "claimed, outcome unknown")
    assert claim.keys() == {"id", "when", "address", "agent", "edge", "outcome"}


def test_a_revoked_link_is_refused_as_revoked_and_revoking_twice_is_well(
    deployment: Deployment, upload: Upload
) -> None:
    url = deployment.mint(upload(b"kept back"))["url"]
    first = revoke(deployment, id_of(url))
    assert (first.status, first.json()["state"]) == (200, "revoked")
    refused = follow(url)
    assert (refused.reason, b"kept back" in refused.body) == ("403 revoked", False)
    assert revoke(deployment, id_of(url)).json() == first.json() == show(deployment, id_of(url)).json()


def test_a_claim_that_was_given_back_is_told_and_the_link_is_ready_again(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload(b"destroyed")
    url = deployment.mint(key)["url"]
    (version,) = deployment.s3.list_object_versions(Bucket=deployment.bucket, Prefix=key)["Versions"]
    deployment.s3.delete_object(Bucket=deployment.bucket, Key=key, VersionId=version["VersionId"])
    assert follow(url).reason == "503 storage"
    link = show(deployment, id_of(url)).json()
    assert (link["state"], link["claims"], len(link["given_back"])) == ("ready", [], 1)


def test_an_objects_links_are_listed_in_pages_newest_first(deployment: Deployment, upload: Upload) -> None:
    key = upload(name="listed & more.txt")
    ids = {id_of(deployment.mint(key)["url"]) for _ in range(5)}
    deployment.mint(upload())
    query = f"key={quote(key, safe='')}&limit=2"
    links: list[dict[str, Any]] = []
    page = listed(deployment, query)
    while True:
        assert len(page["links"]) <= 2
        links += page["links"]
        if "next" not in page:
            break
        page = listed(deployment, f"{query}&next={page['next']}")
    assert {link["id"] for link in links} == ids
    assert len(links) == len(ids)
    assert {link["key"] for link in links} == {key}
    times = [link["issued_at"] for link in links]
    assert times == sorted(times, reverse=True)
    assert listed(deployment, f"key={quote(key + '.none', safe='')}") == {"links": []}


def test_links_of_all_objects_are_listed_in_pages_newest_first(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload()
    ids = [id_of(deployment.mint(each)["url"]) for each in (key, upload(), key)]
    share = deployment.share(key)
    base, target = split_url(share["url"])
    form = "application/x-www-form-urlencoded"
    assert send(base, target, method="POST", body="", content_type=form).status == 303
    links: list[dict[str, Any]] = []
    page = listed(deployment, "limit=2")
    links += page["links"]
    while not set(ids) <= {link["id"] for link in links}:
        page = listed(deployment, f"limit=2&next={page['next']}")
        links += page["links"]
    assert len({link["id"] for link in links}) == len(links)
    times = [link["issued_at"] for link in links]
    assert times == sorted(times, reverse=True)
    assert not [link for link in links if "share" in link]
    of_the_object = listed(deployment, f"key={quote(key, safe='')}")["links"]
    assert [link["share"] for link in of_the_object if "share" in link] == [share["id"][:8]]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("link_id", ["0" * 64, "0" * 63, "A" * 64, "x", "%2e%2e"])
def test_an_id_of_no_link_is_a_404(deployment: Deployment, method: str, link_id: str) -> None:
    answer = deployment.ask_api(path=f"/links/{link_id}", method=method)
    assert (answer.status, answer.json()["error"]) == (404, "no_such_link")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("key=", "invalid_key"),
        ("key=a&limit=0", "invalid_limit"),
        ("key=a&limit=101", "invalid_limit"),
        ("key=a&next=bm8", "invalid_next"),
        ("key=a&key=b", "repeated_parameter"),
        ("key=a&page=2", "unknown_parameter"),
    ],
)
def test_a_list_that_is_asked_for_wrongly_is_a_400_that_says_why(
    deployment: Deployment, query: str, error: str
) -> None:
    answer = deployment.ask_api(query, path="/links")
    assert (answer.status, answer.json()["error"]) == (400, error)


def test_no_answer_about_a_link_holds_its_token_its_fingerprint_or_its_url(
    deployment: Deployment, upload: Upload
) -> None:
    key = upload()
    url = deployment.mint(key)["url"]
    follow(url)
    pages = deployment.dynamodb.get_paginator("scan").paginate(TableName=deployment.outputs["LinksTableName"])
    [record] = [item for page in pages for item in page["Items"] if item["signature"]["S"] == id_of(url)]
    [nonce] = parse_qs(urlsplit(url).query)["x-link-nonce"]
    secrets = [record["claim_token"]["S"], record["fingerprint"]["S"], nonce, "X-Amz"]
    answers = [
        show(deployment, id_of(url)),
        deployment.ask_api(f"key={quote(key, safe='')}", path="/links"),
        revoke(deployment, id_of(url)),
    ]
    for answer in answers:
        assert answer.status == 200
        assert not [secret for secret in secrets if secret.encode() in answer.body]


@pytest.mark.usefixtures("only_closed")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_whoever_may_not_mint_may_not_look_or_revoke_either(
    deployment: Deployment, upload: Upload, method: str
) -> None:
    url = deployment.mint(upload())["url"]
    answer = deployment.ask_api(path=f"/links/{id_of(url)}", method=method, signed=False)
    assert answer.status in (401, 403)
