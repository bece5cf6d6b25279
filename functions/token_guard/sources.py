"""Finds the tokens in a request: in `Authorization: Bearer`, in cookies, and, if that is allowed, in the
query.

All of them are found, not the first: whoever could slip in another one beside the user's own (a cookie set by
a sister domain, a header added by a proxy) would otherwise choose between them.
"""

from common.edge.events import Headers, header
from onetime_urls.protocol.paths import Malformed, is_visible, unescape
from onetime_urls.protocol.private_assets import TOKEN_PARAMETER, GuardSettings

_AMPLIFY = "CognitoIdentityServiceProvider"


def find_tokens(headers: Headers, querystring: str, settings: GuardSettings) -> set[str]:
    """The different tokens that a request shows.

    Args:
        querystring: as the viewer spelt it.

    Raises:
        Malformed: the query, in which a token may be, isn't one.
    """
    found = _bearers(headers) | _cookies(header(headers, "cookie", "; "), settings)
    if settings.query_token and querystring:
        found |= {value for name, value, _ in _parameters(querystring) if name == TOKEN_PARAMETER}
    return found - {""}


def without_token(querystring: str) -> str:
    """The query without its token, otherwise as the viewer spelt it; nothing if it can't be read."""
    try:
        kept = [spelt for name, _, spelt in _parameters(querystring) if name != TOKEN_PARAMETER and spelt]
    except Malformed:
        return ""
    return "&".join(kept)


def _bearers(headers: Headers) -> set[str]:
    """Tokens of every Authorization field of the scheme Bearer (RFC 6750, section 2.1), in any case."""
    fields = [entry["value"].strip().partition(" ") for entry in headers.get("authorization", ())]
    return {token.strip() for scheme, _, token in fields if scheme.lower() == "bearer"}


def _cookies(cookies: str, settings: GuardSettings) -> set[str]:
    """Tokens in cookies, by their names. A cookie of any other name and shape is somebody else's."""
    if not cookies:
        return set()
    pairs = [pair.strip().partition("=") for pair in cookies.split(";")]
    found = {value for name, _, value in pairs if name in settings.cookies}
    for client in settings.amplify_clients:
        found |= _amplify_tokens(pairs, f"{_AMPLIFY}.{client}.")
    return found


def _amplify_tokens(pairs: list[tuple[str, str, str]], prefix: str) -> set[str]:
    """The ID token that Amplify keeps for one client: the last user's, if it says who that is, because it
    leaves those of others behind. Of the tokens that it keeps, it is the one that applications mean."""
    users = {value for name, _, value in pairs if name == f"{prefix}LastAuthUser"}
    named = {f"{prefix}{user}.idToken" for user in users}
    return {
        value
        for name, _, value in pairs
        if name.startswith(prefix) and name.endswith(".idToken") and (not named or name in named)
    }


def _parameters(querystring: str) -> list[tuple[str, str, str]]:
    """Name and value of every parameter, decoded, and how it is spelt."""
    if not is_visible(querystring):
        raise Malformed("not a query in visible ASCII")
    split = [(*spelt.partition("=")[::2], spelt) for spelt in querystring.split("&")]
    return [(unescape(name), unescape(value), spelt) for name, value, spelt in split]
