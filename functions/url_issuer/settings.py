"""Reads from the environment what a caller of the issuer may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from http_api.environment import whole_number
from link_minting.settings import MintSettings
from link_protocol.limits import MAX_S3_LIFETIME, S3_GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings.

    Attributes:
        mint: the deployment's parts.
        default_lifetime, max_lifetime: seconds.
    """

    mint: MintSettings
    default_lifetime: int
    max_lifetime: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        max_lifetime = whole_number(environment, "MAX_LIFETIME_SECONDS", 1, MAX_S3_LIFETIME - S3_GRACE)
        return cls(
            mint=MintSettings.from_environment(environment),
            default_lifetime=whole_number(environment, "DEFAULT_LIFETIME_SECONDS", 1, max_lifetime),
            max_lifetime=max_lifetime,
        )
