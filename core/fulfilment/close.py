"""Closes a part-shipped order short: what has not left is not to come any more (state table, row 25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from core.audit.record import record
from core.credit.settlement import APPLIED, payment_told, settle
from core.currency import on_account
from core.documents import LineAnswer
from core.fulfilment.orders import order_head
from core.fulfilment.tracking import end_delivery
from core.ordering.canonical import from_json
from core.ordering.charges import charged
from core.ordering.hold import lift_hold
from core.ordering.states import advance
from core.store import orders as order_rows
from core.store import timers
from core.store.billing import billed_quantities, invoices_of
from core.store.engine import Tx
from core.store.shipping import shipped_quantities
from core.values import MONEY_SCALE, round_money, text, to_scaled

_NOTHING: Final = Decimal(0)
_ENDED: Final = frozenset({"refused", "cancelled"})


def cancel_rest(tx: Tx, order: Mapping[str, Any], *, actor: str, reason: str, now: datetime) -> dict[str, list[str]]:
    """Cancel what of *order* (its locked row) has not left; return each line's answer as an ORDRSP tells it.

    Reserved stock, promised supply and the credit of the rest are free again. The order is ``shipped`` with what has
    left, ``delivered`` where that has arrived, and billed in full where it is billed.

    Raises:
        Conflict: it is not ``part_shipped``.
    """
    order_id, state = order["id"], advance(order["state"], "close")
    shipped = shipped_quantities(tx, order_id)
    order_rows.release_reservations(tx, order_id, "released")
    for kind in ("reservation.expire", "fulfilment.auto"):
        timers.cancel(tx, kind, order_id)
    for hold in order_rows.holds_of(tx, order_id):
        if hold["stage"] != "invoice":  # what has left is still to be billed
            lift_hold(tx, hold, at=now, actor=actor, reason="the rest is cancelled")
    total: Decimal = order["total"]
    charges = from_json(order_rows.document_of(tx, order_id, order["revision"])).charges
    cancelled: dict[str, str] = {}
    answers: dict[str, list[str]] = {}
    for line in order_rows.lines_of(tx, order_id):
        number, left = line["line"], shipped.get(line["line"], _NOTHING)
        if line["state"] in _ENDED or left >= line["quantity"]:
            continue
        amount = round_money(left * (line["price"] or _NOTHING))
        own, whole = [one for one in charges if one.line == number], line["quantity"]
        total -= (line["amount"] or _NOTHING) - amount + charged(own) - charged(own, {number: (left, whole)})
        order_rows.set_line(tx, order_id, number, state="shipped" if left else "cancelled", amount=amount)
        cancelled[str(number)] = text(line["quantity"] - left)
        answers[str(number)] = [(LineAnswer.CHANGED if left else LineAnswer.REFUSED).value, text(left)]
    billed = billed_quantities(tx, order_id)
    billing = "full" if all(billed.get(line, _NOTHING) >= left for line, left in shipped.items()) else order["billing"]
    _give_credit_back(tx, order, total, whole=billing == "full")
    order_rows.set_state(tx, order_id, state, total=total, billing=billing)
    record(
        tx,
        order_id,
        "order.rest_cancelled",
        at=now,
        actor=actor,
        summary=f"the rest is cancelled: {reason}" if reason else "the rest is cancelled",
        inputs={"from": order["state"], "lines": cancelled, "billing": billing, "reason": reason},
    )
    end_delivery(tx, order_head(tx, order_id), actor=actor, now=now)
    if billing == "full" and order["payment"] != "open":  # it may be paid by now
        settle(tx, order_id, APPLIED, payment_told("", _NOTHING, {}, actor), now)
    return answers


def _give_credit_back(tx: Tx, order: Mapping[str, Any], total: Decimal, *, whole: bool) -> None:
    """Take from the partner's committed credit what is not to come: all that no invoice took, where all is billed."""
    invoiced = sum((one.net for one in invoices_of(tx, order["id"])), _NOTHING) if whole else total
    rate = order["credit_rate"]
    left = on_account(order["total"], rate) - on_account(invoiced, rate)
    order_rows.commit_credit(tx, order["partner_id"], -to_scaled(left, MONEY_SCALE))
