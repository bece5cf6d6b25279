"""The template on MiniStack: bootstrapped and deployed by the real CDK CLI, then read back from what was
deployed.

Nothing of the template is altered. After the deployment the functions that know a distribution's address are
given its address at the local edge instead, which is what a custom domain would do, and the outputs get the
addresses under which this machine can reach them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local_cloud import environment
from local_cloud.children import Child, command
from local_cloud.clients import Clients

EDGE_REGION = "us-east-1"
_CDK = ("cdk", "--no-notices")


_IN_ORDER = ("DistributionUrl", "PrivateUrl", "SignedDistributionUrl", "ConsoleUrl")
"""Outputs with distributions' addresses."""


class DeploymentOdd(Exception):
    """The deployed stack isn't of the shape that the local cloud serves."""


@dataclass(frozen=True)
class Distribution:
    """A distribution's id, and the address that CloudFront gave it."""

    id: str
    url: str


@dataclass(frozen=True)
class Deployed:
    """What the stack said and made; the distribution of `DistributionUrl`, which serves links, is first.
    `resources` are types and physical ids."""

    outputs: Mapping[str, str]
    api: str
    distributions: Sequence[Distribution]
    edge_functions: Sequence[str]
    graphql: str
    resources: Sequence[tuple[str, str]]

    def of_kind(self, kind: str) -> list[str]:
        """The physical ids of the resources of a type."""
        return [each for its, each in self.resources if its == kind]


def synthesise(work: Path, app: Path, context: Mapping[str, str], log: Path) -> Child:
    """Start `cdk synth` of the app in the folder `app`, into the instance's own. It needs no account,
    and so can run before MiniStack does.
    """
    settings = [part for name, value in sorted(context.items()) for part in ("--context", f"{name}={value}")]
    return command(
        "cdk synth",
        [*_CDK, "synth", "--quiet", "--output", str(_assembly(work)), *settings],
        environment=environment.cdk(work),
        log=log,
        folder=app,
    )


def bootstrap(work: Path, account: str, endpoint: str, region: str, log: Path) -> Child:
    """Start `cdk bootstrap` for the deployment's region and for us-east-1, where Lambda@Edge has to be."""
    places = [f"aws://{account}/{name}" for name in sorted({region, EDGE_REGION})]
    # Run outside of the project's folder: with an app in sight the CLI would synthesise it first.
    return command(
        "cdk bootstrap",
        [*_CDK, "bootstrap", *places],
        environment=environment.cdk_with_account(work, endpoint, region),
        log=log,
        folder=work,
    )


def deploy(work: Path, endpoint: str, region: str, log: Path) -> Child:
    """Start `cdk deploy` of what was synthesised."""
    return command(
        "cdk deploy",
        [
            *_CDK,
            "deploy",
            "--all",
            "--app",
            str(_assembly(work)),
            "--require-approval",
            "never",
            "--method",
            "direct",
        ],
        environment=environment.cdk_with_account(work, endpoint, region),
        log=log,
        folder=work,
    )


def _assembly(work: Path) -> Path:
    return work / "cdk.out"


def read(clients: Clients, stack: str) -> Deployed:
    """Ask CloudFormation and CloudFront what the stack made. Raises DeploymentOdd."""
    described = clients.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    found = clients.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    resources = [
        (each["ResourceType"], each["PhysicalResourceId"]) for each in found if each.get("PhysicalResourceId")
    ]

    def of_kind(kind: str) -> list[str]:
        return [each for its, each in resources if its == kind]

    def only(kind: str) -> str:
        made = of_kind(kind)
        if len(made) != 1:
            raise DeploymentOdd(f"stack {stack} has {len(made)} resources of type {kind} to serve, not one")
        return made[0]

    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    distributions, associated = [], set()
    for distribution in of_kind("AWS::CloudFront::Distribution"):
        its = clients.cloudfront.get_distribution(Id=distribution)["Distribution"]
        distributions.append(Distribution(distribution, f"https://{its['DomainName']}"))
        config = its["DistributionConfig"]
        associated |= {
            association["LambdaFunctionARN"]
            for behaviour in (
                config["DefaultCacheBehavior"],
                *config.get("CacheBehaviors", {}).get("Items", []),
            )
            for association in behaviour.get("LambdaFunctionAssociations", {}).get("Items", [])
        }
    told = [outputs.get(name) for name in _IN_ORDER]
    distributions.sort(key=lambda each: told.index(each.url) if each.url in told else len(told))
    if not distributions or distributions[0].url != outputs.get("DistributionUrl"):
        raise DeploymentOdd(f"stack {stack} has no distribution at its DistributionUrl")
    return Deployed(
        outputs=outputs,
        api=only("AWS::ApiGatewayV2::Api"),
        distributions=distributions,
        edge_functions=sorted(associated),
        resources=resources,
        graphql=next(iter(of_kind("AWS::AppSync::GraphQLApi")), "").rpartition("/")[2],
    )


def _variables(clients: Clients, function: str) -> dict[str, str]:
    configuration = clients.functions.get_function_configuration(FunctionName=function)
    return configuration.get("Environment", {}).get("Variables", {})


def point(clients: Clients, deployed: Deployed, addresses: Mapping[str, str]) -> None:
    """Make the stack's functions hand out local addresses: `addresses` is where each distribution's own URL
    is served.
    """
    for function in deployed.of_kind("AWS::Lambda::Function"):
        old = _variables(clients, function)
        new = {name: local(value, addresses) for name, value in old.items()}
        if new != old:
            clients.functions.update_function_configuration(
                FunctionName=function, Environment={"Variables": new}
            )


def local(text: str, addresses: Mapping[str, str]) -> str:
    """`text` with the local address of each distribution in place of CloudFront's."""
    for url, address in addresses.items():
        text = text.replace(url, address)
    return text


def reachable(api_endpoint: str, endpoint: str) -> str:
    """The address of the HTTP API, or of a route, as plain curl can reach it.

    `https://<api>.execute-api.<suffix>/<path>` becomes `<endpoint>/_aws/execute-api/<api>/<path>`, which
    MiniStack routes itself: the Host and path that a caller signs are the ones that it verifies.
    """
    parts = urlsplit(api_endpoint)
    api = (parts.hostname or "").partition(".")[0]
    return f"{endpoint}/_aws/execute-api/{api}{parts.path}"


def graphql_output(deployed: Deployed, endpoint: str) -> dict[str, str]:
    """The output with the address of the GraphQL API, as MiniStack routes it, if there is one."""
    if not deployed.graphql:
        return {}
    return {"GraphqlEndpoint": f"{endpoint}/v1/apis/{deployed.graphql}/graphql"}
