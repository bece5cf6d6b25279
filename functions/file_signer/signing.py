"""Has KMS sign for CloudFront. The private key never leaves KMS, and no URL goes out without its signature.

The form of what is signed and of what is sent is botocore's own signer's. What several users share, the
policy of a prefix until the end of a window, is signed once in a container; KMS lets an account make 500 RSA
or 300 ECDSA signatures a second by default (KMS Developer Guide, "Request quotas").
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.signers import CloudFrontSigner

from common.http_api.aws_calls import TimeLeft, calling
from common.http_api.errors import Code, Refused, Unavailable
from file_signer.policies import HASH_ALGORITHM, MAX_SIGNED_BYTES

MAX_REMEMBERED = 512
"""Signatures of prefixes; a signature with its policy has about 700 bytes."""

_UNUSABLE = frozenset(
    {
        "AccessDeniedException",
        "DisabledException",
        "InvalidKeyUsageException",
        "KMSInvalidStateException",
        "NotFoundException",
    }
)


@dataclass(frozen=True, slots=True)
class Signer:
    """One container's signer.

    Attributes:
        kms: client of KMS.
        key: ARN of the KMS key.
        algorithm: KMS's name of it.
        key_pair_id: CloudFront's id of the key's public half.
    """

    kms: Any
    key: str
    algorithm: str
    key_pair_id: str
    _signed: OrderedDict[tuple[str, int], dict[str, str]] = field(default_factory=OrderedDict)

    def url(self, url: str, expires_at: int, time_left: TimeLeft) -> str:
        """`url`, signed with a canned policy.

        Raises:
            Refused: it is too long to be signed.
            Unavailable: KMS can't be reached, or won't sign.
        """
        signed: str = self._botocore(time_left).generate_presigned_url(url, date_less_than=_date(expires_at))
        return f"{signed}&Hash-Algorithm={HASH_ALGORITHM}"

    def cookies(self, resource: str, expires_at: int, time_left: TimeLeft) -> dict[str, str]:
        """Signed cookies for a resource with a wildcard, by name.

        Raises:
            Unavailable: KMS can't be reached, or won't sign.
        """
        known = self._signed.get((resource, expires_at))
        if known is None:
            botocore = self._botocore(time_left)
            policy = botocore.build_policy(resource, _date(expires_at))
            query = botocore.generate_presigned_url("", policy=policy).removeprefix("?")
            pairs = [*query.split("&"), f"Hash-Algorithm={HASH_ALGORITHM}"]
            known = {
                f"CloudFront-{name}": value for name, _, value in (each.partition("=") for each in pairs)
            }
            self._signed[resource, expires_at] = known
            if len(self._signed) > MAX_REMEMBERED:
                self._signed.popitem(last=False)
        return known

    def _botocore(self, time_left: TimeLeft) -> CloudFrontSigner:
        return CloudFrontSigner(self.key_pair_id, lambda message: self._sign(message, time_left))

    def _sign(self, message: bytes, time_left: TimeLeft) -> bytes:
        if len(message) > MAX_SIGNED_BYTES:
            raise Refused(Code.URL_TOO_LONG, "The file's name is too long for a signed URL.")
        try:
            with calling("Sign", time_left):
                signature: bytes = self.kms.sign(
                    KeyId=self.key, Message=message, MessageType="RAW", SigningAlgorithm=self.algorithm
                )["Signature"]
        except Unavailable as error:
            said = (
                "The signing key is disabled, gone or not ours to use: its operator has to mend that."
                if error.cause in _UNUSABLE
                else "The signing key could not be used just now: try again."
            )
            raise Unavailable(error.operation, error.cause, said) from error
        return signature


def _date(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
