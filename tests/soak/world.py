"""What schedules and attacks run against: a local cloud, its distribution as deployed, one object."""

import secrets
from typing import Any

import boto3

from local_cloud.clients import connect
from local_cloud.deployment import read
from local_cloud.edge import deployed
from local_cloud.environment import ROOT_CREDENTIALS as ROOT
from tests.soak.schedule import World
from tests.soak.siege import Besieged
from tests.web import Deployment

KEY, BESIEGED = "soak/object.bin", "soak/besieged.bin"
SIZE = 20_000
"""Bytes of the object: enough for a body to break off in the middle, little enough for thousands of them."""


def besieged_on(outputs: dict[str, str]) -> Besieged:
    """What hostile requests are sent to on the local cloud with these outputs."""
    deployment = Deployment.from_outputs(outputs)
    body = secrets.token_bytes(2_000)
    deployment.s3.put_object(Bucket=deployment.bucket, Key=BESIEGED, Body=body)

    def records() -> int:
        pages = deployment.dynamodb.get_paginator("scan").paginate(
            TableName=outputs["LinksTableName"],
            Select="COUNT",
            FilterExpression="object_key = :key OR attribute_not_exists(object_key)",
            ExpressionAttributeValues={":key": {"S": BESIEGED}},
        )
        return sum(page["Count"] for page in pages)

    return Besieged(
        address=_address(outputs["DistributionUrl"]),
        mint=lambda: deployment.mint(BESIEGED),
        records=records,
        body=body,
    )


def world_on(outputs: dict[str, str]) -> World:
    """The world for schedules on the local cloud with these outputs."""
    deployment = Deployment.from_outputs(outputs)
    clients = connect(outputs["AwsEndpointUrl"], deployment.region)
    links, *_ = read(clients, "OneTimeUrls").distributions
    body = secrets.token_bytes(SIZE)
    deployment.s3.put_object(Bucket=deployment.bucket, Key=KEY, Body=body)

    root = boto3.Session(ROOT["AWS_ACCESS_KEY_ID"], ROOT["AWS_SECRET_ACCESS_KEY"])
    store = root.client("dynamodb", deployment.region, endpoint_url=deployment.aws_endpoint)

    def item(link: str) -> dict[str, Any]:
        found = store.get_item(TableName=outputs["LinksTableName"], Key={"signature": {"S": link}})
        return dict(found["Item"])

    return World(
        distribution=deployed.distribution(clients.cloudfront, clients.functions, links.id),
        upstream=_address(outputs["AwsEndpointUrl"]),
        parameter=f"/onetime-urls/{deployment.region}/OneTimeUrls/links-table",
        mint=lambda **terms: deployment.mint(KEY, **terms),
        item=item,
        body=body,
    )


def _address(url: str) -> tuple[str, int]:
    address, _, port = url.partition("://")[2].partition(":")
    return address, int(port)
