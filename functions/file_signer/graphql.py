"""Answers one field of a GraphQL query, as our resolver hands it over (onetime_urls/cdk/signed/resolver.js).

The answer is `{"value": …}`, or `{"error", "message"}`, out of which the resolver makes a GraphQL error of
that type. Whom AppSync let in is decided once more here, by the same rules as for REST.
"""

from collections.abc import Callable, Mapping
from typing import Any

from common.http_api.aws_calls import TimeLeft
from common.http_api.errors import code_of, sentence_of
from common.http_api.fields import checked
from common.http_api.listing import MAX_LIMIT, PAGE_PARAMETERS, Page, page_of
from file_signer.callers import Caller
from file_signer.parameters import Wanted, url_parameters
from file_signer.signed_files import SignedFiles


def resolve(
    event: Mapping[str, Any],
    signed_files: Callable[[], SignedFiles],
    caller: Callable[[str], Caller],
    time_left: TimeLeft,
    on_error: Callable[[Exception], None],
) -> dict[str, Any]:
    """Answer one field.

    Args:
        event: `field`, `arguments` and `authorization`.
        caller: tells who a value of `Authorization` is.
        on_error: is told what happened.
    """
    try:
        given = {name: value for name, value in event["arguments"].items() if value is not None}
        asking = caller(_with_scheme(event.get("authorization") or ""))
        return {"value": _field(event["field"], given, signed_files(), asking, time_left)}
    except Exception as error:  # noqa: BLE001 - whatever it is, AppSync gets a code of ours
        on_error(error)
        return {"error": code_of(error), "message": sentence_of(error)}


def _field(
    field: str, given: Mapping[str, Any], signed_files: SignedFiles, caller: Caller, time_left: TimeLeft
) -> Any:
    match field:
        case "files":
            return signed_files.list(caller, page_of(checked(given, PAGE_PARAMETERS, "argument")), time_left)
        case "getFiles":
            listed = signed_files.list(caller, Page(prefix="", limit=MAX_LIMIT, after=""), time_left)
            return [each["file"] for each in listed["files"]]
        case "url" | "getUrl":
            wanted = Wanted(**checked(given, url_parameters(signed_files.settings), "argument"))
            signed = signed_files.url(caller, wanted, time_left)
            return signed if field == "url" else signed["url"]
    raise LookupError(field)


def _with_scheme(authorization: str) -> str:
    """What REST would be sent: AppSync's clients send a token without its scheme (AppSync Developer Guide,
    "OPENID_CONNECT authorization")."""
    return authorization if " " in authorization or not authorization else f"Bearer {authorization}"
