"""Decides what CloudFront compresses, and compresses it.

Source: "Serve compressed files", CloudFront Developer Guide: the conditions, the list of content types and
the conversion of ETag. Brotli isn't made here: a viewer who takes both gets gzip, one who takes Brotli only
gets the object as it is.
"""

import re
import zlib
from collections.abc import AsyncIterator

from local_cloud.edge import policies
from local_cloud.edge.messages import Headers, Request, first, without
from local_cloud.edge.model import Behaviour

_SMALLEST, _LARGEST = 1_000, 10_000_000  # bytes, both included
_STATUSES = frozenset({200, 403, 404})
_TYPES = re.compile(
    "application/(?:dash[+]xml|eot|font|font-sfnt|javascript|json|opentype|otf|pdf|pkcs7-mime|protobuf|rss[+]xml"
    "|truetype|ttf|vnd[.]apple[.]mpegurl|vnd[.]mapbox-vector-tile|vnd[.]ms-fontobject|wasm|xhtml[+]xml|xml"
    "|x-font-opentype|x-font-truetype|x-font-ttf|x-httpd-cgi|x-javascript|x-mpegurl|x-opentype|x-otf|x-perl"
    "|x-ttf)"
    "|font/(?:eot|opentype|otf|ttf)"
    "|image/svg[+]xml"
    "|text/(?:css|csv|html|javascript|js|plain|richtext|tab-separated-values|xml|x-component|x-java-source"
    "|x-script)"
    "|vnd[.]apple[.]mpegurl"
)
_STRONG_ETAG = re.compile(r'"[^"]*"')
_WEAK_ETAG = re.compile(r'W/"[^"]*"')


def is_compressed(behaviour: Behaviour, request: Request, status: int, headers: Headers) -> bool:
    """Whether CloudFront sends this response of the origin to `request` compressed."""
    accepted = policies.accepted_encodings(request.headers, behaviour.cache.encodings) or ""
    length, kind = first(headers, "content-length") or "", first(headers, "content-type") or ""
    return (
        behaviour.compress
        and behaviour.cache.caches
        and "gzip" in accepted.split(",")
        and request.method == "GET"
        and status in _STATUSES
        and _TYPES.fullmatch(kind.partition(";")[0].strip().lower()) is not None
        and length.isdecimal()
        and _SMALLEST <= int(length) <= _LARGEST
        and first(headers, "content-encoding") is None
    )


def of_compressed(headers: Headers) -> Headers:
    """The headers of a response once it is compressed: its length isn't known before its end."""
    kept = without(headers, {"content-length", "etag", "vary", "accept-ranges"})
    varies = [value for name, value in headers if name.lower() == "vary"]
    return (
        *kept,
        *(("ETag", each) for each in _etags(headers)),
        ("Vary", ", ".join([*varies, "Accept-Encoding"])),
        ("Content-Encoding", "gzip"),
    )


def _etags(headers: Headers) -> list[str]:
    """The ETag of the compressed object: a strong one is made weak, an invalid one is dropped."""
    etag = first(headers, "etag") or ""
    if _STRONG_ETAG.fullmatch(etag):
        return [f"W/{etag}"]
    return [etag] if _WEAK_ETAG.fullmatch(etag) else []


async def compressed(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`body` as gzip, piece by piece."""
    packer = zlib.compressobj(wbits=31)
    async for chunk in body:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
