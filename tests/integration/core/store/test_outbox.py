"""The outbox: what a source's documents tell waits until all of them are judged, and is rendered by one process."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, update

from core.store import outbox
from core.store.engine import Store, Tx
from core.store.outbox import Unrendered, Waiting, assign, queue, unrendered, waiting
from core.store.replies import group_keys
from core.store.tables.intake import sources
from core.testing.trade import MONDAY


def add_source(store: Store, source_id: int, *, settled: bool) -> None:
    row = {
        "id": source_id, "sha256": "0" * 64, "size": 1, "channel": "ED", "transport": "cli", "origin": "x",
        "received_at": MONDAY, "decoder": "edifact", "documents": 1, "settled": settled,
    }  # fmt: skip
    store.write(lambda tx: tx.execute(insert(sources).values(**row)))


def settle(store: Store, source_id: int) -> None:
    store.write(lambda tx: tx.execute(update(sources).where(sources.c.id == source_id).values(settled=True)))


def tell(store: Store, *source_ids: int | None, **changes: Any) -> list[int]:
    def work(tx: Tx) -> list[int]:
        values: dict[str, Any] = {"partner_id": 1, "type": "ORDRSP", "order_id": 9, "payload": {"b": 1, "a": "ü"}}
        return [queue(tx, at=MONDAY, source_id=source_id, **(values | changes)) for source_id in source_ids]

    return store.write(work)


def ids(store: Store, one: Waiting) -> list[int]:
    return [row.id for row in store.write(lambda tx: unrendered(tx, one))]


def test_a_message_is_queued_as_it_will_be_told(each_store: Store) -> None:
    (row_id,) = tell(each_store, None, test=True, document_id=3, interchange_id=4)
    (row,) = each_store.read(lambda tx: outbox.of_order(tx, 9))
    assert (row["id"], row["payload"], row["created_at"], row["test"]) == (row_id, {"a": "ü", "b": 1}, MONDAY, True)
    assert (row["document_id"], row["interchange_id"], row["transmission_id"]) == (3, 4, None)
    (waits,) = each_store.write(lambda tx: unrendered(tx, Waiting(None, row_id)))
    assert (waits.type, waits.order_id, waits.said, waits.test) == ("ORDRSP", 9, {"a": "ü", "b": 1}, True)


def test_replies_wait_until_their_source_is_settled(each_store: Store) -> None:
    add_source(each_store, 5, settled=False)
    first, alone, second = tell(each_store, 5, None, 5)
    assert each_store.read(lambda tx: waiting(tx, 10)) == [Waiting(None, alone)]
    assert ids(each_store, Waiting(5)) == []
    settle(each_store, 5)
    assert each_store.read(lambda tx: waiting(tx, 10)) == [Waiting(5), Waiting(None, alone)]
    assert ids(each_store, Waiting(5)) == [first, second]
    assert ids(each_store, Waiting(None, alone)) == [alone]


def test_all_replies_to_a_source_are_one_however_few_are_asked_for(store: Store) -> None:
    add_source(store, 5, settled=True)
    rows = tell(store, *[5] * 7)
    assert store.read(lambda tx: waiting(tx, 2)) == [Waiting(5)]
    assert ids(store, Waiting(5)) == rows


def test_what_is_assigned_does_not_wait_any_more(store: Store) -> None:
    rows = tell(store, *[None] * 1200)
    store.write(lambda tx: assign(tx, 77, rows[:-1]))
    assert store.read(lambda tx: waiting(tx, 10)) == [Waiting(None, rows[-1])]
    assert {row["transmission_id"] for row in store.read(lambda tx: outbox.of_order(tx, 9))} == {77, None}


def test_the_oldest_wait_first(store: Store) -> None:
    rows = tell(store, None, None, None)
    assert store.read(lambda tx: waiting(tx, 2)) == [Waiting(None, row) for row in rows[:2]]


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("source_id", [None, 5])
def test_of_two_processes_one_renders_it_all(each_store: Store, source_id: int | None) -> None:
    add_source(each_store, 5, settled=True)
    rows = tell(each_store, source_id, *([5, 5] if source_id else []))
    one = Waiting(5) if source_id else Waiting(None, rows[0])
    looked = threading.Barrier(2)

    def render(_number: int) -> list[int]:
        def work(tx: Tx) -> list[int]:
            found = [row.id for row in unrendered(tx, one)]
            looked.wait(10)
            return found

        return each_store.write(work)

    with ThreadPoolExecutor(2) as pool:
        got = sorted(pool.map(render, range(2)))
    assert got == [[], rows]


def row(row_id: int, **changes: Any) -> Unrendered:
    return Unrendered(row_id, 1, "ORDRSP", 5, 6, 9, "{}", test=False)._replace(**changes)


def test_one_interchange_a_message_type_the_receipt_first() -> None:
    rows = [row(1), row(2), row(3, type="CONTRL"), row(4, interchange_id=7), row(5, interchange_id=7, type="CONTRL")]
    assert [[one.id for one in group] for group in group_keys(rows)] == [[3], [5], [1, 2], [4]]


def test_later_rows_are_rendered_alone() -> None:
    rows = [row(1, source_id=None), row(2, source_id=None), row(3, source_id=None, type="DESADV")]
    assert [[one.id for one in group] for group in group_keys(rows)] == [[1], [2], [3]]


def test_partners_and_test_flags_are_never_mixed() -> None:
    rows = [row(1), row(2, partner_id=2), row(3, test=True), row(4)]
    assert [[one.id for one in group] for group in group_keys(rows)] == [[1, 4], [2], [3]]
