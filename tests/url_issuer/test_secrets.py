"""Nothing secret in the log, whatever the environment asks the loggers for."""

import json
import os
import subprocess
import sys
from pathlib import Path

LOUD = {
    "POWERTOOLS_DEBUG": "true",
    "POWERTOOLS_DEV": "true",
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
}


def test_no_token_query_url_or_key_is_logged_even_at_the_loudest(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.json"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.url_issuer.loud_mints", secrets],
        env=os.environ | LOUD,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(secrets.read_text())
    assert found["statuses"] == [200, 200, 200, 503, 400, 404, 500]
    logged = ran.stdout + ran.stderr
    assert all(link in logged for link in found["links"])
    assert [secret for secret in found["secrets"] if secret in logged] == []
