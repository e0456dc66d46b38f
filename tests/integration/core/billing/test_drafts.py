"""Who makes an invoice does not approve it; numbers are taken when it is issued (REV-18)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.billing.auto import AUTO_INVOICE, invoice_on_delivery
from core.billing.drafts import approve_draft, decline_draft, draft_invoice
from core.billing.invoice import invoice_shipment
from core.errors import Conflict, Forbidden
from core.fulfilment.manual import ship_order
from core.review.approvals import OwnRequest
from core.review.rulebook import RulebookRefused, read_rulebook
from core.store import invoice_drafts as drafts
from core.store.billing import invoice_row, invoices_of
from core.store.engine import Store
from core.store.rulebooks import put_in_force, rules_in_force
from core.testing.confirmed import confirmed_order

FINANCE = frozenset({"finance"})


def shipped(store: Store, now: datetime, number: str = "2026-ED-000001") -> tuple[int, int]:
    """Return the ids of an order and of its shipment."""

    def work(tx: Any) -> tuple[int, int]:
        order_id = confirmed_order(tx, now, number=number)
        return order_id, ship_order(tx, order_id, actor="anna", now=now, tracking_number="HAND-1")

    return store.write(work)


def draft(store: Store, shipment_id: int, now: datetime, actor: str = "berta") -> int:
    return store.write(
        lambda tx: draft_invoice(tx, shipment_id, rules_in_force(tx), actor=actor, why="by hand", now=now)
    )


def approve(store: Store, draft_id: int, now: datetime, actor: str, roles: frozenset[str] | None = FINANCE) -> None:
    who = {"actor": actor, "roles": roles, "reason": "checked", "now": now}
    store.write(lambda tx: approve_draft(tx, draft_id, rules_in_force(tx), **who))


def above(store: Store, amount: Decimal | None, now: datetime) -> None:
    book = read_rulebook({"billing": {} if amount is None else {"approve_above": str(amount)}})
    store.write(lambda tx: put_in_force(tx, book, at=now, actor="eve", reason="test"))


def total_of(store: Store, now: datetime) -> Decimal:
    """Return what one of these shipments is billed with."""
    _, shipment_id = shipped(store, now, "2026-ED-000009")
    invoice_id = store.write(lambda tx: invoice_shipment(tx, shipment_id, approved_by="x", now=now))
    return store.read(lambda tx: invoice_row(tx, invoice_id)).total


def test_who_drafts_an_invoice_does_not_approve_it(store: Store, now: datetime) -> None:
    """REV-18: whatever roles and keys they have; another of finance does, and is told as who approved."""
    order_id, shipment_id = shipped(store, now)
    waiting = draft(store, shipment_id, now)
    for roles in (FINANCE, frozenset({"cfo", "admin"}), None):
        with pytest.raises(OwnRequest):
            approve(store, waiting, now, "berta", roles)
    with pytest.raises(Forbidden, match="needs the role finance"):
        approve(store, waiting, now, "sam", frozenset({"sales_vp"}))
    assert store.read(lambda tx: invoices_of(tx, order_id)) == []
    approve(store, waiting, now, "carl")
    (issued,) = store.read(lambda tx: invoices_of(tx, order_id))
    told = store.read(lambda tx: drafts.get(tx, waiting))
    assert (told["state"], told["invoice"], told["decided_by"]) == ("issued", issued.number, "carl")
    assert issued.approved_by == "carl"
    with pytest.raises(Conflict, match="the draft is issued"):
        approve(store, waiting, now, "dora")


def test_a_draft_takes_no_number_until_it_is_issued(store: Store, now: datetime) -> None:
    """REV-18: the later draft is issued first and gets the earlier number; a declined one leaves no gap."""
    first, second, third = (shipped(store, now, f"2026-ED-00000{place}") for place in (1, 2, 3))
    waiting = [draft(store, shipment_id, now) for _, shipment_id in (first, second, third)]
    who = {"actor": "carl", "roles": FINANCE, "reason": "wrong price", "now": now}
    store.write(lambda tx: decline_draft(tx, waiting[1], rules_in_force(tx), **who))
    for place in (2, 0):
        approve(store, waiting[place], now, "carl")
    numbers = [store.read(lambda tx, one=one: drafts.get(tx, one))["invoice"] for one in waiting]
    assert numbers == ["INV-2026-000002", None, "INV-2026-000001"]
    assert draft(store, second[1], now) != waiting[1]


def test_it_is_billed_as_of_its_issue(store: Store, now: datetime) -> None:
    order_id, shipment_id = shipped(store, now)
    waiting = draft(store, shipment_id, now)
    later = now + timedelta(days=3)
    approve(store, waiting, later, "carl")
    (issued,) = store.read(lambda tx: invoices_of(tx, order_id))
    assert issued.issued_at == later
    assert issued.due == (later + timedelta(days=14)).date()


def test_a_shipment_is_drafted_once(store: Store, now: datetime) -> None:
    _, shipment_id = shipped(store, now)
    draft(store, shipment_id, now)
    with pytest.raises(Conflict, match="waits for its approval already"):
        draft(store, shipment_id, now, "carl")
    assert store.write(lambda tx: invoice_on_delivery(tx, shipment_id, now=now)) is None


@pytest.mark.parametrize("more", [Decimal(0), Decimal("0.01")])
def test_a_rule_approves_what_it_makes_up_to_an_amount(store: Store, now: datetime, more: Decimal) -> None:
    """REV-18: both sides of the boundary; above it a person of finance approves, for a rule made it."""
    total = total_of(store, now)
    above(store, total - more, now)
    order_id, shipment_id = shipped(store, now)
    issued = store.write(lambda tx: invoice_on_delivery(tx, shipment_id, now=now))
    waiting = store.read(lambda tx: drafts.waiting_for(tx, shipment_id))
    if not more:
        assert (waiting, issued is not None) == (None, True)
        return
    assert issued is None
    assert waiting is not None
    assert store.read(lambda tx: drafts.get(tx, waiting))["created_by"] == AUTO_INVOICE
    assert store.write(lambda tx: invoice_on_delivery(tx, shipment_id, now=now)) is None
    approve(store, waiting, now, "carl")
    assert [one.approved_by for one in store.read(lambda tx: invoices_of(tx, order_id))] == ["carl"]


def test_without_an_amount_the_rule_approves_all_that_it_makes(store: Store, now: datetime) -> None:
    """ARCHITECTURE decision 15."""
    order_id, shipment_id = shipped(store, now)
    assert store.write(lambda tx: invoice_on_delivery(tx, shipment_id, now=now)) is not None
    assert [one.approved_by for one in store.read(lambda tx: invoices_of(tx, order_id))] == [AUTO_INVOICE]


@pytest.mark.parametrize("document", [{"approve_above": "-1"}, {"role": ""}])
def test_an_amount_below_0_or_nobody_is_refused(document: dict[str, str]) -> None:
    with pytest.raises(RulebookRefused):
        read_rulebook({"billing": document})
