"""Which lines are the log of which invocation."""

import json
import queue
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from local_cloud.ministack.function_logs import MARK, marked, up_to_the_mark

HANDLER = """\
import sys

def handler(event, context):
    print(event, end="")
    if event == "none":
        sys.stderr = None
    if event == "closed":
        sys.__stderr__.close()
    return event
"""


def test_a_process_ends_the_log_of_each_invocation_whatever_the_function_does_to_its_streams(
    tmp_path: Path,
) -> None:
    (tmp_path / "function.py").write_text(HANDLER)
    script = marked(import_module("ministack.core.lambda_runtime")._PYTHON_WORKER_SCRIPT)
    events = ["one", "none", "closed"]
    given = [
        {"code_dir": str(tmp_path), "module": "function", "handler": "handler"},
        *({"event": event} for event in events),
    ]
    done = subprocess.run(
        [sys.executable, "-c", script],
        input="".join(json.dumps(line) + "\n" for line in given),
        capture_output=True,
        text=True,
        timeout=30,
    )
    _, *answers = map(json.loads, done.stdout.splitlines())
    assert [answer["result"] for answer in answers] == events
    assert done.stderr.split("\n") == [f"one{MARK}", f"none{MARK}", "closed"]


def collected(lines: "queue.Queue[str]", *more: str) -> str:
    for line in more:
        lines.put(line)
    return up_to_the_mark(lines, lambda: True)


def test_a_log_is_of_its_own_invocation() -> None:
    lines = queue.Queue[str]()
    assert collected(lines, "one", "", f"half a line{MARK}") == "one\n\nhalf a line"
    assert collected(lines, MARK) == ""
    assert collected(lines, "two", MARK) == "two"


def test_a_mark_that_came_too_late_does_not_put_off_the_logs_after_it() -> None:
    lines = queue.Queue[str]()
    lines.put(MARK)
    assert collected(lines, "one", MARK) == "one"
    assert collected(lines, "two", MARK) == "two"


def test_what_a_function_prints_is_no_mark() -> None:
    printed = "\N{END OF TRANSMISSION BLOCK}"
    assert collected(queue.Queue(), printed, "more", MARK) == f"{printed}\nmore"


def test_the_log_of_a_process_that_ended_without_a_mark_is_what_there_is() -> None:
    lines = queue.Queue[str]()
    lines.put("last words")
    assert up_to_the_mark(lines, lambda: False) == "last words"
