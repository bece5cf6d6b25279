"""A coverage-guided search for a target that the parser reads wrongly: Atheris follows the branches taken.

    anything but a link raises Malformed, and nothing else
    what is read is written canonically, reads the same again, and has the same fingerprint
    a Range header is refused or names bytes that the object has

Run as `python -m tests.soak.fuzz RUNS`: it ends with an error at the first input that breaks one of these.
"""

import sys
import tempfile

import atheris

with atheris.instrument_imports(include=["onetime_urls.protocol.links", "edge_guard"]):
    from edge_guard.resume import Unsatisfiable, lease_in, read_range, terms_of
    from onetime_urls.protocol.links.canonical import parse_target
from onetime_urls.protocol.paths import Malformed
from tests.links import make_resumable, make_target


def check(data: bytes) -> None:
    """Hold one input against the promises: as a target, and as a piece of a real link's."""
    text = data.decode("latin-1")
    _read(text)
    if data:
        target, piece = make_resumable(), text[1:]
        names = sorted(target.parameters)
        name = names[data[0] % len(names)]
        spelt = "&".join(
            f"{other}={piece if other == name else value}"
            for other, value in (pair.split("=", 1) for pair in target.querystring.split("&"))
        )
        _read(f"{target.uri}?{spelt}")
        _read(f"/{piece}?{target.querystring}")
        _ranges(piece)


def _read(text: str) -> None:
    uri, _, query = text.partition("?")
    try:
        target = parse_target(uri, query)
    except Malformed:
        return
    again = parse_target(target.uri, target.querystring)
    assert again == target
    assert (again.uri, again.querystring) == (target.uri, target.querystring)
    assert again.fingerprint == target.fingerprint
    terms_of(target)


def _ranges(text: str) -> None:
    lease_in(text, "a" * 12)
    for size in (0, 1, 1000):
        try:
            part = read_range(text, size)
        except Unsatisfiable:
            continue
        assert part is None or 0 <= part.first <= part.last < size


def main(runs: int) -> None:
    _read(f"{make_target().uri}?{make_target().querystring}")
    crashes = f"-artifact_prefix={tempfile.gettempdir()}/"
    atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=2048", "-seed=1", "-verbosity=0", crashes], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]))
