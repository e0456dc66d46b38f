"""The reader's loop over two pipes, in this process."""

import marshal
import os
import pickle
import threading
from datetime import date

import pytest

from adapters.edi.adapter import ADAPTER
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage
from gateway.reader_child import BATCH, LENGTH_BYTES, serve
from gateway.reader_parcels import SHAPE, unpack


def file_of(orders):
    messages = [
        OrdersMessage(f"PO{number}", date(2026, 1, 5), (OrdersLine("4012345100013"),), reference=str(number))
        for number in range(1, orders + 1)
    ]
    return InterchangeFile(messages, "7").encode()


class Loop:
    """``serve`` on a thread, with the gateway's ends of its pipes."""

    def __init__(self, decoder, idle_seconds=30.0):
        jobs, self._jobs = os.pipe()
        self._answers, answers = os.pipe()
        self.jobs = os.fdopen(self._jobs, "wb")
        self.answers = os.fdopen(self._answers, "rb")
        self._child_jobs, self._child_answers = os.fdopen(jobs, "rb"), os.fdopen(answers, "wb")
        self.thread = threading.Thread(target=self._run, args=(decoder, idle_seconds))
        self.thread.start()

    def _run(self, decoder, idle_seconds):
        with self._child_jobs, self._child_answers:
            serve(self._child_jobs, self._child_answers, decoder, idle_seconds=idle_seconds)

    def give(self, source, interchange, messages):
        for frame in (source, pickle.dumps((interchange, messages, None))):
            self.jobs.write(len(frame).to_bytes(LENGTH_BYTES) + frame)
        self.jobs.flush()

    def frame(self):
        return self.answers.read(int.from_bytes(self.answers.read(LENGTH_BYTES)))

    def end(self):
        self.jobs.close()
        self.thread.join(10)
        self.answers.close()
        return not self.thread.is_alive()


@pytest.fixture
def loop():
    loops = []

    def start(decoder, **settings):
        loops.append(Loop(decoder, **settings))
        return loops[-1]

    yield start
    assert all(one.end() for one in loops)


def test_it_says_its_shape_and_answers_jobs_in_batches(loop):
    source = file_of(BATCH + 5)
    (interchange,) = ADAPTER.decoder.scan(source)
    running = loop(ADAPTER.decoder)
    assert marshal.loads(running.frame()) == SHAPE
    for _ in range(2):
        running.give(source, interchange, interchange.messages)
        first = unpack(running.frame(), interchange.messages)
        rest = unpack(running.frame(), interchange.messages[BATCH:])
        assert (len(first), len(rest), running.frame()) == (BATCH, 5, b"")
        assert first + rest == list(ADAPTER.decoder.decode(source, interchange, interchange.messages))


def test_large_messages_make_small_parcels(loop):
    line = OrdersLine("4012345100013", description="x" * 30)
    messages = [OrdersMessage(f"PO{number}", date(2026, 1, 5), (line,) * 8_000) for number in range(3)]
    source = InterchangeFile(messages, "7").encode()
    (interchange,) = ADAPTER.decoder.scan(source)
    assert interchange.messages[0].length < 1_000_000 < 2 * interchange.messages[0].length
    running = loop(ADAPTER.decoder)
    running.frame()
    running.give(source, interchange, interchange.messages)
    assert len(unpack(running.frame(), interchange.messages)) == 2
    assert len(unpack(running.frame(), interchange.messages[2:])) == 1


class Broken:
    id = "broken"

    def decode(self, *job):
        raise LookupError(f"nothing in {len(job[0])} bytes")


def test_a_fault_of_the_decoder_is_told_and_the_next_job_taken(loop):
    running = loop(Broken())
    running.frame()
    for _ in range(2):
        running.give(b"12345", None, [])
        with pytest.raises(ValueError, match="LookupError: nothing in 5 bytes"):
            unpack(running.frame(), [None])


def test_it_ends_without_work(loop):
    running = loop(ADAPTER.decoder, idle_seconds=0.05)
    running.thread.join(10)
    assert not running.thread.is_alive()


@pytest.mark.parametrize("cut", [b"", b"\0\0", (9).to_bytes(LENGTH_BYTES) + b"half"])
def test_it_ends_with_its_input_wherever_that_breaks_off(loop, cut):
    running = loop(ADAPTER.decoder)
    running.jobs.write(cut)
    assert running.end()
