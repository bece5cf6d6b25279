"""`python -m local_cloud up` and `python -m local_cloud demo`: what `make up` and `make demo` run. And
`python -m local_cloud token NAME` and `password NAME`: by which its users are let in.

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
_OF_USERS = {"token": tokens.show_tokens, "password": tokens.show_password}


def main(arguments: list[str]) -> int:
    """Run a command; turn what can go wrong into an exit status and a message."""
    command, *rest = arguments or [""]
    if (command, len(rest)) not in {(each, 0) for each in _COMMANDS} | {(each, 1) for each in _OF_USERS}:
        shown = "|".join([*_COMMANDS, *(f"{each} NAME" for each in _OF_USERS)])
        terminal.complain(f"usage: python -m local_cloud {shown}")
        return 2
    stop = terminal.Stop()
    stop.listen()
    try:
        if rest:
            return _OF_USERS[command](os.environ, rest[0])
        return _COMMANDS[command](os.environ, stop)
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
