"""What a step of the pipeline hands on to the viewer, and CloudFront's own pages where a step fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from local_cloud.edge import responses
from local_cloud.edge.messages import Headers, Response

Body = AsyncIterator[bytes]

_SENTENCES = {
    403: "This distribution isn't configured to allow this request.",
    502: "No valid response came from behind CloudFront.",
    503: "A function behind CloudFront failed.",
    504: "The origin took too long to respond.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the viewer gets; `x_cache` is CloudFront's word for where it came from, `note` is for the log."""

    status: int
    headers: Headers
    body: Body
    x_cache: str
    note: str = ""


def page(status: int, x_cache: str, request_id: str, note: str) -> Answer:
    """CloudFront's own page for an error of its own."""
    made = responses.error_page(status, _SENTENCES[status], request_id)
    return replace(answer_of(made, x_cache), note=note)


def answer_of(response: Response, x_cache: str) -> Answer:
    """A response that is whole, as an answer."""
    body = response.body or b""
    response = responses.whole(response.status, response.headers, body)
    return Answer(response.status, response.headers, once(body), x_cache)


async def once(body: bytes) -> Body:
    """A body in one piece."""
    if body:
        yield body
