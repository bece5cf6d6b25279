"""What a claim takes far from home: cold and warm, through a proxy that delays, on a fourteenth of a core.

A container is a process that is started anew. Cold is its first claim, once it is up: what Lambda's init
phase did is done, as it is there. Calls go over TLS, through a proxy that delays each way by half of the
round trip, and a connection's first bytes by one more, for the handshake of TCP, which loopback doesn't
delay. The processor is held by stopping the process for most of each period of 20 ms, once it has used its
share: as Lambda's own scheduler does.
"""

import asyncio
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import OURS, Bench
from tests.front import HOST, tls_front

ROUND_TRIPS_MS = (0, 80, 230, 300)
CONTAINERS, WARM_CLAIMS = 5, 4
PERIOD, SHARE = 0.02, 1 / 14


@dataclass(frozen=True, slots=True)
class Far:
    """Medians in milliseconds, and how many claims were refused.

    Attributes:
        init: until a container is up.
        cold: its first claim.
        warm: a further one.
    """

    round_trip: int
    init: float
    cold: float
    warm: float
    refused: int


def measure_far(bench: Bench, folder: Path) -> list[Far]:
    """One row for each round trip. The guard's asset trusts the proxy alone afterwards."""
    with tls_front(bench.endpoint, folder) as front:
        [roots] = bench.asset.rglob("amazon-roots.pem")
        roots.write_bytes((folder / "front.pem").read_bytes())
        return [_measure(bench, front.port, round_trip) for round_trip in ROUND_TRIPS_MS]


def _measure(bench: Bench, port: int, round_trip: int) -> Far:
    init, cold, warm = list[float](), list[float](), list[float]()
    refused = 0
    with delaying(port, round_trip / 1000) as endpoint:
        for _ in range(CONTAINERS):
            first, *further = bench.claims(1 + WARM_CLAIMS)
            began = time.perf_counter()
            with bench.worker(OURS, endpoint, through=(sys.executable, "-m", "benchmarks.far")) as worker:
                init.append(time.perf_counter() - began)
                answers = [worker.run([event]) for event in (first, *further)]
            refused += sum(1 - answer["admitted"] for answer in answers)
            cold.append(answers[0]["wall"])
            warm += [answer["wall"] for answer in answers[1:]]
    median = statistics.median
    return Far(round_trip, 1000 * median(init), 1000 * median(cold), 1000 * median(warm), refused)


def hold(process: "subprocess.Popen[bytes]") -> None:
    """Until a process ends: stop it in each period once it has used its share, let it go on in the next."""
    schedstat = Path(f"/proc/{process.pid}/schedstat")
    while process.poll() is None:
        end, used = time.monotonic() + PERIOD, _used(schedstat)
        while (left := end - time.monotonic()) > 0:
            if _used(schedstat) - used >= PERIOD * SHARE:
                process.send_signal(signal.SIGSTOP)
                time.sleep(left)
                process.send_signal(signal.SIGCONT)
                break
            time.sleep(0.0005)


def _used(schedstat: Path) -> float:
    return int(schedstat.read_text().split()[0]) / 1e9


@contextmanager
def delaying(port: int, round_trip: float) -> Iterator[str]:
    """A proxy before a server over TLS on this machine; yields its own endpoint."""
    ready, ended = threading.Event(), asyncio.Event()
    loop, ports = asyncio.new_event_loop(), list[int]()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: float) -> None:
        due = loop.time() + first
        with suppress(OSError):  # a process that ends resets its connections
            while data := await reader.read(65536):
                due = max(due, loop.time() + round_trip / 2)  # never before what came before it
                loop.call_at(due, writer.write, data)
        loop.call_at(max(due, loop.time() + round_trip / 2), writer.close)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # at the end; the server would tell of it
            answer, further = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(
                pump(reader, further, round_trip * 1.5),
                pump(answer, writer, round_trip / 2),
                return_exceptions=True,
            )

    async def serve() -> None:
        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await ended.wait()
        server.close()
        open_ones = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_ones:
            task.cancel()
        await asyncio.wait(open_ones or {asyncio.create_task(asyncio.sleep(0))})

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield f"https://{HOST}:{ports[0]}"
    loop.call_soon_threadsafe(ended.set)
    thread.join()
    loop.close()


def main(command: list[str]) -> int:
    """Run a command on its share of a core."""
    with subprocess.Popen(command) as process:
        hold(process)
        return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
