"""What the processes of functions load."""

import json

from tests.local_edge.small_cloud import SmallCloud

BARE = """
import sys

def handler(_event, _context):
    return sorted({name.partition(".")[0] for name in sys.modules} & {"boto3", "botocore", "urllib3"})
"""

CALLING = """
import boto3

client = boto3.client("lambda")

class Sent(Exception):
    pass

def stop(request, **_):
    raise Sent(request.headers)

client.meta.events.register("before-send", stop)

def handler(_event, _context):
    try:
        client.list_functions()
    except Sent as sent:
        [headers] = sent.args
    return int(headers["X-Ministack-Invoke-Depth"])
"""


def test_a_process_loads_botocore_if_its_function_does_and_then_counts_calls_of_calls(
    cloud: SmallCloud,
) -> None:
    cloud.make_function("bare", timeout=5, source=BARE)
    cloud.make_function("calling", timeout=20, source=CALLING)

    def told(name: str) -> object:
        return json.load(cloud.lambda_.invoke(FunctionName=name)["Payload"])

    assert told("bare") == []
    assert told("calling") == 1
