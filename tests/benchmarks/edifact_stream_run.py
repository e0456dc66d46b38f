"""One process of the EDIFACT benchmark, a script as users write it: a large file in turns with a small one.

It prints JSON, and imports nothing but the library, because the peak of its memory is told.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from adapters.edi.library import Message, messages

#: so many messages of the large file are read, then the small file once
_TURN = 2000


def read(found: Iterable[Message]) -> tuple[float, int, int]:
    """Check and map messages, all of which are right; return the seconds, how many there are and their bytes."""
    started = time.process_time()
    size = count = 0
    for message in found:
        assert message.document is not None
        size += message.span.length
        count += 1
    return time.process_time() - started, count, size


def main(large: Path, small: Path) -> None:
    stream = messages(large)
    read(messages(small))  # warms up
    speeds, shares = [], []
    while True:
        seconds, count, size = read(islice(stream, _TURN))
        if count < _TURN:
            break
        of_small, _, small_size = read(messages(small))
        speeds.append(size / 1e6 / seconds)
        shares.append(speeds[-1] / (small_size / 1e6 / of_small))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    figures = {"speed": statistics.median(speeds), "share": statistics.median(shares), "peak_mb": peak / 1024}
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
