"""Orders of callers who wait (the API): placed at once, repeated safely, refused with every violation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from core.documents import Order
from core.errors import Conflict, NotFound, ValidationFailed
from core.intake.direct import DirectOrder, place_direct, plan_direct
from core.intake.plausibility import PlausibleDates
from core.reporting import views
from core.store import intake as rows
from core.store.engine import Store
from core.store.tables.intake import documents, sources
from core.store.tables.messaging import outbox
from core.store.tables.ordering import orders
from core.testing.trade import CUP, a_line, an_order

DATES = PlausibleDates()


def request(order: Order, **changes) -> DirectOrder:
    fields = {
        "order": order, "partner": "ACME", "channel": "SR", "actor": "key:abc", "origin": "POST /api/v1/orders",
        "sha256": "a" * 64, "size": 10,
    }  # fmt: skip
    return DirectOrder(**(fields | changes))


def place(desk, order: Order, **changes) -> str:
    return desk.store.write(lambda tx: place_direct(tx, desk.bench(), request(order, **changes), DATES, worker_id=1))


def count(store: Store, table) -> int:
    return store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())


def test_it_is_a_source_with_one_document_and_an_order(each_desk) -> None:
    desk = each_desk
    assert place(desk, an_order("PO-1")) == "2026-SR-000001"
    source = desk.store.read(lambda tx: tx.execute(select(sources)).mappings().one())
    assert (source["transport"], source["channel"], source["settled"], source["decoder"]) == ("api", "SR", True, "json")
    row = desk.store.read(lambda tx: tx.execute(select(documents)).mappings().one())
    assert (row["outcome"], row["reference"], row["interchange_id"]) == ("accepted", "PO-1", None)
    order = desk.store.read(lambda tx: views.order(tx, "2026-SR-000001"))
    assert (order["state"], order["channel"], order["partner"]) == ("confirmed", "SR", "ACME")
    assert desk.store.read(views.reconciliation)["unexplained"] == 0
    assert count(desk.store, outbox) == 0  # the caller has its answer already


def test_the_same_content_again_gets_its_number_and_nothing_else(desk) -> None:
    number = place(desk, an_order("PO-1"))
    assert place(desk, an_order("PO-1")) == number
    assert count(desk.store, orders) == 1
    found = desk.store.read(lambda tx: [row["outcome"] for row in tx.execute(select(documents)).mappings()])
    assert sorted(found) == ["accepted", "duplicate"]
    assert desk.store.read(views.reconciliation)["unexplained"] == 0


def test_the_same_reference_with_other_content_is_a_conflict_that_enters_nothing(desk) -> None:
    number = place(desk, an_order("PO-1"))
    with pytest.raises(Conflict, match="PO-1 is the reference of 2026-SR-000001, which has other content") as refused:
        place(desk, an_order("PO-1", a_line(CUP, 3)))
    assert refused.value.inputs == {"number": number}
    assert (count(desk.store, sources), count(desk.store, orders)) == (1, 1)


def test_every_violation_is_told_at_once(desk) -> None:
    order = an_order(
        "PO-1", document_date=datetime(1999, 1, 1, tzinfo=UTC), requested_date=date(2099, 1, 1),
    )  # fmt: skip
    order = replace(order, lines=(*order.lines, *order.lines))
    with pytest.raises(ValidationFailed) as refused:
        place(desk, order)
    assert [(one.code, one.tag) for one in refused.value.violations] == [
        ("date.too_old", "/document_date"),
        ("date.too_far", "/requested_date"),
        ("line.repeated", "/lines/0/line"),
    ]
    assert count(desk.store, sources) == 0


@pytest.mark.parametrize("line", [a_line(CUP, "0.0000001"), a_line(CUP, 10**9, "9223372036")])
def test_a_value_beyond_what_is_kept_is_a_violation(desk, line) -> None:
    with pytest.raises(ValidationFailed) as refused:
        place(desk, an_order("PO-1", line))
    assert [one.code for one in refused.value.violations] == ["value.out_of_range"]


def test_an_unknown_partner_is_not_found(desk) -> None:
    with pytest.raises(NotFound, match="there is no partner NOBODY"):
        place(desk, an_order("PO-1"), partner="NOBODY")


def test_a_held_order_is_placed_too(desk) -> None:
    number = place(desk, an_order("PO-1", a_line(CUP, 1, "99")))
    order = desk.store.read(lambda tx: views.order(tx, number))
    assert (order["state"], [hold["code"] for hold in order["holds"]]) == ("in_review", ["price.mismatch"])


def test_a_plan_writes_nothing(desk) -> None:
    snapshot, plan = desk.store.read(lambda tx: plan_direct(tx, desk.bench(), request(an_order("PO-1")), DATES))
    assert (plan.confirmed, plan.total4, snapshot.channel) == (True, 1_250_000, "SR")
    assert (count(desk.store, sources), count(desk.store, orders)) == (0, 0)


def test_an_order_that_came_by_edi_is_known_to_the_api(desk) -> None:
    place(desk, an_order("PO-1"), channel="ED")
    assert place(desk, an_order("PO-1")) == "2026-ED-000001"
    row = desk.store.read(lambda tx: rows.documents_of_source(tx, tx.execute(select(sources.c.id)).scalars().first()))
    assert len(row) == 1
