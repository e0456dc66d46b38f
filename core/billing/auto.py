"""Bills deliveries by rule: the invoice of an ``auto`` partner is approved by the rule (ARCHITECTURE decision 15)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.billing.invoice import invoice_shipment
from core.errors import Conflict
from core.fulfilment.orders import order_head, tell_held
from core.store.billing import invoices_of
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.shipping import shipment_row

AUTO_INVOICE: Final = "rule:auto-invoice"


def invoice_on_delivery(tx: Tx, shipment_id: int, *, now: datetime) -> int | None:
    """Invoice a delivered shipment of an ``auto`` partner, once; tell ``invoice.held`` where something blocks it.

    Returns:
        The invoice's id, None where there is nothing to bill by rule.
    """
    shipment = shipment_row(tx, shipment_id)
    order = order_head(tx, shipment.order_id, lock=True)
    billed = any(invoice.shipment_id == shipment.id for invoice in invoices_of(tx, order.id))
    if order.test or billed or partner_by_id(tx, MasterCache(), order.partner_id).fulfilment != "auto":
        return None
    try:
        with tx.savepoint():
            return invoice_shipment(tx, shipment.id, approved_by=AUTO_INVOICE, now=now)
    except Conflict as reason:
        tell_held(tx, order.id, "invoice.held", reason, at=now)
        return None
