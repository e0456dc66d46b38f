"""One process of the EDIFACT benchmark: a large file checked and mapped by one process and by two, in turns.

It prints JSON. Each round has, beside it, what the machine gives to two processes that have nothing to do with each
other: a plain loop here, and the same loop here and in a second process at once.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from adapters.edi.library import check
from gateway.summary import summarise

_ROUNDS_OF_LOOP = 20_000_000
_CHILD = """
import sys
sys.path[:] = sys.argv[1:]
from edifact_processes_run import loop
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
loop()
"""


def loop() -> int:
    """Keep one core busy and no memory."""
    total = 0
    for number in range(_ROUNDS_OF_LOOP):
        total += number * number % 7
    return total


def plain_loops() -> dict[str, float]:
    """Return the seconds of the loop alone, and of two at once."""
    started = time.perf_counter()
    loop()
    alone = time.perf_counter() - started
    command = [sys.executable, "-c", _CHILD, *sys.path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        started = time.perf_counter()
        other.stdin.write("go\n")
        other.stdin.flush()
        loop()
        other.wait()
        both = time.perf_counter() - started
    assert other.returncode == 0
    return {"loop": alone, "two loops": both}


def checked(file: Path, processes: int) -> tuple[dict[str, float], int]:
    """Return the seconds of the clock and the CPU seconds here and in other processes, and how many were accepted."""
    here, there = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    counts, exit_code = summarise(check(file, processes=processes))
    seconds = time.perf_counter() - started
    assert (exit_code, counts["verdicts"]) == (0, {"accepted": counts["messages"]})
    cpu = {"here": _cpu(resource.RUSAGE_SELF) - here, "there": _cpu(resource.RUSAGE_CHILDREN) - there}
    return {"seconds": seconds, **cpu}, counts["messages"]


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def peaks(file: Path) -> list[float]:
    """Return the peak memory of this process and of the other one in MB, once both have checked *file*."""
    found: list[float] = []

    def look(_: int) -> None:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        found[:] = [_peak(pid) for pid in ("self", *children)]

    summarise(check(file, processes=2), look)
    return found


def _peak(pid: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (peak,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return peak / 1024


def main(file: Path, rounds: int) -> None:
    results = []
    memory = peaks(file)  # and warms up
    for _ in range(rounds):
        one, orders = checked(file, 1)
        two, again = checked(file, 2)
        assert orders == again > 1000
        results.append({"one": one, "two": two, **plain_loops()})
    json.dump({"rounds": results, "peaks_mb": memory}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
