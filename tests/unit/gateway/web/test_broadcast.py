"""One reader of the stream, many listeners: nothing missed, nothing twice, nobody waited for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from gateway.web.broadcast import Broadcaster, Listener, Told
from gateway.web.pulse import Pulse
from gateway.web.sse import message

Json = dict[str, Any]


class Stream:
    def __init__(self) -> None:
        self.events: list[Json] = []
        self.failures = 0
        self.reads = 0

    def add(self, count: int) -> None:
        for _ in range(count):
            self.events.append({"id": len(self.events) + 1, "event": "order.confirmed"})

    async def head(self) -> int:
        return len(self.events)

    async def after(self, position: int, limit: int) -> list[Json]:
        self.reads += 1
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        return self.events[position : position + limit]


@contextlib.asynccontextmanager
async def running(runner: Broadcaster | Pulse) -> AsyncIterator[None]:
    task = asyncio.create_task(runner.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def collect(batches: AsyncIterator[list[Told]], until: int) -> list[int]:
    ids: list[int] = []
    async with asyncio.timeout(20):
        async for batch in batches:
            ids += [told.event["id"] for told in batch]
            if ids and ids[-1] >= until:
                return ids
    return ids


async def test_a_listener_resumes_after_its_last_event_and_goes_on_live() -> None:
    stream = Stream()
    stream.add(1200)
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01)
    async with running(broadcaster):
        listening = asyncio.create_task(collect(broadcaster.events(7, 5.0), 1203))
        await asyncio.sleep(0.02)
        stream.add(3)
        broadcaster.wake()
        assert await listening == list(range(8, 1204))


async def test_a_new_listener_hears_only_what_is_new() -> None:
    stream = Stream()
    stream.add(5)
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01)
    async with running(broadcaster):
        events = broadcaster.events(None, 5.0)
        assert await anext(events) == []
        stream.add(2)
        assert await collect(events, 7) == [6, 7]


async def test_without_a_wake_the_poll_finds_it() -> None:
    stream = Stream()
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01)
    async with running(broadcaster):
        first = asyncio.create_task(collect(broadcaster.events(None, 5.0), 4))
        second = asyncio.create_task(collect(broadcaster.events(None, 5.0), 4))
        await asyncio.sleep(0.02)
        stream.add(4)
        assert await first == await second == [1, 2, 3, 4]


async def test_nobody_listens_nobody_reads() -> None:
    stream = Stream()
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.005)
    async with running(broadcaster):
        stream.add(1)
        broadcaster.wake()
        await asyncio.sleep(0.03)
    assert stream.reads == 0


async def test_a_store_that_fails_once_does_not_end_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.web.broadcast._RETRY_SECONDS", 0.01)
    stream = Stream()
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01)
    async with running(broadcaster):
        events = broadcaster.events(None, 5.0)
        await anext(events)
        stream.failures = 1
        stream.add(1)
        assert await collect(events, 1) == [1]


async def test_two_who_come_first_at_once_both_miss_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The head is read for the second while the first listens already, and something is committed meanwhile."""
    stream, gate, plain = Stream(), asyncio.Event(), Stream.head
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=60)

    async def slow_head() -> int:
        await gate.wait()
        return await plain(stream)

    async with running(broadcaster):
        monkeypatch.setattr(broadcaster, "_head", slow_head)
        late = broadcaster.events(None, 5.0)
        coming = asyncio.create_task(anext(late))  # type: ignore[arg-type] # a generator's is a coroutine
        await asyncio.sleep(0)
        monkeypatch.undo()
        early = broadcaster.events(None, 1.0)
        assert await anext(early) == []
        stream.add(1)
        gate.set()
        assert await coming == []
        broadcaster.wake()
        assert [told.event["id"] for told in await anext(early)] == [1]


def test_a_text_is_one_line_unless_it_has_ends_of_lines() -> None:
    """WHATWG HTML, section 9.2.6: a line ends by CR, LF or both; JSON has other separators of Unicode as they are."""
    told = message("order.held", orjson.dumps({"summary": "a\u2028b\x85c"}).decode(), 7)
    assert told.decode() == 'id: 7\nevent: order.held\ndata: {"summary":"a\u2028b\x85c"}\n\n'
    assert message("page", "a\r\nb\rc\n") == b"event: page\ndata: a\ndata: b\ndata: c\ndata: \n\n"


async def test_an_idle_stream_says_that_it_lives() -> None:
    stream = Stream()
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01)
    async with running(broadcaster):
        events = broadcaster.events(None, 0.01)
        assert [await anext(events) for _ in range(3)] == [[], [], []]


async def test_a_slow_listener_is_dropped_and_the_others_are_not() -> None:
    stream = Stream()
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01, backlog=10)
    async with running(broadcaster):
        slow, quick = broadcaster.events(None, 5.0), broadcaster.events(None, 5.0)
        await anext(slow)
        await anext(quick)
        for step in range(1, 5):
            stream.add(4)
            broadcaster.wake()
            assert (await collect(quick, 4 * step))[-1] == 4 * step
        with pytest.raises(StopAsyncIteration):
            await anext(slow)


async def test_the_end_of_the_server_ends_every_stream() -> None:
    stream = Stream()
    broadcaster = Broadcaster(stream.head, stream.after, poll_seconds=0.01)
    async with running(broadcaster):
        events = broadcaster.events(None, 5.0)
        await anext(events)
        broadcaster.close()
        with pytest.raises(StopAsyncIteration):
            await anext(events)
    broadcaster.wake()  # after the end it does nothing


async def test_a_listener_is_offered_whole_batches_or_closed() -> None:
    listener = Listener(backlog=3)
    told = [Told({"id": n}, b"") for n in range(4)]
    listener.offer(told[:2])
    assert await listener.batch(1) == told[:2]
    listener.offer(told)
    with pytest.raises(EOFError):
        await listener.batch(1)


async def test_the_pulse_tells_everybody_who_waits() -> None:
    text = "one"

    async def ask() -> str:
        return text

    pulse = Pulse(ask, poll_seconds=0.01)
    async with running(pulse):
        assert await pulse.changed("", 5) == "one"
        waiting = [asyncio.create_task(pulse.changed("one", 5)) for _ in range(3)]
        await asyncio.sleep(0.02)
        text = "two"
        pulse.wake()
        assert await asyncio.gather(*waiting) == ["two"] * 3
        assert await pulse.changed("two", 0.02) == "two", "nothing changed: a heartbeat is due"
        last = asyncio.create_task(pulse.changed("two", 5))
        await asyncio.sleep(0)
        await pulse.close()
        with pytest.raises(EOFError):
            await last


async def test_the_pulse_survives_a_store_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.web.pulse._RETRY_SECONDS", 0.01)
    answers = iter([ConnectionError(), "back"])

    async def ask() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    pulse = Pulse(ask, poll_seconds=0.01)
    async with running(pulse):
        assert await pulse.changed("", 5) == "back"
