"""A local cloud that is up: what it says and serves, to whom, and what it doesn't let them do."""

import http.server
import os
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from local_cloud import demo, shell
from local_cloud.environment import BYTECODE
from local_cloud.terminal import Stop
from tests.local_cloud import processes
from tests.local_cloud.launcher import ROOT, Launcher
from tests.web import Answer, Deployment, follow, send, split_url

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")

KEY = "demo/Makefile"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """`make up`, open minting."""
    with Launcher("up", tmp_path_factory.mktemp("up") / "local") as launcher:
        yield launcher.reach("Ctrl-C")


@pytest.fixture(scope="module")
def served(up: Launcher) -> Deployment:
    """The same, as its outputs file describes it."""
    return Deployment.from_file(up.folder / "outputs.json")


@pytest.fixture(scope="module")
def protected(up: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """A second one that runs at the same time."""
    with Launcher("up", tmp_path_factory.mktemp("beside") / "local", ISSUER_AUTH="iam") as launcher:
        yield launcher.reach("Ctrl-C")


@pytest.fixture(scope="module")
def beside(protected: Launcher) -> Deployment:
    """The same, as its outputs file describes it."""
    return Deployment.from_file(protected.folder / "outputs.json")


@pytest.fixture
def key(served: Deployment) -> str:
    """An object to mint for, put there by the caller."""
    served.s3.put_object(Bucket=served.bucket, Key=KEY, Body=b"once")
    return KEY


def refused(error: pytest.ExceptionInfo[ClientError]) -> bool:
    return error.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


def test_a_shell_that_has_read_its_file_has_onetime_find_it_from_any_folder(up: Launcher, key: str) -> None:
    onetime = Path(sys.executable).parent / "onetime"
    listed = f'. "{up.folder}/env" && cd / && "{onetime}" list --key {key} --json'
    done = subprocess.run(["sh", "-euc", listed], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_outputs_are_the_stacks_own_with_local_addresses_and_a_callers_key(
    up: Launcher, served: Deployment
) -> None:
    assert set(served.outputs) == {
        "ApiEndpoint",
        "GetUrlEndpoint",
        "DistributionUrl",
        "AssetsBucketName",
        "LinksTableName",
        "SharesTableName",
        "Region",
        "IssuerAuth",
        "FilesEndpoint",
        "GraphqlEndpoint",
        "PrivateUrl",
        "PrivatePrefix",
        "TokenIssuer",
        "UserPoolId",
        "UserPoolClientId",
        "SignedDistributionUrl",
        "UrlEndpoint",
        "SessionUrl",
        "ConsoleUrl",
        "AwsEndpointUrl",
        "AccessKeyId",
        "SecretAccessKey",
    }
    for name in ("ApiEndpoint", "GetUrlEndpoint", "DistributionUrl", "AwsEndpointUrl"):
        assert re.match(r"http://127\.0\.0\.1:\d+(/|$)", served.outputs[name])
    assert re.fullmatch(r"http://127\.0\.0\.2:\d+", served.outputs["PrivateUrl"])
    assert re.fullmatch(r"http://127\.0\.0\.3:\d+", served.outputs["SignedDistributionUrl"])
    assert re.fullmatch(r"http://127\.0\.0\.4:\d+", served.outputs["ConsoleUrl"])
    assert served.outputs["GetUrlEndpoint"] == served.outputs["ApiEndpoint"] + "/get-url"


def test_the_console_is_served_as_cloudfront_would_and_knows_addresses_of_this_machine_only(
    served: Deployment,
) -> None:
    console = served.outputs["ConsoleUrl"]
    page, config = send(console, "/"), send(console, "/config.json")
    assert [each.status for each in (page, config)] == [200, 200]
    for each in (page, config):
        assert each.headers["cache-control"] == "no-cache"
        assert each.headers["x-cache"] == "Miss from cloudfront"
        assert "amazonaws.com" not in each.body.decode()
        assert "cloudfront.net" not in each.body.decode()
        assert "frame-ancestors 'none'" in each.headers["content-security-policy"]
    read = config.json()
    assert read["api"] == served.outputs["ApiEndpoint"]
    assert read["signIn"] is None
    unchanged = send(console, "/", if_none_match=page.headers["etag"])
    assert (unchanged.status, unchanged.body) == (304, b"")
    [script] = re.findall('src="(assets/[0-9a-f]{16}/app/main.js)"', page.body.decode())
    for kept in ("Miss", "Hit"):
        found = send(console, f"/{script}", accept_encoding="gzip")
        assert (found.status, found.headers["content-encoding"]) == (200, "gzip")
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert found.headers["x-cache"] == f"{kept} from cloudfront"
    assert send(console, "/assets/none/app/main.js").status == 404


def test_the_api_answers_the_consoles_preflight_and_no_other_pages(served: Deployment) -> None:
    api, path = split_url(f"{served.outputs['ApiEndpoint']}/shares")

    def ask(origin: str) -> Answer:
        return send(api, path, method="OPTIONS", origin=origin, access_control_request_method="POST")

    allowed = ask(served.outputs["ConsoleUrl"])
    assert allowed.headers["access-control-allow-origin"] == served.outputs["ConsoleUrl"]
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "authorization" in allowed.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in ask("http://127.0.0.4:1").headers


def test_files_with_the_secret_are_for_their_owner_only(up: Launcher) -> None:
    assert stat.S_IMODE(up.folder.stat().st_mode) == 0o700
    for name in ("outputs.json", "env"):
        assert stat.S_IMODE((up.folder / name).stat().st_mode) == 0o600


def test_the_commands_that_up_prints_work_as_they_are_printed(up: Launcher) -> None:
    printed = up.output.partition("Try it")[2].partition(":\n\n")[2].partition("\n\n")[0]
    done = subprocess.run(
        ["sh", "-ec", printed], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith((ROOT / "Makefile").read_text())
    assert "already been used" in done.stdout
    assert done.stderr == ""


def test_the_secret_is_not_printed(up: Launcher, served: Deployment) -> None:
    assert served.outputs["SecretAccessKey"] not in up.output


def test_every_listener_of_every_process_is_on_loopback(up: Launcher, served: Deployment, key: str) -> None:
    assert follow(served.mint(key)["url"]).status == 200  # both functions have processes now
    running = processes.of(up.folder)
    assert sum("_worker.py" in line for line in running.values()) >= 2
    addresses = [
        address for process in (up.process.pid, *running) for address in processes.listeners(process)
    ]
    assert sorted(addresses) == ["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]


def test_a_second_start_on_the_folder_says_in_one_line_who_holds_it(up: Launcher) -> None:
    with Launcher("up", up.folder) as second:
        assert second.finish() == 1
    complaint = second.output.splitlines()[-1]
    assert f"pid {up.process.pid}" in complaint
    assert "LOCAL_DIR" in complaint
    assert (up.folder / "outputs.json").exists()


def test_two_run_side_by_side_and_know_nothing_of_each_other(
    served: Deployment, beside: Deployment, key: str
) -> None:
    link = served.mint(key)["url"]
    elsewhere = link.replace(served.outputs["DistributionUrl"], beside.outputs["DistributionUrl"])
    assert follow(elsewhere).reason == "403 unknown"
    assert follow(link).body == b"once"


def test_the_protected_api_mints_for_the_caller_and_for_nobody_else(beside: Deployment) -> None:
    beside.s3.put_object(Bucket=beside.bucket, Key=KEY, Body=b"once")
    assert beside.ask_api(f"key={KEY.replace('/', '%2F')}", signed=False).status == 403
    assert follow(beside.mint(KEY)["url"]).body == b"once"


def test_the_caller_may_fill_list_and_clear_the_bucket_change_its_policy_and_scan_the_table(
    served: Deployment,
) -> None:
    version = served.s3.put_object(Bucket=served.bucket, Key="caller", Body=b"x")["VersionId"]
    assert served.s3.list_objects_v2(Bucket=served.bucket, Prefix="caller")["KeyCount"] == 1
    assert served.s3.list_object_versions(Bucket=served.bucket, Prefix="caller")["Versions"]
    served.s3.delete_object(Bucket=served.bucket, Key="caller", VersionId=version)
    policy = served.s3.get_bucket_policy(Bucket=served.bucket)["Policy"]
    served.s3.put_bucket_policy(Bucket=served.bucket, Policy=policy)
    table = served.outputs["LinksTableName"]
    assert served.dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"
    assert "Items" in served.dynamodb.scan(TableName=table)


def test_the_caller_may_not_read_objects_or_touch_records_users_or_functions(
    served: Deployment, key: str
) -> None:
    table = served.outputs["LinksTableName"]
    with pytest.raises(ClientError) as error:
        served.s3.get_object(Bucket=served.bucket, Key=key)
    assert refused(error)
    with pytest.raises(ClientError) as error:
        served.dynamodb.put_item(TableName=table, Item={"signature": {"S": "0" * 64}})
    assert refused(error)
    with pytest.raises(ClientError) as error:
        served.dynamodb.get_item(TableName=table, Key={"signature": {"S": "0" * 64}})
    assert refused(error)
    with pytest.raises(ClientError) as error:
        served.session.client("iam", endpoint_url=served.aws_endpoint).create_user(UserName="another")
    assert refused(error)
    with pytest.raises(ClientError) as error:
        served.session.client("lambda", endpoint_url=served.aws_endpoint).list_functions()
    assert refused(error)


def test_the_edges_user_may_invoke_the_guards_version_and_nothing_else(
    up: Launcher, served: Deployment, key: str
) -> None:
    edge = processes.one(up.folder, "local_cloud.edge")
    session = boto3.Session(
        aws_access_key_id=processes.variable(edge, "AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=processes.variable(edge, "AWS_SECRET_ACCESS_KEY"),
        region_name="us-east-1",
    )
    distribution = re.search(r"--distribution (\S+)", processes.of(up.folder)[edge])
    assert distribution
    config = session.client("cloudfront", endpoint_url=served.aws_endpoint).get_distribution(
        Id=distribution[1]
    )
    behaviour = config["Distribution"]["DistributionConfig"]["DefaultCacheBehavior"]
    guard = behaviour["LambdaFunctionAssociations"]["Items"][0]["LambdaFunctionARN"]
    functions = session.client("lambda", endpoint_url=served.aws_endpoint)
    assert functions.get_function_configuration(FunctionName=guard)["Version"].isdigit()
    for other in (guard.rpartition(":")[0], guard.rpartition(":")[0] + ":$LATEST"):
        with pytest.raises(ClientError) as error:
            functions.invoke(FunctionName=other, Payload=b"{}")
        assert refused(error)
    with pytest.raises(ClientError) as error:
        session.client("s3", endpoint_url=served.aws_endpoint).get_object(Bucket=served.bucket, Key=key)
    assert refused(error)


@pytest.mark.parametrize("sign", ["origin", "sec_fetch_site"])
def test_no_page_in_a_browser_reaches_the_aws_apis_and_any_may_call_the_http_api(
    served: Deployment, sign: str
) -> None:
    assert served.aws_endpoint is not None
    query = "Action=ListUsers&Version=2010-05-08&X-Amz-Credential=test/20260101/us-east-1/iam/aws4_request"
    for path in ("/", "/_aws/execute-api/", "/_aws/execute-api/x"):
        refused = send(served.aws_endpoint, f"{path}?{query}", **{sign: "http://evil.example"})
        assert (refused.status, refused.body) == (403, b"")
    base, mint = split_url(served.outputs["GetUrlEndpoint"])
    assert send(base, mint, **{sign: "http://evil.example"}).status == 400


def test_the_demo_holds(served: Deployment, tmp_path: Path) -> None:
    session = demo.Session(tmp_path, shell.variables(served.outputs), Stop())
    demo.show(session, tmp_path, signed=False)
    assert session.differences == []


def test_the_demo_tells_an_edge_that_gives_files_away(served: Deployment, tmp_path: Path) -> None:
    class Generous(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (tmp_path / "report.pdf").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Generous) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"127.0.0.1:{server.server_address[1]}"
        variables = shell.variables(served.outputs) | {"LINKS": f"http://{here}"}
        there = served.outputs["DistributionUrl"].removeprefix("http://")
        (tmp_path / ".curlrc").write_text(f'connect-to = "{there}:{here}"\n')
        session = demo.Session(tmp_path, variables, Stop())
        demo.show(session, tmp_path, signed=False)
        server.shutdown()
    assert "the second download is answered with 403" in session.differences
    assert "exactly one of 32 gets the file" in session.differences


def test_ctrl_c_stops_it_and_leaves_no_process_file_or_lock(up: Launcher, served: Deployment) -> None:
    assert up.finish(signal.SIGINT, 15) == 0
    assert up.output.endswith("Stopped; nothing is left behind.\n")
    assert up.left_nothing()
    assert not (BYTECODE / up.folder.relative_to("/")).exists()
    assert not list(ROOT.glob("cdk.out*"))
    with pytest.raises(ConnectionRefusedError):
        follow(served.outputs["DistributionUrl"] + "/")


def test_a_server_that_dies_is_told_and_ends_the_rest(protected: Launcher) -> None:
    os.kill(processes.one(protected.folder, "local_cloud.ministack.server"), signal.SIGKILL)
    assert protected.finish() == 1
    assert "MiniStack ended unexpectedly (signal 9)" in protected.output
    assert protected.left_nothing()
