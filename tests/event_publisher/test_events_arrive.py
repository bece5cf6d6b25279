"""From a claim at the edge to an event on the bus, through the table's stream, on a local cloud."""

import json
import time
from typing import Any

import boto3

from tests.shared_cloud import Running
from tests.web import Deployment, follow

KEY = "told.txt"


def test_a_claim_is_told_once_with_who_made_it_and_no_secret(open_cloud: Running) -> None:
    deployment = Deployment.from_outputs(open_cloud.outputs)
    received = subscribed(open_cloud)
    deployment.s3.put_object(Bucket=deployment.bucket, Key=KEY, Body=b"news")
    link = deployment.mint(KEY)
    assert follow(link["url"], user_agent="somebody/1.0").status == 200
    told = {event["detail-type"]: event["detail"] for event in received(2)}
    assert told.keys() == {"link minted", "link claimed"}
    claimed = told["link claimed"]
    assert (claimed["id"], claimed["key"], claimed["agent"]) == (link["id"], KEY, "somebody/1.0")
    records = deployment.dynamodb.scan(TableName=open_cloud.outputs["LinksTableName"])["Items"]
    [token] = [each["claim_token"]["S"] for each in records if each["object_key"]["S"] == KEY]
    assert token not in json.dumps(told)


def subscribed(open_cloud: Running) -> Any:
    """A queue behind the bus; call the result for so many events, which come within 20 seconds."""
    session: Any = boto3.Session("test", "test", region_name="us-east-1")
    endpoint = open_cloud.outputs["AwsEndpointUrl"]
    client = {name: session.client(name, endpoint_url=endpoint) for name in ("sqs", "events")}
    queue = client["sqs"].create_queue(QueueName="told")["QueueUrl"]
    about = client["sqs"].get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    target = {"Id": "1", "Arn": about["Attributes"]["QueueArn"]}
    pattern = json.dumps({"source": ["onetime-urls"], "detail": {"key": [KEY]}})
    client["events"].put_rule(Name="all", EventBusName="OneTimeUrls", EventPattern=pattern)
    client["events"].put_targets(Rule="all", EventBusName="OneTimeUrls", Targets=[target])

    def received(number: int) -> list[Any]:
        events: list[Any] = []
        end = time.monotonic() + 20
        while len(events) < number and time.monotonic() < end:
            got = client["sqs"].receive_message(QueueUrl=queue, WaitTimeSeconds=1, MaxNumberOfMessages=10)
            for message in got.get("Messages", []):
                events.append(json.loads(message["Body"]))
                client["sqs"].delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return events

    return received
