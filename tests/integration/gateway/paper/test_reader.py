"""The process that reads: killed at its limits, started again, and never believed in more than a reading (part 7)."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hungry_papers import endless, swelling, wide_picture
from paper_orders import PaperOrder, mail

from core.manner import Finding, Manner, Meant, Study
from core.reading import Box, Page, Paper, Word
from gateway.paper.reader import PaperReader, ReaderBrokenOff, ReaderStopped
from gateway.settings import PaperSettings

DIES = Path(__file__).with_name("dies_while_reading.py")


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


@pytest.mark.parametrize(
    ("content", "limits", "words"),
    [
        pytest.param(endless, PaperSettings(cpu_seconds=1), "more than 1 s of processor time", id="processor"),
        pytest.param(swelling, PaperSettings(memory_mib=256), "more than 256 MiB of memory", id="memory"),
    ],
)
def test_one_that_is_too_much_is_ended_and_the_next_is_read(
    content: Callable[[], bytes], limits: PaperSettings, words: str
) -> None:
    hungry = PaperReader(limits)
    with pytest.raises(ReaderStopped, match=words):
        hungry.read(content(), "a.pdf")
    assert hungry.pid is None
    try:
        assert hungry.read(b"Hello", "b.txt").parts
    finally:
        hungry.close()


def test_one_that_takes_too_long_is_ended_and_the_next_is_read(
    reader: PaperReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.read(b"Hello", "a.txt")  # it runs: a busy machine may take more than this second to start it
    with monkeypatch.context() as hurried:
        hurried.setattr(reader, "_wall_seconds", 1)
        with pytest.raises(ReaderStopped, match="longer than 1 s"):
            reader.read(endless(), "a.pdf")
    assert reader.pid is None
    assert reader.read(b"Hello", "b.txt").parts


def test_a_picture_of_too_many_pixels_is_refused_before_one_is_unpacked() -> None:
    """Part 7: 900 million pixels in 150 kB; and the process that read pictures ends when it has nothing to do."""
    pictures = PaperReader(PaperSettings(idle_seconds=0), "pictures")
    (part,) = pictures.read(wide_picture(), "a.png").parts
    assert part.violation is not None
    assert (part.fate, part.violation.code) == ("unreadable", "paper.too_many_pixels")
    process = pictures._process
    assert process is not None
    pictures.rest()
    assert pictures.pid is None
    assert process.returncode is not None, "it is no zombie"


def test_who_reads_text_leaves_pictures_alone_and_stays(reader: PaperReader) -> None:
    read = reader.read(mail(("a.png", wide_picture(200)), ("o.pdf", PaperOrder().pdf())), "a.eml")
    assert read.pictures_wait
    assert [part.fate for part in read.parts] == ["paper", "picture", "paper"]
    assert not reader.read(PaperOrder().pdf(), "o.pdf").pictures_wait
    reader.rest()
    assert reader.pid is not None


def test_it_is_broken_off_in_the_middle_and_starts_nothing_any_more() -> None:
    leaving = PaperReader(PaperSettings())
    leaving.read(b"Hello", "first.txt")
    threading.Timer(0.3, leaving.break_off).start()
    with pytest.raises(ReaderBrokenOff):
        leaving.read(endless(), "a.pdf")
    with pytest.raises(ReaderBrokenOff):
        leaving.read(b"Hello", "b.txt")
    assert leaving.pid is None


def test_it_ends_with_a_gateway_that_is_killed_and_leaves_no_file(tmp_path: Path) -> None:
    gateway = subprocess.Popen(
        [sys.executable, DIES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert gateway.stdin is not None
    assert gateway.stdout is not None
    with gateway:
        gateway.stdin.write(endless())
        gateway.stdin.close()
        child = int(gateway.stdout.readline())
        assert _runs(child)
        gateway.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.01)
    assert not _runs(child)
    assert list(tmp_path.iterdir()) == []


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # nobody may be there to bury it in a container


def test_one_whose_process_was_killed_starts_another(reader: PaperReader) -> None:
    reader.read(b"Hello", "b.txt")
    process = reader._process
    assert process is not None
    process.kill()
    process.wait()
    assert reader.read(b"Hello", "b.txt").parts


#: sets an attribute of a class, as pickles may of whatever they name
ALTERING = b"\x80\x04ccore.reading\nBox\nN}X\x07\x00\x00\x00overlapK\x01s\x86b."


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        (pickle.dumps(print), "no part of a reading"),
        (pickle.dumps(Mapping), "no part of a reading"),
        (pickle.dumps(7), "no reading"),
        (b"\x80\x04ccore.reading\nBox\n)R.", "required positional arguments"),
        (b"\x80\x04.", "pop|stack|underflow"),
        (ALTERING, "would change what readings are made of"),
    ],
)
def test_an_answer_that_is_no_reading_is_not_made(
    reader: PaperReader, monkeypatch: pytest.MonkeyPatch, hostile: bytes, told: str
) -> None:
    overlap = Box.overlap
    answers = iter([len(hostile).to_bytes(8), hostile])
    monkeypatch.setattr(PaperReader, "_receive", lambda *_: next(answers))
    with pytest.raises(ReaderStopped, match=told):
        reader.read(b"Hello", "b.txt")
    assert reader.pid is None, "who answers so is asked nothing more"
    assert Box.overlap is overlap


def test_what_is_asked_changes_nothing_of_what_an_answer_may_be_made_of(reader: PaperReader) -> None:
    """Python keeps a note with each class of which it pickles one, as a job is pickled here."""
    page = Page(1, 100, 100, "pt", "text", (Word("Vorgang:", Box(0, 0, 9, 9)), Word("A-17", Box(20, 0, 40, 9))), "r")
    job = Study(
        Paper("", "a.pdf", "application/pdf", "", (page,)), Meant({"buyer_reference": "A-17"}, (), ()), Manner(),
        frozenset({"buyer_reference"}),
    )  # fmt: skip
    assert reader.study(job) == reader.study(job) == (Finding("label", "vorgang", "buyer_reference"),)
    assert reader.again(b"", job.paper, Manner(labels={"vorgang": "buyer_reference"})).best("buyer_reference") == "A-17"


def test_an_answer_without_end_is_not_waited_for(reader: PaperReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PaperReader, "_receive", lambda *_: (1 << 40).to_bytes(8))
    with pytest.raises(ReaderStopped, match="more than it can know"):
        reader.read(b"Hello", "b.txt")


def test_who_reads_knows_no_password(reader: PaperReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERGATE_IMAP__PASSWORD", "secret")
    reader.close()
    reader.read(b"Hello", "b.txt")
    environ = Path(f"/proc/{reader.pid}/environ").read_bytes()
    assert b"OMP_NUM_THREADS=1" in environ
    assert b"secret" not in environ
