"""The client for programs against a local cloud, as an app uses it."""

import json
import re
import secrets
from pathlib import Path

import pytest

from onetime_urls.client import (
    Client,
    Folder,
    Invalid,
    Link,
    NameTaken,
    NotFound,
    NotUploaded,
    Object,
    Share,
    presigned,
    uploads,
)
from tests.stack.synthesis import ROOT
from tests.web import Deployment, follow

PART = 6 * 2**20
"""A little more than the least that S3 takes: 5 MiB (S3 User Guide, "Amazon S3 multipart upload limits")."""
SEVERAL = 9 * PART + 5
"""Bytes of a file in ten parts, two more than are sent at once."""


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has files sent in small parts."""
    for room in (uploads, presigned):
        monkeypatch.setattr(room, "PART", PART)


def test_an_app_hands_out_a_link_and_sees_that_it_was_used(client: Client, tmp_path: Path) -> None:
    (tmp_path / "über uns.txt").write_text("hello")
    uploaded = client.upload(tmp_path / "über uns.txt")
    link = client.mint(uploaded.key, expires_in=60)
    assert (link.size, link.expires_in, link.max_claims) == (5, 60, 1)
    assert (follow(link.url).body, follow(link.url).reason) == (b"hello", "403 used")
    found = client.status(link.id)
    assert isinstance(found, Link)
    assert (found.state, len(found.claims)) == ("used", 1)
    assert [each.id for each in client.list_links(uploaded.key)] == [link.id]


def test_an_app_shares_a_file_and_takes_the_share_back(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    key = client.upload(tmp_path / "a.txt").key
    share = client.share(key, expires_in=600, max_downloads=2, pin="2468", note="As promised")
    assert (share.state, share.pin, share.note, share.max_downloads) == ("ready", True, "As promised", 2)
    assert share in list(client.list_shares())
    for _ in range(2):
        revoked = client.revoke(share.url)
        assert isinstance(revoked, Share)
        assert (revoked.state, revoked.revoked_at is None) == ("revoked", False)


def test_what_the_api_refuses_it_refuses_before_an_upload_too(client: Client) -> None:
    client.check_share(expires_in=600, note="fine")
    with pytest.raises(Invalid) as refused:
        client.check_share(expires_in=10**9)
    assert refused.value.code == "invalid_expires_in"
    with pytest.raises(NotFound) as missing:
        client.mint("no/such/object")
    assert missing.value.code == "no_such_object"


def test_the_examples_of_the_documentation_run(
    deployment: Deployment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (ROOT / "docs" / "client.md").read_text()
    examples = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "outputs.json").write_text(json.dumps(deployment.outputs))
    deployment.s3.put_object(Bucket=deployment.bucket, Key="reports/q1.pdf", Body=b"x")
    monkeypatch.chdir(tmp_path)
    exec("\n".join(examples), {})  # noqa: S102 - the page is ours
    told = capsys.readouterr().out.splitlines()
    assert "X-Amz-Signature" in told[0]
    assert told[1:3] == ["0 of 8 bytes", "8 of 8 bytes"]
    assert told[4].startswith("ready 0 20")
    assert told[5].startswith("no_such_object 404 ")


@pytest.mark.usefixtures("small_parts")
def test_progress_is_told_in_bytes_that_were_sent(client: Client, tmp_path: Path) -> None:
    size = 2 * PART + 5
    (tmp_path / "big.bin").write_bytes(secrets.token_bytes(size))
    told: list[tuple[int, int]] = []
    client.upload(tmp_path / "big.bin", progress=lambda there, of: told.append((there, of)))
    assert told[0] == (0, size)
    assert told[-1] == (size, size)
    assert len(told) > 50
    assert all(there <= of == size for there, of in told)


def interrupt(there: int, _: int) -> None:
    """End an upload once more has left than is sent at once: some part is complete."""
    if there > uploads.AT_ONCE * PART:
        raise KeyboardInterrupt


@pytest.mark.usefixtures("small_parts")
def test_an_interrupted_upload_goes_on_where_it_ended(
    client: Client, tmp_path: Path, deployment: Deployment
) -> None:
    file, checkpoint = tmp_path / "big.bin", tmp_path / "checkpoint"
    file.write_bytes(secrets.token_bytes(SEVERAL))

    with pytest.raises(KeyboardInterrupt):
        client.upload(file, progress=interrupt, checkpoint=checkpoint)
    assert checkpoint.stat().st_mode & 0o077 == 0
    told: list[int] = []
    done = client.upload(file, progress=lambda there, _: told.append(there), checkpoint=checkpoint)
    assert (told[0], told[1] >= SEVERAL // 10, told[-1]) == (0, True, SEVERAL)
    assert not checkpoint.exists()
    listed = deployment.s3.list_objects_v2(Bucket=deployment.bucket, Prefix=done.key)
    assert [each["Size"] for each in listed["Contents"]] == [SEVERAL]


def test_a_file_that_changes_while_it_is_sent_is_not_taken_for_the_one_that_was_read(
    client: Client, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")

    def change(there: int, _: int) -> None:
        if there:
            file.write_text("other")

    with pytest.raises(NotUploaded, match="changed"):
        client.upload(file, progress=change)


def test_an_app_sees_what_can_be_handed_out_and_sends_a_file_into_a_folder_by_its_name(
    client: Client, tmp_path: Path
) -> None:
    folder = f"private/{secrets.token_hex(4)}/"
    (tmp_path / "q1.pdf").write_bytes(b"%PDF-1.7")
    uploaded = client.upload(tmp_path / "q1.pdf", folder=folder)
    assert uploaded.key == f"{folder}q1.pdf"
    client.upload(tmp_path / "q1.pdf", folder=f"{folder}2027/")
    below, file = client.list_objects(folder)
    assert below == Folder(f"{folder}2027/")
    assert isinstance(file, Object)
    assert (file.key, file.size, file.type) == (uploaded.key, 8, "application/pdf")
    flat = [each.key for each in client.list_objects(folder, flat=True)]
    assert flat == [f"{folder}2027/q1.pdf", f"{folder}q1.pdf"]
    with pytest.raises(NameTaken):
        client.upload(tmp_path / "q1.pdf", folder=folder)
    with pytest.raises(Invalid) as refused:
        client.upload(tmp_path / "q1.pdf", folder="reports/")
    assert refused.value.code == "invalid_folder"
    link, share = client.mint(uploaded.key), client.share(uploaded.key, expires_in=600)
    assert link.id in {each.id for each in client.list_links()}
    assert [each.id for each in client.list_shares(uploaded.key)] == [share.id]


@pytest.mark.usefixtures("small_parts")
def test_an_interrupted_upload_into_a_folder_goes_on_where_it_ended(client: Client, tmp_path: Path) -> None:
    file, checkpoint = tmp_path / "big.bin", tmp_path / "checkpoint"
    folder = f"private/{secrets.token_hex(4)}/"
    file.write_bytes(secrets.token_bytes(SEVERAL))
    with pytest.raises(KeyboardInterrupt):
        client.upload(file, folder=folder, progress=interrupt, checkpoint=checkpoint)
    assert checkpoint.stat().st_mode & 0o077 == 0
    told: list[int] = []
    done = client.upload(
        file, folder=folder, progress=lambda there, _: told.append(there), checkpoint=checkpoint
    )
    assert (told[0], told[1] >= SEVERAL // 10, told[-1]) == (0, True, SEVERAL)
    assert not checkpoint.exists()
    [there] = client.list_objects(folder)
    assert isinstance(there, Object)
    assert (there.key, there.size) == (done.key, SEVERAL)
