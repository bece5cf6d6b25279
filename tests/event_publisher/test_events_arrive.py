"""From a claim at the edge to an event on the bus, through the table's stream, on a local cloud."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local_cloud.cloud import LocalCloud
from tests.web import Deployment, follow


@pytest.fixture(scope="module")
def cloud(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    if not request.config.getoption("--local-cloud"):
        pytest.skip("needs --local-cloud, which `make test` gives")
    with LocalCloud(
        tmp_path_factory.mktemp("notices") / ".local", context={"audit_trail": "true"}
    ) as started:
        yield started


def test_a_claim_is_told_once_with_who_made_it_and_no_secret(cloud: LocalCloud) -> None:
    deployment = Deployment.from_outputs(cloud.outputs)
    received = subscribed(cloud)
    deployment.s3.put_object(Bucket=deployment.bucket, Key="told.txt", Body=b"news")
    link = deployment.mint("told.txt")
    assert follow(link["url"], user_agent="somebody/1.0").status == 200
    told = {event["detail-type"]: event["detail"] for event in received(2)}
    assert told.keys() == {"link minted", "link claimed"}
    claimed = told["link claimed"]
    assert (claimed["id"], claimed["key"], claimed["agent"]) == (link["id"], "told.txt", "somebody/1.0")
    [record] = deployment.dynamodb.scan(TableName=cloud.outputs["LinksTableName"])["Items"]
    assert record["claim_token"]["S"] not in json.dumps(told)


def subscribed(cloud: LocalCloud) -> Any:
    """A queue behind the bus; call the result for so many events, which come within 20 seconds."""
    session: Any = boto3.Session("test", "test", region_name="us-east-1")
    client = {
        name: session.client(name, endpoint_url=cloud.outputs["AwsEndpointUrl"]) for name in ("sqs", "events")
    }
    queue = client["sqs"].create_queue(QueueName="told")["QueueUrl"]
    about = client["sqs"].get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    target = {"Id": "1", "Arn": about["Attributes"]["QueueArn"]}
    pattern = json.dumps({"source": ["onetime-urls"]})
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
