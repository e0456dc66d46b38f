"""Payments move what they pay: the invoice, the order's payment axis, and with both the header state (row 21).

Whoever posts a payment holds the partner's account. The orders that it pays are told of it each in its own
transaction, by a timer that is due at once: an order is always locked before its partner's account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from core.audit.record import record
from core.ordering.closing import tell_end
from core.store import orders as order_rows
from core.store import payments as rows
from core.store import timers
from core.store.engine import Tx
from core.store.payments import Due
from core.store.timers import Timer
from core.values import money_text

PAYMENT_TELL: Final = "payment.tell"
APPLIED: Final = "payment.applied"
REVERSED: Final = "payment.reversed"
#: states of an invoice that a payment moves
_MOVED: Final = frozenset({"issued", "part_paid", "paid"})
#: what the event keeps of what is told
_INPUTS: Final = ("payment", "amount", "invoices", "reason")

Told = Mapping[str, Any]


def invoice_state(amount: Decimal, paid: Decimal) -> str:
    """Return how far an invoice of *amount* is paid; one of nothing is paid when it is issued."""
    if paid >= amount:
        return "paid"
    return "part_paid" if paid > 0 else "issued"


def payment_axis(dues: Sequence[Due], billing: str, *, ahead: bool) -> str:
    """Return the payment axis of an order: paid once all of it is billed and every invoice is covered.

    Before that it is ``part`` when anything was paid, on an invoice or *ahead* of one.
    """
    if billing == "full" and all(due.paid >= due.amount for due in dues):
        return "paid"
    return "part" if ahead or any(due.paid > 0 for due in dues) else "open"


def payment_told(reference: str, amount: Decimal, parts: Mapping[str, Decimal], actor: str) -> dict[str, Any]:
    """Return what an order is told of a payment: what *parts* of it went to which invoice."""
    invoices = {invoice: money_text(part) for invoice, part in sorted(parts.items())}
    return {"payment": reference, "amount": money_text(amount), "invoices": invoices, "actor": actor}


def settle_later(tx: Tx, order_id: int, event: str, told: Told, now: datetime) -> None:
    """Have an order told of a payment, or of one that was taken back."""
    timers.schedule(tx, PAYMENT_TELL, order_id, now, {"event": event, **told})


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Tell the order of a timer that is taken already."""
    told = dict(timer.payload)
    settle(tx, timer.subject_id, told.pop("event"), told, now)
    return True


def settle(tx: Tx, order_id: int, event: str, told: Told, now: datetime) -> None:
    """Bring an order's invoices and payment axis to what was paid, and record *event* with what is *told* of it.

    The caller has no lock on the partner's account, unless it locked the order before.
    """
    order = order_rows.by_id(tx, order_id, lock=True)
    dues = rows.dues_of(tx, order_id)
    for due in dues:
        state = invoice_state(due.amount, due.paid)
        if due.state in _MOVED and due.state != state:
            rows.set_invoice_state(tx, due.id, state)
    axis = payment_axis(dues, order["billing"], ahead=rows.paid_ahead(tx, order_id))
    rows.set_payment_axis(tx, order_id, axis)
    actor = told["actor"]
    left = money_text(sum((due.amount - due.paid for due in dues), Decimal(0)))
    record(
        tx,
        order_id,
        event,
        at=now,
        actor=actor,
        summary=_words(event, told, f"{left} {order['currency']}"),
        inputs={name: told[name] for name in _INPUTS if name in told} | {"open": left, "axis": axis},
    )
    tell_end(tx, order, order_rows.by_id(tx, order_id), actor=actor, now=now)


def _words(event: str, told: Told, left: str) -> str:
    if not told["payment"]:
        return "there is nothing to pay"
    where = " and ".join(told["invoices"]) or "in advance"
    verb = "paid" if event == APPLIED else "was taken back"
    return f"{told['payment']} {verb}: {where}, {left} of what is billed is open"
