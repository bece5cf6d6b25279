"""What the API answers with, typed. Names are the API's own (docs/openapi.yaml); times are aware datetimes.

Fields that this version doesn't know are left out of the attributes, not refused: a newer deployment goes on
working with an older client. `raw` has the whole answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

Json = Mapping[str, Any]
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class MintedLink:
    """A link that was just made. It can't be read again: only its status can.

    Attributes:
        url: the link. Secret, and so not in `repr`.
        id: 64 hex digits, which name the link and don't open it.
        key: the object's.
        size: the object's, in bytes.
        expires_at: when it stops working.
        expires_in: seconds that it was granted, which can be less than was asked for.
        max_claims: how often it can be downloaded.
        resume: seconds after a claim in which its claimer may come back for more.
        raw: the API's answer. It holds the link.
    """

    url: str = field(repr=False)
    id: str
    key: str
    size: int
    expires_at: datetime
    expires_in: int
    max_claims: int
    resume: int
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The link in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            url=_text(found["url"]),
            id=_text(found["id"]),
            key=_text(found["key"]),
            size=_number(found["size"]),
            expires_at=_moment(found["expires_at"]),
            expires_in=_number(found["expires_in"]),
            max_claims=_number(found["max_claims"]),
            resume=_number(found["resume"]),
            raw=found,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that signed URLs can be had for.

    Attributes:
        file: its name, as in the URL, decoded.
        size: bytes.
        modified: when it was last changed.
        type: the media type that its name promises; None for an unknown one.
        raw: its part of the API's answer.
    """

    file: str
    size: int
    modified: datetime
    type: str | None
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The file in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            file=_text(found["file"]),
            size=_number(found["size"]),
            modified=_moment(found["modified"]),
            type=_perhaps(_text, found.get("type")),
            raw=found,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object that can be handed out.

    Attributes:
        key: its key in the bucket.
        size: bytes.
        modified: when it was last changed.
        type: the media type that its name promises; None for an unknown one.
        raw: its part of the API's answer.
    """

    key: str
    size: int
    modified: datetime
    type: str | None
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The object in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            key=_text(found["key"]),
            size=_number(found["size"]),
            modified=_moment(found["modified"]),
            type=_perhaps(_text, found.get("type")),
            raw=found,
        )


@dataclass(frozen=True, slots=True)
class Folder:
    """What the keys of several objects begin with.

    Attributes:
        key: the prefix, with its slash.
    """

    key: str


def entries(page: Json) -> list[Folder | Object]:
    """The folders and objects of a page, in the order of their names. Raises KeyError, TypeError or
    ValueError if they aren't there."""
    folders = [Folder(_text(each)) for each in page["folders"]]
    return sorted([*folders, *map(Object.from_json, page["objects"])], key=lambda each: each.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUrl:
    """A URL that CloudFront serves until it expires.

    Attributes:
        url: the URL. Secret, and so not in `repr`.
        expires_at: when it stops working.
        raw: the API's answer. It holds the URL.
    """

    url: str = field(repr=False)
    expires_at: datetime
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The URL in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(url=_text(found["url"]), expires_at=_moment(found["expires_at"]), raw=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One admitted download of a link.

    Attributes:
        id: CloudFront's id of the request.
        when: when it was admitted.
        address, agent: the viewer's. The agent says what its sender wants it to say.
        edge: the region in which it was decided.
        outcome: "claimed, outcome unknown", "delivered" or "failed".
        followers: further requests that were admitted under it.
    """

    id: str
    when: datetime
    address: str
    agent: str
    edge: str
    outcome: str
    followers: int

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The claim in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            id=_text(found["id"]),
            when=_moment(found["when"]),
            address=_text(found["address"]),
            agent=_text(found["agent"]),
            edge=_text(found["edge"]),
            outcome=_text(found["outcome"]),
            followers=_number(found.get("followers", 0)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is known of a link.

    Attributes:
        id: 64 hex digits.
        key, size: the object's; bytes.
        state: "ready", "used", "expired", "exhausted" (too many claims were given back) or "revoked".
        issued_at, expires_at: from when and until when.
        max_claims: how often it can be downloaded.
        claims: downloads that were admitted, oldest first.
        revoked_at: when it was taken back; None if it wasn't.
        share: the first characters of the id of the share that handed it out; None if it was asked for.
        raw: the API's answer.
    """

    id: str
    key: str
    size: int
    state: str
    issued_at: datetime
    expires_at: datetime
    max_claims: int
    claims: tuple[Claim, ...]
    revoked_at: datetime | None
    share: str | None
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The link in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            id=_text(found["id"]),
            key=_text(found["key"]),
            size=_number(found["size"]),
            state=_text(found["state"]),
            issued_at=_moment(found["issued_at"]),
            expires_at=_moment(found["expires_at"]),
            max_claims=_number(found["max_claims"]),
            claims=tuple(map(Claim.from_json, found["claims"])),
            revoked_at=_perhaps(_moment, found.get("revoked_at")),
            share=_perhaps(_text, found.get("share")),
            raw=found,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One hand-over of a share's file.

    Attributes:
        when: when the one-time link was handed out.
        address, agent: the visitor's. The agent says what its sender wants it to say.
        link: the id of that link.
        replaces: the id of the unclaimed link that it took the place of; None where a download was counted.
    """

    when: datetime
    address: str
    agent: str
    link: str
    replaces: str | None

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The download in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            when=_moment(found["when"]),
            address=_text(found["address"]),
            agent=_text(found["agent"]),
            link=_text(found["link"]),
            replaces=_perhaps(_text, found.get("replaces")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share: a short address with a page behind it that hands a file over.

    Attributes:
        id: 22 characters. Whoever knows it can visit the page, and so it isn't in `repr`.
        url: the page's address.
        key, size: the object's; bytes.
        filename: the name that is shown and saved under.
        state: "ready", "locked" (wrong PINs), "used", "expired" or "revoked".
        created_at, expires_at: from when and until when.
        max_downloads, downloads: promised, and counted.
        pin: whether a PIN is asked for.
        note: the sender's word to the recipient.
        revoked_at: when it was taken back; None if it wasn't.
        history: the links that were handed out, oldest first; empty in a list.
        raw: the API's answer.
    """

    id: str = field(repr=False)
    url: str = field(repr=False)
    key: str
    filename: str
    size: int
    state: str
    created_at: datetime
    expires_at: datetime
    max_downloads: int
    downloads: int
    pin: bool
    note: str | None
    revoked_at: datetime | None
    history: tuple[Download, ...]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, found: Json) -> Self:
        """The share in an answer. Raises KeyError, TypeError or ValueError if it isn't there."""
        return cls(
            id=_text(found["id"]),
            url=_text(found["url"]),
            key=_text(found["key"]),
            filename=_text(found["filename"]),
            size=_number(found["size"]),
            state=_text(found["state"]),
            created_at=_moment(found["created_at"]),
            expires_at=_moment(found["expires_at"]),
            max_downloads=_number(found["max_downloads"]),
            downloads=_number(found["downloads"]),
            pin=bool(found["pin"]),
            note=_perhaps(_text, found.get("note")),
            revoked_at=_perhaps(_moment, found.get("revoked_at")),
            history=tuple(map(Download.from_json, found.get("history", ()))),
            raw=found,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file in the bucket.

    Attributes:
        key: where it is.
        size: bytes.
        sha256: of its content, hex.
    """

    key: str
    size: int
    sha256: str


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("no text")
    return found


def _number(found: object) -> int:
    """What counts bytes, seconds or downloads: more than 18 digits are none of these."""
    if type(found) is not int or not 0 <= found < 10**18:
        raise ValueError("no number of these")
    return found


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _perhaps(read: Callable[[Any], Read], found: Any) -> Read | None:
    return None if found is None else read(found)
