"""Uploads a file for a caller without AWS credentials: to the addresses that the API signs for its parts.

The API signs a size and a type, and no metadata: such an object carries no checksum, so its download can't be
checked against one. What it signs ends within the hour: an upload that is gone on with, as its checkpoint
notes it, gets new addresses for the parts that are missing.
"""

import json
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import urllib3

from onetime_urls.client.addresses import read_address
from onetime_urls.client.api import Api, read_answer
from onetime_urls.client.errors import ApiError, Invalid, NameTaken, NotFound, NotUploaded
from onetime_urls.client.part_body import Counter, PartBody, Stopped
from onetime_urls.client.private_files import write_privately
from onetime_urls.client.results import Json, Upload
from onetime_urls.client.uploads import AT_ONCE, PART, Progress, Source, hold_to
from onetime_urls.protocol.contract.routes import ABORT_UPLOAD, COMPLETE_UPLOAD, RESUME_UPLOAD, UPLOADS

MOST_PARTS = 1000
"""That the API signs for one upload."""
SECONDS = urllib3.Timeout(connect=10, read=60)
PAUSES = (0.25, 0.5, 1.0, 2.0)
"""Seconds before a part is sent again: S3 answers 503 to have less at a time (S3 User Guide, "Timeouts and
retries for latency-sensitive applications")."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """What the API signed.

    Attributes:
        part_size: bytes of every part but the last.
        parts: number and address of each that is missing.
        uploaded: number and tag of each that S3 has.
    """

    key: str
    upload_id: str
    part_size: int
    parts: list[tuple[int, str]] = field(repr=False)
    uploaded: list[dict[str, Any]]

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """Raises KeyError, TypeError or ValueError if the answer is none."""
        parts = [(int(each["number"]), str(each["url"])) for each in found["parts"]]
        for _, url in parts:
            read_address(url)
        uploaded = [
            {"number": int(each["number"]), "etag": str(each["etag"])} for each in found.get("uploaded", ())
        ]
        return cls(found["key"], found["upload_id"], int(found["part_size"]), parts, uploaded)


def upload(
    api: Api, source: Source, folder: str | None, checkpoint: Path | None, progress: Progress
) -> Upload:
    """Upload a file under a key that the API chooses, or under its own name in a folder; or go on with that.

    Args:
        checkpoint: the file that notes an upload that isn't complete, readable by its owner only; None keeps
            no note.

    Raises:
        ApiError: the API refuses the file's size, type, folder or name, or can't be reached.
        NotUploaded: the bucket doesn't take it, or the file changes meanwhile.
    """
    begun = _begin(api, source, folder, checkpoint)
    counter = Counter(progress, source.size)
    if begun.uploaded:
        counter.add(sum(_length(source, begun.part_size, each["number"]) for each in begun.uploaded))
    pool = ThreadPoolExecutor(AT_ONCE)
    with urllib3.PoolManager(maxsize=AT_ONCE, timeout=SECONDS) as http:
        try:
            sending = [
                pool.submit(_send, http, source, begun.part_size, counter, *job) for job in begun.parts
            ]
            wait(sending, return_when=FIRST_EXCEPTION)
            tags = [each.result() for each in sending if each.done()]
        except NotUploaded as error:
            hold_to(source)
            raise NotUploaded(str(error), resumable=checkpoint is not None) from None
        finally:  # after Ctrl-C, too: what is being sent ends at its next block, and nobody waits for it
            counter.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
    hold_to(source)
    named = {"key": begun.key, "upload_id": begun.upload_id}
    try:
        api.call("POST", COMPLETE_UPLOAD.path, body=named | {"parts": [*begun.uploaded, *tags]})
    except NameTaken:
        with suppress(ApiError):
            api.call("POST", ABORT_UPLOAD.path, body=named)
        _forget(checkpoint)
        raise
    _forget(checkpoint)
    return Upload(key=begun.key, size=source.size, sha256=source.sha256)


def _begin(api: Api, source: Source, folder: str | None, checkpoint: Path | None) -> _Begun:
    """An upload that the checkpoint notes, if it is of this very file and still open; or a new one."""
    parts = min(max(1, -(-source.size // PART)), MOST_PARTS)
    about = {
        "endpoint": api.endpoint,
        "folder": folder,
        "size": source.size,
        "modified": source.modified,
        "sha256": source.sha256,
    }
    announced = {"size": source.size, "parts": parts}
    if noted := _noted(checkpoint, about):
        try:
            return read_answer(_Begun.from_json, api.call("POST", RESUME_UPLOAD.path, body=noted | announced))
        except (Invalid, NotFound):
            pass  # completed or aborted since, or not noted by us: begin anew
        except NameTaken:
            _forget(checkpoint)
            raise
    wanted = {
        "filename": source.path.name,
        "content_type": source.content_type,
        "multipart": True,
        **announced,
        **({} if folder is None else {"folder": folder}),
    }
    begun = read_answer(_Begun.from_json, api.call("POST", UPLOADS.path, body=wanted))
    if checkpoint is not None:
        note = about | {"key": begun.key, "upload_id": begun.upload_id}
        write_privately(checkpoint, json.dumps(note))
    return begun


def _noted(checkpoint: Path | None, about: dict[str, Any]) -> dict[str, str] | None:
    """Key and id of the upload in a checkpoint, if it is about this."""
    if checkpoint is None:
        return None
    try:
        noted = json.loads(checkpoint.read_text(encoding="utf-8"))
        if any(noted[name] != value for name, value in about.items()):
            return None
        return {"key": str(noted["key"]), "upload_id": str(noted["upload_id"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _forget(checkpoint: Path | None) -> None:
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)


def _length(source: Source, part: int, number: int) -> int:
    return min(part, source.size - (number - 1) * part)


def _send(
    http: urllib3.PoolManager, source: Source, part: int, counter: Counter, number: int, url: str
) -> dict[str, Any]:
    """One part's number and tag."""
    start, length = (number - 1) * part, _length(source, part, number)
    for pause in (*PAUSES, None):
        with PartBody(source.path, start, length, counter) as body:
            body.begin()
            try:
                answer = http.request(
                    "PUT",
                    url,
                    body=body,
                    headers={"Content-Length": str(length)},
                    retries=False,
                    redirect=False,
                )
            except (urllib3.exceptions.HTTPError, Stopped):
                status = 0
            else:
                status = answer.status
            if status == 200 and (tag := answer.headers.get("etag")):
                return {"number": number, "etag": tag}
            body.begin()  # what was sent counts for nothing
        if pause is None or 0 < status < 500 or counter.stop.wait(pause):
            break
    why = f"S3 answered {status}" if status else "the connection broke off"
    raise NotUploaded(f"The upload failed: {why}.")
