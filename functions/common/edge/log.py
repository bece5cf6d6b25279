"""Writes a guard's log: a line of JSON each."""

import json
import sys


def log(**fields: str) -> None:
    """One line. Callers pass names and codes only: never a header, a path, a query, a claim or a message."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def log_error(result: str, error: BaseException) -> None:
    """What went wrong, and the function and line that raised it. The error's own message stays out: it could
    quote the request.

    Args:
        result: what came of it.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    log(result=result, error=type(error).__name__, where=where)
