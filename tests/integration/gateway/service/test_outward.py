"""The loop that does what is due, and cleans up after."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import StoreUnavailable
from core.store import events, idempotency
from core.store.tables.access import idempotency_keys
from gateway import demo
from gateway.service.outward import Outward
from gateway.service.run import Service
from gateway.wiring import Gateway


def place_unsent(gateway: Gateway) -> None:
    """Place an order whose answer nobody has sent yet."""
    content = next(content for name, content in demo.orders(gateway.clock.now()).items() if "price-off" in name)
    gateway.ingest([("a.edi", content)])
    number = f"{gateway.clock.now().year}-ED-000001"
    deliver = gateway.dispatcher.deliver
    gateway.dispatcher.deliver = lambda _rendered: 0  # type: ignore[method-assign]
    gateway.operations.release(number, actor="eve")
    gateway.dispatcher.deliver = deliver  # type: ignore[method-assign]


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition():
            return True
        pause.wait(0.01)
    return condition()


@pytest.fixture
def changes() -> list[str]:
    return []


@pytest.fixture
def outward(gateway: Gateway, changes: list[str]) -> Iterator[Outward]:
    return Outward(gateway, lambda: changes.append("changed"), lambda: changes.append("partners"))


def test_one_round_does_everything_that_is_due(gateway: Gateway, outward: Outward) -> None:
    place_unsent(gateway)
    assert gateway.store.read(events.unsealed_count) > 0
    assert outward.run_once() > 0
    assert gateway.store.read(events.unsealed_count) == 0
    assert gateway.audit_verify()["ok"]
    while outward.run_once():
        pass
    assert outward.run_once() == 0


def test_the_loop_works_without_being_woken_and_tells_of_changes(
    gateway: Gateway, outward: Outward, changes: list[str]
) -> None:
    outward.start()
    try:
        content = next(content for name, content in demo.orders(gateway.clock.now()).items() if "clean" in name)
        gateway.ingest([("a.edi", content)])
        assert until(lambda: gateway.store.read(events.unsealed_count) == 0)
        assert until(lambda: set(changes) == {"changed", "partners"})  # new folders are watched, too
    finally:
        outward.stop()


def test_an_act_is_followed_up_at_once_and_not_at_the_next_look(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 5, lag of the event stream: a listener hears of what the loop has sealed."""
    monkeypatch.setattr("gateway.service.outward._POLL_SECONDS", 600)
    place_unsent(gateway)
    service = Service(gateway)
    service._outward.start()
    try:
        assert gateway.store.read(events.unsealed_count) > 0  # nobody has looked: nobody was woken
        gateway.operations.cancel(f"{gateway.clock.now().year}-ED-000001", actor="eve", reason="a mistake")
        assert until(lambda: gateway.store.read(events.unsealed_count) == 0)
    finally:
        service._outward.stop()


def test_a_wake_up_is_passed_on_though_nothing_was_left_for_the_loop(outward: Outward, changes: list[str]) -> None:
    """A shop that is to be told again is not called by the loop, but by who waits for its word."""
    while outward.run_once():
        pass
    outward.wake()
    outward.start()
    try:
        assert until(lambda: "changed" in changes)
    finally:
        outward.stop()


@pytest.mark.parametrize(("busy", "most", "rest"), [(True, 8, 0.2), (False, 32, 0.0)])
def test_work_on_kept_webhooks_makes_room_for_those_at_the_door(
    gateway: Gateway, outward: Outward, monkeypatch: pytest.MonkeyPatch, *, busy: bool, most: int, rest: float
) -> None:
    """Issue 5, p99 < 60 ms at 400 webhooks/s: fewer a round, and a rest after it that follows what it took."""
    asked: list[int] = []
    monkeypatch.setattr(gateway.operations.hook_door, "is_busy", lambda: busy)
    monkeypatch.setattr(gateway.shops, "run_due", lambda wanted: asked.append(wanted) or wanted)
    outward.run_once()
    assert asked == [most]
    assert outward._linger(0.1) == pytest.approx(rest)
    monkeypatch.setattr(gateway.shops, "run_due", lambda wanted: wanted - 1)  # nothing is left
    outward.run_once()
    assert outward._linger(0.1) == pytest.approx(0.2 if busy else 0.05)
    assert outward._linger(0.001) == pytest.approx(0.02)


def test_stopping_sends_and_seals_what_was_committed_meanwhile(gateway: Gateway, outward: Outward, home: Any) -> None:
    outward.start()
    stop = outward._stopping.set
    stop()
    outward._thread.join()
    content = next(content for name, content in demo.orders(gateway.clock.now()).items() if "clean" in name)
    gateway.ingest([("a.edi", content)])
    outward.stop()
    assert gateway.store.read(events.unsealed_count) == 0
    assert len(list((home / "folders" / "ALPINA" / "out").iterdir())) == 2


@pytest.mark.parametrize("failure", [StoreUnavailable("locked"), ZeroDivisionError("a bug")])
def test_a_round_that_fails_is_told_and_the_loop_goes_on(
    gateway: Gateway, outward: Outward, logs: list[Any], failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []
    run_due = gateway.timers.run_due

    def failing(*args: Any) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise failure
        return run_due(*args)

    monkeypatch.setattr(type(gateway.timers), "run_due", lambda _self, *args: failing(*args))
    monkeypatch.setattr(outward._stopping, "wait", lambda _seconds: False)  # no pause after the failure
    outward.start()
    try:
        outward.wake()
        assert until(lambda: len(rounds) > 2)
    finally:
        outward.stop()
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["the loop failed and goes on"]


def test_a_database_that_fails_at_the_end_is_told(
    outward: Outward, logs: list[Any], gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_self: Any) -> int:
        raise StoreUnavailable

    outward.start()
    monkeypatch.setattr(type(gateway.dispatcher), "run_once", locked)
    outward.stop()
    assert "what is left goes out after the next start" in [entry["event"] for entry in logs]


def test_the_sweep_takes_orphans_and_leaves_what_is_named(gateway: Gateway, outward: Outward) -> None:
    content = next(content for name, content in demo.orders(gateway.clock.now()).items() if "clean" in name)
    gateway.ingest([("a.edi", content)])
    orphan = gateway.blobs.path(gateway.blobs.put(b"nobody names me"))
    young = gateway.blobs.path(gateway.blobs.put(b"nobody has named me yet"))
    for path in gateway.blobs.root.glob("*/*"):
        if path != young:
            os.utime(path, (1, 1))
    outward._sweep()
    assert (orphan.exists(), young.exists()) == (False, True)
    (named,) = [path for path in gateway.blobs.root.glob("*/*") if path != young]
    assert gateway.blobs.get(named.name) == content


def test_the_sweep_forgets_idempotency_keys_after_a_week(gateway: Gateway, outward: Outward) -> None:
    now = gateway.clock.now()
    for name, age in (("old", timedelta(days=8)), ("young", timedelta(days=6))):

        def use(tx: Any, name: str = name, at: Any = now - age) -> None:
            idempotency.begin(tx, "owner", name, b"h" * 32, at)
            idempotency.finish(tx, "owner", name, 201, {})

        gateway.store.write(use)
    outward._sweep()
    assert gateway.store.read(lambda tx: list(tx.execute(select(idempotency_keys.c.key)).scalars())) == ["young"]
