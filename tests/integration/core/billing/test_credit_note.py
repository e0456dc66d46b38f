"""Credit notes: drafted once for what a shop gave back, issued by another person (issue 5, part 3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.billing.credit_note import GivenBack, credit_note_document, draft_credit_note
from core.billing.drafts import approve_draft, decline_draft, told
from core.billing.invoice import invoice_shipment
from core.documents import OrderCharge
from core.errors import Conflict
from core.fulfilment.manual import ship_order
from core.review.approvals import OwnRequest
from core.store import invoice_drafts as rows
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.store.master import partner_codes
from core.store.outbox import of_order as told_of
from core.store.rebates import turnover
from core.store.rulebooks import rules_in_force
from core.store.sent import document_named
from core.store.tables.messaging import outbox
from core.testing.confirmed import confirmed_order

D = Decimal
ONE_CRATE = GivenBack("R-1", D("106.99"), {2: D(1)}, "broken")


@pytest.fixture
def order_id(store: Store, now: datetime) -> int:
    """An order of 10 cups and 3 crates that is billed: INV-2026-000001 over 469.72."""

    return store.write(lambda tx: billed_order(tx, now))


def billed_order(tx: Tx, now: datetime, charges: tuple[OrderCharge, ...] = ()) -> int:
    order_id = confirmed_order(tx, now, charges=charges)
    shipment = ship_order(tx, order_id, actor="anna", now=now, tracking_number="HAND")
    invoice_shipment(tx, shipment, approved_by="berta", now=now)
    return order_id


def draft(store: Store, now: datetime, order_id: int, given: GivenBack) -> int | None:
    return store.write(
        lambda tx: draft_credit_note(tx, order_id, given, rules_in_force(tx), actor="shop:main", now=now)
    )


def approve(store: Store, now: datetime, draft_id: int, actor: str) -> None:
    store.write(
        lambda tx: approve_draft(tx, draft_id, rules_in_force(tx), actor=actor, roles=None, reason="seen", now=now)
    )


def test_a_refund_is_drafted_once_and_issued_by_a_person(store: Store, now: datetime, order_id: int) -> None:
    draft_id = draft(store, now, order_id, ONE_CRATE)
    assert draft_id is not None
    assert draft(store, now, order_id, ONE_CRATE) is None, "the same refund again"
    with pytest.raises(OwnRequest):
        approve(store, now, draft_id, "shop:main")
    approve(store, now, draft_id, "carla")
    with pytest.raises(Conflict):
        approve(store, now, draft_id, "dora")
    shown = store.read(lambda tx: told(rows.get(tx, draft_id)))
    assert (shown["state"], shown["corrects"], shown["credit_note"], shown["refund"], shown["invoice"]) == (
        "issued", "INV-2026-000001", "CN-2026-000001", "R-1", None,
    )  # fmt: skip
    row = store.read(lambda tx: told_of(tx, order_id))[-1]
    assert row["type"] == "INVOIC"
    note = store.read(lambda tx: credit_note_document(tx, row["payload"]["credit_note_id"]))
    assert (note.code, note.number, note.corrects, note.total) == (
        "381",
        "CN-2026-000001",
        "INV-2026-000001",
        D("106.99"),
    )
    assert [(line.sku, line.quantity, line.net, line.tax_rate) for line in note.lines] == [
        ("CRATE-2", D(1), D("99.99"), D(7))
    ]
    events = [event["event"] for event in store.read(lambda tx: of_order(tx, order_id))]
    assert events[-2:] == ["credit_note.drafted", "credit_note.issued"]
    assert draft(store, now, order_id, ONE_CRATE) is None, "nor once it is issued"


def test_what_was_given_back_is_no_turnover_of_its_month(store: Store, now: datetime, order_id: int) -> None:
    """PRI-05: neither a rebate nor a grade is earned by it."""
    partner_id = store.read(lambda tx: partner_codes(tx)["ACME"])
    before = store.read(lambda tx: turnover(tx, 2026))[partner_id]
    draft_id = draft(store, now, order_id, ONE_CRATE)
    assert draft_id is not None
    assert store.read(lambda tx: turnover(tx, 2026))[partner_id] == before, "a draft gives nothing back"
    approve(store, now, draft_id, "carla")
    assert store.read(lambda tx: turnover(tx, 2026))[partner_id] == before - D("99.99")


def test_a_part_below_nothing_has_its_sign_on_the_quantity(store: Store, now: datetime) -> None:
    """EN 16931, BR-27: no price is below 0. What an allowance at a rate of its own took off is not given back."""
    coupon = OrderCharge("discount", D(-10), label="SPRING", tax_rate=D(0), tax_category="Z")
    order_id = store.write(lambda tx: billed_order(tx, now, charges=(coupon,)))
    draft_id = draft(store, now, order_id, GivenBack("R-1", D(100), {}))
    assert draft_id is not None
    approve(store, now, draft_id, "carla")
    row = store.read(lambda tx: told_of(tx, order_id))[-1]
    note = store.read(lambda tx: credit_note_document(tx, row["payload"]["credit_note_id"]))
    assert [(line.quantity, line.price, line.net) for line in note.lines if line.tax_rate == 0] == [
        (D(-1), D("2.18"), D("-2.18"))
    ]
    assert all(line.price is None or line.price >= 0 for line in note.lines)


def test_an_answer_may_name_a_credit_note_by_its_number(store: Store, now: datetime, order_id: int) -> None:
    """UN data element 1153: CD is a credit note, DM any document."""
    draft_id = draft(store, now, order_id, ONE_CRATE)
    assert draft_id is not None
    approve(store, now, draft_id, "carla")
    row = store.read(lambda tx: told_of(tx, order_id))[-1]
    store.write(lambda tx: tx.execute(update(outbox).where(outbox.c.id == row["id"]).values(transmission_id=1)))
    partner_id = store.read(lambda tx: partner_codes(tx)["ACME"])
    for qualifier in ("CD", "DM"):
        named = store.read(lambda tx, said=qualifier: document_named(tx, partner_id, said, "CN-2026-000001"))  # type: ignore[misc] # bound for the loop
        assert named is not None
        assert named.id == row["id"]


def test_a_refund_that_grows_is_drafted_by_what_it_grew(store: Store, now: datetime, order_id: int) -> None:
    first = draft(store, now, order_id, ONE_CRATE)
    second = draft(store, now, order_id, ONE_CRATE._replace(amount=D("116.99")))
    assert first is not None
    assert second is not None
    assert store.read(lambda tx: rows.get(tx, second))["total"] == 10


def test_no_more_is_credited_than_was_billed(store: Store, now: datetime, order_id: int) -> None:
    assert draft(store, now, order_id, GivenBack("R-2", D("469.73"), {})) is None
    whole = draft(store, now, order_id, GivenBack("R-3", D("469.72"), {}))
    assert whole is not None
    assert draft(store, now, order_id, ONE_CRATE) is None, "all of it is credited"
    store.write(
        lambda tx: decline_draft(tx, whole, rules_in_force(tx), actor="carla", roles=None, reason="no", now=now)
    )
    assert draft(store, now, order_id, ONE_CRATE) is not None


def test_without_an_invoice_there_is_nothing_to_correct(store: Store, now: datetime) -> None:
    bare = store.write(lambda tx: confirmed_order(tx, now))
    assert draft(store, now, bare, ONE_CRATE) is None
