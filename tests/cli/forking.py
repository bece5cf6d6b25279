"""Forks off a process for each run of the program, as it is told on standard input. Run by `program`.

A run is what Python's start would have made it: the script that is installed, with the arguments, the folder,
the environment and the files that it is given. What others wrote is loaded before and shared by all runs;
nothing of ours is.
"""

import atexit
import gc
import json
import os
import runpy
import sys
from typing import Any

import boto3
import pydantic
import typer  # noqa: F401 - for the runs


def load() -> None:
    """Load what these two import only as they are used, and spare the garbage collector all of it."""
    pydantic.TypeAdapter(int)
    boto3.Session("none", "none", region_name="us-east-1").client("s3")
    gc.collect()
    gc.freeze()


def serve() -> dict[str, Any]:
    """Fork off one process after the other. Returns what is to be run, in that process; ends with its input.

    What is to be run comes in as a line of JSON. What goes out is the run's process id, and once it has ended
    its exit status, which is a signal's negative number where that ended it.
    """
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            wanted: dict[str, Any] = json.loads(line)
            return wanted
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    sys.exit()


def run(wanted: dict[str, Any]) -> None:
    """Be the program."""
    for number, (path, flags) in enumerate(
        zip(wanted["streams"], (os.O_RDONLY, *[os.O_WRONLY | os.O_TRUNC] * 2), strict=True)
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = wanted["arguments"]
    said: list[str | int | None] = []
    atexit.register(leave, said)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as ending:
        said.append(ending.code)
        raise


def leave(said: list[str | int | None]) -> None:
    """End the process, whose threads have ended and whose own exit functions have run, without taking its
    modules apart: that would copy all of the memory which it shares with other runs.

    Args:
        said: what `sys.exit` was given; nothing where something else ended the program.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    status = said[0] if said else 1
    os._exit(status if isinstance(status, int) else int(status is not None))


load()
run(serve())
