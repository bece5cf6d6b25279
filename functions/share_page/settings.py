"""Reads from the environment what the page needs to know of its deployment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from common.http_api.environment import TABLE, matching, whole_number
from common.link_minting.settings import MintSettings
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.links.limits import DEFAULT_RESUME_FACTOR, MAX_RESUME_FACTOR
from onetime_urls.protocol.shares.limits import MAX_RESUME_SECONDS

_TRUTH = re.compile(r"true|false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings.

    Attributes:
        mint: the parts that links are minted with.
        shares_table: name.
        resume: seconds in which whoever began a download may go on with it.
        resume_factor: how often the object's bytes may be sent for one download.
        uniform_answers: whether a share that is over looks like one that never was.
    """

    mint: MintSettings
    shares_table: str
    resume: int
    resume_factor: int
    uniform_answers: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`.

        Raises:
            SettingsError: a variable is missing, or doesn't hold what it should.
        """
        return cls(
            mint=MintSettings.from_environment(environment),
            shares_table=matching(environment, Variable.SHARES_TABLE_NAME, TABLE)["0"],
            resume=whole_number(environment, Variable.RESUME_SECONDS, 0, MAX_RESUME_SECONDS),
            resume_factor=min(
                DEFAULT_RESUME_FACTOR,
                whole_number(environment, Variable.MAX_RESUME_FACTOR, 1, MAX_RESUME_FACTOR),
            ),
            uniform_answers=matching(environment, Variable.UNIFORM_ANSWERS, _TRUTH)["0"] == "true",
        )
