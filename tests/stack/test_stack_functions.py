"""The functions as they are deployed: their configuration, and the environment that they read."""

import json
import re
from pathlib import Path

from tests.stack.synthesis import Synthesised, flat, synthesise
from url_issuer.settings import Settings

RESERVED_ON_LAMBDA = {"AWS_REGION": "us-east-1"}


def issuer_environment(made: Synthesised) -> dict[str, str]:
    """The issuer's variables with CloudFormation's functions replaced by values of their shape."""
    resolved = {
        "<AssetsBucket252B3DF7>": "files",
        "<AssetsBucket252B3DF7.RegionalDomainName>": "files.s3.us-east-1.amazonaws.com",
        "<LinksTableFD6FA5FC>": "links",
        "https://<Distribution20DB6340.DomainName>": "https://d111111abcdef8.cloudfront.net",
        "<UrlIssuerSigner2999A70E.Arn>": "arn:aws:iam::111122223333:role/signer",
    }
    variables = flat(made.function("url_issuer.handler.handler")["Environment"]["Variables"])
    return {name: resolved.get(value, value) for name, value in variables.items()}


def test_a_rotation_makes_the_current_key_of_nonces_the_previous_one_and_keeps_its_secret(
    default: Synthesised, tmp_path: Path
) -> None:
    rotated = synthesise(tmp_path, nonce_key_generation=2)
    before, after = (
        json.loads(flat(made.one("AWS::SSM::Parameter")["Value"])) for made in (default, rotated)
    )
    assert after["previous_nonce_key"] == before["nonce_key"]
    assert after["nonce_key"] not in before.values()


def test_the_guard_keeps_to_what_lambda_at_edge_allows(every: Synthesised) -> None:
    guard = every.function("edge_guard.handler.handler")
    assert guard["Runtime"] == "python3.14"
    assert guard["MemorySize"] == 128
    assert guard["Timeout"] == 5
    forbidden = {"Environment", "Layers", "VpcConfig", "DeadLetterConfig", "TracingConfig", "Architectures"}
    assert not forbidden & guard.keys()


def test_the_guards_name_is_its_deployments_own(default: Synthesised) -> None:
    name = flat(default.function("edge_guard.handler.handler")["FunctionName"])
    assert name.startswith("OneTimeUrls-edge-guard-")
    assert "<AWS::StackId>" in name


def test_the_issuer_runs_on_arm_with_a_log_group_of_its_own(every: Synthesised) -> None:
    issuer = every.function("url_issuer.handler.handler")
    assert issuer["Runtime"] == "python3.14"
    assert issuer["Architectures"] == ["arm64"]
    assert issuer["MemorySize"] == 512
    assert issuer["Timeout"] == 10
    assert flat(issuer["LoggingConfig"]["LogGroup"]) == "<UrlIssuerLogs40D95653>"


def test_the_link_admin_runs_as_the_issuer_does_and_knows_nothing_but_the_table(every: Synthesised) -> None:
    admin, issuer = every.function("link_admin.handler.handler"), every.function("url_issuer.handler.handler")
    assert {name: admin[name] for name in ("Runtime", "Architectures", "MemorySize", "Timeout")} == {
        name: issuer[name] for name in ("Runtime", "Architectures", "MemorySize", "Timeout")
    }
    assert flat(admin["LoggingConfig"]["LogGroup"]).startswith("<LinkAdminLogs")
    variables = {name for name in admin["Environment"]["Variables"] if not name.startswith("POWERTOOLS_")}
    assert variables == {"LINKS_TABLE_NAME"}


def test_there_are_six_functions_in_us_east_1_and_one_more_that_tells(
    default: Synthesised, disposable: Synthesised, tailored: Synthesised
) -> None:
    for made, number in ((default, 6), (disposable, 6), (tailored, 7)):
        assert len(list(made.resources("AWS::Lambda::Function"))) == number


def test_the_issuer_understands_the_environment_that_the_stack_gives_it(
    default: Synthesised, tailored: Synthesised
) -> None:
    read = Settings.from_environment(issuer_environment(default) | RESERVED_ON_LAMBDA)
    assert (read.default_lifetime, read.max_lifetime, read.mint.retention) == (900, 3600, 30 * 86_400)
    assert read.mint.base_url == "https://d111111abcdef8.cloudfront.net"
    assert (read.mint.bucket, read.mint.table) == ("files", "links")

    read = Settings.from_environment(issuer_environment(tailored) | RESERVED_ON_LAMBDA)
    assert (read.default_lifetime, read.max_lifetime, read.mint.retention) == (60, 1800, 7 * 86_400)
    assert read.mint.base_url == "https://files.example.com"
    assert read.mint.origin == "acme-files.s3.us-east-1.amazonaws.com"


def test_the_parameter_that_the_guard_reads_holds_the_tables_arn_and_a_secret_of_the_deployments(
    default: Synthesised, abroad: Synthesised, tailored: Synthesised
) -> None:
    for made, stack, region in (
        (default, "OneTimeUrls", "us-east-1"),
        (abroad, "OneTimeUrls", "eu-west-1"),
        (tailored, "Acme-Links", "us-east-1"),
    ):
        [parameter] = (
            found["Properties"]
            for found in made.resources("AWS::SSM::Parameter")
            if found["Properties"].get("Name") == f"/onetime-urls/{region}/{stack}/links-table"
        )
        value = json.loads(flat(parameter["Value"]))
        assert value["table"] == f"arn:aws:dynamodb:{region}:<AWS::AccountId>:table/{stack}-links"
        reference = r"{{resolve:secretsmanager:<\w*NonceKey\w+>:SecretString:::?}}"
        assert re.fullmatch(reference, value["nonce_key"])
        assert "previous_nonce_key" not in value  # there was none before the first
        assert made.one("AWS::DynamoDB::GlobalTable", named="Links")["TableName"] == f"{stack}-links"
