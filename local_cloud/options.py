"""The settings of `make up` and `make demo`: environment variables, as make passes them on.

PORT (links), AWS_PORT (AWS API and mint route), LOCAL_DIR, ISSUER_AUTH and REGION. What ISSUER_AUTH and
REGION may be is the stack's own business: it refuses the rest with a line that says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


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
            issuer_auth=environ.get("ISSUER_AUTH") or "none",
            region=environ.get("REGION") or "us-east-1",
        )


def _port(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ValueError(f"{name} must be a port number, 1 to 65535, or 0 for a free one; it is {text!r}")
    return int(text)
