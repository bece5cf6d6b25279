"""Programs that hand out links run as they stand, against a deployment that is up."""

import importlib.util
import os
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from django.test import Client as DjangoClient
from fastapi.testclient import TestClient

from tests.browser import chromium
from tests.open_cloud import CALLERS
from tests.shared_cloud import Running
from tests.web import Deployment, follow

KEY = "reports/q1.pdf"


@pytest.fixture(scope="module")
def variables(deployment: Deployment) -> dict[str, str]:
    """What an example finds in its environment, with a report in the bucket."""
    deployment.s3.put_object(Bucket=deployment.bucket, Key=KEY, Body=b"the first quarter")
    credentials = deployment.session.get_credentials()
    assert credentials
    return {
        "API_ENDPOINT": deployment.outputs["ApiEndpoint"],
        "AWS_REGION": deployment.region,
        "AWS_DEFAULT_REGION": deployment.region,
        "AWS_ACCESS_KEY_ID": str(credentials.access_key),
        "AWS_SECRET_ACCESS_KEY": str(credentials.secret_key),
    }


@pytest.fixture
def load(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loads an example as a module, in its environment."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, CALLERS / f"{name}.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


def works_once(url: str) -> None:
    assert follow(url).body == b"the first quarter"
    assert follow(url).status == 403


def test_a_fastapi_app_sends_its_visitor_to_a_link_that_works_once(load: Any) -> None:
    visitor = TestClient(load("fastapi_app").app, follow_redirects=False)
    answer = visitor.get("/reports/q1.pdf")
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    works_once(answer.headers["location"])
    assert visitor.get("/reports/missing.pdf").status_code == 404


def test_a_django_view_sends_its_visitor_to_a_link_that_works_once(load: Any) -> None:
    load("django_app")
    visitor = DjangoClient(headers={"host": "localhost"})
    answer = visitor.get("/reports/q1.pdf")
    assert answer.status_code == 303
    assert "no-store" in answer.headers["cache-control"]
    works_once(answer.headers["location"])
    assert visitor.get("/reports/missing.pdf").status_code == 404


def test_a_shell_script_prints_a_link_that_works_once(variables: dict[str, str]) -> None:
    def run(key: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [CALLERS / "mint.sh", key],
            env={"PATH": os.environ["PATH"], **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    minted = run(KEY)
    assert minted.returncode == 0, minted.stdout + minted.stderr
    works_once(minted.stdout.strip())
    missing = run("reports/missing.pdf")
    assert missing.returncode != 0
    assert "no_such_object" in missing.stdout


def test_a_page_shares_an_object_from_a_browser(pages: str, open_cloud: Running) -> None:
    deployment = Deployment.from_outputs(open_cloud.outputs)
    deployment.s3.put_object(Bucket=deployment.bucket, Key=KEY, Body=b"the first quarter")
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{pages}/share.html?api={open_cloud.outputs['ApiEndpoint']}")
        page.get_by_label("File").fill(KEY)
        page.get_by_role("button", name="Share").click()
        status = page.get_by_role("status")
        status.filter(has_text="http").wait_for()
        assert str(status.text_content()).startswith(f"{open_cloud.outputs['DistributionUrl']}/-/")
