"""Reading ahead in a real second process: the same messages, once each, whatever happens to it."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.edi.adapter import ADAPTER
from core.testing.edifact import ContrlMessage, InterchangeFile, OrdersLine, OrdersMessage
from gateway import reader as reader_module
from gateway.reader import ReaderFailed, ReaderProcess

DECODER = ADAPTER.decoder
#: however busy the machine of the tests is
AheadDecoder = partial(reader_module.AheadDecoder, wanted=lambda: True)


def orders(count, lines=2):
    line = OrdersLine("4012345100013", "12.50", "3.20", "B1", "S1", "Käse ?+ Brot", requested_date=date(2026, 2, 1))
    return [
        OrdersMessage(f"PO{number}", date(2026, 1, 5), (line,) * lines, reference=str(number), ship_to="5790000000012")
        for number in range(1, count + 1)
    ]


def scanned(content):
    (interchange,) = DECODER.scan(content)
    return interchange


def until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.01)


def has_ended(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture(scope="module")
def content():
    return InterchangeFile(orders(900), "7").encode()


@pytest.fixture
def reader():
    process = ReaderProcess()
    process.start()
    until(process.ready)
    yield process
    process.close()


def test_a_clean_interchange_is_read_as_in_process(reader, content):
    interchange = scanned(content)
    decoder = AheadDecoder(DECODER, reader)
    expected = list(DECODER.decode(content, interchange, interchange.messages))
    pid = reader.pid
    with capture_logs() as logs:
        for first in (0, 250):
            assert list(decoder.decode(content, interchange, interchange.messages[first:])) == expected[first:]
    assert not logs
    assert reader.pid == pid


def test_faulty_interchanges_are_read_as_in_process(reader):
    chance = random.Random(20260105)
    answers = [ContrlMessage("1", reference=str(number)) for number in range(500, 503)]
    clean = InterchangeFile([*orders(150, 1), *answers], "7").encode()
    start, end = clean.index(b"BGM"), clean.rindex(b"UNT")
    decoder = AheadDecoder(DECODER, reader, worth=0)
    failed = documents = 0
    for _ in range(12):
        content = bytearray(clean)
        for _ in range(60):
            at = chance.randrange(start, end)
            content[at : at + chance.choice((0, 1, 1, 3))] = chance.choice(
                (b"", b"+", b"?", b"'", b"\xe9", b"9", b"x\n")
            )
        source = bytes(content)
        for interchange in DECODER.scan(source):
            expected = list(DECODER.decode(source, interchange, interchange.messages))
            with capture_logs() as logs:
                assert list(decoder.decode(source, interchange, interchange.messages)) == expected
            assert not logs
            failed += sum(decoded.failed for decoded in expected)
            documents += sum(not decoded.failed for decoded in expected)
    assert min(failed, documents) > 100


def test_a_small_interchange_starts_no_process():
    content = InterchangeFile(orders(20), "7").encode()
    interchange = scanned(content)
    process = ReaderProcess()
    decoder = AheadDecoder(DECODER, process)
    assert len(list(decoder.decode(content, interchange, interchange.messages))) == 20
    assert process.pid is None


def test_a_process_that_is_still_starting_is_not_waited_for(content):
    process = ReaderProcess()
    interchange = scanned(content)
    decoder = AheadDecoder(DECODER, process)
    expected = list(DECODER.decode(content, interchange, interchange.messages))
    try:
        assert list(decoder.decode(content, interchange, interchange.messages)) == expected
        until(process.ready)
    finally:
        process.close()


@pytest.mark.parametrize("taken", [0, 1, 100, 250, 899])
def test_a_killed_reader_loses_and_doubles_nothing(reader, content, taken):
    interchange = scanned(content)
    decoder = AheadDecoder(DECODER, reader)
    expected = list(DECODER.decode(content, interchange, interchange.messages))
    reading = decoder.decode(content, interchange, interchange.messages)
    with capture_logs() as logs:
        found = [next(reading) for _ in range(taken)]
        os.kill(reader.pid, signal.SIGKILL)
        found += reading
        assert found == expected
        # the next interchange is read by another one
        assert list(decoder.decode(content, interchange, interchange.messages)) == expected
    assert len(logs) <= 1  # all may have come before the death, which then is seen by the next interchange


def test_a_caller_who_breaks_off_leaves_no_work_behind(reader, content):
    interchange = scanned(content)
    decoder = AheadDecoder(DECODER, reader)
    pid = reader.pid
    reading = decoder.decode(content, interchange, interchange.messages)
    next(reading)
    reading.close()
    assert reader.pid is None
    assert has_ended(pid)
    assert len(list(decoder.decode(content, interchange, interchange.messages))) == 900


def test_two_interchanges_at_once_do_not_mix(reader, content):
    other = InterchangeFile(orders(400, 1), "8").encode()
    first, second = scanned(content), scanned(other)
    decoder = AheadDecoder(DECODER, reader)
    reading = decoder.decode(content, first, first.messages)
    found = [next(reading) for _ in range(150)]
    assert list(decoder.decode(other, second, second.messages)) == list(DECODER.decode(other, second, second.messages))
    assert [*found, *reading] == list(DECODER.decode(content, first, first.messages))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "class D:\n    def decode(self, *job):\n        raise LookupError('not mine')\nD = D()",
            "LookupError: not mine",
        ),
        ("class D:\n    def decode(self, *job):\n        import os\n        os._exit(1)\nD = D()", "it ended"),
        (
            "class D:\n    def decode(self, *job):\n        import signal\n        signal.pause()\nD = D()",
            "said nothing",
        ),
        ("class D:\n    def decode(self, *job):\n        return iter(())\nD = D()", "left 800 messages out"),
    ],
)
def test_a_reader_that_fails_is_told_of_once_and_replaced_by_this_process(tmp_path, monkeypatch, content, body, reason):
    process = reader_of(tmp_path, monkeypatch, body)
    until(process.ready)
    interchange = scanned(content)
    with capture_logs() as logs:
        found = list(AheadDecoder(DECODER, process).decode(content, interchange, interchange.messages))
    process.close()
    assert found == list(DECODER.decode(content, interchange, interchange.messages))
    assert [(entry["log_level"], reason in entry["reason"]) for entry in logs] == [("warning", True)]


def test_a_reader_that_cannot_import_its_decoder_is_not_ready(tmp_path, monkeypatch, capfd):
    process = reader_of(tmp_path, monkeypatch, "raise ImportError('gone')")
    until(lambda: has_ended(process.pid))
    with pytest.raises(ReaderFailed, match="it ended"):
        process.ready()
    process.close()
    assert "ImportError: gone" in capfd.readouterr().err


def reader_of(folder, monkeypatch, body):
    (folder / "decoder_of_a_test.py").write_text(body)
    monkeypatch.syspath_prepend(folder)
    process = ReaderProcess("decoder_of_a_test:D", patience_seconds=1.0)
    process.start()
    return process


def test_a_reader_of_another_version_is_not_believed(monkeypatch, content):
    monkeypatch.setattr(reader_module, "SHAPE", ("0.0.0",))
    process = ReaderProcess()
    process.start()
    until(lambda: reader_module._is_open(process._pipe(1), 1, 0))
    interchange = scanned(content)
    with capture_logs() as logs:
        assert len(list(AheadDecoder(DECODER, process).decode(content, interchange, interchange.messages))) == 900
    assert [entry["reason"] for entry in logs] == ["it is of another version"]
    assert process.pid is None


def test_a_process_that_cannot_be_started_is_done_without(monkeypatch, content):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    interchange = scanned(content)
    with capture_logs() as logs:
        found = list(AheadDecoder(DECODER, ReaderProcess()).decode(content, interchange, interchange.messages))
    assert len(found) == 900
    assert [entry["event"] for entry in logs] == [
        "no reader process can be started",
        "the reader process failed; the rest is decoded here",
    ]


def test_an_interrupt_at_the_terminal_does_not_end_it(reader, content):
    os.kill(reader.pid, signal.SIGINT)
    assert os.getpgid(reader.pid) != os.getpgid(0)
    interchange = scanned(content)
    with capture_logs() as logs:
        assert len(list(AheadDecoder(DECODER, reader).decode(content, interchange, interchange.messages))) == 900
    assert not logs


def test_it_ends_when_the_gateway_is_killed(tmp_path, content):
    file = tmp_path / "orders.edi"
    file.write_bytes(content)
    script = tmp_path / "parent.py"
    script.write_text(
        "import signal, sys, time\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from gateway.reader import AheadDecoder, ReaderProcess\n"
        "from adapters.edi.adapter import ADAPTER\n"
        "reader = ReaderProcess(); reader.start()\n"
        "while not reader.ready(): time.sleep(0.01)\n"
        "if sys.argv[1] == 'busy':\n"
        f"    content = open({str(file)!r}, 'rb').read()\n"
        "    interchange, = ADAPTER.decoder.scan(content)\n"
        "    decoder = AheadDecoder(ADAPTER.decoder, reader, wanted=lambda: True)\n"
        "    reading = decoder.decode(content, interchange, interchange.messages)\n"
        "    next(reading)\n"
        "print(reader.pid, flush=True)\n"
        "signal.pause()\n"
    )
    for state in ("idle", "busy"):
        with subprocess.Popen([sys.executable, script, state], stdout=subprocess.PIPE) as parent:
            child = int(parent.stdout.readline())
            assert not has_ended(child)
            parent.kill()
        until(lambda pid=child: has_ended(pid))


def test_it_is_only_a_few_batches_ahead_of_who_does_not_take_them(reader):
    content = InterchangeFile(orders(6_000, 4), "7").encode()
    interchange = scanned(content)
    reading = AheadDecoder(DECODER, reader).decode(content, interchange, interchange.messages)
    next(reading)

    def spent():
        return sum(map(int, Path(f"/proc/{reader.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))

    def is_blocked():
        before = spent()
        time.sleep(0.2)
        return before > 0 and spent() == before and " S " in Path(f"/proc/{reader.pid}/stat").read_text()

    def peak_kb():
        return int(Path(f"/proc/{reader.pid}/status").read_text().partition("VmHWM:")[2].split()[0])

    until(is_blocked)
    ahead = peak_kb()
    assert sum(1 for _ in reading) == 5_999
    # what it had made when it stopped is little, and the rest of 59 batches took hardly more
    assert peak_kb() - ahead < 6_000


def test_on_busy_cores_everything_is_decoded_here(reader, monkeypatch, content):
    interchange = scanned(content)
    decoder = reader_module.AheadDecoder(DECODER, reader)
    gave = []
    monkeypatch.setattr(reader, "give", lambda *job: gave.append(job))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(os, "getloadavg", lambda: (2.5, 0.0, 0.0))
    assert len(list(decoder.decode(content, interchange, interchange.messages))) == 900
    assert not gave
    monkeypatch.setattr(os, "getloadavg", lambda: (1.2, 0.0, 0.0))
    assert reader_module.has_idle_core()
