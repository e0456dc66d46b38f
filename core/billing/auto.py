"""Bills deliveries by rule: what an ``auto`` partner gets, the rule approves up to an amount (decision 15)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from core.billing.drafts import draft_invoice
from core.billing.invoice import Bill, bill_of, invoice_shipment
from core.errors import Conflict
from core.fulfilment.orders import order_head, tell_held
from core.store.billing import invoices_of
from core.store.engine import Tx
from core.store.invoice_drafts import waiting_for
from core.store.lookup import MasterCache, partner_by_id
from core.store.rates import in_company
from core.store.rulebooks import rules_in_force
from core.store.shipping import shipment_row

AUTO_INVOICE: Final = "rule:auto-invoice"


def invoice_on_delivery(tx: Tx, shipment_id: int, *, now: datetime) -> int | None:
    """Invoice a delivered shipment of an ``auto`` partner, once; tell ``invoice.held`` where something blocks it.

    Returns:
        The invoice's id, None where there is nothing to bill by rule, or it waits for a person as a draft.
    """
    shipment = shipment_row(tx, shipment_id)
    order = order_head(tx, shipment.order_id, lock=True)
    drafted = waiting_for(tx, shipment.id) is not None
    billed = drafted or any(invoice.shipment_id == shipment.id for invoice in invoices_of(tx, order.id))
    if order.test or billed or partner_by_id(tx, MasterCache(), order.partner_id).fulfilment != "auto":
        return None
    rules = rules_in_force(tx)
    try:
        with tx.savepoint():
            billing = rules.book.billing
            if billing.approve_above is not None and billing.waits(_total(tx, bill_of(tx, shipment.id, now=now), now)):
                why = f"more than {billing.approve_above}"
                draft_invoice(tx, shipment.id, rules, actor=AUTO_INVOICE, why=why, now=now)
                return None
            return invoice_shipment(tx, shipment.id, approved_by=AUTO_INVOICE, now=now)
    except Conflict as reason:
        tell_held(tx, order.id, "invoice.held", reason, at=now)
        return None


def _total(tx: Tx, bill: Bill, now: datetime) -> Decimal:
    """Return what a bill comes to in our currency."""
    return in_company(tx, bill.plan.total, bill.order.currency, now)
