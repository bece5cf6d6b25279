"""The token guard as it is deployed, with the TLS context that it makes for Cognito: the issuer on loopback
speaks http."""

import os  # not pathlib, as the guard has it: its import would be measured

from common.edge.connection import trust
from token_guard import handler as deployed

_tls = trust(os.path.join(os.path.dirname(deployed.__file__), "amazon-roots.pem"))  # noqa: PTH118, PTH120 - the import of pathlib would be measured
handler = deployed.handler
