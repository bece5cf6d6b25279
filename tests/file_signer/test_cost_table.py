"""docs/signed-urls.md shows what `python -m benchmarks.doors` reckons."""

from pathlib import Path

from benchmarks.doors import doors, table

PAGE = Path(__file__).parents[2] / "docs" / "signed-urls.md"


def test_the_pages_table_is_the_scripts() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_nothing_is_cheaper_for_many_reads_than_what_runs_nothing() -> None:
    cheapest = min(doors(), key=lambda door: door.dollars)
    assert cheapest.name.startswith("signed cookies")
