"""The process that reads: killed at its limits, started again, and never believed in more than a reading (part 7)."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
from paper_orders import PaperOrder, mail

from gateway.paper.reader import PaperReader, ReaderStopped
from gateway.settings import PaperSettings


@pytest.fixture(scope="module")
def reader() -> Iterator[PaperReader]:
    opened = PaperReader(PaperSettings())
    yield opened
    opened.close()


def test_it_reads_one_source_after_the_other_in_one_process(reader: PaperReader) -> None:
    first = reader.read(mail(("o.pdf", PaperOrder().pdf())), "a.eml")
    pid = reader.pid
    assert [part.fate for part in first.parts] == ["paper", "paper"]
    assert first.parts[1].extracted is not None
    assert first.parts[1].extracted.best("buyer_reference") == "PO-4711"
    assert reader.read(b"Hello", "b.txt").parts
    assert reader.pid == pid


def test_one_that_takes_too_long_is_ended_and_the_next_is_read() -> None:
    slow = PaperReader(PaperSettings(wall_seconds=0.001))
    with pytest.raises(ReaderStopped, match=r"longer than 0\.001 s"):
        slow.read(PaperOrder().pdf(), "a.pdf")
    assert slow.pid is None


def test_one_whose_process_was_killed_starts_another(reader: PaperReader) -> None:
    reader.read(b"Hello", "b.txt")
    process = reader._process
    assert process is not None
    process.kill()
    process.wait()
    assert reader.read(b"Hello", "b.txt").parts


def test_an_answer_that_is_no_reading_is_not_made(reader: PaperReader, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = pickle.dumps(print)
    answers = iter([len(hostile).to_bytes(8), hostile])
    monkeypatch.setattr(PaperReader, "_receive", lambda *_: next(answers))
    with pytest.raises(ReaderStopped, match="no part of a reading"):
        reader.read(b"Hello", "b.txt")
