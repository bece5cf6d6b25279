"""Uploads a file for a caller without AWS credentials: to the addresses that the API signs for its parts.

The API signs a size and a type, and no metadata: such an object carries no checksum, so its download can't be
checked against one. What it signs ends within the hour, so an interrupted upload begins anew.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

import urllib3

from onetime_urls.client.addresses import read_address
from onetime_urls.client.api import Api, read_answer
from onetime_urls.client.errors import NotUploaded
from onetime_urls.client.part_body import Counter, PartBody, Stopped
from onetime_urls.client.results import Json, Upload
from onetime_urls.client.uploads import AT_ONCE, PART, Progress, Source, hold_to
from onetime_urls.protocol.contract.routes import COMPLETE_UPLOAD, UPLOADS

MOST_PARTS = 1000
"""That the API signs for one upload."""
SECONDS = urllib3.Timeout(connect=10, read=60)
TRIES = 3


@dataclass(frozen=True, slots=True)
class _Begun:
    """What the API signed.

    Attributes:
        part_size: bytes of every part but the last.
        parts: number and address of each.
    """

    key: str
    upload_id: str
    part_size: int
    parts: list[tuple[int, str]] = field(repr=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """Raises KeyError, TypeError or ValueError if the answer is none."""
        parts = [(int(each["number"]), str(each["url"])) for each in found["parts"]]
        for _, url in parts:
            read_address(url)
        return cls(found["key"], found["upload_id"], int(found["part_size"]), parts)


def upload(api: Api, source: Source, progress: Progress) -> Upload:
    """Upload a file under a key that the API chooses.

    Raises:
        ApiError: the API refuses the file's size or type, or can't be reached.
        NotUploaded: the bucket doesn't take it, or the file changes meanwhile.
    """
    parts = max(1, -(-source.size // PART))
    wanted = {
        "filename": source.path.name,
        "size": source.size,
        "content_type": source.content_type,
        "multipart": True,
        "parts": min(parts, MOST_PARTS),
    }
    begun = read_answer(_Begun.from_json, api.call("POST", UPLOADS.path, body=wanted))
    counter = Counter(progress, source.size)
    pool = ThreadPoolExecutor(AT_ONCE)
    with urllib3.PoolManager(maxsize=AT_ONCE, timeout=SECONDS) as http:
        try:
            tags = list(
                pool.map(lambda job: _send(http, source, begun.part_size, counter, *job), begun.parts)
            )
        except NotUploaded:
            hold_to(source)
            raise
        finally:  # after Ctrl-C, too: what is being sent ends at its next block, and nobody waits for it
            counter.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
    hold_to(source)
    done = {"key": begun.key, "upload_id": begun.upload_id, "parts": tags}
    api.call("POST", COMPLETE_UPLOAD.path, body=done)
    return Upload(key=begun.key, size=source.size, sha256=source.sha256)


def _send(
    http: urllib3.PoolManager, source: Source, part: int, counter: Counter, number: int, url: str
) -> dict[str, Any]:
    """One part's number and tag."""
    start = (number - 1) * part
    length = min(part, source.size - start)
    for left in reversed(range(TRIES)):
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
        if counter.stop.is_set() or (status and status < 500) or not left:
            break
    why = f"S3 answered {status}" if status else "the connection broke off"
    raise NotUploaded(f"The upload failed: {why}.")
