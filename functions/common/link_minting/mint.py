"""The steps of a mint, in the only order that is safe: nothing leaves before the record is stored.

Look the object up, sign, measure, store, and only then hand the URL out. A step that fails ends the
mint. At worst a record stays behind for a URL that nobody was given.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from common.http_api.aws_calls import TimeLeft
from common.http_api.errors import Code, Refused, Unavailable
from common.link_minting.aws import PinnedObject, assume_signer, pin_object, read_nonce_key, store_record
from common.link_minting.credentials import SignerCredentials, last_promise, reusable
from common.link_minting.disposition import MAX_NAME_BYTES, content_disposition, name_from_key, shortened
from common.link_minting.presign import presign, read_back
from common.link_minting.settings import MintSettings
from onetime_urls.protocol.contract.names import shown_link
from onetime_urls.protocol.links.canonical import (
    BOUND_PARAMETER,
    BUDGET_PARAMETER,
    CIDR_PARAMETER,
    RESUME_PARAMETER,
    SIZE_PARAMETER,
)
from onetime_urls.protocol.links.limits import DEFAULT_RESUME_FACTOR, MAX_URL_LENGTH, S3_GRACE
from onetime_urls.protocol.links.nonce import make_nonce
from onetime_urls.protocol.links.record import LinkRecord

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_s3.client import S3Client
    from types_boto3_ssm.client import SSMClient
    from types_boto3_sts.client import STSClient

NONCE_KEY_SECONDS = 300
"""How long a key of nonces is minted with before it is read again. Two rotations of the key must lie further
apart than this and the longest life of a link."""

SHORT_NAME_BYTES = 64
"""What a file name is cut to when the URL would be too long otherwise. A byte of a name takes up to
five characters in the URL: its `%XX` is escaped once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MintRequest:
    """What a link is wanted for, valid.

    Attributes:
        key: the object's key.
        disposition: whether a browser saves the object or shows it.
        expires_in: seconds that the link is to live.
        filename: the name to save it under; None stands for the key's last segment.
        max_claims: admissions.
        resume: seconds after a claim in which its claimer may come back for more; 0 is none.
        resume_factor: how often the object's bytes may be sent under one claim, in all.
        resume_by: whether the claimer is known by a cookie, or by address and agent.
        cidr: the only network that may redeem the link, in canonical form; None is any.
        share: what the share is called that hands the link out; None if it is asked for by itself.
    """

    key: str
    disposition: Literal["attachment", "inline"] = "attachment"
    expires_in: int
    filename: str | None = None
    max_claims: int = 1
    resume: int = 0
    resume_factor: int = DEFAULT_RESUME_FACTOR
    resume_by: Literal["cookie", "address"] = "cookie"
    cidr: str | None = None
    share: str | None = None

    def terms(self, size: int) -> dict[str, str]:
        """What of this the guard has to know before it writes: further parameters of the URL.

        Args:
            size: bytes of the object.
        """
        terms = {}
        if self.resume:
            terms[SIZE_PARAMETER] = str(size)
            terms[RESUME_PARAMETER] = str(self.resume)
            terms[BUDGET_PARAMETER] = str(size * self.resume_factor)
            if self.resume_by == "address":
                terms[BOUND_PARAMETER] = "address"
        if self.cidr is not None:
            terms[CIDR_PARAMETER] = self.cidr
        return terms


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be handed out.

    Attributes:
        url: the whole URL. Secret: whoever has it can use the link.
        record: what is stored of it. It holds the claim token.
        resume: seconds after a claim in which its claimer may come back for more.
    """

    url: str = field(repr=False)
    record: LinkRecord = field(repr=False)
    resume: int = 0

    @property
    def name(self) -> str:
        """What the link is called in a log: the first digits of its signature."""
        return shown_link(self.record.signature)


@dataclass(kw_only=True)
class Issuer:
    """Mints links for one deployment. Keeps the key of nonces, and the signer's session, between mints."""

    settings: MintSettings
    s3: S3Client
    sts: STSClient
    dynamodb: DynamoDBClient
    ssm: SSMClient
    now: Callable[[], float] = time.time
    new_id: Callable[[], str] = lambda: secrets.token_hex(16)
    _session: SignerCredentials | None = field(default=None, init=False)
    _nonce_key: bytes | None = field(default=None, init=False, repr=False)
    _nonce_key_read_at: float = field(default=0, init=False)

    def mint(self, wanted: MintRequest, time_left: TimeLeft) -> Link:
        """Make, store and return a link.

        Raises:
            Refused: there is no such object, or its URL would be too long.
            Unavailable: an AWS service can't be reached or refuses.
        """
        pinned = pin_object(self.s3, self.settings.bucket, wanted.key, time_left)
        link = self.prepare(wanted, pinned, time_left)
        store_record(self.dynamodb, self.settings.table, link.record, time_left)
        return link

    def prepare(self, wanted: MintRequest, pinned: PinnedObject, time_left: TimeLeft) -> Link:
        """Make a link for an object that was looked up. It must not be handed out before its record is
        stored: who prepares one stores it, in a write of their own.

        Raises:
            Refused: its URL would be too long.
            Unavailable: STS or SSM can't be reached or refuses.
        """
        nonce_key = self._current_nonce_key(time_left)
        session = self._signing_session(wanted.expires_in + wanted.resume, time_left)
        return self._sign(wanted, pinned, session, nonce_key)

    def _current_nonce_key(self, time_left: TimeLeft) -> bytes:
        now = self.now()
        if self._nonce_key is None or now - self._nonce_key_read_at >= NONCE_KEY_SECONDS:
            self._nonce_key = read_nonce_key(self.ssm, self.settings.parameter, now, time_left)
            self._nonce_key_read_at = now
        return self._nonce_key

    def _signing_session(self, lifetime: int, time_left: TimeLeft) -> SignerCredentials:
        now = int(self.now())
        if self._session is None or not reusable(self._session, lifetime, now):
            self._session = assume_signer(self.sts, self.settings.signer_role, now, time_left)
        return self._session

    def _sign(
        self, wanted: MintRequest, pinned: PinnedObject, session: SignerCredentials, nonce_key: bytes
    ) -> Link:
        last = last_promise(session) - wanted.resume
        lifetime = min(wanted.expires_in, last - int(self.now()))
        if lifetime < 1:
            raise Unavailable("AssumeRole", "SessionTooShort")
        claim_token = self.new_id()
        path_and_query = self._fitting(wanted, pinned, session, nonce_key, lifetime, claim_token)
        signed = read_back(path_and_query)
        expires_at = min(signed.issued_at + lifetime, last)
        record = LinkRecord(
            signature=signed.target.signature,
            fingerprint=signed.target.fingerprint,
            claim_token=claim_token,
            object_key=wanted.key,
            etag=pinned.etag,
            size=pinned.size,
            issued_at=signed.issued_at,
            expires_at=expires_at,
            ttl=expires_at + self.settings.retention,
            max_claims=wanted.max_claims,
            version_id=pinned.version_id,
            share=wanted.share,
        )
        return Link(self.settings.base_url + path_and_query, record, wanted.resume)

    def _fitting(
        self,
        wanted: MintRequest,
        pinned: PinnedObject,
        session: SignerCredentials,
        nonce_key: bytes,
        lifetime: int,
        claim_token: str,
    ) -> str:
        """Path and query of a URL that isn't too long, with a shorter file name if need be."""
        name = wanted.filename or name_from_key(wanted.key)
        for longest in (MAX_NAME_BYTES, SHORT_NAME_BYTES):
            path_and_query = presign(
                origin=self.settings.origin,
                region=self.settings.bucket_region,
                credentials=session,
                key=wanted.key,
                version_id=pinned.version_id,
                disposition=content_disposition(wanted.disposition, shortened(name, longest)),
                lifetime=lifetime + wanted.resume + S3_GRACE,
                claim_token=claim_token,
                nonce=make_nonce(nonce_key, self.new_id(), wanted.key),
                terms=wanted.terms(pinned.size),
            )
            if len(self.settings.base_url) + len(path_and_query) <= MAX_URL_LENGTH:
                return path_and_query
        raise Refused(
            Code.URL_TOO_LONG,
            f"key makes a URL of more than {MAX_URL_LENGTH} characters, the most allowed: use a shorter key.",
        )
