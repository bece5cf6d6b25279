"""Binds minting to the HTTP API, the environment and the clock. Lambda calls `handler`."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from common.http_api.aws_calls import CLIENT_CONFIG
from common.http_api.binding import new_app, new_logger, template
from common.http_api.metrics import count
from common.link_minting.aws import PARAMETER_REGION
from common.link_minting.mint import Issuer
from onetime_urls.protocol.contract.metrics import Metric
from onetime_urls.protocol.contract.routes import GET_URL
from url_issuer.answers import hand_out
from url_issuer.parameters import read_request
from url_issuer.settings import Settings

logger = new_logger()
app = new_app(logger, GET_URL)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, log_event=False, clear_state=True
)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request in the HTTP API's payload format 2.0."""
    return app.resolve(event, context)


@cache
def settings() -> Settings:
    """The deployment's settings, read at the first request.

    Raises:
        SettingsError: the environment is not what the construct sets.
    """
    return Settings.from_environment(os.environ)


@cache
def issuer() -> Issuer:
    """The issuer of this deployment, made at the first request and kept for the next ones."""
    mint = settings().mint
    return Issuer(
        settings=mint,
        s3=boto3.client("s3", region_name=mint.bucket_region, config=CLIENT_CONFIG),
        sts=boto3.client("sts", region_name=mint.region, config=CLIENT_CONFIG),
        dynamodb=boto3.client("dynamodb", region_name=mint.region, config=CLIENT_CONFIG),
        ssm=boto3.client("ssm", region_name=PARAMETER_REGION, config=CLIENT_CONFIG),
    )


@app.get(template(GET_URL))
def get_url() -> Response[str]:
    """`GET /get-url`: a new one-time link."""
    wanted = read_request(app.current_event.raw_query_string, settings())
    link = issuer().mint(wanted, lambda: app.lambda_context.get_remaining_time_in_millis() / 1000)
    count(Metric.MINTED)
    logger.info("minted", link=link.name, size=link.record.size, expires_at=link.record.expires_at)
    return hand_out(link, app.current_event.headers.get("accept", ""))
