"""Altered, re-spelt and polluted requests for live links, drawn from a seed and sent byte for byte.

Half of what is drawn is a mutation of a whole live link, a quarter is HTTP that a sane client wouldn't
send, and the rest is junk. Which of them are the link after all, the protocol's own parser tells: a
re-spelling is, an alteration isn't.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from edge_guard.viewer_request import read_link
from onetime_urls.protocol.links.canonical import parse_target

SAMPLES = (
    "%2e%2e%2f",
    "%00",
    "%0d%0aX-Injected:1",
    "../",
    "//",
    ";",
    "%25",
    "\u202e",
    "é",
    "'\"<",
    "+",
    " ",
    "\t",
    "&",
    "=",
)
HEADERS = (
    ("Range", "bytes=0-0"), ("Range", "bytes=0-,0-"), ("Range", "bytes=-1"), ("If-None-Match", "*"),
    ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"), ("If-Match", '"x"'), ("If-Range", '"x"'),
    ("X-Claim-Token", "0" * 32), ("X-Link-Lease", "x"), ("Cookie", "onetime-lease=" + "0" * 50),
    ("Cookie", "onetime-lease=" + "a" * 12 + "." + "0" * 32 + ".x"), ("Authorization", "AWS4-HMAC-SHA256 x"),
    ("X-Amz-Date", "20200101T000000Z"), ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"),
    ("X-Forwarded-For", "::1"), ("X-Forwarded-Host", "evil.example"), ("X-Original-URL", "/"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Host", "bucket.s3.amazonaws.com"), ("Sec-Purpose", "prefetch"), ("Expect", "100-continue"),
    ("Accept", "text/html"), ("Accept", "\xff"), ("User-Agent", "${jndi:ldap://x}\x7f"),
    ("Connection", "X-Claim-Token"),
    ("Upgrade", "h2c"), ("TE", "trailers"), ("Content-Length", "5"), ("Transfer-Encoding", "chunked"),
)  # fmt: skip
METHODS = (
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "PROPFIND",
)


@dataclass(frozen=True)
class Attack:
    """One request.

    Attributes:
        raw: what is sent.
        is_link: whether the guard reads it as the link that it was made of, asked for so as to claim it.
        kind: what it is, for the totals.
    """

    raw: bytes
    is_link: bool
    kind: str


def draw_attack(random: Random, target: str, now: float) -> Attack:
    """An attack on the live link with this target."""
    kind = random.choice(tuple(KINDS))
    method, attacked, headers = KINDS[kind](random, target)
    lines = [f"{method} {attacked} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    raw = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")
    return Attack(raw, _is_link(method, attacked, headers, target, now), kind)


def _is_link(method: str, attacked: str, headers: list[tuple[str, str]], target: str, now: float) -> bool:
    """Whether the guard would claim the link for it. Where CloudFront refuses the request, this may be wrong
    on the side of expecting too much: a link that wasn't claimed is redeemed afterwards anyway."""
    event_headers: dict[str, list[dict[str, str]]] = {}
    for name, value in headers:
        event_headers.setdefault(name.lower(), []).append({"key": name, "value": value})
    uri, _, query = attacked.partition("?")
    request = {
        "method": method,
        "uri": uri,
        "querystring": query,
        "headers": event_headers,
        "clientIp": "127.0.0.1",
    }
    original = parse_target(*target.split("?", 1))
    return getattr(read_link(request, now), "target", None) == original


Drawn = tuple[str, str, list[tuple[str, str]]]


def _respelt(random: Random, target: str) -> Drawn:
    uri, _, query = target.partition("?")
    pairs = query.split("&")
    random.shuffle(pairs)
    pairs = [
        _spell(random, pair.split("=", 1)[0]) + "=" + _spell(random, pair.split("=", 1)[1]) for pair in pairs
    ]
    return "GET", _spell(random, uri) + "?" + "&".join(pairs), []


def _spell(random: Random, text: str) -> str:
    """Other escapes for the same bytes, now and then."""
    out = []
    for n, character in enumerate(text):
        inside = "%" in text[max(n - 2, 0) : n]
        if character in "%/?&=" or inside or random.random() > 0.1:
            out.append(character.lower() if inside and random.random() < 0.5 else character)
        else:
            out.append(f"%{ord(character):02{random.choice('xX')}}")
    return "".join(out)


def _altered(random: Random, target: str) -> Drawn:
    at, cut = random.randrange(1, len(target)), random.randrange(4)
    added = random.choice((*SAMPLES, target[at : at + random.randrange(9)], chr(random.randrange(33, 127))))
    return "GET", target[:at] + added + target[at + cut :], []


def _polluted(random: Random, target: str) -> Drawn:
    name = random.choice([pair.split("=")[0] for pair in target.split("?", 1)[1].split("&")])
    extra = random.choice(
        (f"{name}=1", f"{name}", "x=1", "versionId=null", "response-content-type=text%2Fhtml",
         "x-link-size=1", "x-link-cidr=1.1.1.1%2F99", "x-link-resume=1&x-link-size=1&x-link-budget=9",
         "partNumber=1", "acl",
         "X-Amz-Signature=" + "0" * 64, "uploads", "torrent", "%00=1")
    )  # fmt: skip
    head, tail = target.split("?", 1)
    return (
        "GET",
        random.choice((f"{head}?{extra}&{tail}", f"{head}?{tail}&{extra}", f"{head}?{tail};{extra}")),
        [],
    )


def _elsewhere(random: Random, target: str) -> Drawn:
    """The live signature with another path or in another form."""
    query = target.split("?", 1)[1]
    path = random.choice(
        ("/", "/other", "/-/x", "//" + target[1:].split("?")[0], "/%2e%2e/x", "/" + "a" * 1025, "*")
    )
    form = random.choice(
        (path, path, f"http://links.example{path}", f"https://bucket.s3.amazonaws.com{path}")
    )
    return "GET", f"{form}?{query}", []


def _with_headers(random: Random, target: str) -> Drawn:
    return "GET", target, random.sample(HEADERS, random.randint(1, 3))


def _other_method(random: Random, target: str) -> Drawn:
    return random.choice(METHODS), target, []


def _oversized(random: Random, target: str) -> Drawn:
    if random.random() < 0.5:
        return "GET", target + "&x=" + "a" * random.choice((200, 8_000, 30_000)), []
    return "GET", target + "&", [("X-Padding", "a" * random.choice((10_000, 70_000)))]


def _junk(random: Random, target: str) -> Drawn:
    text = "".join(chr(random.randrange(33, 256)) for _ in range(random.randrange(1, 80)))
    return "GET", "/" + text, []


KINDS: dict[str, Callable[[Random, str], Drawn]] = {
    "re-spelt": _respelt,
    "altered": _altered,
    "altered twice": lambda random, target: _altered(random, _altered(random, target)[1]),
    "polluted": _polluted,
    "elsewhere": _elsewhere,
    "odd headers": _with_headers,
    "another method": _other_method,
    "oversized": _oversized,
    "junk": _junk,
}
