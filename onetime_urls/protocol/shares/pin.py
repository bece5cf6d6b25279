"""Decides how a PIN is kept and how often it may be tried.

A PIN is short, so two things protect it: a hash that is dear to compute, for whoever reads the table,
and a count of tries, for whoever asks the page. A try is written down before the PIN is looked at
(`Tries.debited`, stored on the condition that nobody else wrote in between), so that no number of
parallel requests gets more tries than one after another would.

scrypt's parameters are among those that OWASP's Password Storage Cheat Sheet gives as equal to each
other. These take 32 MB, so they fit a function of 512 MB, and 0.24 s on one core of a server; Lambda
gives such a function about a third of a core.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Self

from onetime_urls.protocol.shares.limits import FIRST_LOCK_SECONDS, LONGEST_LOCK_SECONDS, PIN_TRIES

_COST, _BLOCK_SIZE, _PARALLELISM = 2**15, 8, 3
_MEMORY = 64 * 2**20  # twice what these parameters need: OpenSSL counts generously

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class PinHash:
    """What is kept of a PIN.

    Attributes:
        salt: `SALT_BYTES` random bytes, the share's own.
        digest: 32 bytes.
    """

    salt: bytes
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, pin: str, salt: bytes) -> Self:
        """Hash a PIN. Two spellings of one text in Unicode are one PIN (normal form C)."""
        digest = hashlib.scrypt(
            unicodedata.normalize("NFC", pin).encode("utf-8", "surrogatepass"),
            salt=salt,
            n=_COST,
            r=_BLOCK_SIZE,
            p=_PARALLELISM,
            maxmem=_MEMORY,
            dklen=32,
        )
        return cls(salt, digest)

    def matches(self, pin: str) -> bool:
        """Whether this is the PIN: the same work for every answer."""
        return hmac.compare_digest(self.digest, PinHash.of(pin, self.salt).digest)


@dataclass(frozen=True, slots=True)
class Tries:
    """Where a share stands with wrong PINs.

    Attributes:
        made: tries since the last lock, or since a right PIN.
        locks: how often it was locked: each lock is twice as long as the one before.
        locked_until: epoch seconds, 0 for never.
    """

    made: int = 0
    locks: int = 0
    locked_until: int = 0

    @property
    def left(self) -> int:
        """Tries before the next lock."""
        return PIN_TRIES - self.made

    def debited(self, now: int) -> "Tries":
        """After one more try at `now`. The last one locks at once: if it is right, the lock is undone."""
        if self.made + 1 < PIN_TRIES:
            return Tries(self.made + 1, self.locks, self.locked_until)
        length = min(FIRST_LOCK_SECONDS * 2 ** min(self.locks, 32), LONGEST_LOCK_SECONDS)
        return Tries(0, self.locks + 1, now + length)

    def reset(self) -> "Tries":
        """After a right PIN, which was tried while this stood: tries begin anew. The locks stay counted,
        because their growth is what holds a patient guesser."""
        return Tries(0, self.locks, self.locked_until)


def tries_request(table: str, share_id: str, before: Tries, after: Tries) -> dict[str, Any]:
    """`UpdateItem` that stores `after`, on the condition that `before` still stands.

    The answer and the refusal both carry the item: as it is now, and as it stood.
    """
    return {
        "TableName": table,
        "Key": {"id": {"S": share_id}},
        "ConditionExpression": "pin_tries = :tries AND pin_locks = :locks AND locked_until = :until",
        "UpdateExpression": "SET pin_tries = :new_tries, pin_locks = :new_locks, locked_until = :new_until",
        "ExpressionAttributeValues": {
            ":tries": {"N": str(before.made)},
            ":locks": {"N": str(before.locks)},
            ":until": {"N": str(before.locked_until)},
            ":new_tries": {"N": str(after.made)},
            ":new_locks": {"N": str(after.locks)},
            ":new_until": {"N": str(after.locked_until)},
        },
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
