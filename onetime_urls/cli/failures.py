"""How a command ends when it can't do what was asked: one sentence, and an exit status for scripts."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit statuses. 2 is the command line's own, for options that it doesn't understand."""

    FAILED = 1
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
        code: the API's, if it was the API that refused.
    """

    def __init__(self, sentence: str, exit_status: Exit = Exit.FAILED, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.exit, self.code = sentence, exit_status, code
