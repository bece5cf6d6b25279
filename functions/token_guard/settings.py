"""Reads the guard's settings: from the document beside the code, or from the SSM parameter that it names.

The parameter is read once per container. While it can't be read, requests are refused, and SSM is asked once
a second at most: many requests must not keep it throttled.
"""

import json
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from onetime_urls.protocol.private_assets import GuardSettings

SSM_TIMEOUT = 1.5
SSM_PAUSE = 1.0
"""Seconds for reading the parameter, and without another try after it failed."""


class NotReadable(Exception):
    """The parameter couldn't be read just now."""


def settings_reader(
    config: Mapping[str, Any],
    environ: Mapping[str, str],
    roots: str,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> Callable[[], GuardSettings]:
    """What gives the guard its settings.

    Args:
        config: the document, as `onetime_urls.protocol.private_assets` describes it.
        environ: the process environment, with the credentials of the function's role.
        roots: a file of the certificates that AWS's services chain to.
    """
    if "settings" in config:
        return lambda: GuardSettings.from_plain(config["settings"])
    rests_until = -math.inf

    def read() -> GuardSettings:
        nonlocal rests_until
        if monotonic() < rests_until:
            raise NotReadable
        try:
            return GuardSettings.from_plain(json.loads(_parameter(config, environ, roots)))
        except Exception:
            rests_until = monotonic() + SSM_PAUSE
            raise

    return read


def _parameter(config: Mapping[str, Any], environ: Mapping[str, str], roots: str) -> str:
    # Loaded here because a guard that has its settings beside it would pay for what it never calls.
    from common.edge.aws import JsonService, NotSent, ServiceError, UnknownOutcome
    from common.edge.connection import trust
    from common.edge.sigv4 import Credentials

    endpoint = environ.get("AWS_ENDPOINT_URL")
    ssm = JsonService(
        service="ssm",
        region=config["region"],
        target="AmazonSSM",
        protocol="1.1",
        endpoint=endpoint,
        tls=None if endpoint and endpoint.startswith("http:") else trust(roots),
        credentials=lambda: Credentials.of(environ),
        clock=time.time,
        monotonic=time.monotonic,
    )
    try:
        value: str = ssm.call("GetParameter", {"Name": config["parameter"]}, SSM_TIMEOUT)["Parameter"][
            "Value"
        ]
    except (NotSent, UnknownOutcome, ServiceError) as error:
        raise NotReadable(str(error)) from None
    finally:
        ssm.close()
    return value
