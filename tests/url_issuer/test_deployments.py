"""Deployments that are set up otherwise: each test makes its own."""

import os
import socket
from unittest.mock import patch

import pytest

from tests.url_issuer.world import CLIENT_OF, Log, assert_unavailable, deployment, operations, target_of
from url_issuer.handler import issuer, settings


def test_on_an_unversioned_bucket_the_etag_alone_is_the_promise() -> None:
    with deployment(versioned=False) as cloud:
        url = cloud.mint("a.txt")["url"]
        [record] = cloud.records()
    assert "versionId" not in target_of(url).parameters
    assert "version_id" not in record
    assert record["etag"]["S"].startswith('"')


@operations
def test_an_unreachable_service_is_a_503_without_a_url(
    operation: str, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with socket.socket() as never_listens, deployment() as cloud:
        cloud.put("a.txt")
        never_listens.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{never_listens.getsockname()[1]}"
        with patch.dict(os.environ, {f"AWS_ENDPOINT_URL_{CLIENT_OF[operation].upper()}": nowhere}):
            settings.cache_clear()
            issuer.cache_clear()
            assert_unavailable(cloud.ask("key=a.txt"))
        assert cloud.records() == []
    assert log()[0]["cause"] == "EndpointConnectionError"


def test_an_endpoint_setting_reaches_the_calls_but_not_the_signed_url() -> None:
    elsewhere = {"AWS_ENDPOINT_URL_S3": "https://s3.eu-west-1.amazonaws.com"}
    with deployment() as cloud:
        there = cloud.mint("a.txt")
        with patch.dict(os.environ, elsewhere):
            settings.cache_clear()
            issuer.cache_clear()
            here = cloud.mint("a.txt")
            assert issuer().s3.meta.endpoint_url == elsewhere["AWS_ENDPOINT_URL_S3"]
    scopes = [target_of(body["url"]).parameters["X-Amz-Credential"].split("/")[2] for body in (there, here)]
    assert scopes == ["us-east-1", "us-east-1"]


def test_a_deployment_with_a_bad_environment_answers_500_and_logs_the_variable(log: Log) -> None:
    with deployment() as cloud, patch.dict(os.environ, {"BUCKET_NAME": "with.dots"}):
        settings.cache_clear()
        issuer.cache_clear()
        answer = cloud.ask("key=a.txt")
    assert (answer.status, answer.json["error"]) == (500, "internal")
    assert "BUCKET_NAME" not in answer.body
    [line] = log()
    assert (line["exception_name"], line["level"]) == ("SettingsError", "ERROR")
    assert line["reason"].startswith("BUCKET_NAME")
