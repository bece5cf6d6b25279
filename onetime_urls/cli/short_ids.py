"""Lets the ids that a list shows be given to other commands.

A share's first characters are looked for among all shares. Links are many more, so a link's first digits are
looked for among those of `--key`, or among the ids that this user was shown before.
Ids open nothing, but they are kept as all state is: readable by their owner only.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from onetime_urls.cli import state
from onetime_urls.cli.failures import Exit, Failure
from onetime_urls.client import Client
from onetime_urls.client.private_files import write_privately
from onetime_urls.protocol.contract.names import LINK_DIGITS, SHARE_CHARACTERS
from onetime_urls.protocol.shares.limits import ID_LENGTH

MOST_KEPT = 5000
_LINK = re.compile(rf"[0-9a-f]{{{LINK_DIGITS},63}}")
_SHARE = re.compile(rf"[A-Za-z0-9_-]{{{SHARE_CHARACTERS},{ID_LENGTH - 1}}}")
_WHOLE_LINK = re.compile(r"[0-9a-f]{64}")


def remember(client: Client, ids: Sequence[str]) -> None:
    """Keep the ids of links that are shown, the latest first."""
    whole_ids = [each for each in ids if _WHOLE_LINK.fullmatch(each)]
    kept = state.note("ids", client.endpoint) if whole_ids else None
    if kept is None:
        return
    with suppress(OSError):
        write_privately(kept, "\n".join(islice(dict.fromkeys([*whole_ids, *_remembered(client)]), MOST_KEPT)))


def whole(client: Client, named: str, key: str | None) -> str:
    """The whole id for a short one; what isn't one is left as it is.

    Args:
        key: the object whose links are looked through.

    Raises:
        Failure: there is none, or more than one, that begins so.
        onetime_urls.client.Error: the API refuses or can't be reached.
    """
    found: set[str] = set()
    is_link, is_share = _LINK.fullmatch(named), _SHARE.fullmatch(named)
    if not (is_link or is_share) or len(named) == ID_LENGTH:
        return named
    if is_link:
        ids = [each.id for each in client.list_links(key)] if key else _remembered(client)
        found = {each for each in ids if each.startswith(named)}
    if not found and is_share:
        found = {each.id for each in client.list_shares() if each.id.startswith(named)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise Failure("More than one begins like this: give more of the ID.", Exit.WRONG_USE)
    how = "" if key or not is_link else " For a link that wasn't listed here, give the whole ID or --key KEY."
    raise Failure(f"There is none that begins like this.{how}", Exit.WRONG_USE)


def _remembered(client: Client) -> list[str]:
    kept = state.note("ids", client.endpoint)
    try:
        text = "" if kept is None else kept.read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return [each for each in text.split() if _WHOLE_LINK.fullmatch(each)]
