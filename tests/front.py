"""A front of TLS before the edge, as CloudFront has one, that can cut connections off.

Cookies marked `Secure` are kept by real clients over https only, and a download that breaks off is what
resuming is for. The front passes bytes on as they are.
"""

import asyncio
import datetime
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"


class Front:
    """Serves https on loopback for an edge that serves http.

    Attributes:
        cuts: how many bytes the next connections may each receive before they are cut off; connections
            after these are left whole.
        requests: what came first over each connection: the head of its request.
    """

    def __init__(self, upstream: tuple[str, int], certificate: Path) -> None:
        self.cuts: list[int] = []
        self._awaited = 0
        self._held: list[_Edge] = []
        self.requests: list[str] = []
        self.port = 0
        self.upstream = upstream
        self.open: set[asyncio.Transport] = set()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)
        self._tls.set_alpn_protocols(["http/1.1"])

    def url(self, link: str) -> str:
        """A link as it is reached through this front."""
        return f"https://{HOST}:{self.port}/" + link.split("/", 3)[3]

    @contextmanager
    def holding(self, *, until: int) -> Iterator[None]:
        """Let no answer past its first bytes before so many requests have come, from now on."""
        self._awaited, self.requests[:] = until, []
        try:
            yield
        finally:
            self._awaited = 0

    def came(self, head: str) -> None:
        """Note a request, and let go of the answers that waited for it."""
        self.requests.append(head)
        while self._held and len(self.requests) >= self._awaited:
            self._held.pop().go_on()

    def holds(self, answer: "_Edge") -> bool:
        """Whether the rest of an answer has to wait: it is told when it may go on."""
        if len(self.requests) >= self._awaited:
            return False
        self._held.append(answer)
        return True

    async def serve(self, ready: threading.Event, ended: asyncio.Event) -> None:
        """Serve until `ended`."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Viewer(self), "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()
        while self.open:
            for transport in tuple(self.open):
                transport.abort()
            await asyncio.sleep(0.01)


class _End(asyncio.Protocol):
    """One end of a connection; what it receives goes to the other one, as fast as that takes it."""

    def __init__(self, front: Front) -> None:
        self.front, self.left = front, sys.maxsize
        self.transport: asyncio.Transport | None = None
        self.other: _End | None = None
        self.waiting = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.front.open.add(transport)

    def data_received(self, data: bytes) -> None:
        if self.other is None or self.other.transport is None:
            self.waiting += data
            return
        passed, self.left = data[: self.left], self.left - len(data)
        self.other.transport.write(passed)
        if self.left <= 0:
            self.other.transport.close()

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport is not None:
            self.front.open.discard(self.transport)
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class _Edge(_End):
    """The edge's end."""

    begun = False

    def data_received(self, data: bytes) -> None:
        if self.begun and self.front.holds(self):
            assert self.transport is not None
            self.transport.pause_reading()
            self.waiting += data
            return
        self.begun = True
        super().data_received(data)

    def go_on(self) -> None:
        """Pass on what was held."""
        assert self.transport is not None
        data, self.waiting = bytes(self.waiting), bytearray()
        super().data_received(data)
        self.transport.resume_reading()


class _Viewer(_End):
    """The client's end. The connection to the edge is made when the first bytes have come."""

    def data_received(self, data: bytes) -> None:
        if self.other is None and not self.waiting:
            self.front.came(data.decode("latin-1"))
            self._connecting = asyncio.ensure_future(self._connect())
        super().data_received(data)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        _, edge = await loop.create_connection(lambda: _Edge(self.front), *self.front.upstream)
        edge.left = self.front.cuts.pop(0) if self.front.cuts else sys.maxsize
        self.other, edge.other = edge, self
        data, self.waiting = bytes(self.waiting), bytearray()
        self.data_received(data)


@contextmanager
def tls_front(upstream: str, folder: Path) -> Iterator[Front]:
    """A front before `upstream` (`http://address:port`), with a certificate of its own in `folder`."""
    address, _, port = upstream.partition("://")[2].partition(":")
    front = Front((address, int(port)), _certificate(folder))
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(front.serve(ready, ended),))
    thread.start()
    ready.wait()
    try:
        yield front
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def _certificate(folder: Path) -> Path:
    """A certificate for this run, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "front.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
