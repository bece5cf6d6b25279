"""A MiniStack with a bucket, two functions and small distributions, and edges in front of it.

Distributions are deployed by CloudFormation, as a project's are. Edges run as their own processes with
an IAM user who has exactly the rights that the edge's documentation asks for.
"""

import contextlib
import inspect
import io
import itertools
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_cloud import environment, origin_access
from local_cloud.children import Child, listen, listen_beside
from local_cloud.folder import InstanceFolder
from tests.local_edge import orders
from tests.local_edge.templates import BUCKET
from tests.web import Answer, send, split_url

TOKEN = "the-token"
SECRET = "between-the-edge-and-ministack"
EDGE_RIGHTS = [
    "cloudfront:GetDistribution",
    "cloudfront:GetCachePolicy",
    "cloudfront:GetOriginRequestPolicy",
    "cloudfront:GetResponseHeadersPolicy",
    "cloudfront:GetOriginAccessControl",
    "cloudfront:GetKeyGroup",
    "cloudfront:GetPublicKey",
]
FUNCTION_RIGHTS = ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"]


class Edge:
    """A running edge."""

    def __init__(self, child: Child, url: str, requests: Path) -> None:
        """`requests` is the file with a line per request."""
        self.child, self.url, self.requests = child, url, requests

    def get(
        self,
        target: str,
        *,
        method: str = "GET",
        orders: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> Answer:
        """One request; `orders` are for the viewer-request function, `after` for the origin-response one."""
        if orders is not None:
            headers["x-viewer-request"] = json.dumps(orders)
        if after is not None:
            headers["x-origin-response"] = json.dumps(after)
        return send(self.url, target, method=method, **headers)


class SmallCloud:
    """One MiniStack in a folder of its own, which is deleted with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = InstanceFolder(folder)
        self._folder.acquire()
        self._edges = 0
        with listen(0) as listener:
            port = int(listener.getsockname()[1])
            self.endpoint = f"http://127.0.0.1:{port}"
            self._ministack = Child(
                "MiniStack",
                ["-m", "local_cloud.ministack.server", str(listener.fileno()), str(folder)],
                environment=environment.ministack(self._folder.work, port, SECRET),
                log=self._log("ministack"),
                descriptors=(listener.fileno(), self._folder.descriptor),
            )
        self.s3, self.iam, self.lambda_ = self.root("s3"), self.root("iam"), self.root("lambda")
        self._cloudformation = self.root("cloudformation")
        self.s3.create_bucket(Bucket=BUCKET)
        self._role = self._make_role()
        self.function = self.make_function("orders", timeout=5)
        self.hasty_function = self.make_function("hasty", timeout=1)
        rights = [
            {"Effect": "Allow", "Action": EDGE_RIGHTS, "Resource": "*"},
            {"Effect": "Allow", "Action": FUNCTION_RIGHTS, "Resource": [self.function, self.hasty_function]},
        ]
        self._edge_key = self.make_user("edge", rights)
        key = self.make_user("signer", [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}])
        self._presigner = self._make_presigner(key)

    def end(self) -> None:
        """Ends MiniStack and deletes its files."""
        self._ministack.end(10)
        self._folder.release()

    def _log(self, name: str) -> Path:
        return self._folder.work / "logs" / f"{name}.log"

    def root(self, service: str, region: str = "us-east-1") -> Any:
        # The listener is there from the start, so the first call waits until MiniStack serves.
        session: Any = boto3.Session("test", "test", region_name=region)
        config = Config(proxies={}, retries={"total_max_attempts": 1}, read_timeout=60)
        return session.client(service, endpoint_url=self.endpoint, config=config)

    def _make_role(self) -> str:
        services = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
        trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = self.iam.create_role(RoleName="functions", AssumeRolePolicyDocument=document)
        return str(role["Role"]["Arn"])

    def make_function(self, name: str, timeout: int, source: str = "") -> str:
        """A function that follows orders, unless it has a source of its own; the ARN of its first version."""
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("orders.py", source or inspect.getsource(orders))
        self.lambda_.create_function(
            FunctionName=name,
            Runtime="python3.14",
            Role=self._role,
            Handler="orders.handler",
            Code={"ZipFile": code.getvalue()},
            Timeout=timeout,
            MemorySize=128,
        )
        return str(self.lambda_.publish_version(FunctionName=name)["FunctionArn"])

    def processes_started(self, name: str) -> int:
        """How many processes a function was given so far."""
        return self._log("ministack").read_text().count(f"Lambda worker spawned for {name} ")

    def make_user(self, name: str, statements: list[dict[str, Any]]) -> dict[str, str]:
        """An IAM user's key, as the environment has it."""
        self.iam.create_user(UserName=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.iam.put_user_policy(UserName=name, PolicyName="needs", PolicyDocument=document)
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def _make_presigner(self, key: Mapping[str, str]) -> Any:
        session: Any = boto3.Session(
            key["AWS_ACCESS_KEY_ID"], key["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
        )
        style: Any = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
        presigner = session.client("s3", config=Config(signature_version="s3v4", s3=style))

        def sign_token(request: Any, **_: Any) -> None:
            request.headers["x-claim-token"] = TOKEN

        presigner.meta.events.register("before-sign.s3.GetObject", sign_token)
        return presigner

    def put(self, key: str, body: bytes, **more: str) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)

    def presigned(self, key: str) -> str:
        """The target of a presigned URL whose signature covers the claim token."""
        url = self._presigner.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key})
        return split_url(url)[1]

    def at_s3(self, target: str, **headers: str) -> Answer:
        """The same target at S3 itself."""
        return send(self.endpoint, target, host=f"{BUCKET}.s3.us-east-1.amazonaws.com", **headers)

    def deploy(self, name: str, template: Mapping[str, Any]) -> str:
        """Deploys a template with a distribution `Distribution`; its id."""
        self._cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
        waiter = self._cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 200})
        found = self._cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="Distribution")
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    @contextmanager
    def edge_arguments(self, *distributions: str, **changed: str) -> Iterator[tuple[list[str], list[str]]]:
        """What an edge is called with, and its sockets' addresses; they are open until the block is left."""
        self._edges += 1
        with contextlib.ExitStack() as sockets:
            first = sockets.enter_context(listen(0))
            others = range(2, len(distributions) + 1)
            listeners = [first, *(sockets.enter_context(listen_beside(first, each)) for each in others)]
            arguments = {
                "--aws-endpoint": self.endpoint,
                "--log": str(self._log(f"edge-{self._edges}-requests")),
            }
            arguments |= {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
            pairs = [*arguments.items()]
            for listener, distribution in zip(listeners, distributions, strict=True):
                pairs += [("--fd", str(listener.fileno())), ("--distribution", distribution)]
            addresses = [listener.getsockname() for listener in listeners]
            yield (
                [part for pair in pairs for part in pair],
                [f"http://{address}:{port}" for address, port in addresses],
            )

    @property
    def edge_environment(self) -> dict[str, str]:
        """What an edge has, and nothing else."""
        own = environment.base(self._folder.work) | self._edge_key
        return own | {origin_access.SECRET_VARIABLE: SECRET}

    def start_edge(self, *distributions: str) -> tuple[Child, list[str]]:
        """An edge's process, whether it serves or not, and the address of each distribution."""
        with self.edge_arguments(*distributions) as (arguments, addresses):
            child = Child(
                "edge",
                ["-m", "local_cloud.edge", *arguments],
                environment=self.edge_environment,
                log=self._log(f"edge-{self._edges}"),
                descriptors=[int(each) for name, each in itertools.pairwise(arguments) if name == "--fd"],
                answers=True,
            )
            return child, addresses

    @contextmanager
    def edge(self, distribution: str) -> Iterator[Edge]:
        """An edge that serves."""
        with self.edges(distribution) as (edge,):
            yield edge

    @contextmanager
    def edges(self, *distributions: str) -> Iterator[list[Edge]]:
        """One process that serves several distributions, each under an address of its own."""
        child, addresses = self.start_edge(*distributions)
        try:
            assert child.process.stdout is not None
            assert child.process.stdout.readline() == b"ready\n", child.log.read_text()
            yield [Edge(child, each, self._log(f"edge-{self._edges}-requests")) for each in addresses]
        finally:
            child.end(5)
