"""What the invoice of a whole shop order comes to: what tests hold against the total that the shop tells."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core.billing.charges import LineProgress, charges_due
from core.billing.plan import BillableLine, billed, plan_invoice
from core.documents import Order
from core.testing.trade import MONDAY

_NOTHING: Final = Decimal(0)


def billed_total(order: Order) -> Decimal:
    """Return what one invoice of the whole order comes to; a line whose tax was not told has none."""
    rates = {tax.line: tax.rate for tax in order.line_taxes}
    lines = [
        BillableLine(
            line.line,
            line.quantity,
            ((line.price or _NOTHING) / line.price_basis).quantize(Decimal("0.000001")),
            rates.get(line.line, _NOTHING),
        )
        for line in order.lines
    ]
    progress = {one.line: LineProgress(one.quantity, one.quantity, billed(one).net, one.tax_rate) for one in lines}
    return plan_invoice(lines, MONDAY.date(), 30, charges_due(order.charges, {}, progress)).total
