"""The API's paths and methods, as API Gateway writes them: `{id}` stands for one segment."""

from dataclasses import dataclass

from onetime_urls.protocol.contract.names import PAGE_PREFIX


@dataclass(frozen=True, slots=True)
class Route:
    """One path of the API.

    Attributes:
        path: begins with a slash.
        methods: that it answers, in the order in which a refusal names them.
    """

    path: str
    methods: tuple[str, ...]

    def of(self, id_: str) -> str:
        """The path of one link or share.

        Args:
            id_: percent-encoded, if it needs to be.
        """
        return self.path.replace("{id}", id_)


GET_URL = Route("/get-url", ("GET",))
OBJECTS = Route("/objects", ("GET",))
LINKS = Route("/links", ("GET",))
LINK = Route("/links/{id}", ("DELETE", "GET"))
SHARES = Route("/shares", ("POST", "GET"))
SHARE = Route("/shares/{id}", ("GET", "DELETE"))
UPLOADS = Route("/uploads", ("POST",))
COMPLETE_UPLOAD = Route("/uploads/complete", ("POST",))
RESUME_UPLOAD = Route("/uploads/resume", ("POST",))
ABORT_UPLOAD = Route("/uploads/abort", ("POST",))
SHARE_PAGE = Route(f"{PAGE_PREFIX}{{id}}", ("GET", "HEAD", "POST"))
"""Open to everybody. API Gateway passes every method on, so that the page can refuse the others itself."""

FILES = Route("/files", ("GET",))
URL = Route("/url", ("GET",))
SESSION = Route(f"{PAGE_PREFIX}session", ("POST", "GET", "DELETE"))
"""Open to everybody, because the function verifies the token itself."""
