"""What a container has to know of its deployment: the links table, and the keys of nonces.

Lambda@Edge has no environment variables of ours, so the asset names one SSM parameter, which is read in the
init phase. A failure there isn't the container's end: the next request reads it. After that it is read again
only for a nonce that none of the known keys made, which is a forgery, or a link made with a new key.
"""

import json
import math
from collections.abc import Callable
from typing import NamedTuple

from common.edge.aws import JsonService, NotSent, ServiceError, UnknownOutcome
from onetime_urls.protocol.contract.parameter import NONCE_KEY, PREVIOUS_NONCE_KEY, TABLE
from onetime_urls.protocol.links.nonce import ASKED_AGAIN_AFTER

PAUSE = 1.0
"""Seconds without another call after SSM failed. Whoever asks in between is refused, a forger too, before the
nonce can be checked: many forgeries must not keep SSM throttled."""


class Configuration(NamedTuple):
    """One deployment.

    Attributes:
        table: ARN of the links table.
        region: of the table.
        nonce_keys: the current one, and the previous one if there is one.
    """

    table: str
    region: str
    nonce_keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Configuration({self.table})"


class Parameter:
    """Reads the configuration, and keeps it."""

    def __init__(
        self, ssm: JsonService, name: str, monotonic: Callable[[], float], log: Callable[[str], None]
    ) -> None:
        """
        Args:
            log: is told why it couldn't be read.
        """
        self._ssm, self._name, self._monotonic, self._log = ssm, name, monotonic, log
        self._known: Configuration | None = None
        self._read_at = self._failed_at = -math.inf

    def ahead(self, timeout: float) -> Configuration | None:
        """The same as `known`, before anybody asks: a failure doesn't keep the first request from asking."""
        configuration = self.known(timeout)
        self._failed_at = -math.inf
        return configuration

    def known(self, timeout: float) -> Configuration | None:
        """The configuration, read within `timeout` seconds if it isn't known; None if it can't be read."""
        return self._known or self._read(timeout)

    def newer(self, timeout: float) -> Configuration | None:
        """The configuration as it is now, or was a moment ago; None if it can't be read."""
        if self._monotonic() - self._read_at < ASKED_AGAIN_AFTER:
            return self._known
        return self._read(timeout)

    def _read(self, timeout: float) -> Configuration | None:
        asked_at = self._monotonic()
        if asked_at - self._failed_at < PAUSE:
            self._log("SSM failed just now")
            return None
        try:
            found = self._ssm.call("GetParameter", {"Name": self._name}, timeout)
            self._known = _configuration(found["Parameter"]["Value"])
        except (NotSent, UnknownOutcome, ServiceError) as error:
            problem = str(error)
        except (ValueError, LookupError, TypeError, AttributeError):
            problem = "not what the parameter should hold"
        else:
            self._read_at = asked_at
            return self._known
        finally:
            self._ssm.close()
        self._log(problem)
        self._failed_at = self._monotonic()
        return None


def _configuration(text: str) -> Configuration:
    """What the parameter's value says. Raises an error of some kind if it says anything else."""
    value = json.loads(text)
    keys = (value[NONCE_KEY], value.get(PREVIOUS_NONCE_KEY))
    return Configuration(
        table=value[TABLE],
        region=value[TABLE].split(":")[3],
        nonce_keys=tuple(key.encode() for key in keys if key),
    )
