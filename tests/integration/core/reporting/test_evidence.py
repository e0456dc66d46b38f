from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from core.clock import from_micros
from core.errors import NotFound
from core.intake.receive import Door, Scanned, enter
from core.reporting import views
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.tables.intake import documents, sources
from core.store.tables.ordering import orders
from gateway.pipeline import Pipeline
from gateway.web.shapes.evidence import Checks, Reconciliation, Timeline

RECEIVED = from_micros(1_772_438_400_000_000)  # 2026-03-02T08:00Z, the clock of these tests
NUMBER = "2026-ED-000001"

#: what differs between the databases is tested elsewhere in this file on both
on_one_database = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)


def sums(store: Store) -> dict[str, int]:
    """Return the reconciliation, whose outcomes add up but for what is unexplained."""
    found = store.read(views.reconciliation)
    Reconciliation.model_validate(found)
    return found


@on_one_database
def test_the_life_of_an_order(store: Store, take, clean: bytes) -> None:
    take(clean)
    life = store.read(lambda tx: views.timeline(tx, NUMBER, "ALPINA"))
    Timeline.model_validate(life)
    assert life["number"] == NUMBER
    assert [event["event"] for event in life["events"]] == [
        "order.received", "order.checked", "reservation.created", "order.confirmed",
    ]  # fmt: skip
    first = life["events"][0]
    (received,) = store.read(lambda tx: views.documents(tx, direction="in"))["items"]
    assert (first["at"], first["actor"]) == ("2026-03-02T08:00:00.000000Z", "partner:ALPINA")
    assert first["document_id"] == received["id"]
    assert first["inputs"]["source_id"] == received["source_id"]
    with pytest.raises(NotFound):
        store.read(lambda tx: views.timeline(tx, NUMBER, "OTHER"))


@on_one_database
def test_the_checks_tell_evidence_and_rule_version(store: Store, take, price_off: bytes) -> None:
    take(price_off)
    found = store.read(lambda tx: views.checks(tx, NUMBER))
    Checks.model_validate(found)
    by_group = {check["group"]: check for check in found["checks"]}
    assert set(by_group) == {"customer", "credit", "availability", "price"}
    assert {check["rule_version"] for check in found["checks"]} == {"1"}
    assert [group for group, check in by_group.items() if not check["ok"]] == ["price"]
    assert by_group["price"]["holds"] == ["price.mismatch"]
    assert by_group["price"]["evidence"]["lines"]
    assert by_group["price"]["at"] == "2026-03-02T08:00:00.000000Z"
    with pytest.raises(NotFound):
        store.read(lambda tx: views.checks(tx, NUMBER, "OTHER"))


def test_every_document_is_explained(store: Store, take, clean: bytes, price_off: bytes, truncated: bytes) -> None:
    """CRQ-09: inbound = orders + rejected + duplicates + ..."""
    nothing = dict.fromkeys(("accepted", "changed", "rejected", "duplicate", "parked", "waiting"), 0)
    assert sums(store) == {**nothing, "documents": 0, "unexplained": 0}
    for content in (clean, price_off, truncated, clean):
        take(content)
    assert sums(store) == {
        **nothing, "accepted": 2, "rejected": 1, "duplicate": 1, "documents": 4, "unexplained": 0,
    }  # fmt: skip


@on_one_database
def test_a_test_order_takes_no_number_and_is_explained(store: Store, take, clean: bytes) -> None:
    take(clean.replace(b"++ORDERS'", b"++ORDERS++++1'", 1))
    assert sums(store)["accepted"] == 1
    assert sums(store)["unexplained"] == 0
    assert store.read(lambda tx: views.numbering_proof(tx, 2026, "ED"))["orders"] == 0


def test_a_lack_and_a_surplus_do_not_cancel(store: Store, take, clean: bytes, truncated: bytes) -> None:
    take(truncated)
    take(truncated.replace(b"+D", b"+E", 1))
    first, second = store.read(lambda tx: [row.id for row in tx.execute(sources.select().order_by(sources.c.id))])
    store.write(lambda tx: tx.execute(update(sources).where(sources.c.id == first).values(documents=3)))
    assert sums(store)["unexplained"] == 2
    store.write(lambda tx: tx.execute(update(sources).where(sources.c.id == second).values(documents=0)))
    found = sums(store)
    assert (found["documents"], found["rejected"], found["unexplained"]) == (3, 2, 3)
    store.write(lambda tx: tx.execute(delete(sources).where(sources.c.id == second)))
    assert sums(store)["unexplained"] == 3


@on_one_database
def test_what_a_source_at_work_has_not_judged_yet_is_waiting(store: Store, pipeline: Pipeline, clean: bytes) -> None:
    interchange = pipeline._decoder.scan(clean)[0]
    scanned = [Scanned(interchange, "0" * 64)]

    def work(tx: Tx) -> None:
        door = Door("ED", "cli", "orders.edi")
        enter(tx, MasterCache(), door, scanned, sha256="0" * 64, size=1, decoder="edifact", worker_id=1, now=RECEIVED)

    store.write(work)
    assert sums(store) == {
        "accepted": 0, "changed": 0, "rejected": 0, "duplicate": 0, "parked": 0, "waiting": 1, "documents": 1,
        "unexplained": 0,
    }  # fmt: skip
    store.write(lambda tx: tx.execute(update(sources).values(settled=True)))
    found = sums(store)
    assert (found["waiting"], found["unexplained"]) == (0, 1)


@on_one_database
def test_orders_and_accepted_documents_name_each_other(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    store.write(lambda tx: tx.execute(update(documents).where(documents.c.outcome == "accepted").values(order_id=None)))
    assert sums(store)["unexplained"] == 4  # two documents without an order, two orders without a document


def test_a_number_of_an_unknown_series_is_unexplained(store: Store, take, clean: bytes) -> None:
    take(clean)
    store.write(lambda tx: tx.execute(update(orders).values(number="2025-XX-000001")))
    assert sums(store)["unexplained"] == 2  # the serial that is missing, and the number that no counter gave
