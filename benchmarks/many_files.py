"""A MiniStack that begins with a hundred thousand objects: `python -m benchmarks.many_files FD FOLDER`, as
`local_cloud.ministack.server`. Put by its own S3 before it serves: 3 s instead of minutes over HTTP."""

import asyncio
import importlib
import sys
from pathlib import Path

from local_cloud.ministack import server

BUCKET, PREFIX = "many-files", "private/"
FILES, OTHERS = 100_000, 1_000
"""Under the rule `shared/*`, and beside it in either direction."""


async def _fill() -> None:
    s3 = importlib.import_module("ministack.services.s3")
    names = [f"shared/{number // 1000:03}/{number:06}.jpg" for number in range(FILES)]
    names += [f"{folder}/{number:06}.jpg" for folder in ("finance", "users") for number in range(OTHERS)]
    await s3.handle_request("PUT", f"/{BUCKET}", {}, b"", {})
    for name in names:
        status, *answer = await s3.handle_request("PUT", f"/{BUCKET}/{PREFIX}{name}", {}, b"x", {})
        assert status == 200, answer


if __name__ == "__main__":
    asyncio.run(_fill())
    server.main(int(sys.argv[1]), Path(sys.argv[2]))
