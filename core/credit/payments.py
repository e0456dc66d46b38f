"""Takes payments: they lower the exposure at once, and the orders held for credit are reviewed again (CUS-14)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.credit.review import review_later
from core.credit.settlement import APPLIED, REVERSED, payment_told, settle, settle_later
from core.currency import on_account
from core.errors import Conflict, NotFound
from core.store import orders as order_rows
from core.store import payments as rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_id_by_code
from core.store.rates import exchange_now


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

    It pays invoices of its own currency only; what is left counts on the account at the rate of the day.

    Raises:
        NotFound: no such partner, or no such order of it.
        Conflict: the reference was used for another payment, the order is a test, or no rate is known.
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
        if known["reversed_at"] is not None:
            raise Conflict(f"{payment.reference} of {payment.partner} was taken back", hint="Post it under another.")
        return known["id"], False
    exchange = exchange_now(tx, MasterCache(), partner_id, now)
    if exchange.to_account(payment.currency) is None:
        raise Conflict(
            f"there is no rate {payment.currency}->{exchange.account} on {exchange.day}",
            hint="Load one in [[rates]], and post the payment again.",
        )
    rate = exchange.rate_kept(payment.currency)
    payment_id = rows.insert_payment(
        tx, partner_id=partner_id, reference=payment.reference, order_id=order_id, amount=payment.amount,
        currency=payment.currency, paid_on=payment.paid_on, at=now, actor=actor, credit_rate=rate,
    )  # fmt: skip
    left = payment.amount
    parts: dict[int, dict[str, Decimal]] = {} if order_id is None else {order_id: {}}
    for invoice in rows.open_of(tx, partner_id, order_id):
        part = min(left, invoice.amount)
        if part > 0 and (invoice.currency or exchange.account) == payment.currency:
            rows.apply(tx, partner_id, payment_id, invoice, part)
            left -= part
            if invoice.order_id is not None:
                parts.setdefault(invoice.order_id, {})[invoice.number] = part
    rows.lock_account(tx, partner_id, advance=on_account(left, rate))
    for paid, invoices in parts.items():
        settle_later(tx, paid, APPLIED, payment_told(payment.reference, payment.amount, invoices, actor), now)
    review_later(tx, partner_id, now)
    return payment_id, True


def reverse_payment(tx: Tx, partner: str, reference: str, *, actor: str, reason: str, now: datetime) -> bool:
    """Take back a payment that the bank returned; tell whether it was there until now.

    The invoices that it paid are open again, and the orders are told: one that was settled is invoiced again, one
    that was archived is reopened.

    Raises:
        NotFound: no such partner, or no payment of it under that reference.
    """
    partner_id = partner_id_by_code(tx, partner)
    if partner_id is not None:
        rows.lock_account(tx, partner_id)
    known = None if partner_id is None else rows.by_reference(tx, partner_id, reference)
    if partner_id is None or known is None:
        raise NotFound(f"there is no payment {reference} of {partner}")
    if known["reversed_at"] is not None:
        return False
    rows.lock_account(tx, partner_id, advance=-on_account(known["unapplied"], known["credit_rate"]))
    parts = rows.take_back(tx, partner_id, known["id"], now)
    if known["order_id"] is not None:
        parts.setdefault(known["order_id"], {})
    for order_id, invoices in parts.items():
        told = payment_told(reference, known["amount"], invoices, actor) | {"reason": reason}
        settle_later(tx, order_id, REVERSED, told, now)
    return True


def pay_from_advance(
    tx: Tx, partner_id: int, order_id: int, number: str, *, currency: str, actor: str, now: datetime
) -> None:
    """Pay the invoice *number* of a locked order with what was paid for it in advance, then with what names no order.

    Only what was paid in its *currency* pays it. An invoice of nothing is paid by that.
    """
    rows.lock_account(tx, partner_id)
    invoice = next((one for one in rows.open_of(tx, partner_id, order_id) if one.number == number), None)
    if invoice is None:
        settle(tx, order_id, APPLIED, payment_told("", Decimal(0), {}, actor), now)
        return
    left, from_account = invoice.amount, Decimal(0)
    references = []
    for payment_id, unapplied, reference, rate in rows.advances_for(tx, partner_id, order_id, currency):
        part = min(left, unapplied)
        if part > 0:
            rows.apply(tx, partner_id, payment_id, invoice, part)
            left -= part
            from_account += on_account(unapplied, rate) - on_account(unapplied - part, rate)
            references.append(reference)
    taken = invoice.amount - left
    rows.lock_account(tx, partner_id, advance=-from_account)
    if taken:
        settle(tx, order_id, APPLIED, payment_told(", ".join(references), taken, {number: taken}, actor), now)


def _order_id(tx: Tx, partner_id: int, number: str) -> int:
    order = order_rows.by_number(tx, number)
    if order["partner_id"] != partner_id:
        raise NotFound(f"there is no order {number}")
    if order["test"]:
        raise Conflict(f"{number} is a test and owes nothing")
    return int(order["id"])
