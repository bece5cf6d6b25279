"""Whatever keys a bucket has: a list has each name once, in order, and nothing that can't be handed out."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from common.http_api.listing import Page, page_of
from object_lister.objects import MAX_CALLS, Objects
from onetime_urls.protocol.paths import key_problem

STAMP = datetime(2027, 1, 15, tzinfo=UTC)
keys = st.lists(st.sampled_from(["a", "b0", "-", ".", "..", "", "\x7f", "é", "\U0010ffff"]), max_size=4).map(
    "/".join
)


class S3:
    """ListObjectsV2 of a bucket in memory, after the API Reference: keys behind `StartAfter`, rolled up.

    Attributes:
        skips: whether a folder that `StartAfter` lies in is left out, as MiniStack does. AWS says that of
            keys alone.
    """

    def __init__(self, names: set[str], *, skips: bool) -> None:
        self.names, self.skips, self.calls = sorted(names), skips, 0

    def list_objects_v2(self, **asked: Any) -> dict[str, Any]:
        prefix, delimiter, after = asked["Prefix"], asked["Delimiter"], asked["StartAfter"]
        self.calls += 1
        rows: dict[str, bool] = {}
        for name in self.names:
            if not name.startswith(prefix) or (name <= after and not self.skips):
                continue
            end = name.find(delimiter, len(prefix)) if delimiter else -1
            row = name if end < 0 else name[: end + 1]
            if row > after or not self.skips:
                rows[row] = end >= 0
        listed = list(rows.items())[: asked["MaxKeys"]]
        return {
            "Contents": [{"Key": k, "Size": 1, "LastModified": STAMP} for k, folder in listed if not folder],
            "CommonPrefixes": [{"Prefix": name} for name, folder in listed if folder],
            "IsTruncated": len(rows) > asked["MaxKeys"],
        }


def walk(s3: S3, prefix: str, limit: int, *, flat: bool) -> list[str]:
    lister = Objects(s3=s3, bucket="b")  # type: ignore[arg-type]  # it does what is asked of it
    found: list[str] = []
    page = Page(prefix=prefix, limit=limit, after="")
    for _ in range(3 * len(s3.names) + 2):
        s3.calls = 0
        answer = lister.page(page, flat=flat, time_left=lambda: 10.0)
        names = answer["folders"] + [each["key"] for each in answer["objects"]]
        assert len(names) <= limit
        assert s3.calls <= MAX_CALLS
        found += sorted(names)
        if "next" not in answer:
            return found
        page = page_of({"prefix": prefix, "limit": limit, "next": answer["next"]})
    raise AssertionError("the list has no end")


@settings(max_examples=150)
@given(
    names=st.sets(keys.filter(bool), max_size=12),
    prefix=st.one_of(st.just(""), keys, keys.map(lambda key: f"{key}/")),
    limit=st.integers(1, 4),
    flat=st.booleans(),
    skips=st.booleans(),
)
def test_all_pages_are_what_can_be_handed_out_each_name_once_and_in_order(
    names: set[str], prefix: str, limit: int, flat: bool, skips: bool
) -> None:
    expected = set()
    for name in names:
        if not name.startswith(prefix):
            continue
        end = -1 if flat else name.find("/", len(prefix))
        if end >= 0:
            expected |= {name[: end + 1]} if key_problem(name[: end + 1]) is None else set()
        elif key_problem(name) is None and not name.endswith("/"):
            expected.add(name)
    assert walk(S3(names, skips=skips), prefix, limit, flat=flat) == sorted(expected)
