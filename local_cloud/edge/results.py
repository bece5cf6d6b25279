"""Holds what a Lambda@Edge function returned to CloudFront's rules; a breach is a 502 on AWS.

Sources, in the CloudFront Developer Guide: "Restrictions on all edge functions" (disallowed and read-only
headers, URI and query string), "Generate HTTP responses in request triggers" (status, body, its encoding and
size), "Update HTTP responses in origin response triggers". Where they are silent, the stricter reading is
taken: what passes here must pass there. Messages name a rule and a header, never a value.
"""

import base64
import binascii
import re
from dataclasses import replace
from typing import Any

from local_cloud.edge import events
from local_cloud.edge.messages import Header, Headers, Request, Response

LONGEST_URL = 8_192  # "The total size of the URI, including the query string, must be less than 8,192"
_LARGEST_GENERATED = 40 * 1024  # bytes of headers and body, viewer events
_LARGEST_REPLACED = 1024 * 1024  # bytes of headers and body, origin events
_READ_ONLY_IN_VIEWER_REQUEST = ("content-length", "host", "transfer-encoding", "via")
_READ_ONLY_IN_ORIGIN_RESPONSE = ("transfer-encoding", "via")

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_URI = re.compile(r"/[!-~]*")
_QUERY = re.compile(r"[!-~]*")


class Invalid(Exception):
    """The function's result broke a rule; the message says which, without any value."""


def of_viewer_request(result: Any, request: Request) -> Request | Response:
    """The request to carry on with, or the response that the function generated. Raises Invalid."""
    if not isinstance(result, dict):
        raise Invalid("the result is neither a request nor a response")
    if "status" in result:
        return _generated(result)
    uri, querystring = result.get("uri"), result.get("querystring")
    if not isinstance(uri, str) or not _URI.fullmatch(uri) or "#" in uri or "?" in uri:
        raise Invalid("uri isn't a percent-encoded path that begins with a slash")
    if not isinstance(querystring, str) or not _QUERY.fullmatch(querystring) or "#" in querystring:
        raise Invalid("querystring isn't a percent-encoded query string")
    if len(uri) + len(querystring) + 1 >= LONGEST_URL:
        raise Invalid(f"uri and querystring together aren't shorter than {LONGEST_URL} characters")
    if (result.get("method"), result.get("clientIp")) != (request.method, request.client_ip):
        raise Invalid("method and clientIp are read-only")
    headers = _headers(result)
    _keep(_READ_ONLY_IN_VIEWER_REQUEST, request.headers, headers)
    return replace(request, uri=uri, querystring=querystring, headers=headers)


def of_origin_response(result: Any, response: Response) -> Response:
    """The response to carry on with; its body is None if the origin's is to be kept. Raises Invalid."""
    if not isinstance(result, dict):
        raise Invalid("the result isn't a response")
    headers = _headers(result)
    _keep(_READ_ONLY_IN_ORIGIN_RESPONSE, response.headers, headers)
    status = _status(result)
    if "body" not in result:
        return Response(status, headers, None)
    body = _body(result)
    _check_size(headers, result["body"], _LARGEST_REPLACED)
    return Response(status, headers, body)


def _generated(result: dict[str, Any]) -> Response:
    status, headers = _status(result), _headers(result)
    _keep(_READ_ONLY_IN_VIEWER_REQUEST, (), headers)
    body = _body(result)
    if status == 204 and body:
        raise Invalid("a response with status 204 has a body")
    _check_size(headers, result.get("body", ""), _LARGEST_GENERATED)
    return Response(status, headers, body)


def _status(result: dict[str, Any]) -> int:
    status = result.get("status")
    if not isinstance(status, str) or not re.fullmatch("[2-5][0-9]{2}", status):
        raise Invalid("status isn't a string from 200 to 599")
    if not isinstance(result.get("statusDescription", ""), str):
        raise Invalid("statusDescription isn't a string")
    return int(status)


def _headers(result: dict[str, Any]) -> Headers:
    lists = result.get("headers", {})
    if not isinstance(lists, dict):
        raise Invalid("headers isn't an object")
    return tuple(_header(name, entry) for name, entries in lists.items() for entry in _entries(name, entries))


def _entries(name: str, entries: Any) -> list[Any]:
    if not _NAME.fullmatch(name):
        raise Invalid("a name in headers isn't a header name in lower case")
    if events.is_hidden(name):
        raise Invalid(f"header {name} is disallowed")
    if not isinstance(entries, list):
        raise Invalid(f"header {name} isn't a list")
    return entries


def _header(name: str, entry: Any) -> Header:
    if not isinstance(entry, dict):
        raise Invalid(f"header {name} isn't a list of objects")
    key, value = entry.get("key", name), entry.get("value")
    if not isinstance(key, str) or key.lower() != name:
        raise Invalid(f"header {name} has a key that is another name")
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise Invalid(f"header {name} has a value that isn't one line of text")
    return key, value


def _keep(read_only: tuple[str, ...], before: Headers, after: Headers) -> None:
    for name in read_only:
        if _values(before, name) != _values(after, name):
            raise Invalid(f"header {name} is read-only")


def _values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]


def _body(result: dict[str, Any]) -> bytes:
    body, encoding = result.get("body", ""), result.get("bodyEncoding", "text")
    if not isinstance(body, str) or encoding not in {"text", "base64"}:
        raise Invalid("body isn't text or base64")
    if encoding == "text":
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("body isn't base64") from None


def _check_size(headers: Headers, body: str, largest: int) -> None:
    size = len(body.encode()) + sum(len(name) + len(value) for name, value in headers)
    if size > largest:
        raise Invalid(f"headers and body are larger than {largest} bytes")
