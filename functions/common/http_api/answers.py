"""Writes what a caller is answered with, when all went well: JSON that nobody stores."""

import json
from typing import Any

from aws_lambda_powertools.event_handler import Response

from common.http_api.errors import NO_STORE


def json_answer(body: dict[str, Any], status: int = 200) -> Response[str]:
    """A JSON response."""
    return Response(
        status_code=status,
        content_type="application/json",
        body=json.dumps(body, ensure_ascii=False) + "\n",
        headers=dict(NO_STORE),
    )
