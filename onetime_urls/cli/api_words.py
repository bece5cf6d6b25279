"""Says an API's refusal in the command's terms: by its options, and with spans of time as people write
them."""

import re

from onetime_urls.cli import words
from onetime_urls.cli.failures import Exit, Failure
from onetime_urls.client import ApiError, Error, NoDeployment, NotAllowed, NotAnId, NotUploaded, Unavailable

_OPTIONS = {
    "invalid_expires_in": "--expires",
    "invalid_max_downloads": "--downloads",
    "invalid_max_claims": "--max-claims",
    "invalid_resume": "--resume",
    "invalid_cidr": "--cidr",
    "invalid_pin": "--pin",
    "invalid_note": "--note",
    "invalid_key": "KEY",
    "invalid_filename": "The file's name",
    "invalid_file": "FILE",
    "invalid_prefix": "PREFIX",
    "invalid_folder": "--folder",
}
_SENTENCES = {
    "no_such_route": "This deployment can't do that: it has no signed URLs, or is older than this program.",
    "name_taken": "There is a file of that name already, and nothing is overwritten.",
    "no_such_object": "The bucket has no object with this key.",
    "no_such_link": "There is no link with this id, or no longer.",
    "no_such_share": "There is no such share, or no longer.",
}
_SPANS = frozenset({"--expires", "--resume"})
_RANGE = re.compile(r"from (\d{1,9}) to (\d{1,9})")


def failure_of(error: Error) -> Failure:
    """The command's own failure for one of the client's."""
    return Failure(_sentence(error), _status(error))


def _sentence(error: Error) -> str:
    said = str(error)
    if isinstance(error, NotAllowed) and not error.code:
        return f"The API lets nobody in with these credentials: {said.rstrip('.')}."
    code = error.code if isinstance(error, ApiError) else ""
    if code in _SENTENCES:
        return _SENTENCES[code]
    option = _OPTIONS.get(code)
    if option is None:
        return said
    found = _RANGE.search(said)
    if option in _SPANS and found:
        least, most = (words.span(int(number)) for number in found.groups())
        return f"{option} must be from {least} to {most} on this deployment."
    return re.sub(r"^\w+", option, said, count=1) if found or " must " in said else f"{option}: {said}"


def _status(error: Error) -> Exit:
    match error:
        case NoDeployment():
            return Exit.NO_DEPLOYMENT
        case NotAnId():
            return Exit.WRONG_USE
        case Unavailable() | NotUploaded():
            return Exit.UNAVAILABLE
    return Exit.REFUSED
