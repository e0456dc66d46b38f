"""Messages checked by several processes are told as one process tells them, whatever becomes of the others.

The other processes are threads here, which serve over a real connection; real ones are in the integration tests.
"""

from __future__ import annotations

import io
import os
import threading
from collections import Counter
from multiprocessing import Pipe
from pathlib import Path
from socket import SHUT_RDWR, socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.edi import ahead
from adapters.edi.ahead import checked_ahead, processes_for
from adapters.edi.check_child import serve
from adapters.edi.check_process import CheckProcess, Crew
from adapters.edi.envelope import envelopes
from adapters.edi.guides.loading import load_guide
from adapters.edi.library import MESSAGE_LIMIT, check, messages, read
from adapters.edi.streams import interchanges, with_messages
from adapters.edi.window import Window

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"
SAMPLES = [path.read_bytes() for path in sorted(GOLDEN.rglob("*.edi"))]
ORDER = b"BGM+220+PO1+9'DTM+137:20261122:102'NAD+BY+5412345000013::9'NAD+SU+4012345500004::9'LIN+1'QTY+21:48'UNS+S'"
GROUP = b"UNG+ORDERS+A+B+261122:0800+%d+UN+D:96A'UNH+%d+ORDERS:D:96A:UN'" + ORDER + b"UNT+9+1'UNE+%d+%d'"
UNB = b"UNB+UNOA:3+A+B+261122:0800+1'"
GROUPS = UNB + b"".join(GROUP % (number, number, number % 3, number) for number in range(1, 9)) + b"UNZ+8+1'"
#: custom separators, with and without the UNA that advises them
CUSTOM = (UNB + b"UNH+1+ORDERS:D:96A:UN'" + ORDER + b"UNT+9+1'UNZ+2+1'").translate(bytes.maketrans(b":+'", b'="~'))
SAMPLES += [GROUPS, CUSTOM, b'UNA=".? ~' + CUSTOM, GROUPS.replace(b"UNOA", b"UNOX"), GROUPS[:-30], b"junk"]
#: what an edit puts in: faults of segments, of messages and of envelopes
TOKENS = [
    *(b"'", b"+", b":", b"?", b"\n", b"X", b"\xff", b"junk'", b"UNT+1+1'", b"UNZ+1+1'", b"UNE+1+1'", b"UNG+A'"),
    *(UNB, b"UNH+1+ORDERS:D:96A:UN'", b"UNA:+.? '", b"\xef\xbb\xbf", b"\r\n" * 50),
]
Told = list[tuple[object, ...]]


class Served:
    """Two ends of a connection, and ``serve`` on a thread at the other one; it dies before answer *dies_at*."""

    def __init__(self, file, dies_at=None):
        self.ours, self.theirs = Pipe()
        self.answers = 0
        self._dies_at = dies_at
        self.process = CheckProcess(self.ours)
        self.thread = threading.Thread(target=self._run, args=(file,))
        self.ours.send(None)
        self.thread.start()
        while not self.process.has_room:
            self.process.take()

    def _run(self, file):
        serve(self, file)
        with socket(fileno=os.dup(self.theirs.fileno())) as ended:
            ended.shutdown(SHUT_RDWR)  # as when a process ends, whatever its other thread waits for

    def recv(self):
        return self.theirs.recv()

    def send(self, answer):
        if self.answers == self._dies_at:
            raise BrokenPipeError
        self.theirs.send(answer)
        self.answers += 1

    def end(self):
        self.ours.close()
        self.thread.join(10)
        self.theirs.close()
        assert not self.thread.is_alive()


def told(found) -> Told:
    """Return all that interchanges tell and what their messages tell of faults."""
    shown: Told = []
    for interchange in found:
        judged = [(message.span, message.group, message.violations, message.failed) for message in interchange]
        shown.append((interchange.envelope, interchange.violations, interchange.failed, judged))
    return shown


def events_of(source, guide=None, limit=MESSAGE_LIMIT):
    window = Window(source)
    return with_messages(envelopes(window, limit), window, guide)


def by_crew(source, crew, guide=None, stretch=300, limit=MESSAGE_LIMIT) -> Told:
    return told(interchanges(checked_ahead(events_of(source, guide, limit), crew, guide, stretch=stretch), guide))


@pytest.fixture
def crew_on(tmp_path):
    """Return a function: a crew of threads on a file with the given bytes."""
    opened = []

    def start(source, *dies_at):
        path = tmp_path / "source.edi"
        path.write_bytes(source)
        file = os.open(path, os.O_RDONLY)
        served = [Served(file, at) for at in dies_at]
        opened.append((file, served))
        return Crew([one.process for one in served])

    yield start
    for file, served in opened:
        for one in served:
            one.end()
        os.close(file)


def sources() -> st.SearchStrategy[bytes]:
    """Return several samples one after another, with some stretches cut, doubled or overwritten."""
    edit = st.tuples(st.integers(0, 20_000), st.sampled_from([0, 0, 1, 3, 12, 200]), st.sampled_from(TOKENS))

    def apply(chosen: list[bytes], edits: list[tuple[int, int, bytes]]) -> bytes:
        source = b"".join(chosen)
        for place, length, token in edits:
            at = place % (len(source) + 1)
            source = source[:at] + token + source[at + length :]
        return source

    return st.builds(apply, st.lists(st.sampled_from(SAMPLES), max_size=12), st.lists(edit, max_size=8))


@given(
    sources(),
    st.lists(st.none() | st.integers(1, 6), min_size=0, max_size=2),
    st.sampled_from([1, 100, 300, 1000, 5000, 100_000]),
)
@settings(max_examples=100, deadline=None)
def test_any_crew_tells_what_one_process_tells(tmp_path_factory, source, dies_at, stretch):
    path = tmp_path_factory.getbasetemp() / "shared.edi"
    path.write_bytes(source)
    with path.open("rb") as file:
        served = [Served(file.fileno(), at) for at in dies_at]
        assert by_crew(source, Crew([one.process for one in served]), stretch=stretch) == told(read(source))
        for one in served:
            one.end()


def test_the_others_do_their_share(crew_on, monkeypatch):
    done = Counter[str]()
    original = ahead.Batch.settle

    def settle(batch, answer):
        done["there"] += len(batch.messages)
        original(batch, answer)

    monkeypatch.setattr(ahead.Batch, "settle", settle)
    source = b"".join(SAMPLES) * 3
    assert by_crew(source, crew_on(source, None)) == told(read(source))
    assert done["there"] > 20


GUIDE = """
[leniency]
"envelope.unz_count" = "ignored"
"envelope.unt_count" = "error"
[[messages]]
type = "ORDERS"
release = "D.96A"
[[messages.segments]]
path = "BGM"
elements = [{ at = "2.1", format = "n10" }]
"""


def test_a_guide_judges_alike(crew_on, tmp_path, several):
    path = tmp_path / "acme.toml"
    path.write_text(GUIDE, encoding="utf-8")
    guide = load_guide(path)
    source = (several("A", "B").replace(b"UNT+11+B", b"UNT+12+B").replace(b"UNZ+2", b"UNZ+7") + GROUPS) * 5
    crew = crew_on(source)  # of threads that were given no guide
    assert by_crew(source, crew, guide) == told(read(source, guide=guide))
    assert told(check(write(tmp_path, source), guide=path, processes=2)) == told(read(source, guide=guide))


def write(folder, source):
    path = folder / "checked.edi"
    path.write_bytes(source)
    return path


def test_messages_above_the_limit_are_told_alike(crew_on, several, order):
    large = order(*[part for line in range(1, 200) for part in (f"LIN+{line}++4000862141404:EN", "QTY+21:48:PCE")])
    source = several("A") + large + several("B", "C")
    found = by_crew(source, crew_on(source, None, None), limit=2000, stretch=1)
    assert found == told(read(source, message_limit=2000))
    assert [judged[0][3] for *_, judged in found] == [False, True, False]


def test_messages_of_an_interchange_that_is_refused_as_it_opens_are_not_checked(several):
    class NotWanted(Crew):
        def give(self, batch):
            raise AssertionError(batch)

    source = several("A", "B", charset="UNOX:3")
    found = interchanges(checked_ahead(events_of(source), NotWanted([]), None, stretch=1), None)
    interchange = next(found)
    passed_over = list(interchange)
    assert interchange.failed
    assert [message.reference for message in passed_over] == ["A", "B"]
    assert not any("decoded" in vars(message) for message in passed_over)


def test_a_document_is_there_when_it_is_asked_for(crew_on, several):
    source = several(*"ABCDEFGH")
    events = checked_ahead(events_of(source), crew_on(source, None), None, stretch=1)
    documents = [message.document for found in interchanges(events, None) for message in found]
    assert documents == [message.document for found in read(source) for message in found]
    assert all(documents)


class Slow(Crew):
    """A crew that takes everything and checks only what is waited for."""

    def __init__(self):
        super().__init__([])
        self.most = self._held = 0

    def give(self, batch):
        self._held += len(batch.messages)
        self.most = max(self.most, self._held)
        return True

    def finish(self, batch):
        if not batch.checked:
            batch.check()
            self._held -= len(batch.messages)


def test_no_more_is_held_than_some_stretches(several):
    crew, source = Slow(), several(*map(str, range(300)))
    assert by_crew(source, crew, stretch=1) == told(read(source))
    assert crew.most == 17


def test_no_more_is_held_than_some_megabytes(several, monkeypatch):
    monkeypatch.setattr(ahead, "_HELD_BYTES", 1000)
    crew, source = Slow(), several(*map(str, range(100)))
    assert by_crew(source, crew, stretch=1) == told(read(source))
    assert crew.most < 10


def test_messages_larger_than_what_is_held_are_shared_all_the_same(crew_on, several, monkeypatch):
    monkeypatch.setattr(ahead, "_HELD_BYTES", 1)
    crew, source = Slow(), several("A", "B", "C", "D")
    assert by_crew(source, crew, stretch=1) == told(read(source))
    assert crew.most == 2
    assert by_crew(source, crew_on(source, None), stretch=1) == told(read(source))


@pytest.mark.parametrize("broken", ["before the guide", "before the first job"])
def test_a_child_ends_when_nobody_is_there(broken):
    ours, theirs = Pipe()
    if broken == "before the first job":
        ours.send(None)
    ours.close()
    child = threading.Thread(target=serve, args=(theirs, 0), daemon=True)
    child.start()
    child.join(10)
    assert not child.is_alive()
    theirs.close()


def test_a_file_that_got_shorter_is_not_guessed_at(tmp_path, several):
    path = write(tmp_path, several("A"))
    ours, theirs = Pipe()
    with ours, theirs, path.open("rb+") as file:
        (message,) = messages(path)
        file.truncate(message.span.offset + 10)
        ours.send(None)
        ours.send([(message.dialect, [message.span])])
        with pytest.raises(OSError, match=f"inside the message at byte {message.span.offset}"):
            serve(theirs, file.fileno())


@pytest.mark.parametrize(
    ("size", "cores", "load", "processes"),
    [
        (3_999_999, 8, 0.0, 1),
        (4_000_000, 1, 0.0, 1),
        (4_000_000, 2, 0.4, 2),
        (4_000_000, 2, 0.6, 1),
        (4_000_000, 2, 9.0, 1),
        (1 << 40, 64, 1.0, 4),
    ],
)
def test_as_many_processes_as_idle_cores_check_a_large_file(monkeypatch, size, cores, load, processes):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    assert processes_for(size) == processes


def test_bytes_streams_and_small_files_are_checked_by_this_process_alone(tmp_path, several, monkeypatch):
    monkeypatch.setattr("adapters.edi.check_process._start", None)
    source = several("A", "B") + GROUPS
    path, fifo = write(tmp_path, source), tmp_path / "fifo"
    assert told(check(path)) == told(check(str(path), processes=1)) == told(read(source))
    for unseekable in (source, io.BytesIO(source)):
        assert told(check(unseekable, processes=2)) == told(read(source))
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(source,))
    writer.start()
    assert told(check(fifo, processes=2)) == told(read(source))
    writer.join()


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(check(tmp_path / "none.edi", processes=2))
