"""The engines that the record's conditional writes are held to, behind one small face.

moto evaluates the expressions in this process; MiniStack is the store of the local cloud, reached
over HTTP. With `LINKS_TABLE` set to the ARN of a deployed table the same rules run against AWS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from edge_guard.claim import Reply, WriteResult
from onetime_urls.protocol.links import views
from onetime_urls.protocol.links.record import SHARD, LinkRecord, put_request
from onetime_urls.protocol.links.rules import Item, Request
from onetime_urls.protocol.links.views import link_request, links_of_key_request
from onetime_urls.protocol.shares.record import BY_KEY, INDEX

TABLE = "links"


class Store:
    """One links table."""

    def __init__(self, client: Any, table: str) -> None:
        self.client, self.table = client, table

    def put(self, record: LinkRecord) -> Reply:
        return self._reply(self.client.put_item, put_request(self.table, record))

    def write(self, request: Request) -> Reply:
        return self._reply(self.client.update_item, request)

    def get(self, signature: str) -> Item | None:
        found = self.client.get_item(
            TableName=self.table, Key={"signature": {"S": signature}}, ConsistentRead=True
        )
        item: Item | None = found.get("Item")
        return item

    def visible(self, signature: str) -> Item | None:
        item: Item | None = self.client.get_item(**link_request(self.table, signature)).get("Item")
        return item

    def links_of(self, key: str, limit: int, after: tuple[int, str] | None) -> list[Item]:
        found = self.client.query(**links_of_key_request(self.table, key, limit, after))
        items: list[Item] = found["Items"]
        return items

    @staticmethod
    def _reply(call: Any, request: Request) -> Reply:
        try:
            return Reply(WriteResult.APPLIED, call(**request).get("Attributes"))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            response: dict[str, Any] = {**error.response}
            return Reply(WriteResult.CONDITION_FAILED, response.get("Item"))


def create_table(client: Any, table: str = TABLE) -> Store:
    """The table of links, as the stack makes it."""
    attributes = {"signature": "S", "object_key": "S", SHARD: "S", "issued_at": "N"}
    _create(client, table, attributes, {views.BY_KEY: "object_key", views.BY_TIME: SHARD})
    return Store(client, table)


def create_shares_table(client: Any, table: str) -> None:
    """The table of shares, as the stack makes it."""
    attributes = dict.fromkeys(("id", "kind", "object_key", "created"), "S")
    _create(client, table, attributes, {INDEX: "kind", BY_KEY: "object_key"})


def _create(client: Any, table: str, attributes: dict[str, str], indexes: dict[str, str]) -> None:
    """A table whose partition key is the first attribute; the last is the sort key of its indexes."""
    [key, *_, order] = attributes
    client.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": item, "KeyType": "HASH"},
                    {"AttributeName": order, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for index, item in indexes.items()
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@contextmanager
def moto_store() -> Iterator[Store]:
    with mock_aws():
        yield create_table(_moto_client())


def ministack_store(endpoint: str, table: str = TABLE) -> Store:
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=32)
    return create_table(_session().client("dynamodb", endpoint_url=endpoint, config=config), table)


def deployed_store(table_arn: str) -> Store:
    return Store(boto3.client("dynamodb", region_name=table_arn.split(":")[3]), table_arn)


@cache
def _moto_client() -> Any:
    """One for all tables: making it takes longer than most tests."""
    return _session().client("dynamodb")


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
