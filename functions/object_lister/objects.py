"""Makes the object lister's calls to S3: one page, in a bounded number of listings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.http_api.aws_calls import TimeLeft, calling
from common.http_api.listing import MAX_LIMIT, Page, write_cursor
from common.http_api.media_types import with_type
from object_lister.keys import barred_folder, is_folder, is_object, start_after

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

MAX_CALLS = 10
"""Listings for one page: among names that can't be handed out it ends early."""


@dataclass(slots=True)
class _Found:
    """What is on a page so far, in the order of an answer's lists."""

    folders: list[str] = field(default_factory=list)
    objects: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.folders) + len(self.objects)

    def answer(self, last: str | None) -> dict[str, Any]:
        listed: dict[str, Any] = {"folders": self.folders, "objects": self.objects}
        return listed if last is None else listed | {"next": write_cursor(last)}


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of one deployment.

    Attributes:
        bucket: name.
    """

    s3: S3Client
    bucket: str

    def page(self, page: Page, *, flat: bool, time_left: TimeLeft) -> dict[str, Any]:
        """The folders and objects on a page, and the cursor for the one after it if there may be more.

        Args:
            flat: every object below the prefix, and no folders.

        Raises:
            Unavailable: S3 can't be reached, or refuses.
        """
        found, last = _Found(), page.after
        if barred_folder(page.prefix):
            return found.answer(None)
        for call in range(MAX_CALLS):
            wanted = page.limit if call == 0 else MAX_LIMIT
            listed, more = self._list(page.prefix, last, wanted, flat=flat, time_left=time_left)
            for name, stored in listed:
                if name <= last:
                    continue  # the folder that the page before ended with
                if len(found) == page.limit:
                    return found.answer(last)
                last = name
                if stored is None:
                    found.folders += [name] if is_folder(name) else []
                elif is_object(name):
                    found.objects.append(_present(name, stored))
            if not more:
                return found.answer(None)
            if len(found) == page.limit:
                break
        return found.answer(last)

    def _list(
        self, prefix: str, last: str, wanted: int, *, flat: bool, time_left: TimeLeft
    ) -> tuple[list[tuple[str, Any]], bool]:
        """The next names in their order, each with what S3 says of an object and None for a folder, and
        whether there are more."""
        with calling("ListObjectsV2", time_left):
            listed = self.s3.list_objects_v2(
                Bucket=self.bucket,
                Prefix=prefix,
                Delimiter="" if flat else "/",
                StartAfter=start_after(last, prefix, flat=flat),
                MaxKeys=wanted,
            )
        names: list[tuple[str, Any]] = [(each["Key"], each) for each in listed.get("Contents", ())]
        names += [(each["Prefix"], None) for each in listed.get("CommonPrefixes", ())]
        return sorted(names, key=lambda each: each[0]), listed["IsTruncated"] and bool(names)


def _present(key: str, stored: Any) -> dict[str, Any]:
    entry = {"key": key, "size": stored["Size"], "modified": int(stored["LastModified"].timestamp())}
    return with_type(entry, key)
