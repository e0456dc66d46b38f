"""Tells a partner what becomes of its goods and its invoice: shipped, complete, billed (CNF-11, CNF-15)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.notices.tell import COMPLETED, DELIVERY_WATCH, ISSUED, SHIPPED, tell, watch_delivery, watch_payment
from core.notices.watch import tell_delay
from core.partners.model import Partner
from core.store import arrivals, timers
from core.store.billing import InvoiceRow
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.rulebooks import rules_in_force
from core.store.shipping import ShipmentRow

#: who estimates where nobody else has
_RULE = "rule:promise"


def tell_shipped(tx: Tx, partner: Partner, shipment: ShipmentRow, *, promised: date | None, now: datetime) -> None:
    """Tell *partner* that *shipment* left, with its tracking number and the day on which it should arrive.

    It should arrive on the day that was *promised*; goods that leave later arrive today at the earliest, and that they
    are late is told, too.
    """
    if partner.hears_by_edi_alone:
        return
    timezone = our_company(tx, MasterCache()).timezone
    today = now.astimezone(ZoneInfo(timezone)).date()
    expected = max(promised or today, today)
    arrivals.expect(tx, shipment.id, expected, actor=_RULE, reason="as promised", at=now)
    tell(tx, partner, SHIPPED, {"shipment_id": shipment.id}, order_id=shipment.order_id, at=now)
    if promised is not None and expected > promised:
        tell_delay(
            tx, partner, shipment.order_id, promised=promised, expected=expected, reason="shipped late", at=now,
            shipment_id=shipment.id,
        )  # fmt: skip
    rules = rules_in_force(tx).book.notices
    watch_delivery(tx, rules, shipment.order_id, expected, at=now, timezone=timezone)


def tell_completed(tx: Tx, partner: Partner, shipment: ShipmentRow, *, now: datetime) -> None:
    """Tell *partner* that everything of its order was delivered, by *shipment* at last."""
    if partner.hears_by_edi_alone:
        return
    timers.cancel(tx, DELIVERY_WATCH, shipment.order_id)
    tell(tx, partner, COMPLETED, {"shipment_id": shipment.id}, order_id=shipment.order_id, at=now)


def tell_issued(tx: Tx, partner: Partner, invoice: InvoiceRow, *, timezone: str) -> None:
    """Tell *partner* of an invoice, and look after its payment."""
    if partner.hears_by_edi_alone:
        return
    said = {"invoice_id": invoice.id}
    tell(tx, partner, ISSUED, said, order_id=invoice.order_id, at=invoice.issued_at)
    rules = rules_in_force(tx).book.notices
    watch_payment(tx, partner, rules, invoice.id, invoice.due, step=1, timezone=timezone)
