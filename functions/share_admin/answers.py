"""Writes what a caller is told about a share: everything but what would open it."""

from typing import Any

from onetime_urls.protocol.contract.names import PAGE_PREFIX
from onetime_urls.protocol.shares.record import Share


def about(share: Share, base_url: str, now: int) -> dict[str, Any]:
    """The share's JSON, without its history."""
    view: dict[str, Any] = {
        "id": share.id,
        "url": f"{base_url}{PAGE_PREFIX}{share.id}",
        "key": share.object_key,
        "filename": share.filename,
        "size": share.size,
        "state": share.state(now),
        "created_at": share.created_at,
        "expires_at": share.expires_at,
        "max_downloads": share.max_downloads,
        "downloads": share.downloads,
        "pin": share.pin is not None,
    }
    if share.note is not None:
        view["note"] = share.note
    if share.revoked_at is not None:
        view["revoked_at"] = share.revoked_at
    return view


def in_full(share: Share, base_url: str, now: int) -> dict[str, Any]:
    """The share's JSON with the links that were handed out, oldest first."""
    history = []
    for line in share.history:
        entry: dict[str, Any] = {
            "when": line.when,
            "address": line.address,
            "agent": line.agent,
            "link": line.link,
        }
        if line.replaces is not None:
            entry["replaces"] = line.replaces
        history.append(entry)
    return about(share, base_url, now) | {"history": history}
