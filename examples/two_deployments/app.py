"""An app that has a bucket and a service already, and gets links to the same objects in two ways.

`press` hands out links that live a minute and can't be resumed; `customers` has share pages and links that
live an hour. The service may mint both, and may look after those of customers alone.
"""

from aws_cdk import App, CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from onetime_urls.cdk import OneTimeUrls, Shares

app = App()
stack = Stack(app, "Newsroom", env=Environment(region="eu-west-1"))

# What the app had before.
bucket = s3.Bucket(
    stack,
    "Photographs",
    block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
    enforce_ssl=True,
    versioned=True,
)
service = iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))

# What it has now.
press = OneTimeUrls(
    stack,
    "Press",
    bucket=bucket,
    max_lifetime=Duration.minutes(1),
    max_resume=Duration.seconds(0),
    shares=None,
)
customers = OneTimeUrls(stack, "Customers", bucket=bucket, shares=Shares(max_life=Duration.days(7)))

for links in (press, customers):
    links.grant_mint(service)
customers.grant_share(service)
customers.grant_manage(service)

CfnOutput(stack, "PressEndpoint", value=press.get_url_endpoint)
CfnOutput(stack, "CustomersEndpoint", value=customers.get_url_endpoint)

app.synth()
