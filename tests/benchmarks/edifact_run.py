"""One process of the EDIFACT benchmark: what one order and a file of orders cost, in turns with pydifact.

It prints JSON. All in CPU seconds, so that neighbours on the machine count little.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from pydifact.parser import Parser

from adapters.edi.adapter import ADAPTER
from adapters.edi.dialect import read_text
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.tables import load
from adapters.edi.envelope import dialect_at, scan

#: how often one order is read for one figure
_TURNS = 300


def checker(source: bytes) -> Callable[[], int]:
    """Return what checks *source* against its directory and maps nothing: it returns how many messages are right."""
    dialect = dialect_at(source, 0)
    compiled: dict[str, CompiledMessage] = {}

    def check() -> int:
        right = 0
        for interchange in scan(source):
            for span in interchange.messages:
                name = span.version + span.release
                if name not in compiled:
                    compiled[name] = CompiledMessage(load(name), span.type, dialect.separators, {})
                text = read_text(source[span.offset : span.offset + span.length], dialect).text
                right += not span.violations and compiled[name].read(text, None) == []
        return right

    return check


def map_all(source: bytes) -> int:
    """Check and map *source*; return how many orders there are."""
    decoder, orders = ADAPTER.decoder, 0
    for interchange in decoder.scan(source):
        for decoded in decoder.decode(source, interchange, interchange.messages):
            orders += decoded.document is not None
    return orders


def parse_by_pydifact(source: bytes) -> int:
    """Parse *source* by pydifact alone, unchecked; return how many segments there are."""
    return sum(1 for _ in Parser().parse(source.decode("iso8859-1")))


def timed(work: Callable[[], int]) -> tuple[float, int]:
    started = time.process_time()
    done = work()
    return time.process_time() - started, done


def rows(file: Path, rounds: int) -> list[dict[str, float]]:
    """Return the CPU seconds of each row, per round; the first round warms up."""
    warnings.simplefilter("ignore")  # pydifact names the directories that its wheel lacks
    clean = file.read_bytes()
    count = clean.count(b"UNH+")
    one = _first_message(clean)
    bad = _with_bad_messages(clean)
    check = checker(clean)
    results = []
    for _ in range(rounds + 1):
        pydifact, segments = timed(lambda: parse_by_pydifact(clean))
        checked, right = timed(check)
        mapped, orders = timed(lambda: map_all(clean))
        with_bad, fewer = timed(lambda: map_all(bad))
        single, ones = timed(lambda: sum(map_all(one) for _ in range(_TURNS)))
        assert segments > 10 * count
        assert (right, orders, fewer, ones) == (count, count, count - count // 100, _TURNS)
        seconds = {"pydifact": pydifact, "check": checked, "map": mapped, "bad": with_bad, "one": single / _TURNS}
        results.append(seconds | {"megabytes": len(clean) / 1e6})
    return results[1:]


def _first_message(source: bytes) -> bytes:
    """Return an interchange with the first message of *source* alone."""
    (interchange,) = scan(source)
    first = interchange.messages[0]
    end = first.offset + first.length
    return source[:end] + f"UNZ+1+{interchange.control_reference}'".encode()


def _with_bad_messages(source: bytes) -> bytes:
    """Return *source* with one message in a hundred wrong: its first quantity is no number."""
    messages = source.split(b"UNH+")
    for place in range(100, len(messages), 100):
        messages[place] = messages[place].replace(b"QTY+21:", b"QTY+21:X", 1)
    return b"UNH+".join(messages)


if __name__ == "__main__":
    json.dump(rows(Path(sys.argv[1]), int(sys.argv[2])), sys.stdout)
