"""Takes payments: they lower the exposure at once, and the orders held for credit are reviewed again (CUS-14)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.credit.review import review_later
from core.errors import Conflict, NotFound
from core.store import orders as order_rows
from core.store import payments as rows
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code


class Payment(NamedTuple):
    """What a partner paid, under the reference of its bank; ``order`` is the number that it pays in advance."""

    partner: str
    reference: str
    amount: Decimal
    currency: str
    paid_on: date
    order: str | None = None


def post_payment(tx: Tx, payment: Payment, *, actor: str, now: datetime) -> tuple[int, bool]:
    """Keep a payment and return its id, and whether it is new: the same reference again changes nothing.

    It goes to the open invoices, those of its order where it names one, the earliest due first; what is left is kept
    in advance. The orders of the partner that are held for credit are reviewed again, each in its own transaction.

    Raises:
        NotFound: no such partner, or no such order of it.
        Conflict: the reference was used for another payment, or the order is a test.
    """
    partner_id = partner_id_by_code(tx, payment.partner)
    if partner_id is None:
        raise NotFound(f"there is no partner {payment.partner}")
    order_id = None if payment.order is None else _order_id(tx, partner_id, payment.order)
    rows.lock_account(tx, partner_id)
    known = rows.by_reference(tx, partner_id, payment.reference)
    if known is not None:
        said = (known["order_id"], known["amount"], known["currency"], known["paid_on"])
        if said != (order_id, payment.amount, payment.currency, payment.paid_on):
            raise Conflict(
                f"{payment.partner} paid something else under {payment.reference}",
                hint="A payment is posted once under its own reference.",
            )
        return known["id"], False
    payment_id = rows.insert_payment(
        tx, partner_id=partner_id, reference=payment.reference, order_id=order_id, amount=payment.amount,
        currency=payment.currency, paid_on=payment.paid_on, at=now, actor=actor,
    )  # fmt: skip
    left = payment.amount
    for invoice in rows.open_of(tx, partner_id, order_id):
        part = min(left, invoice.amount)
        if part > 0:
            rows.apply(tx, partner_id, payment_id, invoice, part)
            left -= part
    rows.lock_account(tx, partner_id, advance=left)
    review_later(tx, partner_id, now)
    return payment_id, True


def pay_from_advance(tx: Tx, partner_id: int, order_id: int, number: str) -> None:
    """Pay the invoice *number* of an order with what was paid for it in advance, then with what names no order."""
    rows.lock_account(tx, partner_id)
    invoice = next((one for one in rows.open_of(tx, partner_id, order_id) if one.number == number), None)
    if invoice is None:
        return
    left = invoice.amount
    for payment_id, unapplied in rows.advances_for(tx, partner_id, order_id):
        part = min(left, unapplied)
        if part > 0:
            rows.apply(tx, partner_id, payment_id, invoice, part)
            left -= part
    rows.lock_account(tx, partner_id, advance=left - invoice.amount)


def _order_id(tx: Tx, partner_id: int, number: str) -> int:
    order = order_rows.by_number(tx, number)
    if order["partner_id"] != partner_id:
        raise NotFound(f"there is no order {number}")
    if order["test"]:
        raise Conflict(f"{number} is a test and owes nothing")
    return int(order["id"])
