"""Reads from the environment what a caller of the issuer may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from common.http_api.environment import whole_number
from common.link_minting.settings import MintSettings
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.links.limits import MAX_CLAIMS, MAX_RESUME_FACTOR, MAX_S3_LIFETIME, S3_GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings.

    Attributes:
        mint: the deployment's parts.
        default_lifetime, max_lifetime: seconds.
        max_claims: most admissions of one link.
        max_resume: longest window for resuming, in seconds; 0 is none.
        max_resume_factor: how often an object's bytes may be sent under one claim, at most.
    """

    mint: MintSettings
    default_lifetime: int
    max_lifetime: int
    max_claims: int
    max_resume: int
    max_resume_factor: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        max_lifetime = whole_number(environment, Variable.MAX_LIFETIME_SECONDS, 1, MAX_S3_LIFETIME - S3_GRACE)
        return cls(
            mint=MintSettings.from_environment(environment),
            default_lifetime=whole_number(environment, Variable.DEFAULT_LIFETIME_SECONDS, 1, max_lifetime),
            max_lifetime=max_lifetime,
            max_claims=whole_number(environment, Variable.MAX_CLAIMS, 1, MAX_CLAIMS),
            max_resume=whole_number(
                environment, Variable.MAX_RESUME_SECONDS, 0, MAX_S3_LIFETIME - S3_GRACE - max_lifetime
            ),
            max_resume_factor=whole_number(environment, Variable.MAX_RESUME_FACTOR, 1, MAX_RESUME_FACTOR),
        )
