"""What can go wrong, as one tree: `except Error` catches all of it.

    Error
    ├── NoDeployment        there is none of that name, or what describes it can't be read
    ├── NotAnId             that names no link and no share of this deployment
    ├── NotUploaded         the file can't be read, or the bucket doesn't take it
    └── ApiError            the API's own words: `code`, `status`, and the sentence
        ├── Invalid         400, 413, 415: an option is out of range; `code` says which
        ├── NotAllowed      401, 403: the caller may not do this
        ├── NotFound        404: no such object, link or share
        ├── Archived        409: the object has to be restored first
        ├── NameTaken       409: there is an object of that name already
        └── Unavailable     5xx, no answer, or none that can be read: asking again may help

`str(error)` is a sentence for a person. It holds no link, token or PIN.
"""


class Error(Exception):
    """Something that was asked for wasn't done."""


class NoDeployment(Error):
    """There is no such deployment, or what describes it can't be read."""


class NotAnId(Error):
    """That names no link and no share of this deployment."""


class NotUploaded(Error):
    """A file can't be read, or the bucket doesn't take it.

    Attributes:
        resumable: whether the same call goes on where this one ended.
    """

    def __init__(self, sentence: str, *, resumable: bool = False) -> None:
        super().__init__(sentence)
        self.resumable = resumable


class ApiError(Error):
    """The API refused, or couldn't be asked.

    Attributes:
        code: the API's own, such as "no_such_object" or "invalid_expires_in"; empty where something else
            answered in the API's place.
        status: the answer's HTTP status; 0 if there was no answer.
    """

    def __init__(self, sentence: str, *, code: str = "", status: int = 0) -> None:
        super().__init__(sentence)
        self.code, self.status = code, status


class Invalid(ApiError):
    """An option is missing or out of range, or the API doesn't know it."""


class NotAllowed(ApiError):
    """The caller isn't known, or may not do this."""


class NotFound(ApiError):
    """There is no such object, link or share."""


class Archived(ApiError):
    """The object is archived: S3 wouldn't serve it before it is restored."""


class NameTaken(ApiError):
    """There is an object of that name already, and nothing is overwritten."""


class Unavailable(ApiError):
    """No answer, or none that can be read. A share or a link may have been made all the same."""


def of_answer(status: int, code: str) -> type[ApiError]:
    """The class for an HTTP status that isn't a success, and the API's own code."""
    if status >= 500 or status < 400:
        return Unavailable
    if code == "name_taken":
        return NameTaken
    return {401: NotAllowed, 403: NotAllowed, 404: NotFound, 409: Archived}.get(status, Invalid)
