"""`python -m local_cloud up` and `python -m local_cloud demo`: what `make up` and `make demo` run. And
`python -m local_cloud token NAME`: tokens for private assets.

Exit status: 0 when all went as asked, 1 when it failed (standard error says why), 2 for wrong use, 128 +
signal when stopped before it was ready.
"""

import os
import sys

from local_cloud import demo, terminal, tokens, up
from local_cloud.children import Interrupted
from local_cloud.cloud import CloudFailed
from local_cloud.folder import FolderRefused

_COMMANDS = {"up": up.run, "demo": demo.run}


def main(arguments: list[str]) -> int:
    """Run a command; turn what can go wrong into an exit status and a message."""
    asks_for_token = len(arguments) == 2 and arguments[0] == "token"
    if not asks_for_token and (len(arguments) != 1 or arguments[0] not in _COMMANDS):
        terminal.complain(f"usage: python -m local_cloud {'|'.join(_COMMANDS)}|token NAME")
        return 2
    stop = terminal.Stop()
    stop.listen()
    try:
        if asks_for_token:
            return tokens.run(os.environ, arguments[1])
        return _COMMANDS[arguments[0]](os.environ, stop)
    except (FolderRefused, ValueError) as error:
        terminal.complain(str(error))
        return 1
    except CloudFailed as error:
        terminal.say()
        terminal.complain(str(error))
        return 1
    except Interrupted:
        terminal.say()
        terminal.complain("stopped before it was ready; nothing is left behind")
        return 128 + stop.signal
    finally:
        stop.ignore()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
