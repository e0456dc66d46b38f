"""The counts of a file of any size are those of the whole check without a home."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.edi.adapter import ADAPTER
from adapters.edi.library import read
from core.testing.edifact import Faults, InterchangeFile, OrdersLine, OrdersMessage
from gateway.checks import check_directory
from gateway.summary import summarise

GOLDEN = Path(__file__).parents[2] / "golden" / "edi"
DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
GOOD = OrdersMessage("PO-1", DAY)
BAD = OrdersMessage("PO-2", DAY, lines=(OrdersLine(quantity="ABC"),))
ODD = OrdersMessage("PO-3", DAY, faults=Faults(lines="7"))
FILES = {
    "clean": InterchangeFile([GOOD, GOOD], "R1").encode(),
    "one bad": InterchangeFile([GOOD, BAD, ODD], "R1").encode(),
    "no end": InterchangeFile([GOOD, BAD], "R1", closed=False).encode(),
    "unknown charset": InterchangeFile([GOOD, BAD], "R1", charset="UNOX").encode(),
    "several": b"junk"
    + InterchangeFile([BAD], "R1", closed=False).encode()
    + InterchangeFile([ODD], "R2", messages=4).encode()
    + b"more junk",
    "nothing": b"",
    "no EDIFACT": b"hello",
    **{path.stem: path.read_bytes() for path in GOLDEN.glob("*/*.edi")},
}


def counted(content: bytes) -> tuple[dict[str, object], int]:
    """Count what the whole check shows; a refused interchange counts as one document, whatever its messages say."""
    body, exit_code = check_directory(ADAPTER.decoder, content, "a.edi")
    verdicts, codes = Counter[str](), Counter[str]()
    for interchange in body["interchanges"]:
        refused = any(fault["severity"] == "error" for fault in interchange["violations"])
        verdicts.update(["rejected"] if refused else [message["verdict"] for message in interchange["messages"]])
        told = [*interchange["violations"]]
        told += [] if refused else [fault for message in interchange["messages"] for fault in message["violations"]]
        codes.update(fault["code"] for fault in told)
    return {
        "interchanges": len(body["interchanges"]),
        "messages": verdicts.total(),
        "verdicts": dict(verdicts),
        "violations": dict(codes),
    }, exit_code


@pytest.mark.parametrize("name", FILES)
def test_the_counts_are_those_of_the_whole_check(name):
    assert summarise(read(io.BytesIO(FILES[name]), chunk_bytes=100)) == counted(FILES[name])


def test_the_counts_are_told_in_the_order_of_their_names():
    body, _ = summarise(read(FILES["one bad"]))
    assert list(body) == ["interchanges", "messages", "verdicts", "violations"]
    assert list(body["verdicts"]) == ["accepted", "accepted_with_warnings", "rejected"]


def test_messages_of_a_refused_interchange_are_not_read():
    read_ahead = read(FILES["unknown charset"])
    kept = []

    def watched():
        for interchange in read_ahead:
            messages = list(interchange)
            kept.extend(messages)
            yield Iterated(interchange.envelope, messages)

    body, exit_code = summarise(watched())
    assert (body["verdicts"], exit_code) == ({"rejected": 1}, 2)
    assert len(kept) == 2
    assert not any("decoded" in vars(message) for message in kept)


class Iterated:
    """An interchange whose messages were iterated before."""

    def __init__(self, envelope, messages):
        self.envelope, self._messages = envelope, messages

    def __iter__(self):
        return iter(self._messages)


def test_progress_is_told_about_once_a_megabyte():
    one = InterchangeFile([GOOD] * 100, "R1").encode()
    told: list[int] = []
    summarise(read(one * (3_500_000 // len(one))), told.append)
    assert len(told) == 3
    assert told == sorted(told)
    assert all(1_000_000 * place < offset < 1_100_000 * place for place, offset in enumerate(told, 1))
