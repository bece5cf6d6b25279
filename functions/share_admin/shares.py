"""Makes the share admin's calls about shares: store, read, list, revoke."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from common.http_api.aws_calls import ONE_TRY_SECONDS, TimeLeft, calling
from common.http_api.errors import Code, Refused, Unavailable
from common.link_minting.aws import pin_object
from common.link_minting.disposition import name_from_key
from onetime_urls.protocol.links.record import revoke_request as revoke_link_request
from onetime_urls.protocol.shares.limits import LINK_SECONDS
from onetime_urls.protocol.shares.listing import cursor_after, page_request
from onetime_urls.protocol.shares.pin import SALT_BYTES, PinHash
from onetime_urls.protocol.shares.record import (
    Share,
    batch_request,
    get_request,
    is_id,
    links_revoked_request,
    put_request,
    revoke_request,
)
from share_admin.settings import Settings

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_s3.client import S3Client

_NONE = "There is no such share."


@dataclass(frozen=True, kw_only=True)
class ShareAdmin:
    """The shares of one deployment."""

    settings: Settings
    s3: S3Client
    dynamodb: DynamoDBClient
    now: Callable[[], float] = time.time
    new_id: Callable[[], str] = lambda: secrets.token_urlsafe(16)
    new_salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES)

    def create(self, wanted: dict[str, Any], time_left: TimeLeft) -> Share:
        """Look the object up and store a share of it.

        Args:
            wanted: a valid body of `POST /shares`, defaults filled in.

        Raises:
            Refused: there is no such object, or it is archived.
            Unavailable: an AWS service can't be reached or refuses.
        """
        pinned = pin_object(self.s3, self.settings.bucket, wanted["key"], time_left)
        now = int(self.now())
        expires_at = now + int(wanted["expires_in"])
        share = Share(
            id=self.new_id(),
            object_key=wanted["key"],
            filename=wanted.get("filename") or name_from_key(wanted["key"]),
            size=pinned.size,
            etag=pinned.etag,
            version_id=pinned.version_id,
            note=wanted.get("note"),
            pin=PinHash.of(wanted["pin"], self.new_salt()) if "pin" in wanted else None,
            created_at=now,
            expires_at=expires_at,
            max_downloads=int(wanted["max_downloads"]),
            ttl=expires_at + self.settings.retention,
        )
        with calling("PutItem", time_left):
            try:
                self.dynamodb.put_item(**put_request(self.settings.shares_table, share))
            except self.dynamodb.exceptions.ConditionalCheckFailedException as error:
                stored = cast("dict[str, Any]", error.response).get("Item")
                if stored != share.item():  # the retry of a put whose reply was lost finds its own
                    raise
        return share

    def show(self, share_id: str, time_left: TimeLeft) -> Share:
        """One share.

        Raises:
            Refused: there is none with this id.
            Unavailable: DynamoDB can't be reached.
        """
        _check_id(share_id)
        with calling("GetItem", time_left):
            found = self.dynamodb.get_item(**get_request(self.settings.shares_table, share_id))
        if "Item" not in found:
            raise Refused(Code.NO_SUCH_SHARE, _NONE)
        return Share.from_item(found["Item"])

    def page(self, wanted: dict[str, Any], time_left: TimeLeft) -> tuple[list[Share], str | None]:
        """A page of shares, newest first, and the cursor for the one after it.

        Args:
            wanted: a valid query of `GET /shares`, defaults filled in.

        Raises:
            Unavailable: DynamoDB can't be reached, or goes on reading less than it is asked for.
        """
        table = self.settings.shares_table
        with calling("Query", time_left):
            listed = self.dynamodb.query(
                **page_request(table, wanted["limit"], wanted.get("next"), wanted.get("key"))
            )
        ids = [item["id"]["S"] for item in listed["Items"]]
        if not ids:
            return [], None
        shares: list[Share] = []
        request = batch_request(table, ids)
        while request["RequestItems"]:  # DynamoDB may answer with a part and leave the rest to be asked for
            with calling("BatchGetItem", time_left):
                read = self.dynamodb.batch_get_item(**request)
            shares += map(Share.from_item, read["Responses"].get(table, []))
            request = {"RequestItems": read["UnprocessedKeys"]}
        shares.sort(key=lambda share: (share.created_at, share.id), reverse=True)
        return shares, cursor_after(listed.get("LastEvaluatedKey"))

    def revoke(self, share_id: str, time_left: TimeLeft) -> Share:
        """Revoke a share, and every one-time link of it that may still live.

        The share goes first: after that no new link of it can be stored. A link goes even if it is claimed:
        what is being sent is sent to its end, but nobody goes on with it, and a claim that S3 fails to serve
        comes to nothing.

        Raises:
            Refused: there is none with this id.
            Unavailable: DynamoDB can't be reached, or there were more links than there was time for. Asked
                again, what is left is done.
        """
        _check_id(share_id)
        now = int(self.now())
        with calling("UpdateItem", time_left):
            try:
                done = self.dynamodb.update_item(**revoke_request(self.settings.shares_table, share_id, now))
            except self.dynamodb.exceptions.ConditionalCheckFailedException:
                raise Refused(Code.NO_SUCH_SHARE, _NONE) from None
        share = Share.from_item(done["Attributes"])
        self._revoke_links(share, now, time_left)
        return share

    def _revoke_links(self, share: Share, now: int, time_left: TimeLeft) -> None:
        """Revoke the links that may live, the newest first, because it lives longest. Where the time ends
        before the links do, or the table refuses one, the share keeps how far this came."""
        number = share.links_revoked
        try:
            for line in share.history[::-1][number:]:
                if line.when > now - 2 * LINK_SECONDS - self.settings.resume:
                    self._revoke_link(line.link, now, time_left)
                number += 1
        except Unavailable:
            with suppress(Unavailable):
                self._note_links_revoked(share.id, number, time_left)
            raise

    def _note_links_revoked(self, share_id: str, number: int, time_left: TimeLeft) -> None:
        request = links_revoked_request(self.settings.shares_table, share_id, number)
        with (
            calling("UpdateItem", time_left),
            suppress(self.dynamodb.exceptions.ConditionalCheckFailedException),
        ):
            self.dynamodb.update_item(**request)  # another call may have come further

    def _revoke_link(self, signature: str, now: int, time_left: TimeLeft) -> None:
        if time_left() < 2 * ONE_TRY_SECONDS:  # one of them is for noting how far this came
            raise Unavailable("UpdateItem", "NoTimeLeft")
        with calling("UpdateItem", time_left):
            try:
                self.dynamodb.update_item(**revoke_link_request(self.settings.links_table, signature, now))
            except self.dynamodb.exceptions.ConditionalCheckFailedException:
                return  # its record is gone, and so it can't be claimed


def _check_id(share_id: str) -> None:
    if not is_id(share_id):
        raise Refused(Code.NO_SUCH_SHARE, _NONE)
