"""What is answered, whether REST or GraphQL asks: a page of files, a signed URL, a session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.http_api.aws_calls import TimeLeft
from common.http_api.errors import Code, Refused
from common.http_api.listing import Page, write_cursor
from common.http_api.media_types import with_type
from file_signer.callers import Caller
from file_signer.files import Files
from file_signer.parameters import Wanted, forbidden
from file_signer.policies import file_url, prefix_resource, session_end
from file_signer.sessions import Session
from file_signer.settings import Settings
from file_signer.signing import Signer


@dataclass(frozen=True, slots=True)
class SignedFiles:
    """The file signer of one deployment.

    Attributes:
        now: gives epoch seconds.
    """

    settings: Settings
    files: Files
    signer: Signer
    now: Callable[[], float]

    def list(self, caller: Caller, page: Page, time_left: TimeLeft) -> dict[str, Any]:
        """A page of the files that a caller may read.

        Raises:
            Unavailable: S3 can't be reached, or refuses.
        """
        found, last = self.files.page(page, caller.prefixes, time_left)
        listed = [
            with_type({"file": each.name, "size": each.size, "modified": each.modified}, each.name)
            for each in found
        ]
        answer: dict[str, Any] = {"files": listed}
        return answer if last is None else answer | {"next": write_cursor(last)}

    def url(self, caller: Caller, wanted: Wanted, time_left: TimeLeft) -> dict[str, Any]:
        """A signed URL of a file that a caller may read.

        Raises:
            Refused: the caller may not read it, or it isn't there.
            Unavailable: S3 or KMS can't be reached, or refuses.
        """
        if not caller.may_read(wanted.file):
            raise forbidden()
        self.files.require(wanted.file, time_left)
        expires_at = int(self.now()) + wanted.expires_in
        url = file_url(self.settings.base_url, wanted.file, wanted.disposition)
        return {"url": self.signer.url(url, expires_at, time_left), "expires_at": expires_at}

    def session(self, caller: Caller, time_left: TimeLeft) -> tuple[Session, dict[str, dict[str, str]]]:
        """A session for a caller, with its signed cookies by their prefixes.

        Raises:
            Refused: there is nothing that the caller may read.
            Unavailable: KMS can't be reached, or refuses.
        """
        if not caller.prefixes:
            raise Refused(Code.FORBIDDEN, "There is nothing here that you may read.")
        expires_at = session_end(int(self.now()), self.settings.session_seconds)
        signed = {
            prefix: self.signer.cookies(
                prefix_resource(self.settings.base_url, prefix), expires_at, time_left
            )
            for prefix in caller.prefixes
        }
        return Session(caller.subject, expires_at, list(caller.prefixes)), signed
