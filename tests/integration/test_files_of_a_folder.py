"""Files that a caller sees, sends into a folder and goes on with, over HTTP, on AWS or in the local cloud."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.integration.conftest import Upload
from tests.web import Answer, Deployment, follow, send, split_url

PART = 5 * 2**20


@pytest.fixture
def folder(deployment: Deployment) -> Iterator[str]:
    """A folder for uploads that goes with all that is in it."""
    name = f"uploads/integration-{secrets.token_hex(4)}/"
    yield name
    listed = deployment.s3.list_object_versions(Bucket=deployment.bucket, Prefix=name)
    for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        deployment.s3.delete_object(
            Bucket=deployment.bucket, Key=version["Key"], VersionId=version["VersionId"]
        )


def begin(deployment: Deployment, folder: str, name: str = "a.bin", **wanted: Any) -> Answer:
    given = {"filename": name, "folder": folder, "size": 1, "multipart": True, "parts": 1, **wanted}
    return deployment.call("POST", "/uploads", given)


def put(part: dict[str, Any], body: str) -> dict[str, Any]:
    base, target = split_url(part["url"])
    sent = send(base, target, method="PUT", body=body)
    assert sent.status == 200, sent
    return {"number": part["number"], "etag": sent.headers["etag"]}


def named(begun: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": begun["key"], "upload_id": begun["upload_id"], **more}


def listed(deployment: Deployment, **query: str) -> dict[str, Any]:
    answer = deployment.ask_api(urlencode(query), path="/objects")
    assert answer.status == 200, answer
    return answer.json()


def test_what_can_be_handed_out_is_listed_folder_by_folder_and_page_by_page(
    deployment: Deployment, upload: Upload
) -> None:
    prefix = upload(b"listed", "list/a.txt").removesuffix("a.txt")
    keys = [upload(b"x", f"list/{name}") for name in ("b/1", "b/2", "c d+ü.pdf", "b0")]
    first = listed(deployment, prefix=prefix, limit="2")
    assert first["folders"] == [f"{prefix}b/"]
    [found] = first["objects"]
    assert (found["key"], found["size"], found["type"]) == (f"{prefix}a.txt", 6, "text/plain")
    rest = listed(deployment, prefix=prefix, next=first["next"])
    assert (rest["folders"], [each["key"] for each in rest["objects"]]) == ([], [keys[3], keys[2]])
    assert "next" not in rest
    flat = listed(deployment, prefix=prefix, flat="true")
    assert [each["key"] for each in flat["objects"]] == sorted([f"{prefix}a.txt", *keys])


def test_of_many_who_send_one_name_at_once_one_does_and_nothing_is_overwritten(
    deployment: Deployment, folder: str
) -> None:
    begun = [begin(deployment, folder).json() for _ in range(4)]
    bodies = "abcd"
    jobs = [
        named(each, parts=[put(each["parts"][0], body)]) for each, body in zip(begun, bodies, strict=True)
    ]
    with ThreadPoolExecutor(len(jobs)) as pool:
        answers = list(pool.map(lambda given: deployment.call("POST", "/uploads/complete", given), jobs))
    [winner] = [number for number, answer in enumerate(answers) if answer.status == 200]
    assert {answer.json()["error"] for answer in answers if answer.status != 200} == {"name_taken"}
    again = deployment.call("POST", "/uploads/complete", jobs[winner])
    assert again.json() == {"key": f"{folder}a.bin"}
    assert follow(deployment.mint(f"{folder}a.bin")["url"]).body == bodies[winner].encode()
    assert begin(deployment, folder).json()["error"] == "name_taken"
    for number, each in enumerate(begun):
        gone = deployment.call("POST", "/uploads/abort", named(each))
        assert gone.status == (404 if number == winner else 200)


def test_who_was_interrupted_sends_the_rest_and_a_strangers_key_reaches_no_upload(
    deployment: Deployment, folder: str
) -> None:
    size = PART + 3
    begun = begin(deployment, folder, "film.mp4", size=size, parts=1).json()
    assert begun["part_size"] == size
    announced = named(begun, size=size, parts=1)
    resumed = deployment.call("POST", "/uploads/resume", announced).json()
    assert (resumed["uploaded"], resumed["key"]) == ([], f"{folder}film.mp4")
    sent = put(resumed["parts"][0], "x" * size)
    after = deployment.call("POST", "/uploads/resume", announced).json()
    assert (after["uploaded"], after["parts"]) == ([sent], [])
    for path, given in (
        ("resume", {"size": size, "parts": 1}),
        ("complete", {"parts": [sent]}),
        ("abort", {}),
    ):
        other = named(begun, **given) | {"key": f"{folder}other.mp4"}
        answer = deployment.call("POST", f"/uploads/{path}", other)
        assert (answer.status, answer.json()["error"]) == (404, "no_such_upload")
    done = deployment.call("POST", "/uploads/complete", named(begun, parts=after["uploaded"]))
    assert done.json() == {"key": f"{folder}film.mp4"}


@pytest.mark.parametrize("spelling", ["{}../", "{}/", "-/", "reports/", "Uploads/"])
def test_no_spelling_of_a_folder_is_let_in(deployment: Deployment, folder: str, spelling: str) -> None:
    answer = begin(deployment, spelling.format(folder))
    assert (answer.status, answer.json()["error"]) == (400, "invalid_folder")
