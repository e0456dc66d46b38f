"""Grades customers anew by what they traded (CUS-02): from orders, invoices and payments, by rules that are data."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.credit.grades import give_grade
from core.currency import worth
from core.errors import NotFound
from core.review.grading import RULE, Graded, Trade, grade_of
from core.store import trade
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.rates import rates_of
from core.store.rulebooks import rules_in_force
from core.store.views.masters import page_of_partners
from core.values import money_text

Json = dict[str, Any]
#: more partners than there are
_ALL = 1_000_000


def regrade(tx: Tx, *, partner: str | None, dry_run: bool, actor: str, now: datetime) -> Json:
    """Grade every customer, or the one named, and return what became of each.

    ``{"rule","rule_version","since","items":[{"partner","before","grade","changed","inputs":{"orders","amount",
    "days_late","months"},"because"}]}``. A dry run changes nothing. A grade that changes is kept with its reason, and
    counts from the next decision on; who traded nothing keeps its own.

    ``amount`` is in our currency; who trades in one that no rate is known for keeps its grade, too.

    Raises:
        NotFound: no such partner, or no company is loaded.
    """
    in_force = rules_in_force(tx)
    rules = in_force.book.grading
    cache = MasterCache()
    company = our_company(tx, cache)
    zone = ZoneInfo(company.timezone)
    today = now.astimezone(zone).date()
    since = months_before(today, rules.months)
    orders = trade.orders_since(tx, datetime(since.year, since.month, since.day, tzinfo=zone))
    invoiced = trade.invoiced_since(tx, f"{since:%Y-%m}")
    lateness = trade.lateness_since(tx, since)
    found = page_of_partners(tx, partner, None, _ALL)
    if partner is not None and not found:
        raise NotFound(f"there is no partner {partner}")
    items = []
    for row in found:
        amount, currency = invoiced.get(row.id, Decimal(0)), row.currency or company.currency
        quote = None if not amount else rates_of(tx, cache).quote(currency, company.currency, today)
        if quote is not None and currency != company.currency:
            amount = worth(amount, quote.rate)
        did = Trade(orders.get(row.id, 0), amount, mean_days_late(lateness.get(row.id, [])))
        unrated = Graded(None, (f"no rate {currency}->{company.currency} is known",))
        earned = grade_of(rules, did) if quote is not None or not amount else unrated
        changed = earned.grade is not None and earned.grade != row.grade
        item: Json = {
            "partner": row.code,
            "before": row.grade,
            "grade": earned.grade or row.grade,
            "changed": changed,
            "inputs": {
                "orders": did.orders, "amount": money_text(did.amount), "days_late": f"{did.days_late:.1f}",
                "months": rules.months,
            },
            "because": list(earned.because),
        }  # fmt: skip
        items.append(item)
        if changed and not dry_run:
            assert earned.grade is not None
            why = f"{RULE} {in_force.version}: {did.orders} orders, {did.amount:.2f}, {did.days_late:.1f} days late"
            give_grade(
                tx, row.code, earned.grade, reason=f"{why}; {'; '.join(earned.because)}"[:500], actor=actor, now=now
            )
    return {"rule": RULE, "rule_version": str(in_force.version), "since": since.isoformat(), "items": items}


def mean_days_late(parts: list[tuple[date, date, int]]) -> Decimal:
    """Return the mean of days behind the due date, of (paid on, due, how many); early is not late."""
    number = sum(count for _, _, count in parts)
    late = sum(max((paid_on - due).days, 0) * count for paid_on, due, count in parts)
    return Decimal(late) / number if number else Decimal(0)


def months_before(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months before that of *day*."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
