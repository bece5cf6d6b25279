"""The keys that nonces of links are made with: the current one, and the one before it.

Each is a secret that CloudFormation makes and nobody sees. A rotation raises the generation by one: what was
the current key is the previous one then, under the same logical id and so with the same value; a new one is
made, and the oldest is deleted. The parameter that names both changes with it, so it is written anew.
"""

import json
import string

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from onetime_urls.cdk.nag import acknowledge
from onetime_urls.protocol.contract.parameter import NONCE_KEY, PREVIOUS_NONCE_KEY, TABLE


class NonceKeys(Construct):
    """A secret, and from the second generation on the one before it."""

    def __init__(self, scope: Construct, construct_id: str, *, generation: int) -> None:
        """
        Args:
            generation: of the current key, from 1.
        """
        super().__init__(scope, construct_id)
        self._keys = {NONCE_KEY: self._key(generation)}
        if generation > 1:
            self._keys[PREVIOUS_NONCE_KEY] = self._key(generation - 1)

    def parameter_value(self, table_arn: str) -> str:
        """What the guard's parameter says, with references that CloudFormation resolves as it deploys.

        Args:
            table_arn: of the links table.
        """
        references = {name: key.secret_value.unsafe_unwrap() for name, key in self._keys.items()}
        return json.dumps({TABLE: table_arn, **references}, separators=(",", ":"))

    def _key(self, generation: int) -> secretsmanager.Secret:
        key = secretsmanager.Secret(
            self,
            f"NonceKey{generation}",
            description="Makes nonces of one-time links: a forged one costs no write",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                # The value stands in JSON. MiniStack knows the second way to say it only.
                exclude_punctuation=True,
                exclude_characters=string.punctuation,
                password_length=48,
            ),
        )
        acknowledge(key, {"SMG4": "It only spares writes. A rotation is a deployment: docs/operations.md."})
        return key
