"""Lists files and tells whether one is there, by listing alone: the function may not read an object.

A page is listed prefix by prefix of those that the caller may read, in S3's order, which is that of UTF-8
bytes and so of code points. Prefixes are disjoint, so nothing comes twice. What no URL can name (control
characters, dot segments) is left out, and so are the empty objects that stand for folders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.http_api.aws_calls import TimeLeft, calling
from common.http_api.errors import Code, Refused
from common.http_api.listing import MAX_LIMIT, Page
from onetime_urls.protocol.paths import key_problem

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

MAX_CALLS = 10
"""Listings for one page, if it got any further: among names that no URL can have it ends early."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is listed.

    Attributes:
        name: as in its URL, decoded.
        size: bytes.
        modified: epoch seconds.
    """

    name: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one deployment.

    Attributes:
        bucket: name.
        prefix: of all the files' keys.
    """

    s3: S3Client
    bucket: str
    prefix: str

    def page(self, page: Page, readable: Sequence[str], time_left: TimeLeft) -> tuple[list[File], str | None]:
        """The files on a page, and the last name that was looked at if there may be more.

        Args:
            readable: the prefixes under which the caller may read.

        Raises:
            Unavailable: S3 can't be reached, or refuses.
        """
        found: list[File] = []
        after, calls = page.after, 0
        for scope in scopes(readable, page.prefix):
            if after > scope and not after.startswith(scope):
                continue  # it was listed by an earlier page
            more = True
            while more:
                if len(found) == page.limit or (calls >= MAX_CALLS and after != page.after):
                    return found, after
                calls += 1
                listed, more = self._list(scope, after, page.limit - len(found), time_left)
                found += [file for file in listed if _is_file(file.name)]
                after = listed[-1].name if listed else after
        return found, None

    def require(self, file: str, time_left: TimeLeft) -> None:
        """Raises Refused unless there is such a file, `Unavailable` if nobody can say.

        The first of the keys that begin with a name is the name itself, if there is one.
        """
        listed, _ = self._list(file, "", 1, time_left)
        if not listed or listed[0].name != file:
            raise Refused(Code.NO_SUCH_FILE, "There is no such file.")

    def _list(self, scope: str, after: str, limit: int, time_left: TimeLeft) -> tuple[list[File], bool]:
        """The next names under `scope`, and whether there are more."""
        with calling("ListObjectsV2", time_left):
            listed = self.s3.list_objects_v2(
                Bucket=self.bucket,
                Prefix=self.prefix + scope,
                StartAfter=self.prefix + after if after else "",
                MaxKeys=min(limit, MAX_LIMIT),
            )
        files = [
            File(each["Key"].removeprefix(self.prefix), each["Size"], int(each["LastModified"].timestamp()))
            for each in listed.get("Contents", ())
        ]
        return files, listed["IsTruncated"] and bool(files)


def scopes(readable: Sequence[str], wanted: str) -> list[str]:
    """The prefixes that are both readable and wanted, in the order in which they are listed."""
    found = [
        prefix if prefix.startswith(wanted) else wanted
        for prefix in readable
        if prefix.startswith(wanted) or wanted.startswith(prefix)
    ]
    return sorted(found)


def _is_file(name: str) -> bool:
    return key_problem(name) is None and not name.endswith("/")
