"""Links under a domain of one's own, for callers with a token of an OpenID Connect provider, watched.

A console at another domain signs the same people in. Everything that happens to a link goes to an event bus
and is kept for ten years; alarms go to an e-mail address and to a topic of the app's own.
"""

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns

from onetime_urls.cdk import (
    AccessLogs,
    ApiAuth,
    Console,
    Domain,
    Events,
    LinkApi,
    Monitoring,
    OidcIssuer,
    OneTimeUrls,
    SignIn,
)

app = App()
stack = Stack(app, "Documents", env=Environment(region="us-east-1"))

zone = route53.HostedZone.from_hosted_zone_attributes(
    stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
)
provider = OidcIssuer("https://login.example.com/", audience=["documents"])
api = LinkApi(stack, "Api", auth=ApiAuth.token(provider), cors_origins=["https://documents.example.com"])
links = OneTimeUrls(
    stack,
    "Links",
    api=api,
    domain=Domain(name="files.example.com", hosted_zone=zone),
    events=Events(audit_trail=True),
    access_logs=AccessLogs(reconcile=True),
    monitoring=Monitoring(email="operations@example.com", refusals=50),
)

Console(
    stack,
    "Console",
    api=api,
    links=links,
    sign_in=SignIn(provider, "documents-console"),
    domain=Domain(name="console.example.com", hosted_zone=zone),
)

on_call = sns.Topic(stack, "OnCall")
for alarm in links.alarms:
    alarm.add_alarm_action(actions.SnsAction(on_call))
cloudwatch.Dashboard(
    stack,
    "Today",
    widgets=[[cloudwatch.GraphWidget(left=[links.metric_minted(), links.metric_refused()])]],
)

CfnOutput(stack, "GetUrlEndpoint", value=links.get_url_endpoint)

app.synth()
