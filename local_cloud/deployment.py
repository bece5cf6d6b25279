"""The template on MiniStack: bootstrapped and deployed by the real CDK CLI, then read back from what was
deployed.

Nothing of the template is altered. After the deployment the LINK_BASE_URL of the functions that have one is
pointed at the local edge, which is what a custom domain would do, and the outputs get the addresses under
which this machine can reach them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local_cloud import environment
from local_cloud.children import Child, command
from local_cloud.clients import Clients

EDGE_REGION = "us-east-1"
_CDK = ("cdk", "--no-notices")


class DeploymentOdd(Exception):
    """The deployed stack isn't of the shape that the local cloud serves."""


@dataclass(frozen=True)
class Deployed:
    """What the stack said and made."""

    outputs: Mapping[str, str]
    api: str
    distribution: str
    edge_functions: Sequence[str]
    linking: Sequence[str]


def synthesise(work: Path, context: Mapping[str, str], log: Path) -> Child:
    """Start `cdk synth` into the instance's own folder. It needs no account, and so can run before
    MiniStack does.
    """
    settings = [part for name, value in sorted(context.items()) for part in ("--context", f"{name}={value}")]
    return command(
        "cdk synth",
        [*_CDK, "synth", "--quiet", "--output", str(_assembly(work)), *settings],
        environment=environment.cdk(work),
        log=log,
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
    resources = clients.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]

    def only(kind: str, among: Callable[[str], bool] = bool) -> str:
        found = [each.get("PhysicalResourceId", "") for each in resources if each["ResourceType"] == kind]
        found = [each for each in found if among(each)]
        if len(found) != 1:
            raise DeploymentOdd(f"stack {stack} has {len(found)} resources of type {kind} to serve, not one")
        return found[0]

    distribution = only("AWS::CloudFront::Distribution")
    config = clients.cloudfront.get_distribution_config(Id=distribution)["DistributionConfig"]
    associated = [
        association["LambdaFunctionARN"]
        for behaviour in (config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", []))
        for association in behaviour.get("LambdaFunctionAssociations", {}).get("Items", [])
    ]
    return Deployed(
        outputs={each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])},
        api=only("AWS::ApiGatewayV2::Api"),
        distribution=distribution,
        edge_functions=sorted(set(associated)),
        linking=[
            each["PhysicalResourceId"]
            for each in resources
            if each["ResourceType"] == "AWS::Lambda::Function"
            and "LINK_BASE_URL" in _variables(clients, each["PhysicalResourceId"])
        ],
    )


def _variables(clients: Clients, function: str) -> dict[str, str]:
    configuration = clients.functions.get_function_configuration(FunctionName=function)
    return configuration.get("Environment", {}).get("Variables", {})


def point_links(clients: Clients, functions: Sequence[str], link_base_url: str) -> None:
    """Make these functions hand out links and shares under this address."""
    for function in functions:
        variables = _variables(clients, function) | {"LINK_BASE_URL": link_base_url}
        clients.functions.update_function_configuration(
            FunctionName=function, Environment={"Variables": variables}
        )


def reachable(api_endpoint: str, endpoint: str) -> str:
    """The address of the HTTP API, or of a route, as plain curl can reach it.

    `https://<api>.execute-api.<suffix>/<path>` becomes `<endpoint>/_aws/execute-api/<api>/<path>`, which
    MiniStack routes itself: the Host and path that a caller signs are the ones that it verifies.
    """
    parts = urlsplit(api_endpoint)
    api = (parts.hostname or "").partition(".")[0]
    return f"{endpoint}/_aws/execute-api/{api}{parts.path}"
