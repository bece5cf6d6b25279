"""How a command ends when it can't do what was asked: one sentence, and an exit status for scripts."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit statuses. 2 is also the command line's own, for options that it doesn't understand."""

    FAILED = 1
    WRONG_USE = 2
    NO_DEPLOYMENT = 3
    REFUSED = 4
    UNAVAILABLE = 5
    DAMAGED = 6
    INTERRUPTED = 130


class Failure(Exception):
    """The command can't go on.

    Attributes:
        sentence: for the person at the terminal. It holds no link, token or PIN.
        exit: for scripts.
    """

    def __init__(self, sentence: str, exit_status: int = Exit.FAILED) -> None:
        super().__init__(sentence)
        self.sentence, self.exit = sentence, exit_status


class Ended(BaseException):
    """The system wants this process to end, by SIGTERM or SIGHUP. It passes every `except Exception`, as
    Ctrl-C does.

    Attributes:
        exit: 128 and the signal's number, as shells have it.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__()
        self.exit = 128 + signal_number
