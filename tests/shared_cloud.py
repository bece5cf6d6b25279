"""One local cloud for all of pytest-xdist's workers, and which tests have to run in one worker.

The process that hands the tests out starts the cloud, beside the first tests, and ends it. Until it is up, or
has failed, that process holds a lock that a worker waits for: the kernel drops it should the process die.
"""

import fcntl
import json
import os
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_LOCK, _OUTPUTS, _FAILURE = "starting", "outputs.json", "failure"

NAMED_ORIGIN = "https://app.example.com"
"""Whose pages the tests' cloud lets read by script."""

_THE_CLOUD = "the local cloud"
_USERS = ("tests/integration/", "tests/soak/")
_COMMAND = "the command on the local cloud"
_ITS_USERS = ("tests/cli/", "tests/client/")
_TOGETHER = (
    ("tests/stack/", "tests/cdk/"),
    ("tests/event_publisher/test_events_arrive.py", "tests/examples/test_callers.py"),
    ("tests/examples/", "tests/wheel/"),
    ("tests/local_edge/",),
    ("tests/console/", "tests/local_cloud/test_local_cloud_tokens.py"),
)
_REBINDING = "tests/local_cloud/test_local_cloud_rebinding.py"
_ENDING = "tests/local_cloud/test_local_cloud_ending.py"

_LONGEST_FIRST = (
    "tests/local_cloud",
    _THE_CLOUD,
    _COMMAND,
    "tests/event_publisher",
    "tests/examples",
    "tests/console",
    "tests/stack",
    "tests/store",
    "tests/shares",
)
"""So that no worker is left with one of these when the others are done."""


@dataclass(frozen=True)
class Running:
    """The local cloud that tests share."""

    outputs: dict[str, str]


class CloudFailed(Exception):
    """The local cloud of all workers isn't there; the message says why."""


class SharedCloud:
    """The part of the process that hands tests out, as a plug-in of pytest."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="onetime-urls-tests-")
        self._path = Path(self._folder.name)
        self._lock = os.open(self._path / _LOCK, os.O_RDWR | os.O_CREAT)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="local cloud")
        self._thread.start()

    def _run(self) -> None:
        from local_cloud import children, cloud, folder  # not there when AWS is under test

        try:
            with cloud.LocalCloud(
                self._path / ".local",
                issuer_auth="iam",
                context={"cors_origins": NAMED_ORIGIN},
                stopping=self._ending.is_set,
            ) as running:
                (self._path / _OUTPUTS).write_text(json.dumps(running.outputs))
                fcntl.flock(self._lock, fcntl.LOCK_UN)
                self._ending.wait()
        except (cloud.CloudFailed, folder.FolderRefused, children.Interrupted) as error:
            (self._path / _FAILURE).write_text(str(error))
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where to look."""
        node.workerinput["shared_cloud"] = str(self._path)

    def pytest_unconfigure(self) -> None:
        """End the cloud."""
        self._ending.set()
        self._thread.join()
        os.close(self._lock)
        self._folder.cleanup()


def wait_for(folder: str) -> Running:
    """The cloud that is started in this folder, once it is up. Raises CloudFailed."""
    path = Path(folder)
    with (path / _LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    if not (path / _OUTPUTS).exists():
        raise CloudFailed((path / _FAILURE).read_text() if (path / _FAILURE).exists() else "its process died")
    return Running(json.loads((path / _OUTPUTS).read_text()))


def group(nodeid: str) -> str:
    """The name of those tests that one worker takes together, one after the other.

    What asks the shared cloud is taken by two workers at once: nothing there may count what isn't its own. A
    folder whose tests share what is dear to make (a synthesis, a wheel, MiniStack) makes it once; a module
    shares too.
    """
    path = nodeid.partition("::")[0]
    if path.startswith(_USERS) or path == _REBINDING:
        return _THE_CLOUD
    if path.startswith(_ITS_USERS):
        return _COMMAND
    for rooms in _TOGETHER:
        if path.startswith(rooms):
            return rooms[0].rstrip("/")
    return nodeid if path == _ENDING else path


def rank(nodeid: str) -> int:
    """By which tests are put into order."""
    grouped = group(nodeid)
    name = grouped if grouped in _LONGEST_FIRST else nodeid.partition("::")[0].rpartition("/")[0]
    return _LONGEST_FIRST.index(name) if name in _LONGEST_FIRST else len(_LONGEST_FIRST)
