"""Rows of sources, interchanges and documents: moved on by compare-and-set, so that nothing is judged twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from core.clock import to_micros
from core.errors import NotFound
from core.store import intake as rows
from core.store.engine import Store, Tx
from core.store.intake import DocumentRow
from core.store.replies import Addressed, addressed
from core.store.tables.ordering import orders
from core.testing.trade import MONDAY

SHA = "a" * 64


def add_source(tx: Tx, **changes: Any) -> int:
    values: dict[str, Any] = {
        "sha256": SHA, "size": 10, "channel": "ED", "transport": "folder", "origin": "folders/ACME/in/a.edi",
        "partner_id": 1, "claim_id": None, "received_at": MONDAY, "decoder": "edifact", "documents": 2,
        "settled": False, "worker_id": 7,
    }  # fmt: skip
    return rows.add_source(tx, **(values | changes))


def add_interchange(tx: Tx, source_id: int, **changes: Any) -> int:
    values: dict[str, Any] = {
        "source_id": source_id, "ordinal": 0, "sha256": SHA, "sender": "A", "sender_qualifier": "14",
        "recipient": "B", "recipient_qualifier": "14", "control_reference": "REF1", "test": False,
        "syntax": "UNOC:3", "partner_id": 1, "documents": 2, "judged": 0, "verdict": "", "reason": None,
        "repeats_id": None, "violations": None,
    }  # fmt: skip
    return rows.add_interchange(tx, **(values | changes))


def a_document(tx: Tx, source_id: int, interchange_id: int | None, ordinal: int, outcome: str, **more: Any) -> int:
    row = DocumentRow(
        tx.ids.next(), source_id, interchange_id, ordinal, "ORDERS", "D.96A", "EAN008", "1", "REF1", 1, outcome, None,
        None, to_micros(MONDAY), None,
    )._replace(**more)  # fmt: skip
    rows.append_documents(tx, [row])
    return row.id


Entered = tuple[Store, int, int]


def enter(store: Store) -> Entered:
    """Enter a source of one interchange of two documents, none of them judged."""

    def work(tx: Tx) -> tuple[int, int]:
        source_id = add_source(tx)
        return source_id, add_interchange(tx, source_id)

    return (store, *store.write(work))


@pytest.fixture
def entered(store: Store) -> Entered:
    return enter(store)


def earlier(store: Store, **changes: Any) -> list[int]:
    values: dict[str, Any] = {
        "sha256": "b" * 64, "sender": "A", "recipient": "B", "control_reference": "REF1", "test": False,
        "since": MONDAY,
    }  # fmt: skip
    return [row["id"] for row in store.read(lambda tx: rows.earlier_interchanges(tx, **(values | changes)))]


def test_an_interchange_moves_on_once(each_store: Store) -> None:
    each_store, source_id, interchange_id = enter(each_store)

    def advance(judged: int, count: int) -> bool:
        return each_store.write(lambda tx: rows.advance_interchange(tx, interchange_id, judged, count))

    assert advance(0, 1) is True
    assert advance(0, 1) is False
    assert each_store.write(lambda tx: rows.settle_if_done(tx, source_id)) is False
    assert advance(1, 1) is True
    assert each_store.write(lambda tx: rows.settle_if_done(tx, source_id)) is True
    assert each_store.read(lambda tx: rows.source(tx, source_id))["settled"] is True
    assert each_store.read(rows.unsettled_sources) == []


def test_of_two_workers_one_judges(each_store: Store) -> None:
    each_store, _, interchange_id = enter(each_store)
    meet = threading.Barrier(2)

    def judge(_number: int) -> bool:
        meet.wait(10)
        return each_store.write(lambda tx: rows.advance_interchange(tx, interchange_id, 0, 2))

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(judge, range(2))) == [False, True]


def test_a_source_of_two_interchanges_settles_with_the_last(entered: Entered) -> None:
    store, source_id, first = entered
    second = store.write(lambda tx: add_interchange(tx, source_id, ordinal=1, control_reference="REF2", documents=1))
    for interchange_id, count in ((second, 1), (first, 2)):
        done = store.write(
            lambda tx, one=interchange_id, count=count: (
                rows.advance_interchange(tx, one, 0, count),
                rows.settle_if_done(tx, source_id),
            )
        )
        assert done == (True, interchange_id == first)
    ids = [row["id"] for row in store.read(lambda tx: rows.interchanges_of(tx, source_id))]
    assert ids == [first, second]


def test_a_claim_finds_its_source_and_is_used_once(store: Store) -> None:
    source_id = store.write(lambda tx: add_source(tx, claim_id="w1-1"))
    assert store.read(lambda tx: rows.source_by_claim(tx, "w1-1")) == source_id
    assert store.read(lambda tx: rows.source_by_claim(tx, "w1-2")) is None
    assert store.read(lambda tx: (rows.is_named(tx, SHA), rows.is_named(tx, "c" * 64))) == (True, False)


def test_the_work_of_the_dead_is_taken_over_by_one(entered: Entered) -> None:
    store, source_id, _ = entered
    assert [tuple(row) for row in store.read(rows.unsettled_sources)] == [(source_id, 7)]
    assert store.write(lambda tx: rows.adopt_source(tx, source_id, 8, 9)) is False
    assert store.write(lambda tx: rows.adopt_source(tx, source_id, 7, 9)) is True
    assert store.write(lambda tx: rows.adopt_source(tx, source_id, 7, 10)) is False
    nobodys = store.write(lambda tx: add_source(tx, worker_id=None))
    assert store.write(lambda tx: rows.adopt_source(tx, nobodys, None, 9)) is True


def test_unsettled_bytes_of_the_same_door(each_store: Store) -> None:
    ours = each_store.write(add_source)
    other = each_store.write(lambda tx: add_source(tx, transport="cli", partner_id=None))
    each_store.write(lambda tx: add_source(tx, settled=True))

    def found(transport: str, partner_id: int | None) -> list[int]:
        return [row.id for row in each_store.read(lambda tx: rows.unsettled_of(tx, SHA, transport, partner_id))]

    assert found("folder", 1) == [ours]
    assert found("cli", None) == [other]
    assert found("folder", 2) == found("folder", None) == []


def test_what_was_taken_makes_a_repeat(each_store: Store) -> None:
    each_store, _, interchange_id = enter(each_store)
    assert earlier(each_store, sha256=SHA, control_reference="OTHER") == [
        interchange_id
    ]  # the same bytes, not judged yet
    assert earlier(each_store) == [interchange_id]  # the same key
    for other in ({"sender": "X"}, {"recipient": "X"}, {"control_reference": "X"}, {"test": True}):
        assert earlier(each_store, **other) == []


@pytest.mark.parametrize(
    ("outcome", "taken"),
    [
        ("accepted", True), ("changed", True), ("parked", True), ("waiting", True), ("rejected", False),
        ("duplicate", False),
    ],
)  # fmt: skip
def test_only_some_outcomes_count_as_taken(store: Store, outcome: str, taken: bool) -> None:
    def work(tx: Tx) -> None:
        source_id = add_source(tx, documents=1)
        interchange_id = add_interchange(tx, source_id, documents=1, judged=1)
        a_document(tx, source_id, interchange_id, 0, outcome)

    store.write(work)
    assert bool(earlier(store)) == taken


def test_an_envelope_that_was_rejected_or_a_duplicate_is_not_a_precedent(store: Store) -> None:
    for place, verdict in enumerate(("rejected", "duplicate", "parked")):

        def work(tx: Tx, verdict: str = verdict, place: int = place) -> None:
            source_id = add_source(tx, documents=1)
            interchange_id = add_interchange(
                tx, source_id, documents=1, judged=1, verdict=verdict, control_reference=f"R{place}"
            )
            a_document(tx, source_id, interchange_id, 0, verdict)

        store.write(work)
    assert [bool(earlier(store, control_reference=f"R{place}")) for place in range(3)] == [False, False, True]


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_workers_with_the_same_bytes_pass_one_after_the_other(each_store: Store) -> None:
    meet = threading.Barrier(2)

    def enter(_number: int) -> int:
        def work(tx: Tx) -> int:
            meet.wait(10)
            rows.lock_arrivals(tx, {("A", "REF1"), ("B", "REF0")})
            before = rows.earlier_interchanges(
                tx, sha256=SHA, sender="A", recipient="B", control_reference="REF1", test=False, since=MONDAY
            )
            add_interchange(tx, add_source(tx))
            return len(before)

        return each_store.write(work)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, range(2))) == [0, 1]


def test_documents_in_their_sequence(entered: Entered) -> None:
    store, source_id, interchange_id = entered

    def work(tx: Tx) -> list[int]:
        return [
            a_document(tx, source_id, interchange_id, ordinal, outcome)
            for ordinal, outcome in ((1, "rejected"), (0, "accepted"))
        ]

    second, first = store.write(work)
    assert [row["id"] for row in store.read(lambda tx: rows.documents_of_source(tx, source_id))] == [first, second]
    found = store.read(lambda tx: rows.documents_of_interchange(tx, interchange_id))
    assert [row["id"] for row in found] == [first, second]
    assert [row["id"] for row in store.read(lambda tx: rows.refused_of_interchange(tx, interchange_id))] == [second]
    assert store.read(rows.outcome_counts) == {"accepted": 1, "rejected": 1}
    assert store.read(lambda tx: rows.document(tx, first))["received_at"] == MONDAY


def test_a_replayed_document_gets_its_new_outcome(each_store: Store) -> None:
    each_store, source_id, interchange_id = enter(each_store)
    document_id = each_store.write(
        lambda tx: a_document(tx, source_id, interchange_id, 0, "parked", violations='[{"code":"x"}]', partner_id=None)
    )
    row = each_store.read(lambda tx: rows.document(tx, document_id))
    assert row["violations"] == [{"code": "x"}]
    again = DocumentRow(
        document_id, source_id, interchange_id, 0, "ORDERS", "D.96A", "", "1", "REF1", 1, "accepted", None, 33, 0, None
    )
    each_store.write(lambda tx: rows.rejudge(tx, again))
    row = each_store.read(lambda tx: rows.document(tx, document_id))
    assert (row["outcome"], row["order_id"], row["partner_id"], row["violations"]) == ("accepted", 33, 1, None)
    assert row["received_at"] == MONDAY


def test_a_parked_envelope_is_opened_for_its_partner(store: Store) -> None:
    def work(tx: Tx) -> int:
        return add_interchange(tx, add_source(tx), verdict="parked", reason="partner.unknown", partner_id=None)

    interchange_id = store.write(work)
    store.write(lambda tx: rows.reopen(tx, interchange_id=interchange_id, partner_id=4))
    row = store.read(lambda tx: rows.interchange(tx, interchange_id))
    assert (row["verdict"], row["reason"], row["partner_id"]) == ("", None, 4)


@pytest.mark.parametrize("ask", [rows.source, rows.interchange, rows.document])
def test_what_is_not_there_is_not_found(store: Store, ask: Any) -> None:
    with pytest.raises(NotFound):
        store.read(lambda tx: ask(tx, 1))


def test_an_answer_follows_the_envelope_that_its_order_came_in(entered: Entered) -> None:
    store, source_id, interchange_id = entered
    document_id = store.write(lambda tx: a_document(tx, source_id, interchange_id, 0, "accepted", order_id=50))
    head = {
        "id": 50, "number": "2026-ED-000001", "partner_id": 1, "channel": "ED", "type": "standard", "test": False,
        "buyer_reference": "PO-1", "content_hash": b"", "document_id": document_id, "received_at": MONDAY,
        "state": "confirmed", "billing": "none", "payment": "open", "currency": "EUR", "total": Decimal(0),
        "revision": 1,
    }  # fmt: skip
    store.write(lambda tx: tx.execute(insert(orders).values(**head)))

    def follows(interchange: int | None, order: int | None) -> Addressed | None:
        return store.read(lambda tx: addressed(tx, interchange_id=interchange, order_id=order))

    assert follows(None, 50) == Addressed("A", "14", "B", "14", "UNOC:3", "D.96A", "EAN008")
    assert follows(interchange_id, None) == Addressed("A", "14", "B", "14", "UNOC:3", "", "")
    assert follows(None, None) is None
    assert follows(None, 51) is None
    assert follows(51, None) is None
