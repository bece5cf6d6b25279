"""The settings of `make up` and `make demo`: environment variables, as make passes them on.

PORT (links), AWS_PORT (AWS API and mint route), LOCAL_DIR, ISSUER_AUTH and REGION. All are checked before
anything starts. The stack checks what it is given again, and knows more, but only seconds later: its settings
are read by the CDK.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from botocore.loaders import create_loader
from botocore.regions import EndpointResolver

_ISSUER_AUTH = ("none", "iam", "jwt")


@dataclass(frozen=True)
class Options:
    """Where to run and what to serve. Port 0 is a free one."""

    local_dir: Path
    port: int
    aws_port: int
    issuer_auth: str
    region: str

    @classmethod
    def read(cls, environ: Mapping[str, str], default_dir: str) -> Self:
        """From the environment; an empty variable counts as absent. Raises ValueError naming the variable."""
        return cls(
            local_dir=Path(environ.get("LOCAL_DIR") or default_dir),
            port=_port(environ, "PORT"),
            aws_port=_port(environ, "AWS_PORT"),
            issuer_auth=_one_of(environ, "ISSUER_AUTH", _ISSUER_AUTH, "none, iam or jwt"),
            region=_one_of(environ, "REGION", _regions(), "an AWS region"),
        )


def _regions() -> Sequence[str]:
    """The commercial ones that the SDK knows, the default first. No configuration of the caller's is read."""
    known = EndpointResolver(create_loader().load_data("endpoints"))
    found: list[str] = known.get_available_endpoints("dynamodb", "aws")
    return sorted((each for each in found if each != "local"), key=lambda region: region != "us-east-1")


def _one_of(environ: Mapping[str, str], name: str, allowed: Sequence[str], called: str) -> str:
    """A variable's value, by default the first of those that are allowed."""
    text = environ.get(name) or allowed[0]
    if text in allowed:
        return text
    near = difflib.get_close_matches(text.lower(), allowed, n=1) or ["eu-west-1"]
    such = "" if len(allowed) == 3 else f" such as {near[0]}"
    raise ValueError(f"{name} must be {called}{such}; it is {text!r}")


def _port(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ValueError(f"{name} must be a port number, 1 to 65535, or 0 for a free one; it is {text!r}")
    return int(text)
