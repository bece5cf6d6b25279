"""One guard in a process of its own, measured from the inside.

`python -m benchmarks.worker MODULE` imports the handler, says what that cost, and then runs one batch
of events per line of standard input. A line is a JSON list of events, an answer a JSON object.
"""

import importlib
import json
import re
import resource
import sys
import time
from pathlib import Path


class Context:
    """The part of Lambda's context object that a guard reads."""

    def get_remaining_time_in_millis(self) -> int:
        return 5000


def peak_memory_kb() -> int:
    """Peak resident memory. On Linux `ru_maxrss` would include the process that this one was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # macOS counts bytes


def main(module: str) -> None:
    before = time.process_time()
    handler = importlib.import_module(module).handler
    print(json.dumps({"ready_cpu": time.process_time() - before}), flush=True)
    output, sys.stdout = sys.stdout, sys.stderr  # a handler's log lines don't belong into the answers
    for line in sys.stdin:
        events = json.loads(line)
        wall, cpu = time.perf_counter(), time.process_time()
        answers = [handler(event, Context()) for event in events]
        measured = {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
            "admitted": sum("uri" in answer for answer in answers),
            "memory_kb": peak_memory_kb(),
        }
        print(json.dumps(measured), file=output, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
