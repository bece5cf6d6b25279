"""Why a token is refused: a code for the log. The bearer is told one sentence that repeats nothing of it."""


class InvalidToken(ValueError):
    """The token isn't one that may be trusted.

    Attributes:
        code: one word or two, such as `expired`; never a part of the token.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
