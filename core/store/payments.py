"""Rows of payments: once per reference, spread over open invoices, the rest kept as an advance.

Whoever calls locks the partner's credit account first (:func:`lock_account`), as every change of it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.tables.credit import payment_parts, payments
from core.store.tables.master import credit_accounts, open_invoices
from core.store.tables.ordering import holds, orders
from core.store.tables.shipping import invoices
from core.store.types import money

_OPEN = (
    select(
        open_invoices.c.number, open_invoices.c.due,
        type_coerce(open_invoices.c.amount - open_invoices.c.paid, money()).label("amount"), invoices.c.order_id,
        open_invoices.c.currency,
    )
    .join(invoices, invoices.c.id == open_invoices.c.invoice_id, isouter=True)
    .where(open_invoices.c.partner_id == bindparam("partner_id"), open_invoices.c.amount > open_invoices.c.paid)
    .order_by(open_invoices.c.due, open_invoices.c.number)
)  # fmt: skip
_OPEN_OF_ORDER = _OPEN.where(invoices.c.order_id == bindparam("order_id"))
_DUES = (
    select(invoices.c.id, invoices.c.number, invoices.c.state, open_invoices.c.amount, open_invoices.c.paid)
    .join(open_invoices, open_invoices.c.invoice_id == invoices.c.id)
    .where(invoices.c.order_id == bindparam("order_id"), invoices.c.state != "void")
    .order_by(invoices.c.id)
)
#: what is paid in advance, that for the order first, then what names none; the earliest first
_ADVANCES: Final = (
    select(payments.c.id, payments.c.unapplied, payments.c.reference, payments.c.credit_rate)
    .where(
        payments.c.partner_id == bindparam("partner_id"), payments.c.unapplied > Decimal(0),
        payments.c.currency == bindparam("currency"),
        (payments.c.order_id == bindparam("order_id")) | payments.c.order_id.is_(None),
    )
    .order_by(payments.c.order_id.is_(None), payments.c.id)
)  # fmt: skip
_AHEAD = select(payments.c.id).where(payments.c.order_id == bindparam("order_id"), payments.c.unapplied > Decimal(0))
_HELD = (
    select(orders.c.id)
    .join(holds, holds.c.order_id == orders.c.id)
    .where(
        orders.c.partner_id == bindparam("partner_id"), orders.c.state == "in_review", orders.c.test.is_(False),
        holds.c.code.startswith("credit."), holds.c.released_at.is_(None),
    )
    .distinct()
    .order_by(orders.c.id)
)  # fmt: skip
_UNRATED = (
    select(orders.c.id)
    .join(holds, holds.c.order_id == orders.c.id)
    .where(
        orders.c.state == "in_review", orders.c.test.is_(False), holds.c.code == "credit.currency",
        holds.c.released_at.is_(None),
    )
    .order_by(orders.c.id)
)  # fmt: skip


class OpenInvoice(NamedTuple):
    """What is left to pay of an invoice; ``order_id`` is None where it is from before us.

    ``currency`` is None where it is that of the partner's account.
    """

    number: str
    due: date
    amount: Decimal
    order_id: int | None = None
    currency: str | None = None


class Due(NamedTuple):
    """One invoice of an order and what was paid of it."""

    id: int
    number: str
    state: str
    amount: Decimal
    paid: Decimal


def lock_account(tx: Tx, partner_id: int, advance: Decimal = Decimal(0)) -> None:
    """Lock the partner's credit account until the transaction ends, and add *advance* to what it paid in advance."""
    row = {"partner_id": partner_id, "committed": Decimal(0), "prepaid": advance}
    tx.execute(_add_advance(is_sqlite=tx.is_sqlite), row)


@cache
def _add_advance(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    added = make(credit_accounts)
    return added.on_conflict_do_update(
        index_elements=["partner_id"], set_={"prepaid": credit_accounts.c.prepaid + added.excluded.prepaid}
    )


def by_reference(tx: Tx, partner_id: int, reference: str) -> dict[str, Any] | None:
    """Return the payment that the partner made under *reference*, None where there is none."""
    row = tx.execute(
        select(payments).where(payments.c.partner_id == partner_id, payments.c.reference == reference)
    ).mappings().first()  # fmt: skip
    return None if row is None else dict(row)


def insert_payment(tx: Tx, **values: Any) -> int:
    """Add a payment of which nothing is applied yet and return its id."""
    payment_id = tx.ids.next()
    tx.execute(insert(payments).values(id=payment_id, unapplied=values["amount"], **values))
    return payment_id


def open_of(tx: Tx, partner_id: int, order_id: int | None = None) -> list[OpenInvoice]:
    """Return the partner's open invoices, those of one order where it is named, the earliest due first."""
    statement, wanted = (_OPEN, {}) if order_id is None else (_OPEN_OF_ORDER, {"order_id": order_id})
    return [
        OpenInvoice(row.number, row.due, row.amount, row.order_id, row.currency)
        for row in tx.execute(statement, {"partner_id": partner_id, **wanted})
    ]


def advances_for(tx: Tx, partner_id: int, order_id: int, currency: str) -> list[tuple[int, Decimal, str, str | None]]:
    """Return what pays an invoice of *currency* of the order, in the sequence to take it.

    It is (payment, what is left of it, its reference, the rate that it counts at).
    """
    rows = tx.execute(_ADVANCES, {"partner_id": partner_id, "order_id": order_id, "currency": currency})
    return [(row.id, row.unapplied, row.reference, row.credit_rate) for row in rows]


def apply(tx: Tx, partner_id: int, payment_id: int, invoice: OpenInvoice, amount: Decimal) -> None:
    """Pay *amount* of *invoice* with a payment that has so much left."""
    tx.execute(
        update(open_invoices)
        .where(open_invoices.c.partner_id == partner_id, open_invoices.c.number == invoice.number)
        .values(paid=open_invoices.c.paid + amount)
    )
    tx.execute(
        update(payments).where(payments.c.id == payment_id).values(unapplied=payments.c.unapplied - amount)
    )  # fmt: skip
    part = {"payment_id": payment_id, "invoice": invoice.number, "due": invoice.due, "amount": amount}
    tx.execute(insert(payment_parts).values(**part))


def take_back(tx: Tx, partner_id: int, payment_id: int, now: datetime) -> dict[int, dict[str, Decimal]]:
    """Undo what a payment paid, mark it reversed, and return the invoices of each order that it had gone to."""
    parts = tx.execute(
        select(payment_parts.c.invoice, payment_parts.c.amount, invoices.c.order_id)
        .join(
            open_invoices,
            (open_invoices.c.number == payment_parts.c.invoice) & (open_invoices.c.partner_id == partner_id),
        )
        .join(invoices, invoices.c.id == open_invoices.c.invoice_id, isouter=True)
        .where(payment_parts.c.payment_id == payment_id)
        .order_by(payment_parts.c.invoice)
    ).all()
    found: dict[int, dict[str, Decimal]] = {}
    for part in parts:
        tx.execute(
            update(open_invoices)
            .where(open_invoices.c.partner_id == partner_id, open_invoices.c.number == part.invoice)
            .values(paid=open_invoices.c.paid - part.amount)
        )
        if part.order_id is not None:
            found.setdefault(part.order_id, {})[part.invoice] = part.amount
    tx.execute(
        update(payments).where(payments.c.id == payment_id).values(unapplied=Decimal(0), reversed_at=now)
    )  # fmt: skip
    return found


def dues_of(tx: Tx, order_id: int) -> list[Due]:
    """Return what an order's invoices ask and what was paid of them, the oldest first."""
    return [Due._make(row) for row in tx.execute(_DUES, {"order_id": order_id})]


def paid_ahead(tx: Tx, order_id: int) -> bool:
    """Tell whether something was paid for an order in advance that no invoice has taken yet."""
    return tx.execute(_AHEAD, {"order_id": order_id}).first() is not None


def set_invoice_state(tx: Tx, invoice_id: int, state: str) -> None:
    """Say how far an invoice is paid."""
    tx.execute(update(invoices).where(invoices.c.id == invoice_id).values(state=state))


def set_payment_axis(tx: Tx, order_id: int, payment: str) -> None:
    """Set the payment axis of an order: open, part or paid."""
    tx.execute(update(orders).where(orders.c.id == order_id).values(payment=payment))


def payments_of(tx: Tx, partner_id: int, before: int | None, limit: int) -> list[dict[str, Any]]:
    """Return up to *limit* payments, the latest first, those under the id *before* where it is given."""
    statement = (
        select(payments, orders.c.number.label("order"))
        .join(orders, orders.c.id == payments.c.order_id, isouter=True)
        .where(payments.c.partner_id == partner_id)
        .order_by(payments.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(payments.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]


def parts_of(tx: Tx, payment_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return what invoices each payment went to, the earliest due first."""
    found: dict[int, list[dict[str, Any]]] = {payment_id: [] for payment_id in payment_ids}
    statement = select(payment_parts).where(payment_parts.c.payment_id.in_(payment_ids)).order_by(payment_parts.c.due)
    for row in tx.execute(statement).mappings():
        found[row["payment_id"]].append(dict(row))
    return found


def held_for_rate(tx: Tx) -> list[int]:
    """Return the ids of the orders in review that wait for a rate, the earliest first."""
    return list(tx.execute(_UNRATED).scalars())


def held_for_credit(tx: Tx, partner_id: int) -> list[int]:
    """Return the ids of the partner's orders in review that a credit hold blocks, the earliest first."""
    return list(tx.execute(_HELD, {"partner_id": partner_id}).scalars())
