"""What schedules and attacks run against: a local cloud, its distribution as deployed, one object."""

import secrets
from typing import Any

from local_cloud.clients import connect
from local_cloud.cloud import LocalCloud
from local_cloud.edge import deployed
from tests.soak.schedule import World
from tests.web import Deployment

KEY = "soak/object.bin"
SIZE = 20_000
"""Bytes of the object: enough for a body to break off in the middle, little enough for thousands of them."""


def world_on(cloud: LocalCloud) -> World:
    """The world for schedules on this local cloud."""
    deployment = Deployment.from_outputs(cloud.outputs)
    clients = connect(cloud.outputs["AwsEndpointUrl"], deployment.region)
    [found] = clients.cloudfront.list_distributions()["DistributionList"]["Items"]
    body = secrets.token_bytes(SIZE)
    deployment.s3.put_object(Bucket=deployment.bucket, Key=KEY, Body=body)

    def item(link: str) -> dict[str, Any]:
        scanned = deployment.dynamodb.scan(
            TableName=cloud.outputs["LinksTableName"],
            FilterExpression="signature = :link",
            ExpressionAttributeValues={":link": {"S": link}},
        )
        [record] = scanned["Items"]
        return dict(record)

    address, _, port = cloud.outputs["AwsEndpointUrl"].partition("://")[2].partition(":")
    return World(
        distribution=deployed.distribution(clients.cloudfront, clients.functions, found["Id"]),
        upstream=(address, int(port)),
        parameter=f"/onetime-urls/{deployment.region}/OneTimeUrls/links-table",
        mint=lambda **terms: deployment.mint(KEY, **terms),
        item=item,
        body=body,
    )
