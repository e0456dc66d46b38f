"""Real processes that check messages: what they do beside this one, and what becomes of the work when they fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from adapters.edi import check_process
from adapters.edi.ahead import checked_ahead
from adapters.edi.check_process import Batch, Crew, crew
from adapters.edi.envelope import envelopes
from adapters.edi.library import check, read
from adapters.edi.streams import interchanges, with_messages
from adapters.edi.window import Window
from core.testing.edifact import Faults, InterchangeFile, OrdersLine, OrdersMessage

GOLDEN = Path(__file__).parents[3] / "golden" / "edi"
DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
ODD = {30: OrdersLine(quantity="ABC"), 77: OrdersLine(gtin="4012345100013", unit="QQQ")}
MESSAGES = [
    OrdersMessage(f"PO{place}", DAY, lines=(ODD.get(place % 100, OrdersLine()),), reference=str(place % 95))
    for place in range(400)
]


@pytest.fixture
def path(tmp_path):
    """Return a file of several interchanges with faults of every level and references that repeat."""
    source = b"\n".join(file.read_bytes() for file in sorted(GOLDEN.rglob("*.edi")))
    source += InterchangeFile(MESSAGES, "R1", messages=7).encode()
    source += InterchangeFile([OrdersMessage("PO", DAY, faults=Faults(segments=3))] * 50, "R2", closed=False).encode()
    path = tmp_path / "orders.edi"
    path.write_bytes(source)
    return path


@pytest.fixture
def settled(monkeypatch):
    """Return a list that gets the size of each batch that another process checked."""
    sizes: list[int] = []
    original = Batch.settle

    def settle(batch, answer):
        sizes.append(len(batch.messages))
        original(batch, answer)

    monkeypatch.setattr(Batch, "settle", settle)
    return sizes


@contextmanager
def begun(path, size=1, patience_seconds=60.0):
    """Yield a crew that has begun, and its processes."""
    with path.open("rb") as file, crew(size, file.fileno(), None) as started:
        processes = list(started._processes)
        for process in processes:
            assert wait([process.connection], 30)
        started._patience = patience_seconds
        yield started, processes


def told(found):
    shown = []
    for interchange in found:
        messages = [(message.span, message.violations, message.failed) for message in interchange]
        shown.append((interchange.envelope, interchange.violations, messages))
    return shown


def by(started: Crew, path, *, stretch=500):
    window = Window(path.read_bytes())
    events = with_messages(envelopes(window), window, None)
    return interchanges(checked_ahead(events, started, None, stretch=stretch), None)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("size", [1, 2])
def test_other_processes_find_what_this_one_finds(path, settled, size, caplog):
    with begun(path, size) as (started, _):
        assert told(by(started, path)) == told(read(path))
    assert sum(settled) > 50
    assert not caplog.records
    assert told(check(path, processes=1 + size)) == told(read(path))


def test_a_process_that_is_killed_leaves_its_work_to_this_one(path, settled, caplog):
    with begun(path) as (started, (process,)):
        found = by(started, path)
        shown = told([])
        for number, interchange in enumerate(found):
            shown += told([interchange])
            if number == 20:
                process._process.kill()
        assert shown == told(read(path))
        assert len(started) == 0
    assert 0 < sum(settled) < 300
    (record,) = caplog.records
    assert record.message.startswith("a process that checks messages failed")


def test_a_process_that_says_nothing_is_given_up(path, caplog):
    with begun(path, patience_seconds=0.1) as (started, (process,)):
        os.kill(process._process.pid, signal.SIGSTOP)
        assert told(by(started, path)) == told(read(path))
    assert "it said nothing for 0.1 s" in caplog.text
    assert not is_alive(process._process.pid)


def test_an_interrupt_at_the_terminal_is_for_the_caller_alone(path, settled, caplog):
    with begun(path) as (started, (process,)):
        os.kill(process._process.pid, signal.SIGINT)
        assert os.getpgid(process._process.pid) != os.getpgid(0)
        assert told(by(started, path)) == told(read(path))
    assert settled
    assert not caplog.records


def test_who_breaks_off_leaves_no_process_behind(path, monkeypatch):
    pids = []
    original = check_process._start

    def start(*arguments):
        started = original(*arguments)
        pids.append(started._process.pid)
        return started

    monkeypatch.setattr(check_process, "_start", start)
    for interchange in check(path, processes=3):
        assert interchange.control_reference
        break
    assert len(pids) == 2
    assert not any(map(is_alive, pids))
    interrupted = check(path, processes=2)
    next(interrupted)
    with pytest.raises(KeyboardInterrupt):
        interrupted.throw(KeyboardInterrupt)
    assert len(pids) == 3
    assert not any(map(is_alive, pids))


def test_a_process_that_cannot_be_started_is_done_without(path, monkeypatch, caplog):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert told(check(path, processes=3)) == told(read(path))
    assert [record.message.partition(" (")[0] for record in caplog.records] == [
        "no process that checks messages can be started"
    ]


def test_a_process_that_cannot_import_is_done_without(path, monkeypatch, caplog, capfd):
    monkeypatch.setattr(check_process, "_BOOT", "raise SystemExit('of another version')")
    with begun(path) as (started, _):
        assert told(by(started, path)) == told(read(path))
    assert "of another version" in capfd.readouterr().err
    assert "failed" in caplog.text


def test_a_script_is_not_run_twice_and_threads_do_no_harm(path, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, threading\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from adapters.edi.library import check\n"
        "print('once')\n"
        "def count():\n"
        f"    print(sum(1 for found in check({str(path)!r}, processes=2) for _ in found))\n"
        "threads = [threading.Thread(target=count) for _ in range(3)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
    )
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True, timeout=60)
    count = sum(1 for found in read(path) for _ in found)
    assert done.stdout.split() == ["once", *[str(count)] * 3]
    assert done.stderr == ""


def test_it_ends_when_its_caller_is_killed(path, tmp_path):
    script = tmp_path / "caller.py"
    script.write_text(
        "import signal, sys\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from multiprocessing.connection import wait\n"
        "from adapters.edi.check_process import crew\n"
        f"with open({str(path)!r}, 'rb') as file, crew(2, file.fileno(), None) as started:\n"
        "    for process in started._processes:\n"
        "        wait([process.connection])\n"
        "        print(process._process.pid, flush=True)\n"
        "    signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        pids = [int(caller.stdout.readline()) for _ in range(2)]
        caller.kill()
    deadline = time.monotonic() + 20
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_the_file_that_is_open_is_read_whatever_lies_under_its_name(path, settled):
    whole = told(read(path))
    with begun(path) as (started, _):
        found = by(started, path)
        first = next(found)
        path.unlink()
        assert [*told([first]), *told(found)] == whole
    assert settled
