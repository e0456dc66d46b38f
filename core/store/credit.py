"""What partners owe, paid and may owe: the credit account, payments, temporary limits, grades, daily warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, insert, literal_column, null, select, type_coerce, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from core.currency import Exchange, on_account, worth
from core.store.engine import Tx
from core.store.tables.credit import credit_adjustments, credit_grades, credit_reports, invoiced_months, payments
from core.store.tables.master import credit_accounts, open_invoices, partners, sales_history
from core.store.types import money

#: the mean is taken of so many closed months (decision D7)
MONTHS: Final = 12

_OF_PARTNER: BindParameter[int] = bindparam("partner_id")
_BEFORE_US = (
    select(sales_history.c.month, sales_history.c.amount)
    .where(sales_history.c.partner_id == _OF_PARTNER, sales_history.c.month < bindparam("month"))
    .order_by(sales_history.c.month.desc())
    .limit(MONTHS)
    .subquery()
)
_INVOICED = (
    select(invoiced_months.c.month, invoiced_months.c.amount)
    .where(invoiced_months.c.partner_id == _OF_PARTNER, invoiced_months.c.month < bindparam("month"))
    .order_by(invoiced_months.c.month.desc())
    .limit(MONTHS)
    .subquery()
)
# Built once: making a statement costs several times as much as running it.
# Rows are (what, name, due, amount, currency).
_POSITION = union_all(
    select(
        literal_column("'unpaid'"), open_invoices.c.number, open_invoices.c.due,
        type_coerce(open_invoices.c.amount - open_invoices.c.paid, money()), open_invoices.c.currency,
    ).where(open_invoices.c.partner_id == _OF_PARTNER, open_invoices.c.amount > open_invoices.c.paid),
    select(literal_column("'committed'"), credit_accounts.c.first_month, null(), credit_accounts.c.committed, null())
    .where(credit_accounts.c.partner_id == _OF_PARTNER),
    select(literal_column("'prepaid'"), null(), null(), credit_accounts.c.prepaid, null())
    .where(credit_accounts.c.partner_id == _OF_PARTNER),
    select(literal_column("'month'"), _BEFORE_US.c.month, null(), _BEFORE_US.c.amount, null()),
    select(literal_column("'month'"), _INVOICED.c.month, null(), _INVOICED.c.amount, null()),
    select(
        literal_column("'granted'"), credit_adjustments.c.kind, null(), credit_adjustments.c.amount, null()
    ).where(
        credit_adjustments.c.partner_id == _OF_PARTNER, credit_adjustments.c.state == "approved",
        credit_adjustments.c.expires_at > bindparam("now"),
    ),
)  # fmt: skip
_PAID_IN_ADVANCE = select(payments.c.currency, payments.c.unapplied, payments.c.credit_rate).where(
    payments.c.order_id == bindparam("order_id")
)


class CreditPosition:
    """What a partner owes and may owe; amounts are Decimals in the currency of its account.

    ``unrated`` are the currencies of open invoices that no rate is known for: these are not counted.
    """

    __slots__ = ("committed", "deferred", "open_amount", "overdue", "prepaid", "raised", "unrated", "volumes")

    def __init__(
        self, committed: Decimal, open_amount: Decimal, overdue: list[tuple[str, date, Decimal]],
        volumes: list[Decimal], *, prepaid: Decimal = Decimal(0), raised: Decimal = Decimal(0),
        deferred: Decimal = Decimal(0),
    ) -> None:  # fmt: skip
        self.committed = committed
        self.open_amount = open_amount
        self.overdue = overdue
        self.volumes = volumes
        self.prepaid = prepaid
        self.raised = raised
        self.deferred = deferred
        self.unrated: list[str] = []


def credit_position(
    tx: Tx, partner_id: int, today: date, now: datetime, exchange: Exchange | None = None
) -> CreditPosition:
    """Return what *partner_id* owes on the day *today* of our time zone, with what is granted to it *now*.

    *exchange* values open invoices of other currencies; None takes every amount as in the account's own. The mean
    counts from the first order, or the first month of sales where that is earlier; a partner that was never invoiced in
    a closed month has no history.
    """
    position = CreditPosition(Decimal(0), Decimal(0), [], [])
    unpaid = []
    months: dict[str, Decimal] = {}
    first_order = None
    wanted = {"partner_id": partner_id, "month": f"{today:%Y-%m}", "now": now}
    rows: Sequence[Any] = tx.execute(_POSITION, wanted).all()
    for what, name, due, amount, currency in rows:
        if what == "unpaid":
            if currency is not None and exchange is not None and currency != exchange.account:
                quote = exchange.to_account(currency)
                if quote is None:
                    position.unrated.append(currency)
                    continue
                unpaid.append((name, due, worth(amount, quote.rate)))
                continue
            unpaid.append((name, due, amount))
        elif what == "month":
            months[name] = months.get(name, Decimal(0)) + amount
        elif what == "committed":
            position.committed, first_order = amount, name
        elif what == "prepaid":
            position.prepaid = amount
        elif name == "payment_plan":
            position.deferred += amount
        else:
            position.raised += amount
    unpaid.sort(key=lambda invoice: invoice[1])
    position.open_amount = sum((amount for _, _, amount in unpaid), Decimal(0))
    position.overdue = [invoice for invoice in unpaid if invoice[1] < today]
    if months:
        first = min(months) if first_order is None else min(first_order, *months)
        position.volumes = [months.get(month, Decimal(0)) for month in closed_months(today, first)]
    return position


def paid_in_advance(tx: Tx, order_id: int, currency: str, rate: str | None) -> Decimal:
    """Return what was paid for an order of *currency* and no invoice has taken yet, on the partner's account.

    What was paid in the order's own currency counts at *rate*, that of the order, and so covers it to the cent.
    """
    found: Sequence[Any] = tx.execute(_PAID_IN_ADVANCE, {"order_id": order_id}).all()
    return sum(
        (on_account(left, rate if paid_in == currency else its_own) for paid_in, left, its_own in found), Decimal(0)
    )


def closed_months(today: date, first: str) -> list[str]:
    """Return the last twelve closed months, those since *first* ("2026-03") if fewer, the latest first."""
    found: list[str] = []
    year, month = today.year, today.month
    while len(found) < MONTHS:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        name = f"{year}-{month:02}"
        if name < first:
            break
        found.append(name)
    return found


def count_invoiced(tx: Tx, partner_id: int, day: date, net: Decimal) -> None:
    """Add *net* to what the partner was invoiced in the month of *day*; a credit note is negative."""
    row = {"partner_id": partner_id, "month": f"{day:%Y-%m}", "amount": net}
    tx.execute(_count_invoiced(is_sqlite=tx.is_sqlite), row)


@cache
def _count_invoiced(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    added = make(invoiced_months)
    return added.on_conflict_do_update(
        index_elements=["partner_id", "month"], set_={"amount": invoiced_months.c.amount + added.excluded.amount}
    )


def give_grade(tx: Tx, partner_id: int, grade: str, *, reason: str, actor: str, at: datetime) -> None:
    """Set the partner's grade and keep what it was before."""
    before = tx.execute(select(partners.c.grade).where(partners.c.id == partner_id)).scalar_one()
    tx.execute(update(partners).where(partners.c.id == partner_id).values(grade=grade))
    row = {"partner_id": partner_id, "grade": grade, "before": before, "reason": reason, "actor": actor, "at": at}
    tx.execute(insert(credit_grades).values(id=tx.ids.next(), **row))


def grades_of(tx: Tx, partner_id: int) -> list[dict[str, Any]]:
    """Return the grades that people gave: grade, before, reason, actor, at; the latest first."""
    names = ("grade", "before", "reason", "actor", "at")
    statement = select(*(credit_grades.c[name] for name in names))
    statement = statement.where(credit_grades.c.partner_id == partner_id).order_by(credit_grades.c.id.desc())
    return [dict(zip(names, row, strict=True)) for row in tx.execute(statement)]


def keep_report(tx: Tx, day: date, at: datetime, document: dict[str, Any]) -> bool:
    """Keep the warnings of a day, and tell whether it had none before."""
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    statement = make(credit_reports).values(day=day, at=at, document=document).on_conflict_do_nothing()
    return tx.execute(statement.returning(credit_reports.c.day)).first() is not None


def report_of(tx: Tx, day: date) -> dict[str, Any] | None:
    """Return the warnings of a day as they were kept, None where none were."""
    kept: dict[str, Any] | None = tx.execute(
        select(credit_reports.c.document).where(credit_reports.c.day == day)
    ).scalar_one_or_none()  # fmt: skip
    return kept
