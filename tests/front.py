"""A front of TLS before the edge, as CloudFront has one, that can cut connections off.

Cookies marked `Secure` are kept by real clients over https only, and a download that breaks off is what
resuming is for. The front passes bytes on as they are.
"""

import asyncio
import datetime
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
        requests: the head of every request that began a connection.
    """

    def __init__(self, upstream: tuple[str, int], certificate: Path) -> None:
        self.cuts: list[int] = []
        self.requests: list[str] = []
        self._upstream = upstream
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)
        self._tls.set_alpn_protocols(["http/1.1"])
        self.port = 0
        self.ready = threading.Event()
        self.end: Callable[[], object] = lambda: None

    def url(self, link: str) -> str:
        """A link as it is reached through this front."""
        return f"https://{HOST}:{self.port}/" + link.split("/", 3)[3]

    async def serve(self) -> None:
        """Serve until `end` is called."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.end = lambda: loop.call_soon_threadsafe(ended.set)
        async with await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls) as server:
            self.port = server.sockets[0].getsockname()[1]
            self.ready.set()
            await ended.wait()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(head.decode("latin-1"))
            allowed = self.cuts.pop(0) if self.cuts else None
            upstream_reader, upstream_writer = await asyncio.open_connection(*self._upstream)
            upstream_writer.write(head)
            sending = asyncio.create_task(_pump(reader, upstream_writer, None))
            try:
                await _pump(upstream_reader, writer, allowed)
            finally:
                sending.cancel()
                upstream_writer.close()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client or the edge went away
        finally:
            writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, allowed: int | None) -> None:
    """Pass bytes on until the end, or until so many of them have gone."""
    left = sys.maxsize if allowed is None else allowed
    with suppress(OSError):
        while left > 0 and (chunk := await reader.read(min(left, 65_536))):
            writer.write(chunk)
            await writer.drain()
            left -= len(chunk)


@contextmanager
def tls_front(upstream: str, folder: Path) -> Iterator[Front]:
    """A front before `upstream` (`http://address:port`), with a certificate of its own in `folder`."""
    address, _, port = upstream.partition("://")[2].partition(":")
    front = Front((address, int(port)), _certificate(folder))
    thread = threading.Thread(target=asyncio.run, args=(front.serve(),))
    thread.start()
    front.ready.wait()
    try:
        yield front
    finally:
        front.end()
        thread.join()


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
