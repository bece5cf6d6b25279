"""Verifies tokens of an OpenID Connect issuer, strictly: pure rules, standard library only.

In the order of a verification: `jws` reads the text and its header, `claims` holds what it says against the
issuer that the operator trusts, and, once the caller has the key that the header names (`keys` reads an
issuer's key set), `keys.Key.verify` checks the signature with `rsa` or `ecdsa`. So everything that can be
refused for nothing is refused before a key is asked for.

All that is verified here is public: neither keys nor signatures are secret, so nothing has to run in constant
time. Nothing is configurable but what the operator has to say: whose tokens, for whom, of which use.
"""
