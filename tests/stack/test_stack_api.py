"""The API: its routes, closed by default, throttled, and logged without what is secret."""

import json
import re
from pathlib import Path

import app
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.links.url_issuer import UrlIssuer
from onetime_urls.protocol.contract.routes import Route
from tests.stack.synthesis import Json, Synthesised, flat, new_app


def log_format(made: Synthesised) -> Json:
    read: Json = json.loads(made.one("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["Format"])
    return read


PAGE = "ANY /-/{id}"


def routes(made: Synthesised) -> dict[str, Json]:
    """Route key to properties."""
    found = [each["Properties"] for each in made.resources("AWS::ApiGatewayV2::Route")]
    return {each["RouteKey"]: each for each in found}


def test_these_are_the_routes(every: Synthesised) -> None:
    assert sorted(routes(every)) == [
        PAGE,
        "DELETE /links/{id}",
        "DELETE /shares/{id}",
        "GET /get-url",
        "GET /links",
        "GET /links/{id}",
        "GET /objects",
        "GET /shares",
        "GET /shares/{id}",
        "POST /shares",
        "POST /uploads",
        "POST /uploads/abort",
        "POST /uploads/complete",
        "POST /uploads/resume",
    ]
    assert every.one("AWS::ApiGatewayV2::Api")["ProtocolType"] == "HTTP"


def test_minting_needs_an_iam_signature_unless_something_else_is_set(
    default: Synthesised, abroad: Synthesised
) -> None:
    for made in (default, abroad):
        kinds = {key: each["AuthorizationType"] for key, each in routes(made).items()}
        assert kinds.pop(PAGE) == "NONE"
        assert set(kinds.values()) == {"AWS_IAM"}
        assert list(made.resources("AWS::ApiGatewayV2::Authorizer")) == []


def test_jwt_takes_tokens_of_the_issuer_for_the_audience_from_the_authorization_header(
    tailored: Synthesised,
) -> None:
    authorizer = tailored.one("AWS::ApiGatewayV2::Authorizer")
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert authorizer["JwtConfiguration"] == {
        "Issuer": "https://login.example.com/tenant",
        "Audience": ["web", "cli"],
    }
    for route in (route for key, route in routes(tailored).items() if key != PAGE):
        assert route["AuthorizationType"] == "JWT"
        assert flat(route["AuthorizerId"]).startswith("<MintApi")


def test_open_minting_has_to_be_asked_for(disposable: Synthesised) -> None:
    assert {each["AuthorizationType"] for each in routes(disposable).values()} == {"NONE"}
    assert "APIG4" in disposable.acknowledged


def test_the_default_stage_is_throttled_as_set(default: Synthesised, tailored: Synthesised) -> None:
    for made, rate, burst in ((default, 50, 100), (tailored, 5, 10)):
        stage = made.one("AWS::ApiGatewayV2::Stage")
        assert stage["StageName"] == "$default"
        assert stage["AutoDeploy"] is True
        assert stage["DefaultRouteSettings"] == {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}


def test_every_request_is_logged_to_a_group_that_forgets(every: Synthesised) -> None:
    destination = every.one("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["DestinationArn"]
    assert flat(destination) == "<MintApiAccessLogs570E45B3.Arn>"
    assert every.one("AWS::Logs::LogGroup", named="MintApiAccessLogs")["RetentionInDays"] == 90


def test_the_log_names_no_path_no_query_string_no_header_and_no_token(every: Synthesised) -> None:
    # Parts of the names of the variables that hold any of these (API Gateway Developer Guide, "Customize
    # HTTP API access logs").
    secret = re.compile(r"path|query|override|header|authorization|token|claims\.(?!sub$)", re.IGNORECASE)
    for variable in log_format(every).values():
        assert re.fullmatch(r"\$context(\.[A-Za-z]+)+", variable)
        assert not secret.search(variable)


def test_the_log_tells_who_minted_when_and_with_what_result(every: Synthesised) -> None:
    wanted = {"requestId", "time", "status", "sourceIp", "userArn", "subject", "authorizerError"}
    assert wanted <= log_format(every).keys()


def test_no_page_may_call_the_api_unless_its_origin_is_set(
    default: Synthesised, tailored: Synthesised
) -> None:
    assert "CorsConfiguration" not in default.one("AWS::ApiGatewayV2::Api")
    cors = tailored.one("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["https://app.example.com", "http://localhost:3000"]
    assert cors["AllowMethods"] == ["DELETE", "GET", "POST"]
    assert {"authorization", "content-type"} <= set(cors["AllowHeaders"])
    assert "AllowCredentials" not in cors


def test_the_endpoint_outputs_are_the_apis_address_and_the_whole_url_of_the_mint_route(
    every: Synthesised,
) -> None:
    assert flat(every.outputs["ApiEndpoint"]["Value"]) == "<MintApi0052FF3C.ApiEndpoint>"
    assert flat(every.outputs["GetUrlEndpoint"]["Value"]) == "<MintApi0052FF3C.ApiEndpoint>/get-url"


def test_a_public_route_has_no_authoriser_and_says_why_and_others_keep_theirs(tmp_path: Path) -> None:
    made = new_app(tmp_path, cors_origins="https://app.example.com")
    stack = app.compose(made)
    api = stack.node.find_child("MintApi")
    issuer = stack.node.find_child("Default").node.find_child("UrlIssuer")
    assert isinstance(api, LinkApi)
    assert isinstance(issuer, UrlIssuer)
    api.add_public_route("/page/{id}", issuer.made.function, why="A page for everyone.")
    api.add_route(Route("/more", ("PUT",)), issuer.made.function)
    made.synth()
    synthesised = Synthesised(tmp_path)
    authorised = {key: route["AuthorizationType"] for key, route in routes(synthesised).items()}
    assert authorised.pop("ANY /page/{id}") == authorised.pop(PAGE) == "NONE"
    assert authorised["PUT /more"] == "AWS_IAM"
    assert set(authorised.values()) == {"AWS_IAM"}
    assert "APIG4" in synthesised.acknowledged
    assert len(list(synthesised.resources("AWS::ApiGatewayV2::Integration"))) == 5  # one a function
    cors = synthesised.one("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowMethods"] == ["DELETE", "GET", "POST", "PUT"]
