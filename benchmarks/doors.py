"""What a million reads cost by each door: `python -m benchmarks.doors` prints the table of
docs/signed-urls.md.

What is counted is how often each service is asked; durations are assumptions, as in the README. Traffic and
logs come on top.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.prices import AS_OF, PER_GB_SECOND, PER_MILLION, PER_MONTH

READS_IN_A_SESSION = 100
"""Of one user within the life of their cookies: a page or two with pictures."""

READS_OF_A_URL = 10
"""Of one signed URL in its life."""


@dataclass(frozen=True)
class Door:
    """A way to read, and what a million reads ask of AWS.

    Attributes:
        runs: how many functions run for a read, in words.
        asked: millions of calls by what is asked, for a million reads.
        gb_seconds: for a million reads.
        kept: what is paid for by the month, used or not.
    """

    name: str
    runs: str
    asked: Mapping[str, float]
    gb_seconds: Mapping[str, float]
    kept: Mapping[str, int] = field(default_factory=dict)

    @property
    def dollars(self) -> float:
        """For a million reads."""
        asked = sum(PER_MILLION[what] * millions for what, millions in self.asked.items())
        return asked + sum(PER_GB_SECOND[where] * amount for where, amount in self.gb_seconds.items())

    @property
    def dollars_a_month(self) -> float:
        """On top of it."""
        return sum(PER_MONTH[what] * number for what, number in self.kept.items())


def seconds(milliseconds: float, megabytes: int, millions: float) -> float:
    """GB-seconds of so many million runs."""
    return milliseconds * megabytes / 1024 * millions * 1000


def doors() -> list[Door]:
    """All of them, each read by the cheapest and the dearest key where there is a choice."""
    read = {"CloudFront HTTPS request": 1.0}
    a_url, a_session = 1 / READS_OF_A_URL, 1 / READS_IN_A_SESSION
    signed = {"HTTP API request": 1.0, "Lambda request": 1.0, "S3 LIST": 1.0}
    found = [
        Door(
            "one-time link, one for each read",
            "issuer, and guard twice",
            read
            | {
                "HTTP API request": 1,
                "Lambda request": 1,
                "DynamoDB write": 4,
                "Lambda@Edge request": 2,
                "S3 GET or HEAD": 2,
            },
            {"Lambda, arm64": seconds(50, 512, 1), "Lambda@Edge": seconds(51, 128, 1)},
            {"Secrets Manager secret": 1},  # the key of nonces
        )
    ]
    for spec in ("RSA_2048", "ECC_NIST_P256"):
        asked = signed | {f"KMS signature, {spec}": 1.0}
        found.append(
            Door(
                f"signed URL ({spec}), read {READS_OF_A_URL} times",
                f"file signer, for one read in {READS_OF_A_URL}",
                read | {what: millions * a_url for what, millions in asked.items()},
                {"Lambda, arm64": seconds(50, 512, a_url)},
                {"KMS key": 1},
            )
        )
    session = {"HTTP API request": 1.0, "Lambda request": 1.0, "CloudFront HTTPS request": 1.0}
    session["KMS signature, RSA_2048"] = 1.0  # the user's own prefix; shared ones hardly count
    found.append(
        Door(
            f"signed cookies, {READS_IN_A_SESSION} reads a session",
            f"file signer, for one read in {READS_IN_A_SESSION}",
            {what: read.get(what, 0) + session.get(what, 0) * a_session for what in {**read, **session}},
            {"Lambda, arm64": seconds(60, 512, a_session)},
            {"KMS key": 1},
        )
    )
    found.append(
        Door(
            "token with each request (`PrivateAssets`)",
            "token guard, for each read",
            read | {"Lambda@Edge request": 1},
            {"Lambda@Edge": seconds(2, 128, 1)},
        )
    )
    return found


def table() -> str:
    """The table, in Markdown."""
    rows = "".join(
        f"| {door.name} | {door.runs} | {door.dollars:.2f} | {door.dollars_a_month:.2f} |\n"
        for door in doors()
    )
    head = f"| a million reads (prices of {AS_OF}) | functions that run | $ | and $ a month |\n"
    head += "| --- | --- | --- | --- |\n"
    return head + rows


if __name__ == "__main__":
    print(table(), end="")
