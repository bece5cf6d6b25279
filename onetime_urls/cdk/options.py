"""What can be switched on, each with its own props, in CDK's types.

Each is a plain value: nothing is made before it is given to a construct, which checks it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aws_cdk import Duration, Size
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3

from onetime_urls.protocol.contract.names import UPLOAD_PREFIX

OBJECT_LIMIT = 5 * 2**40
"""Bytes of the largest object (S3 User Guide, "Amazon S3 objects overview")."""

MAX_UPLOAD_FOLDERS = 10
"""Folders that take uploads: the role that signs names each."""


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A domain of one's own for a distribution.

    Attributes:
        name: such as files.example.com.
        certificate: for `name`, in us-east-1. None: one is made and validated through `hosted_zone`.
        hosted_zone: public zone that gets the records of `name`. None: you add them yourself.
    """

    name: str
    certificate: acm.ICertificate | None = None
    hosted_zone: route53.IHostedZone | None = None


@dataclass(frozen=True, kw_only=True)
class Brand:
    """Whose name the pages for people carry, so that they can tell them from a stranger's.

    Attributes:
        name: 1 to 60 characters.
        colour: `#` and six hexadecimal digits. It is made darker or lighter where it couldn't be read. None:
            the pages' own.
        logo: path of an SVG or PNG file of 8 KiB at most. None: the first letter of the name.
    """

    name: str
    colour: str | None = None
    logo: str | Path | None = None


@dataclass(frozen=True, kw_only=True)
class NewBucket:
    """The bucket that is made where none is given: private, encrypted, TLS only.

    Attributes:
        versioned: keep what was overwritten or deleted.
        lifecycle_rules: such as to other storage classes; uploads that were given up go after a week anyway.
        encryption_key: in KMS, for which S3 keeps a bucket key. None: S3's own keys.
    """

    versioned: bool = True
    lifecycle_rules: Sequence[s3.LifecycleRule] = ()
    encryption_key: kms.IKey | None = None


@dataclass(frozen=True)
class SigningKey:
    """A key in KMS that signs for CloudFront.

    Attributes:
        name: letters, digits and hyphens. Another name is another key.
        spec: `RSA_2048`, or `ECC_NIST_P256`, whose URLs are half as long and whose signatures cost five times
            as much.
    """

    name: str
    spec: str = "RSA_2048"


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """Sessions of signed cookies.

    Attributes:
        longest: the longest that one lasts, 1 minute to 12 hours; the shortest is two thirds of that. Who has
            copied its cookies can use them that long, whatever becomes of the user.
        same_site: the cookies' `SameSite`: `Lax`, `Strict`, or `None` where pages of other sites show files.
    """

    longest: Duration = field(default_factory=lambda: Duration.minutes(15))
    same_site: str = "Lax"


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Share pages: a short address that a person opens, sees what it is, and downloads with a click.

    Attributes:
        max_life: longest life of a share, 1 to 365 days. One whose request names none lives a week, or as
            long as this.
        max_downloads: the most downloads that a share may be made for, 1 to 100.
        max_upload: the largest file that `POST /uploads` lets in, 1 byte to 5 TiB. Above 5 GiB it has to be
            a multipart upload.
        upload_folders: prefixes of keys, each with its slash at the end, below which uploads may go, 1 to 10.
            Below `uploads/` each has a key of its own that nobody can guess; elsewhere it keeps its name, and
            nothing is overwritten. Where `uploads/` isn't among them, a request has to name a folder.
        upload_types: media types that it lets in, by what is announced: `application/pdf`, `image/*`, `*/*`.
        uniform_answers: whoever visits a share that is used, expired or revoked is told the same as at an
            address that never was one.
        reserved_concurrency: how many visits run at once at most, so that a flood of the public page can't
            take the account's Lambda concurrency from minting and from the guard. None: as many as the
            account allows. An account keeps at least 100 unreserved (Lambda Developer Guide, "Configuring
            reserved concurrency").
    """

    max_life: Duration = field(default_factory=lambda: Duration.days(30))
    max_downloads: int = 20
    max_upload: Size = field(default_factory=lambda: Size.gibibytes(5))
    upload_folders: Sequence[str] = (UPLOAD_PREFIX,)
    upload_types: Sequence[str] = ("*/*",)
    uniform_answers: bool = False
    reserved_concurrency: int | None = None


@dataclass(frozen=True, kw_only=True)
class Events:
    """An EventBridge event for each link and share minted, claimed, resumed, used or revoked.

    They are fed by the tables' streams: no claim waits for them.

    Attributes:
        bus: where they go. None: a bus of their own.
        audit_trail: keep the function's log, which has each event, for ten years, whatever becomes of the
            records. Otherwise three months.
        email: gets a message for each link claimed or revoked and each share used, locked or revoked, after
            confirming AWS's own.
        webhook_url: https address that gets the same as JSON by POST, with the header `x-onetime-urls-key`
            from a secret of the deployment's.
    """

    bus: events.IEventBus | None = None
    audit_trail: bool = False
    email: str | None = None
    webhook_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccessLogs:
    """CloudFront's log of requests, without query strings: they are the secret part of a link.

    The paths stay, and with them the addresses of shares: let few read this log.

    Attributes:
        reconcile: tell from the log which downloads were delivered and which failed, and show it in a
            link's status.
    """

    reconcile: bool = False


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """A CloudWatch dashboard, and alarms on throttling, refusals, errors and what viewers get.

    Attributes:
        email: who is told of alarms, after confirming AWS's message. None: they only show; `alarms` of the
            construct are there to be given actions.
        refusals: how much in five minutes raises the alarm, 1 to 1,000,000: refused claims of links, or
            requests for content that are refused or miss. What is usual depends on your traffic.
    """

    email: str | None = None
    refusals: int = 100
