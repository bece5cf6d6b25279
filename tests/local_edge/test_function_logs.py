"""The log of a function's invocation, as Lambda gives it with the answer."""

import base64

from tests.local_edge.small_cloud import SmallCloud

LOUD = """
import os
import sys

print("loaded")

def handler(event, _context):
    if event == "silent":
        return None
    print("one\\n\\ntwo", flush=True)
    if event == "fails":
        raise ValueError("no")
    if event == "dies":
        sys.stderr.flush()
        os._exit(1)
    sys.stderr.write("a line without an end")
"""


def test_a_log_is_that_of_its_invocation_to_the_last_character(cloud: SmallCloud) -> None:
    cloud.make_function("loud", timeout=5, source=LOUD)

    def log(event: str) -> list[str]:
        answer = cloud.lambda_.invoke(FunctionName="loud", Payload=f'"{event}"', LogType="Tail")
        told = base64.b64decode(answer.get("LogResult", "")).decode().splitlines()
        return [line for line in told if not line.startswith(("START", "END", "REPORT"))]

    said = ["one", "", "two"]
    assert log("first") == ["loaded", *said, "a line without an end"]
    assert log("silent") == []
    assert log("next") == [*said, "a line without an end"]
    assert log("fails")[:3] == said
    assert log("dies")[:4] == ["loaded", *said]
    assert log("silent") == ["loaded"]
