"""Invoices what a shipment delivered: once, at the agreed price, never more than was shipped (DOC-04, FIN-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.audit.record import record
from core.billing.charges import LineProgress, charges_due
from core.billing.plan import BillableLine, InvoicePlan, billed, plan_invoice
from core.credit.payments import pay_from_advance
from core.currency import on_account
from core.errors import Conflict
from core.fulfilment.numbering import INVOICE, local_day, take_number
from core.fulfilment.orders import OrderHead, lines_of, order_head, refuse_held, refuse_test
from core.fulfilment.parties import Parties, parties_of
from core.notices.logistics import tell_issued
from core.review.credit import terms_days
from core.store.billing import (
    InvoiceChargeRow,
    InvoiceLineRow,
    InvoiceRow,
    billed_charges,
    billed_quantities,
    insert_invoice,
    invoices_of,
    set_billing,
    tax_classes,
)
from core.store.credit import count_invoiced
from core.store.engine import Tx
from core.store.lookup import tax_rate
from core.store.orders import commit_credit
from core.store.outbox import queue
from core.store.rulebooks import rules_in_force
from core.store.shipping import ShipmentRow, packages_of, quantities, shipment_row, shipped_quantities
from core.values import MONEY_SCALE, money_text, text, to_scaled

#: the tax class of goods that the catalogue does not classify
_STANDARD = "standard"
_NEVER_BILLED = frozenset({"refused", "cancelled"})
#: of such a line nothing is left to come
_LEFT = frozenset({"shipped", "delivered"})


def invoice_shipment(tx: Tx, shipment_id: int, *, approved_by: str, now: datetime) -> int:
    """Issue the invoice of a shipped or delivered shipment and return its id.

    In one transaction: the number, invoice and lines, the open item, the credit that the order no longer takes, the
    billing axis of the order, ``invoice.issued`` and the INVOIC to send.

    Args:
        tx: the transaction.
        shipment_id: what is billed.
        approved_by: the person, or the rule (``rule:auto-invoice``), that approved it (ARCHITECTURE decision 15).
        now: the time of issue; its day in the company's time zone counts for tax and due date.

    Raises:
        Conflict: billed already, not shipped, a hold blocks, a line has no price, or no tax rate is known.
    """
    order, shipment, earlier, parties, issued, plan = bill_of(tx, shipment_id, now=now)
    billing = _billing(tx, order, plan)
    _give_credit_back(tx, order, plan, earlier, whole=billing == "full")
    invoice = InvoiceRow(
        id=tx.ids.next(),
        number=take_number(tx, INVOICE, issued.year),
        order_id=order.id,
        shipment_id=shipment.id,
        partner_id=order.partner_id,
        issued_at=now,
        due=plan.due,
        currency=order.currency,
        net=plan.net,
        tax=plan.tax,
        total=plan.total,
        state="issued",
        approved_by=approved_by,
    )
    foreign = None if order.credit_rate is None else order.currency
    lines, charges = [InvoiceLineRow(*line) for line in plan.lines], [InvoiceChargeRow(*one) for one in plan.charges]
    insert_invoice(tx, invoice, lines, charges, foreign=foreign)
    count_invoiced(tx, order.partner_id, issued, on_account(plan.net, order.credit_rate))
    set_billing(tx, order.id, billing)
    _tell(tx, invoice, plan, shipment.number, billing)
    pay_from_advance(
        tx, order.partner_id, order.id, invoice.number, currency=order.currency, actor=approved_by, now=now
    )
    queue(
        tx,
        partner_id=order.partner_id,
        type="INVOIC",
        order_id=order.id,
        payload={"invoice_id": invoice.id},
        at=now,
        test=order.test or parties.partner.in_test,
    )
    tell_issued(tx, parties.partner, invoice, timezone=parties.company.timezone)
    return invoice.id


class Bill(NamedTuple):
    """What would be billed of a shipment on the day ``issued``: its invoice before it has a number."""

    order: OrderHead
    shipment: ShipmentRow
    earlier: Sequence[InvoiceRow]
    parties: Parties
    issued: date
    plan: InvoicePlan


def bill_of(tx: Tx, shipment_id: int, *, now: datetime) -> Bill:
    """Return what an invoice of the shipment would say now; its order is locked.

    Raises:
        Conflict: billed already, not shipped, a hold blocks, a line has no price, or no tax rate is known.
    """
    order = order_head(tx, shipment_row(tx, shipment_id).order_id, lock=True)
    shipment = shipment_row(tx, shipment_id)
    refuse_test(order)
    refuse_held(tx, order, "invoice")
    if shipment.shipped_at is None:
        raise Conflict(f"shipment {shipment.number} is {shipment.state}: only what was shipped is billed")
    earlier = invoices_of(tx, order.id)
    if any(invoice.shipment_id == shipment.id for invoice in earlier):
        raise Conflict(f"shipment {shipment.number} is billed already")

    parties = parties_of(tx, order)
    issued = local_day(now, parties.company.timezone)
    billable = _billable(tx, order, shipment, parties=parties, issued=issued)
    due = charges_due(parties.document.charges, billed_charges(tx, order.id), _progress(tx, order, billable))
    plan = plan_invoice(billable, issued, terms_days(rules_in_force(tx).book.credit, parties.partner), due)
    return Bill(order, shipment, earlier, parties, issued, plan)


def _progress(tx: Tx, order: OrderHead, lines: Sequence[BillableLine]) -> dict[int, LineProgress]:
    """Return how far the lines of an invoice are billed with it."""
    ordered = {line.line: line.quantity for line in lines_of(tx, order.id)}
    before = billed_quantities(tx, order.id)
    return {
        one.line: LineProgress(
            before.get(one.line, Decimal(0)) + one.quantity, ordered[one.line], billed(one).net, one.tax_rate
        )
        for one in lines
    }


def _billable(
    tx: Tx,
    order: OrderHead,
    shipment: ShipmentRow,
    *,
    parties: Parties,
    issued: date,
) -> list[BillableLine]:
    """Return the shipped quantities at their agreed prices with their tax rates: those that the order took already."""
    lines = {line.line: line for line in lines_of(tx, order.id)}
    shipped = quantities(packages_of(tx, shipment.id))
    _refuse_more_than_shipped(tx, order, shipped)
    classes = tax_classes(tx, sorted({lines[line].sku or "" for line in shipped}))
    rates: dict[str, Decimal] = {}
    billable = []
    taken = {tax.line: tax.rate for tax in parties.document.line_taxes}
    for number, quantity in sorted(shipped.items()):
        line = lines[number]
        if line.price is None:
            raise Conflict(f"line {number} of order {order.number} has no agreed price", inputs={"line": number})
        if number in taken:
            billable.append(BillableLine(number, quantity, line.price, taken[number]))
            continue
        tax_class = classes.get(line.sku or "", _STANDARD)
        if tax_class not in rates:
            rates[tax_class] = _rate(tx, parties, tax_class, issued)
        billable.append(BillableLine(number, quantity, line.price, rates[tax_class]))
    return billable


def _refuse_more_than_shipped(tx: Tx, order: OrderHead, now_billed: Mapping[int, Decimal]) -> None:
    """Refuse to bill more of a line than all shipments carried (invariant 6)."""
    shipped = shipped_quantities(tx, order.id)
    billed = billed_quantities(tx, order.id)
    over = sorted(
        line for line, quantity in now_billed.items() if billed.get(line, Decimal(0)) + quantity > shipped[line]
    )
    if over:
        raise Conflict(f"more than shipped would be billed of lines {over}", inputs={"lines": over})


def _rate(tx: Tx, parties: Parties, tax_class: str, day: date) -> Decimal:
    """Return the rate of the place of delivery, else that of our own country (FIN-10)."""
    places = [place for place in (parties.ship_to.country or parties.partner.country, parties.company.country) if place]
    for place in places:
        rate = tax_rate(tx, place, tax_class, day)
        if rate is not None:
            return rate
    raise Conflict(
        f"no tax rate of class {tax_class!r} is known for {' or '.join(places)} on {day}",
        hint="Load one in [[taxes]].",
        inputs={"tax_class": tax_class, "countries": places},
    )


def _billing(tx: Tx, order: OrderHead, plan: InvoicePlan) -> str:
    """Return the billing axis once *plan* is issued: full when nothing that was ordered is left to bill.

    Of a line whose rest was cancelled, what was shipped is all that there is to bill.
    """
    billed = billed_quantities(tx, order.id)
    for line in plan.lines:
        billed[line.line] = billed.get(line.line, Decimal(0)) + line.quantity
    open_lines = [
        line
        for line in lines_of(tx, order.id)
        if line.state not in _NEVER_BILLED and billed.get(line.line, Decimal(0)) < line.quantity
    ]
    if open_lines and all(line.state in _LEFT for line in open_lines):
        shipped = shipped_quantities(tx, order.id)
        open_lines = [line for line in open_lines if billed.get(line.line, Decimal(0)) < shipped[line.line]]
    return "part" if open_lines else "full"


def _give_credit_back(
    tx: Tx, order: OrderHead, plan: InvoicePlan, earlier: Sequence[InvoiceRow], *, whole: bool
) -> None:
    """Take from the partner's committed credit what is now an open invoice; all invoices together give the order's."""
    remaining = order.total - sum((invoice.net for invoice in earlier), Decimal(0))
    given_back = remaining if whole else min(plan.net, remaining)
    before = order.total - remaining
    taken = on_account(before + given_back, order.credit_rate) - on_account(before, order.credit_rate)
    commit_credit(tx, order.partner_id, -to_scaled(taken, MONEY_SCALE))


def _tell(tx: Tx, invoice: InvoiceRow, plan: InvoicePlan, shipment_number: str, billing: str) -> None:
    record(
        tx,
        invoice.order_id,
        "invoice.issued",
        at=invoice.issued_at,
        actor=invoice.approved_by,
        summary=f"Invoice {invoice.number}: {money_text(invoice.total)} {invoice.currency}, due {invoice.due}",
        inputs={
            "invoice": invoice.number,
            "shipment": shipment_number,
            "net": money_text(invoice.net),
            "charges": [
                {"kind": one.kind, "line": one.line or None, "label": one.label, "amount": money_text(one.amount)}
                for one in plan.charges
            ],
            "taxes": [
                {"rate": text(part.rate), "base": money_text(part.base), "tax": money_text(part.tax)}
                for part in plan.taxes
            ],
            "total": money_text(invoice.total),
            "billing": billing,
        },
    )
