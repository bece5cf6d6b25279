"""Looks a host's name up, for no longer than its caller waits.

The C library's resolver takes no time-out: with a silent name server it may block for half a minute, longer
than the function may run. So it runs in a thread. A look-up that took too long isn't lost: whoever asks next
gets its result.
"""

import socket
import threading
from typing import Any

Addresses = list[tuple[socket.AddressFamily, Any]]


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
