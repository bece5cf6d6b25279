"""`python -m local_cloud up` and `python -m local_cloud demo`: what `make up` and `make demo` run.

Exit status: 0 when all went as asked, 1 when it failed (standard error says why), 2 for wrong use, 128 +
signal when stopped before it was ready.
"""

import os
import sys

from local_cloud import demo, terminal, up
from local_cloud.children import Interrupted
from local_cloud.cloud import CloudFailed
from local_cloud.folder import FolderRefused

_COMMANDS = {"up": up.run, "demo": demo.run}


def main(arguments: list[str]) -> int:
    """Run a command; turn what can go wrong into an exit status and a message."""
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        terminal.complain(f"usage: python -m local_cloud {'|'.join(_COMMANDS)}")
        return 2
    stop = terminal.Stop()
    stop.listen()
    try:
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
