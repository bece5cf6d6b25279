"""What the operating system says about a local cloud's processes (Linux: /proc).

A launcher's children are found by their environment: each has its HOME in the instance's folder, wherever
in the process tree it ended up, also after its parents died.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_LISTENING, _UNCONNECTED = "0A", "07"


def of(folder: Path) -> dict[int, str]:
    """Process id → command line of everything that was started for this folder."""
    mark = f"HOME={folder.absolute() / 'work' / 'home'}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                )
    return found


def one(folder: Path, command: str) -> int:
    """The id of the only process for this folder whose command line has `command` in it."""
    (number,) = [number for number, line in of(folder).items() if command in line]
    return number


def variable(process: int, name: str) -> str:
    """A process's environment variable."""
    variables = dict(
        entry.partition("=")[::2]
        for entry in Path(f"/proc/{process}/environ").read_text().split("\0")
        if entry
    )
    return variables[name]


def listeners(process: int) -> Iterator[str]:
    """The addresses (without the ports) at which a process takes TCP connections or UDP packets."""
    inodes = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(str(link.readlink()))
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            open_to_others = fields[3] in (_LISTENING, _UNCONNECTED)
            if open_to_others and f"socket:[{fields[9]}]" in inodes:
                yield _address(fields[1].partition(":")[0])


def _address(text: str) -> str:
    # Four bytes at a time, each in the machine's order.
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words))


def within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Whether a condition is reached in time."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
