"""Mints and fails to mint with every logger at its loudest, for test_secrets.

    python -m tests.url_issuer.loud_mints SECRETS.json

What is logged goes to the standard streams, and what must not be in it to the file.
"""

import json
import logging
import sys
from pathlib import Path
from unittest.mock import patch

from tests.url_issuer.world import deployment, lose_reply, reply, target_of
from url_issuer.handler import issuer

PRIVATE = "private-name"


def main(secrets: Path) -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
    with deployment() as cloud:
        cloud.put(PRIVATE)
        answers = [
            cloud.ask(f"key={PRIVATE}", accept=accept) for accept in ("application/json", "text/plain")
        ]
        cloud.disturb("PutItem", lose_reply)
        answers.append(cloud.ask(f"key={PRIVATE}"))
        cloud.disturb("PutItem", reply(400, b'{"__type":"ValidationException","message":"private-name"}'))
        refusals = [
            cloud.ask(f"key={PRIVATE}"),
            cloud.ask(f"key={PRIVATE}%00"),
            cloud.ask(f"key={PRIVATE}/none"),
        ]
        session = issuer()._session
        assert session is not None
        with patch("common.link_minting.mint.read_back", side_effect=RuntimeError(session.token)):
            refusals.append(cloud.ask(f"key={PRIVATE}"))
        records = cloud.records()
    urls = [
        body.strip() if body.startswith("https") else json.loads(body)["url"]
        for body in [a.body for a in answers]
    ]
    targets = [target_of(url) for url in urls]
    found = {
        "statuses": [answer.status for answer in answers + refusals],
        "secrets": [
            PRIVATE,
            session.secret_key,
            session.token,
            *(record["claim_token"]["S"] for record in records),
            *urls,
            *(target.signature for target in targets),
            *(target.parameters["x-link-nonce"] for target in targets),
        ],
        "links": [target.signature[:12] for target in targets],
    }
    secrets.write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
