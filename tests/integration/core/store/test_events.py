"""The event table: chains per order, one sealer that puts them in a stream (decision 11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from core.audit.chain import GENESIS
from core.audit.record import record
from core.store import events
from core.store.engine import Store, Tx
from core.testing.trade import MONDAY, Trade, an_order, place


def tell(tx: Tx, order_id: int, count: int = 1) -> None:
    for number in range(count):
        record(tx, order_id, "order.ranked", at=MONDAY, actor="test", summary=f"note {number}", inputs={"n": number})


def test_an_empty_chain_starts_at_the_genesis(store: Store) -> None:
    assert store.read(lambda tx: events.tail(tx, 1)) == (0, GENESIS)


def test_each_event_continues_its_own_orders_chain(store: Store) -> None:
    def work(tx: Tx) -> None:
        tell(tx, 1, 2)
        tell(tx, 2)
        tell(tx, 1)

    store.write(work)
    rows = store.read(lambda tx: events.of_order(tx, 1))
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert store.read(lambda tx: events.tail(tx, 1)) == (3, bytes(rows[-1]["hash"]))
    assert store.read(lambda tx: events.tail(tx, 2))[0] == 1


def test_the_sealer_takes_what_waits_in_portions(each_store: Store) -> None:
    each_store.write(lambda tx: tell(tx, 1, 7))
    assert each_store.read(events.unsealed_count) == 7
    sealed = [each_store.write(lambda tx: events.seal_some(tx, 3)) for _ in range(4)]
    assert sealed == [3, 3, 1, 0]
    assert each_store.read(events.sealed_upto) == 7
    assert each_store.read(events.unsealed_count) == 0
    assert [row["seal"] for row in each_store.read(lambda tx: list(events.by_seal(tx)))] == list(range(1, 8))


def test_a_transaction_that_commits_late_is_sealed_all_the_same(store: Store) -> None:
    """A smaller id may become visible after a larger one was sealed; it is found by seal IS NULL."""
    early_ids = store.write(lambda tx: tx.ids.take(1))
    store.write(lambda tx: tell(tx, 1))
    store.write(lambda tx: events.seal_some(tx, 10))

    def late(tx: Tx) -> None:
        tx.ids = type("Fixed", (), {"next": lambda _self: early_ids[0]})()
        tell(tx, 2)

    store.write(late)
    assert store.write(lambda tx: events.seal_some(tx, 10)) == 1
    stream = store.read(lambda tx: list(events.by_seal(tx)))
    assert [row["seal"] for row in stream] == [1, 2]
    assert stream[1]["id"] < stream[0]["id"]


def test_two_sealers_make_one_stream(each_store: Store) -> None:
    each_store.write(lambda tx: tell(tx, 1, 40))

    def seal(_number: int) -> int:
        total = 0
        while count := each_store.write(lambda tx: events.seal_some(tx, 5)):
            total += count
        return total

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(seal, range(3))) == 40
    assert [row["seal"] for row in each_store.read(lambda tx: list(events.by_seal(tx)))] == list(range(1, 41))


def test_the_stream_goes_on_after_a_position(each_store: Store) -> None:
    def work(tx: Tx) -> None:
        Trade().load(tx)
        place(tx, [an_order("PO-1"), an_order("PO-2")])
        events.seal_some(tx, 100)

    each_store.write(work)
    stream = each_store.read(lambda tx: events.stream(tx, after=2, limit=3))
    assert [row["seal"] for row in stream] == [3, 4, 5]
    assert {row["number"] for row in stream} == {"2026-ED-000001", "2026-ED-000002"}
    assert stream[0]["at"] - MONDAY == timedelta(0)
    assert each_store.read(lambda tx: events.stream(tx, after=8, limit=3)) == []
