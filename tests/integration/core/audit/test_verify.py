"""`audit verify` finds what somebody did to the table behind our back, and names it (invariant 5, decision 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.audit.record import record
from core.audit.verify import verify
from core.store.engine import Store, Tx
from core.store.events import seal_some
from core.testing.trade import MONDAY

ORDERS = (11, 22)


def sql(*statements: str) -> Callable[[Tx], None]:
    def work(tx: Tx) -> None:
        for statement in statements:
            tx.connection.exec_driver_sql(statement)

    return work


def tell_all(store: Store) -> Store:
    """Tell two orders of four events each by turns; all are sealed but the last of each."""

    def tell(tx: Tx, number: int) -> None:
        for order_id in ORDERS:
            record(
                tx, order_id, "order.ranked", at=MONDAY, actor="test", summary=f"note {number}",
                inputs={"n": number, "words": "ü"}, document_id=7,
            )  # fmt: skip

    for number in range(1, 4):
        store.write(lambda tx, number=number: tell(tx, number))
    store.write(lambda tx: seal_some(tx, 100))
    store.write(lambda tx: tell(tx, 4))
    return store


@pytest.fixture
def told(store: Store) -> Store:
    return tell_all(store)


def fault(store: Store) -> dict[str, Any] | None:
    answer = store.read(verify)
    assert answer["ok"] == (answer["first_bad"] is None)
    return answer["first_bad"]


def test_what_nobody_touched_is_whole_and_the_tail_is_told(each_store: Store) -> None:
    told = tell_all(each_store)
    assert told.read(verify) == {"ok": True, "events": 8, "unsealed": 2, "first_bad": None}
    told.write(lambda tx: seal_some(tx, 100))
    assert told.read(verify) == {"ok": True, "events": 8, "unsealed": 0, "first_bad": None}


def test_an_empty_table_is_whole(store: Store) -> None:
    assert store.read(verify) == {"ok": True, "events": 0, "unsealed": 0, "first_bad": None}


@pytest.mark.parametrize(
    "change",
    [
        "summary = 'nothing happened'",
        "actor = 'somebody else'",
        "event = 'order.confirmed'",
        "at = at + 1",
        "document_id = NULL",
        "inputs = '{\"n\": 3}'",
        "order_id = 33",
    ],
)
def test_an_edited_event_is_found(told: Store, change: str) -> None:
    told.write(sql(f"UPDATE events SET {change} WHERE order_id = 22 AND seq = 2"))
    found = fault(told)
    assert found is not None
    assert found["fault"] == "chain"
    assert found["order_id"] in ("22", "33")


def test_an_edit_with_a_hash_of_its_own_breaks_the_next_link(told: Store) -> None:
    told.write(sql("UPDATE events SET hash = (SELECT hash FROM events WHERE order_id = 22 AND seq = 4)"
                   " WHERE order_id = 11 AND seq = 2"))  # fmt: skip
    found = fault(told)
    assert found is not None
    assert (found["order_id"], found["seq"], found["fault"]) == ("11", 2, "chain")


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_event_is_found(each_store: Store, seq: int) -> None:
    told = tell_all(each_store)
    told.write(sql(f"DELETE FROM events WHERE order_id = 11 AND seq = {seq}"))
    found = fault(told)
    assert found is not None
    assert (found["order_id"], found["seq"]) == ("11", seq + 1)


def test_reordered_events_are_found(told: Store) -> None:
    told.write(
        sql(
            "UPDATE events SET seq = 99 WHERE order_id = 11 AND seq = 2",
            "UPDATE events SET seq = 2 WHERE order_id = 11 AND seq = 3",
            "UPDATE events SET seq = 3 WHERE order_id = 11 AND seq = 99",
        )
    )
    found = fault(told)
    assert found is not None
    assert (found["order_id"], found["seq"], found["fault"]) == ("11", 2, "chain")


def test_an_order_that_was_removed_whole_leaves_a_hole_in_the_stream(each_store: Store) -> None:
    told = tell_all(each_store)
    told.write(sql("DELETE FROM events WHERE order_id = 11"))
    found = fault(told)
    assert found is not None
    assert found["fault"] == "stream"


def test_a_truncated_stream_is_found(told: Store) -> None:
    told.write(lambda tx: seal_some(tx, 100))
    told.write(sql("DELETE FROM events WHERE seal > 6"))
    assert fault(told) == {"event_id": None, "position": 8, "fault": "stream ends early"}


def test_a_swapped_stream_is_found(told: Store) -> None:
    told.write(
        sql(
            "UPDATE events SET seal = -1 WHERE seal = 2",
            "UPDATE events SET seal = 2 WHERE seal = 3",
            "UPDATE events SET seal = 3 WHERE seal = -1",
        )
    )
    found = fault(told)
    assert found is not None
    assert (found["position"], found["fault"]) == (2, "stream")


def test_an_event_that_was_slipped_in_is_found(told: Store) -> None:
    told.write(
        sql(
            "INSERT INTO events (id, order_id, seq, at, event, actor, summary, document_id, inputs, hash)"
            " SELECT id + 1, order_id, 5, at, event, actor, 'slipped in', document_id, inputs, hash"
            " FROM events WHERE order_id = 22 AND seq = 4"
        )
    )
    found = fault(told)
    assert found is not None
    assert (found["order_id"], found["seq"], found["fault"]) == ("22", 5, "chain")


def test_the_first_of_several_faults_is_named(told: Store) -> None:
    told.write(sql("UPDATE events SET actor = 'x' WHERE seq = 3"))
    found = fault(told)
    assert found is not None
    assert (found["order_id"], found["seq"]) == ("11", 3)


def test_a_long_summary_is_cut_before_it_is_hashed(store: Store) -> None:
    store.write(lambda tx: record(tx, 1, "order.ranked", at=MONDAY, actor="test", summary="s" * 5000))
    assert fault(store) is None
