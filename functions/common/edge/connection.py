"""Opens a connection to a host, against a deadline: looks its name up, connects, and has TLS prove who it is.

The C library's resolver takes no time-out: with a silent name server it may block for half a minute, longer
than the function may run. So it runs in a thread. A look-up that took too long isn't lost: whoever asks next
gets its result.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

Addresses = list[tuple[socket.AddressFamily, Any]]

MOST_ADDRESSES = 2
"""That are tried of one host. The time is shared between them: an eighth of it, where a name has eight, would
be less than one round trip to a far region."""


class Lookup:
    """Looks one host up, whenever it is asked."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._under_way: threading.Thread | None = None
        self._found: Addresses = []

    def addresses(self, timeout: float) -> Addresses:
        """The host's addresses, in the resolver's order.

        Args:
            timeout: seconds.

        Raises:
            OSError: there are none, or not in time (`TimeoutError`).
        """
        thread = self._under_way
        if thread is None:
            thread = self._under_way = threading.Thread(target=self._look_up, daemon=True)
            thread.start()
        thread.join(timeout)
        if thread.is_alive():
            raise TimeoutError
        self._under_way = None
        if not self._found:
            raise OSError("no address")
        return self._found

    def _look_up(self) -> None:
        try:
            # As text the name would load the tables of internationalised names, for 2 ms of CPU.
            found = socket.getaddrinfo(self._host.encode("ascii"), self._port, type=socket.SOCK_STREAM)
        except OSError:
            self._found = []
        else:
            self._found = [(family, address) for family, _, _, _, address in found]


@lru_cache(maxsize=2)
def trust(roots: str | None) -> ssl.SSLContext:
    """A client context that trusts the certificates in a file and nothing else, or the system's.

    AWS's own services chain to Amazon Trust Services: to load a system's whole store would cost a new
    container more than the rest of its start.
    """
    if roots is None:
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(roots)
    return context


def connect(
    host: str, lookup: Lookup, tls: ssl.SSLContext | None, left: Callable[[], float]
) -> socket.socket:
    """A connection to the first of the host's addresses that answers, as TLS demands where there is `tls`. Of
    many addresses two are tried: who asks again gets them from the resolver in another order.

    Args:
        lookup: of that host.
        left: seconds until the deadline; raises TimeoutError after it.

    Raises:
        OSError: none answers, or not in time.
    """
    addresses = lookup.addresses(left())[:MOST_ADDRESSES]
    failure: OSError = TimeoutError()
    for number, (family, address) in enumerate(addresses):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            # An address that doesn't answer leaves the next ones their share of the time.
            connection.settimeout(left() / (len(addresses) - number))
            connection.connect(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(left())
            if tls is None:
                return connection
            # As text the name would load the tables of internationalised names, for 2 ms of CPU.
            return tls.wrap_socket(connection, server_hostname=host.encode("ascii"))
        except OSError as error:
            connection.close()
            failure = error
    raise failure
