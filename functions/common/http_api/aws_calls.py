"""Makes a function's calls to AWS: each bounded in time, each failing in one way.

Every call is tried twice: 1 s to connect and 2 s for the answer each time. Before a call, enough time
must be left for one whole try, so that one dead service is answered with a 503 of ours within the
function's 10 s. (Only a second service that fails after a first was slow can meet Lambda's own
time-out. Nothing is handed out then either.)
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from common.http_api.errors import Unavailable

CONNECT_SECONDS, READ_SECONDS = 1, 2
ONE_TRY_SECONDS = CONNECT_SECONDS + READ_SECONDS + 0.5
"""One try with some time to answer after it."""

CLIENT_CONFIG = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 2},
    s3={"us_east_1_regional_endpoint": "regional"},
)

TimeLeft = Callable[[], float]
"""Seconds until Lambda ends this invocation."""


@contextmanager
def calling(operation: str, time_left: TimeLeft) -> Iterator[None]:
    """Around one call: whatever goes wrong in it becomes one error.

    Args:
        operation: the API action, such as "HeadObject".

    Raises:
        Unavailable: there is too little time, or the service can't be reached or refuses.
    """
    if time_left() < ONE_TRY_SECONDS:
        raise Unavailable(operation, "NoTimeLeft")
    try:
        yield
    except ClientError as error:
        raise Unavailable(operation, error.response["Error"]["Code"]) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise Unavailable(operation, type(error).__name__) from error
