"""Reads from the environment what the file signer needs to know of its deployment."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from common.http_api.environment import REGION, SettingsError, matching, whole_number
from common.link_minting.settings import BASE_URL, BUCKET
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.rules import Rules
from onetime_urls.protocol.signed_urls import MAX_COOKIE_SECONDS, MAX_URL_SECONDS, MIN_COOKIE_SECONDS
from onetime_urls.protocol.tokens.claims import Issuer

DEFAULT_URL_SECONDS = 3600
_BASE_URL = re.compile(rf"{BASE_URL.pattern}|http://127(\.\d{{1,3}}){{3}}(:\d{{1,5}})?", re.ASCII)
"""A local cloud has an address of loopback's for each distribution."""

_PREFIX = re.compile(r"(?:[!-~]{1,1023}/)?")
_KEY = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+", re.ASCII)
_ALGORITHM = re.compile(r"RSASSA_PKCS1_V1_5_SHA_256|ECDSA_SHA_256")
_KEY_PAIR_ID = re.compile(r"[A-Z0-9]{1,64}")
_TRUTH = re.compile(r"true|false")
_SAME_SITE = re.compile(r"Lax|None|Strict")
_ORIGINS = re.compile(r"(?:https?://[a-z0-9.:-]+(?:,https?://[a-z0-9.:-]+)*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings.

    Attributes:
        bucket: where the files are.
        region: of the bucket and of the key.
        prefix: what the files' keys begin with in the bucket, and their URLs don't: empty, or ending in `/`.
        base_url: what URLs begin with, without a trailing slash. Plain http is for loopback only.
        signing_key: ARN of the KMS key.
        algorithm: KMS's name of the signing algorithm.
        key_pair_id: CloudFront's id of the key's public half.
        rules: who may read what.
        issuer: whose tokens count; None where nobody shows one.
        tokens_only: whether callers of the API show a token. Otherwise IAM or nobody decides who calls.
        max_url_seconds, session_seconds: the longest lives.
        same_site: the cookies' attribute.
        origins: other origins whose pages may open sessions.
    """

    bucket: str
    region: str
    prefix: str
    base_url: str
    signing_key: str
    algorithm: str
    key_pair_id: str
    rules: Rules
    issuer: Issuer | None
    tokens_only: bool
    max_url_seconds: int
    session_seconds: int
    same_site: str
    origins: tuple[str, ...]

    @property
    def default_url_seconds(self) -> int:
        """Life of a URL whose request names none."""
        return min(DEFAULT_URL_SECONDS, self.max_url_seconds)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        issuer, tokens_only = (
            _issuer(environment),
            matching(environment, Variable.TOKENS_ONLY, _TRUTH)["0"] == "true",
        )
        if tokens_only and issuer is None:
            raise SettingsError("TOKENS_ONLY needs a TOKEN_ISSUER")
        origins = matching(environment, Variable.SESSION_ORIGINS, _ORIGINS)["0"]
        return cls(
            bucket=matching(environment, Variable.BUCKET_NAME, BUCKET)["0"],
            region=matching(environment, Variable.AWS_REGION, REGION)["0"],
            prefix=matching(environment, Variable.KEY_PREFIX, _PREFIX)["0"],
            base_url=matching(environment, Variable.SIGNED_BASE_URL, _BASE_URL)["0"],
            signing_key=matching(environment, Variable.SIGNING_KEY_ARN, _KEY)["0"],
            algorithm=matching(environment, Variable.SIGNING_ALGORITHM, _ALGORITHM)["0"],
            key_pair_id=matching(environment, Variable.KEY_PAIR_ID, _KEY_PAIR_ID)["0"],
            rules=_rules(environment),
            issuer=issuer,
            tokens_only=tokens_only,
            max_url_seconds=whole_number(environment, Variable.MAX_URL_SECONDS, 1, MAX_URL_SECONDS),
            session_seconds=whole_number(
                environment, Variable.SESSION_SECONDS, MIN_COOKIE_SECONDS, MAX_COOKIE_SECONDS
            ),
            same_site=matching(environment, Variable.SAME_SITE, _SAME_SITE)["0"],
            origins=tuple(origins.split(",")) if origins else (),
        )


def _rules(environment: Mapping[str, str]) -> Rules:
    try:
        return Rules.from_plain(json.loads(environment.get(Variable.RULES, "")))
    except (ValueError, KeyError, TypeError):
        raise SettingsError("RULES is missing or malformed") from None


def _issuer(environment: Mapping[str, str]) -> Issuer | None:
    text = environment.get(Variable.TOKEN_ISSUER, "")
    try:
        return Issuer.from_plain(json.loads(text)) if text else None
    except (ValueError, TypeError):
        raise SettingsError("TOKEN_ISSUER is malformed") from None
