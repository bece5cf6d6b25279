"""The edge guard's SSM parameter: one JSON object, which the stack writes, and guard and minting read."""

TABLE = "table"
"""ARN of the links table."""

NONCE_KEY = "nonce_key"
"""The key that nonces are made with."""

PREVIOUS_NONCE_KEY = "previous_nonce_key"
"""The one before it, whose nonces are still good."""
