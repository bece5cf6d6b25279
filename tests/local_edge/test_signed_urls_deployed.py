"""`SignedUrls`, deployed by CloudFormation to a MiniStack and served by the local edge: URLs from before,
during and after a rotation, sessions, and the APIs that make them."""

import http.client
import json
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import boto3
import pytest
from aws_cdk import App, DefaultStackSynthesizer, Environment, RemovalPolicy, Stack
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from onetime_urls.cdk import ApiAuth, LinkApi, OidcIssuer, Rule, SignedUrls, SigningKey
from tests.local_edge.small_cloud import Edge, SmallCloud
from tests.stack.synthesis import Synthesised
from tests.token_guard.world import IssuerServer
from tests.tokens import CLIENT
from tests.web import Answer, send, split_url

ASSETS = "assets-of-the-test"
STACK = "Signed"


class Deployed:
    """A stack that can be changed."""

    def __init__(self, cloud: SmallCloud, folder: Path, issuer: IssuerServer) -> None:
        self.cloud, self._folder, self.issuer = cloud, folder, issuer
        cloud.s3.create_bucket(Bucket=ASSETS)
        self.cloudformation = cloud.root("cloudformation")
        self.deployed = 0

    def deploy(self, keys: Sequence[SigningKey]) -> None:
        """Deploy the construct with these keys, and wait until it is done."""
        folder = self._folder / str(self.deployed)
        app = App(outdir=str(folder))
        stack = Stack(
            app,
            STACK,
            env=Environment(region="us-east-1"),
            synthesizer=DefaultStackSynthesizer(
                file_assets_bucket_name=ASSETS, generate_bootstrap_version_rule=False
            ),
        )
        SignedUrls(
            stack,
            "Signed",
            prefix="private/",
            api=LinkApi(stack, "Api", auth=ApiAuth.open_to_everyone()),
            issuer=OidcIssuer("https://issuer.example.com/pool", [CLIENT]),
            rules=[Rule("shared/*"), Rule("users/{sub}/*")],
            cors_origins=["https://app.example.com"],
            signing_keys=keys,
            graphql=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        app.synth()
        self._upload(Synthesised(folder))
        template = (folder / f"{STACK}.template.json").read_text()
        kind = "update" if self.deployed else "create"
        call = getattr(self.cloudformation, f"{kind}_stack")
        call(StackName=STACK, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
        waiter = self.cloudformation.get_waiter(f"stack_{kind}_complete")
        waiter.wait(StackName=STACK, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300})
        self.deployed += 1
        self._trust()

    def _trust(self) -> None:
        """Have the function trust the issuer on loopback, which no template can name: it has no https."""
        functions = self.cloud.root("lambda")
        for each in self.all("AWS::Lambda::Function"):
            variables = functions.get_function_configuration(FunctionName=each)["Environment"]["Variables"]
            if "TOKEN_ISSUER" in variables:
                variables["TOKEN_ISSUER"] = json.dumps(self.issuer.trusted().to_plain())
                functions.update_function_configuration(
                    FunctionName=each, Environment={"Variables": variables}
                )

    def _upload(self, made: Synthesised) -> None:
        for asset in made.folder.glob("asset.*.zip"):
            name = asset.name.removeprefix("asset.")
            self.cloud.s3.put_object(Bucket=ASSETS, Key=name, Body=asset.read_bytes())

    def all(self, kind: str, named: str = "") -> list[str]:
        """The ids of the stack's resources of a type, and with this in their logical ids."""
        found = self.cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
        return [
            each["PhysicalResourceId"]
            for each in found
            if each["ResourceType"] == kind and named in each["LogicalResourceId"]
        ]

    def one(self, kind: str, named: str = "") -> str:
        """The id of the only one."""
        [found] = self.all(kind, named)
        return found

    def put(self, file: str, body: bytes = b"for a while") -> None:
        bucket = self.one("AWS::S3::Bucket")
        self.cloud.s3.put_object(Bucket=bucket, Key=f"private/{file}", Body=body)

    def ask(self, path: str, **query: str) -> Answer:
        api = self.one("AWS::ApiGatewayV2::Api")
        target = f"/_aws/execute-api/{api}{path}?{urlencode(query, quote_via=quote)}"
        return send(self.cloud.endpoint, target)

    def url(self, file: str) -> str:
        """The target of a signed URL."""
        answer = self.ask("/url", file=file)
        assert answer.status == 200, answer
        return split_url(str(answer.json()["url"]))[1]

    def graphql(self, query: str, **headers: str) -> Answer:
        api = self.one("AWS::AppSync::GraphQLApi").rpartition("/")[2]
        body = json.dumps({"query": query})
        url = f"{self.cloud.endpoint}/v1/apis/{api}/graphql"
        request = AWSRequest("POST", url, data=body, headers={"content-type": "application/json"})
        SigV4Auth(Credentials("test", "test"), "appsync", "us-east-1").add_auth(request)
        sent = {name.lower(): value for name, value in request.headers.items()} | headers
        return send(self.cloud.endpoint, split_url(url)[1], method="POST", body=body, **sent)


@pytest.fixture(scope="module")
def deployed(cloud: SmallCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    issuer = IssuerServer()
    threading.Thread(target=issuer.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    made = Deployed(cloud, tmp_path_factory.mktemp("signed"), issuer)
    made.deploy([SigningKey("a")])
    yield made
    issuer.shutdown()
    issuer.server_close()


def reads(deployed: Deployed, *targets: str) -> list[int]:
    """What CloudFront answers, with what is deployed now."""
    with deployed.cloud.edge(deployed.one("AWS::CloudFront::Distribution")) as edge:
        return [edge.get(target).status for target in targets]


def test_urls_from_before_during_and_after_a_rotation_work_until_their_key_is_taken_out(
    deployed: Deployed,
) -> None:
    file = f"shared/{secrets.token_hex(4)} *?.txt"
    deployed.put(file)
    before = deployed.url(file)
    assert reads(deployed, before, before.replace("Signature=", "Signature=A")) == [200, 403]
    deployed.deploy([SigningKey("b", "ECC_NIST_P256"), SigningKey("a")])
    during = deployed.url(file)
    key_of = [target.partition("Key-Pair-Id=")[2] for target in (before, during)]
    assert key_of[0] != key_of[1]
    assert len(during) < len(before) - 200  # P-256 makes shorter ones
    assert reads(deployed, before, during) == [200, 200]
    deployed.deploy([SigningKey("b", "ECC_NIST_P256")])
    after = deployed.url(file)
    assert reads(deployed, before, during, after) == [403, 200, 200]


def test_files_are_listed(deployed: Deployed) -> None:
    deployed.put("listed/b")
    deployed.put("listed/a")
    listed = deployed.ask("/files", prefix="listed/").json()
    assert [each["file"] for each in listed["files"]] == ["listed/a", "listed/b"]


def test_graphql_answers_as_rest_does_and_errors_have_its_codes(deployed: Deployed) -> None:
    deployed.put("graphs/a")
    page = 'files(prefix: "graphs/", limit: 5) { files { file size modified } next }'
    url = 'url(file: "graphs/a", expires_in: 60) { url expires_at }'
    answer = deployed.graphql(f'{{ getFiles getUrl(file: "graphs/a") {page} {url} }}').json()
    assert "errors" not in answer, answer
    data = answer["data"]
    assert "graphs/a" in data["getFiles"]
    assert [each["file"] for each in data["files"]["files"]] == ["graphs/a"]
    assert data["files"]["files"][0]["size"] == 11
    assert "&Key-Pair-Id=" in data["getUrl"]
    assert reads(deployed, split_url(data["url"]["url"])[1]) == [200]
    wrong = deployed.graphql('{ getUrl(file: "graphs/none") }').json()
    assert [(each["errorType"], each["message"]) for each in wrong["errors"]] == [
        ("no_such_file", "There is no such file.")
    ]


def test_with_a_disabled_key_the_answer_says_so_and_what_is_out_stays_good(deployed: Deployed) -> None:
    deployed.put("kept/a")
    out = deployed.url("kept/a")
    kms = deployed.cloud.root("kms")
    keys = [
        each["KeyId"]
        for each in kms.list_keys()["Keys"]
        if kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["KeyUsage"] == "SIGN_VERIFY"
        and kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["Enabled"]
    ]
    for key in keys:
        kms.disable_key(KeyId=key)
    try:
        answer = deployed.ask("/url", file="kept/a")
    finally:
        for key in keys:
            kms.enable_key(KeyId=key)
    assert answer.status == 503
    assert "signing key is disabled" in answer.json()["message"]
    assert int(answer.headers["retry-after"]) > 0
    assert reads(deployed, out) == [200]


def test_nobody_else_may_sign(deployed: Deployed) -> None:
    name = f"user-{secrets.token_hex(4)}"
    key = deployed.cloud.make_user(name, [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}])
    theirs: Any = boto3.Session(
        key["AWS_ACCESS_KEY_ID"], key["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
    )
    kms = theirs.client("kms", endpoint_url=deployed.cloud.endpoint)
    signing = deployed.one("AWS::KMS::Key", "SigningKeys")
    with pytest.raises(ClientError) as refused:
        kms.sign(KeyId=signing, Message=b"x", SigningAlgorithm="ECDSA_SHA_256")
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def jar_of(edge: Edge, target: str, **headers: str) -> dict[str, dict[str, str]]:
    """The cookies that a session is opened with: path to name to value."""
    connection = http.client.HTTPConnection(edge.url.removeprefix("http://"), timeout=30)
    connection.request("POST", target, headers=headers)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    found: dict[str, dict[str, str]] = {}
    for line in answer.headers.get_all("set-cookie") or ():
        [(name, morsel)] = SimpleCookie(line).items()
        assert morsel["secure"]
        assert morsel["httponly"]
        found.setdefault(morsel["path"], {})[name] = morsel.value
    connection.close()
    return found


def cookies(kept: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def test_a_session_reads_what_the_rules_say_by_cookies_alone(deployed: Deployed) -> None:
    for file in ("shared/a", "users/alice/a", "users/bob/a", "other/a"):
        deployed.put(file)
    now = int(time.time())
    token = deployed.issuer.token(sub="alice", iat=now, exp=now + 600)
    target = "/-/session"
    with deployed.cloud.edge(deployed.one("AWS::CloudFront::Distribution")) as edge:
        for wrong in ("Basic YTpi", "Bearer junk"):
            refused = edge.get(target, method="POST", authorization=wrong)
            assert (refused.status, "set-cookie" in refused.headers) == (401, False)
        elsewhere = edge.get(
            target, method="POST", authorization=f"Bearer {token}", origin="https://evil.example"
        )
        assert (elsewhere.status, "set-cookie" in elsewhere.headers) == (403, False)
        jar = jar_of(edge, target, authorization=f"Bearer {token}", origin="https://app.example.com")
        assert jar.keys() == {"/", "/shared/", "/users/alice/"}
        assert edge.get("/shared/a", cookie=cookies(jar["/shared/"])).body == b"for a while"
        part = edge.get("/users/alice/a", cookie=cookies(jar["/users/alice/"]), range="bytes=4-4")
        assert (part.status, part.body) == (206, b"a")
        for path in jar:
            for file in ("/users/bob/a", "/other/a"):
                assert edge.get(file, cookie=cookies(jar[path])).status == 403
        shown = edge.get(target, cookie=cookies(jar["/"]))
        assert (shown.status, shown.json()["sub"]) == (200, "alice")
        assert shown.headers["cache-control"] == "no-store"
        assert edge.get(target).status == 401
        assert edge.get(target, method="DELETE", cookie=cookies(jar["/"])).status == 204
        asked = edge.get(
            target,
            method="OPTIONS",
            origin="https://app.example.com",
            access_control_request_method="POST",
            access_control_request_headers="authorization",
        )
        assert asked.headers["access-control-allow-origin"] == "https://app.example.com"
        assert asked.headers["access-control-allow-credentials"] == "true"
        assert "POST" in asked.headers["access-control-allow-methods"]


def test_a_file_goes_out_private_and_without_what_s3_says_of_its_storage(deployed: Deployed) -> None:
    deployed.put("shared/stored")
    now = int(time.time())
    token = deployed.issuer.token(sub="alice", iat=now, exp=now + 600)
    with deployed.cloud.edge(deployed.one("AWS::CloudFront::Distribution")) as edge:
        jar = jar_of(edge, "/-/session", authorization=f"Bearer {token}")
        for _ in ("from S3", "from the cache"):
            read = edge.get("/shared/stored", cookie=cookies(jar["/shared/"]))
            assert read.headers["cache-control"] == "private, no-cache"
            assert [each for each in read.headers if each.startswith("x-amz-")] == [
                "x-amz-cf-pop",
                "x-amz-cf-id",
            ]
