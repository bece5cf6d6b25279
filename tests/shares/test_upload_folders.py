"""Uploads into folders by their own names: where they may go, that nothing is overwritten, and going on."""

from hashlib import md5
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from common.http_api.environment import SettingsError
from onetime_urls.protocol.paths import key_problem
from share_admin import handler
from share_admin.parts import part_lengths, tag_of_parts
from share_admin.settings import Settings
from share_admin.upload_fields import is_folder, is_upload
from tests.shares.world import BUCKET, ENVIRONMENT, World, world

MIB = 2**20
FOLDERS = ("uploads/", "private/")


def begin(cloud: World, **wanted: Any) -> Any:
    given = {"filename": "a.bin", "folder": "private/", "size": 1, "multipart": True, "parts": 1} | wanted
    answer = cloud.api("POST", "/uploads", given)
    assert answer.status == 201, answer.body
    return answer.json


def refusal(cloud: World, path: str, given: Any) -> tuple[int, str]:
    answer = cloud.api("POST", path, given)
    return answer.status, answer.json["error"]


def send(cloud: World, begun: Any, number: int = 1, body: bytes = b"x") -> dict[str, Any]:
    sent = cloud.s3.upload_part(
        Bucket=BUCKET, Key=begun["key"], UploadId=begun["upload_id"], PartNumber=number, Body=body
    )
    return {"number": number, "etag": sent["ETag"]}


def named(begun: Any, **more: Any) -> dict[str, Any]:
    return {"key": begun["key"], "upload_id": begun["upload_id"], **more}


def test_in_a_folder_a_file_keeps_its_name(cloud: World) -> None:
    assert begin(cloud, filename="q1.pdf")["key"] == "private/q1.pdf"
    assert begin(cloud, filename="q1.pdf", folder="private/2027/")["key"] == "private/2027/q1.pdf"
    assert begin(cloud, filename="q1.pdf", folder="uploads/team/")["key"] == "uploads/team/q1.pdf"
    begun = begin(cloud)
    done = cloud.api("POST", begun["complete"], named(begun, parts=[send(cloud, begun)]))
    assert done.json == {"key": "private/a.bin"}
    assert cloud.s3.get_object(Bucket=BUCKET, Key="private/a.bin")["Body"].read() == b"x"


@pytest.mark.parametrize(
    "folder",
    [
        "reports/",
        "private",
        "/private/",
        "private/../",
        "private/../reports/",
        "private/./",
        "private//",
        "private/a//b/",
        "private/../-/",
        "-/",
        "-",
        "Private/",
        "PRIVATE/",
        "privat\u00e9/",
        "private/ /",
        "private/\u200b/",
        "private/a\u202eb/",
        "private/a\\b/",
        "private/a\nb/",
        "private/%2e%2e/../",
        "uploads/../private/",
        "private/" + "a" * 256 + "/",
        "private/" + "a/" * 600,
        "",
        "/",
        ".",
        None,
        1,
        ["private/"],
    ],
)
def test_no_spelling_of_a_folder_leads_out_of_the_deployments(cloud: World, folder: Any) -> None:
    given = {"filename": "a", "folder": folder, "size": 1, "multipart": True, "parts": 1}
    assert refusal(cloud, "/uploads", given) == (400, "invalid_folder")


@example_settings(max_examples=30)
@given(st.lists(st.sampled_from(["private", "uploads", "-", ".", "..", "", "a", "é", "/", "\\"]), max_size=5))
def test_what_passes_for_a_folder_is_one_that_links_can_be_minted_in(segments: list[str]) -> None:
    named_folder = "".join(f"{each}/" for each in segments)
    if is_folder(named_folder, FOLDERS):
        assert named_folder.startswith(FOLDERS)
        assert key_problem(f"{named_folder}x") is None
        assert is_upload(f"{named_folder}x", FOLDERS)
        assert not {"", ".", ".."} & set(named_folder[:-1].split("/"))


def test_a_key_that_is_too_long_is_refused(cloud: World) -> None:
    given = {"filename": "b" * 255, "size": 1, "multipart": True, "parts": 1}
    longest = "private/" + ("a" * 99 + "/") * 8
    assert refusal(cloud, "/uploads", given | {"folder": longest}) == (400, "invalid_folder")


def test_in_a_folder_a_file_is_sent_in_parts(cloud: World) -> None:
    given = {"filename": "a", "folder": "private/", "size": 1}
    assert refusal(cloud, "/uploads", given) == (400, "invalid_parts")


def test_without_the_folder_of_random_keys_a_request_has_to_name_one() -> None:
    with world(UPLOAD_FOLDERS="private/") as cloud:
        given = {"filename": "a", "size": 1}
        assert refusal(cloud, "/uploads", given) == (400, "invalid_folder")
        assert refusal(cloud, "/uploads", given | {"folder": "uploads/"}) == (400, "invalid_folder")
        assert begin(cloud)["key"] == "private/a.bin"


def test_a_name_that_is_taken_is_refused_before_anything_is_sent(cloud: World) -> None:
    cloud.put("private/a.bin", b"mine")
    given = {"filename": "a.bin", "folder": "private/", "size": 1, "multipart": True, "parts": 1}
    assert refusal(cloud, "/uploads", given) == (409, "name_taken")
    assert begin(cloud, filename="A.bin")


def test_of_two_uploads_of_one_name_one_is_there_and_the_other_is_told(cloud: World) -> None:
    first, second = begin(cloud), begin(cloud)
    for begun, body in ((first, b"x"), (second, b"x")):
        begun["sent"] = [send(cloud, begun, body=body)]
    assert cloud.api("POST", first["complete"], named(first, parts=first["sent"])).status == 200
    given = named(second, parts=second["sent"])
    assert refusal(cloud, second["complete"], given) == (409, "name_taken")
    assert refusal(cloud, "/uploads/resume", named(second, size=1, parts=1)) == (409, "name_taken")
    assert cloud.api("POST", "/uploads/abort", named(second)).json == {"key": "private/a.bin"}
    assert refusal(cloud, second["complete"], given | {"parts": [{"number": 1, "etag": "e"}]}) == (
        404,
        "no_such_upload",
    )


def test_an_upload_whose_answer_was_lost_is_completed_again_without_harm(cloud: World) -> None:
    begun = begin(cloud)
    given = named(begun, parts=[send(cloud, begun)])
    for _ in range(3):
        assert cloud.api("POST", begun["complete"], given).json == {"key": "private/a.bin"}
    cloud.put("private/a.bin", b"by somebody else since")
    assert refusal(cloud, begun["complete"], given) == (404, "no_such_upload")


def test_a_completion_that_s3_did_although_it_says_otherwise_is_done(
    cloud: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(cloud)
    sent = send(cloud, begun)
    uploads = handler.uploads()
    real = uploads._client

    def repeated(time_left: Any) -> Any:
        s3, expires_in = real(time_left)

        def lose_the_first_answer(**_: Any) -> None:
            cloud.s3.complete_multipart_upload(
                Bucket=BUCKET,
                Key=begun["key"],
                UploadId=begun["upload_id"],
                MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": sent["etag"]}]},
            )

        s3.meta.events.register_first("before-send.s3.CompleteMultipartUpload", lose_the_first_answer)
        return s3, expires_in

    monkeypatch.setattr(uploads, "_client", repeated)
    answer = cloud.api("POST", begun["complete"], named(begun, parts=[sent]))
    assert answer.json == {"key": "private/a.bin"}


def test_who_goes_on_is_told_what_is_there_and_gets_addresses_for_the_rest(cloud: World) -> None:
    size = 15 * MIB
    begun = begin(cloud, size=size, parts=3)
    there = send(cloud, begun, 2, b"x" * (5 * MIB))
    send(cloud, begun, 3, b"too short")
    answer = cloud.api("POST", "/uploads/resume", named(begun, size=size, parts=3))
    assert answer.status == 200, answer.body
    resumed = answer.json
    assert resumed["uploaded"] == [there]
    assert [part["number"] for part in resumed["parts"]] == [1, 3]
    assert resumed["part_size"] == begun["part_size"] == 5 * MIB
    for part in resumed["parts"]:
        signed = urlsplit(part["url"])
        assert parse_qs(signed.query)["X-Amz-SignedHeaders"] == ["content-length;host"]
        assert parse_qs(signed.query)["uploadId"] == [begun["upload_id"]]
        assert signed.path.endswith("/private/a.bin")
    sent = [send(cloud, begun, number, b"x" * (5 * MIB)) for number in (1, 3)]
    whole = named(begun, parts=[*sent, *resumed["uploaded"]])
    assert cloud.api("POST", resumed["complete"], whole).status == 200
    assert cloud.s3.head_object(Bucket=BUCKET, Key="private/a.bin")["ContentLength"] == size
    assert refusal(cloud, "/uploads/resume", named(begun, size=size, parts=3)) == (404, "no_such_upload")


def test_an_upload_that_is_given_up_is_gone(cloud: World) -> None:
    begun = begin(cloud)
    sent = send(cloud, begun)
    assert cloud.api("POST", "/uploads/abort", named(begun)).json == {"key": "private/a.bin"}
    assert refusal(cloud, "/uploads/abort", named(begun)) == (404, "no_such_upload")
    assert refusal(cloud, "/uploads/resume", named(begun, size=1, parts=1)) == (404, "no_such_upload")
    assert refusal(cloud, begun["complete"], named(begun, parts=[sent])) == (404, "no_such_upload")


def test_announced_again_and_again_an_upload_comes_to_no_more_than_is_allowed() -> None:
    with world(MAX_UPLOAD_BYTES=str(12 * MIB)) as cloud:
        begun = begin(cloud, size=12 * MIB, parts=2)
        sent = [send(cloud, begun, 2, b"x" * (6 * MIB))]
        larger = cloud.api("POST", "/uploads/resume", named(begun, size=12 * MIB, parts=1)).json
        assert [part["number"] for part in larger["parts"]] == [1]
        sent.append(send(cloud, begun, 1, b"x" * (12 * MIB)))
        given = named(begun, parts=sent)
        assert refusal(cloud, begun["complete"], given) == (413, "too_large")
        assert refusal(cloud, begun["complete"], given) == (404, "no_such_upload")
        assert refusal(cloud, "/uploads/resume", named(begun, size=13 * MIB, parts=1)) == (413, "too_large")


def test_only_the_parts_that_s3_has_are_put_together_each_once(cloud: World) -> None:
    begun = begin(cloud)
    sent = send(cloud, begun)
    other = {"number": 1, "etag": '"' + "0" * 32 + '"'}
    for parts in ([other], [sent, other], [sent, sent], [sent, {**sent, "number": 2}]):
        assert refusal(cloud, begun["complete"], named(begun, parts=parts)) == (400, "invalid_parts")
    bare = {"number": 1, "etag": sent["etag"].strip('"')}
    assert cloud.api("POST", begun["complete"], named(begun, parts=[bare])).status == 200


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "invalid_size"),
        ({"size": 1}, "invalid_parts"),
        ({"size": 1, "parts": 2}, "invalid_parts"),
        ({"size": 0, "parts": 1}, "invalid_size"),
        ({"size": 1, "parts": 1, "folder": "private/"}, "unknown_parameter"),
        ({"size": 1, "parts": 1, "upload_id": "a b"}, "invalid_upload_id"),
    ],
)
def test_a_wrong_resumption_is_a_400(cloud: World, more: Any, code: str) -> None:
    given = {"key": "private/a", "upload_id": "u", **more}
    assert refusal(cloud, "/uploads/resume", given) == (400, code)


def its_own(cloud: World, begun: Any, sent: Any) -> None:
    cloud.s3.complete_multipart_upload(
        Bucket=BUCKET,
        Key=begun["key"],
        UploadId=begun["upload_id"],
        MultipartUpload={"Parts": [{"PartNumber": sent["number"], "ETag": sent["etag"]}]},
    )


def anothers(cloud: World, begun: Any, _: Any) -> None:
    cloud.s3.put_object(Bucket=BUCKET, Key=begun["key"], Body=b"another's")


def nobodys_yet(*_: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("made", "status", "code"),
    [(its_own, 200, None), (anothers, 409, "name_taken"), (nobodys_yet, 503, "unavailable")],
)
def test_a_conflict_at_s3_is_told_by_whose_object_came_of_it(
    cloud: World, monkeypatch: pytest.MonkeyPatch, made: Any, status: int, code: str | None
) -> None:
    # The other write may be this very completion, which S3 was asked for twice.
    begun = begin(cloud)
    sent = send(cloud, begun)
    uploads = handler.uploads()
    real = uploads._client

    def conflicting(time_left: Any) -> Any:
        s3, expires_in = real(time_left)

        def conflict(**_: Any) -> None:
            s3.meta.events.unregister("before-send.s3.CompleteMultipartUpload", conflict)
            made(cloud, begun, sent)
            answer: Any = {"Error": {"Code": "ConditionalRequestConflict", "Message": "x"}}
            raise ClientError(answer, "CompleteMultipartUpload")

        s3.meta.events.register_first("before-send.s3.CompleteMultipartUpload", conflict)
        return s3, expires_in

    monkeypatch.setattr(uploads, "_client", conflicting)
    answer = cloud.api("POST", begun["complete"], named(begun, parts=[sent]))
    assert (answer.status, answer.json.get("error")) == (status, code)


@given(st.integers(1, 10**7), st.integers(1, 1000))
@example_settings(max_examples=50)
def test_parts_together_are_the_file(size: int, count: int) -> None:
    count = min(count, size)
    lengths = part_lengths(size, count)
    assert sum(lengths.values()) == size
    assert list(lengths) == list(range(1, len(lengths) + 1))
    assert len(lengths) <= count
    assert {*[*lengths.values()][:-1]} <= {lengths[1]}
    assert 0 < lengths[len(lengths)] <= lengths[1]


def test_an_objects_tag_is_that_of_its_parts_digests() -> None:
    tags = [md5(each, usedforsecurity=False).hexdigest() for each in (b"a", b"b")]
    joined = b"".join(map(bytes.fromhex, tags))
    assert tag_of_parts(tags) == f"{md5(joined, usedforsecurity=False).hexdigest()}-2"
    assert tag_of_parts(["e"]) is None
    assert tag_of_parts(["g" * 32]) is None


def test_settings_are_read_strictly() -> None:
    for wrong in ("", "private", "private/,", ",", "a b/", "*/", "private/*"):
        with pytest.raises(SettingsError, match="UPLOAD_FOLDERS"):
            Settings.from_environment(ENVIRONMENT | {"UPLOAD_FOLDERS": wrong})
    assert Settings.from_environment(ENVIRONMENT).upload_folders == FOLDERS
