"""What is known of a customer: its purchases summed up for whoever serves it (CUS-23), and what it said (CUS-04)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.clock import iso
from core.customers.regrade import mean_days_late, months_before
from core.errors import NotFound
from core.reporting import cursor as cursors
from core.reporting.distribution import rounded
from core.store import feedback as feedback_rows
from core.store import trade
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.views.masters import page_of_partners
from core.values import MONEY_SCALE, money_text, text

Json = dict[str, Any]

_MONTHS: Final = 12
_FAVOURITES: Final = 10


def profile(tx: Tx, code: str, now: datetime) -> Json:
    """Return what a customer bought in the last twelve months and this one, and how it pays and rates.

    ``{"partner","name","since","orders","totals":[{"currency","orders","total","mean"}],"channels","types",
    "first_order","last_order","days_between","favourites":[{"sku","orders","quantity","amount"}],"days_late","feedback":
    {"count","mean_rating"}}``: favourites are the items that the most orders name, ``days_between`` the mean of days
    from one order to the next, None of fewer than two.

    Raises:
        NotFound: no such partner.
    """
    found = page_of_partners(tx, code, None, 1)
    if not found:
        raise NotFound(f"there is no partner {code}")
    partner = found[0]
    zone = ZoneInfo(our_company(tx, MasterCache()).timezone)
    day = months_before(now.astimezone(zone).date(), _MONTHS)
    since = datetime(day.year, day.month, day.day, tzinfo=zone)
    rows = trade.totals_of(tx, partner.id, since)
    number = sum(row.orders for row in rows)
    first = min((row.first for row in rows), default=None)
    last = max((row.last for row in rows), default=None)
    rated, ratings = trade.ratings_of(tx, partner.id, since)
    between = None
    if number > 1 and first is not None and last is not None:
        between = str(rounded(Decimal((last - first).total_seconds()) / 86400 / (number - 1)))
    return {
        "partner": partner.code,
        "name": partner.name,
        "since": day.isoformat(),
        "orders": number,
        "totals": _totals(rows),
        "channels": _shares(rows, "channel"),
        "types": _shares(rows, "type"),
        "first_order": first and iso(first),
        "last_order": last and iso(last),
        "days_between": between,
        "favourites": [
            {"sku": sku, "orders": times, "quantity": text(quantity), "amount": money_text(amount)}
            for sku, times, quantity, amount in trade.favourites_of(tx, partner.id, since, _FAVOURITES)
        ],
        "days_late": f"{mean_days_late(trade.lateness_since(tx, day, partner.id).get(partner.id, [])):.1f}",
        "feedback": {"count": rated, "mean_rating": str(rounded(Decimal(ratings) / rated)) if rated else None},
    }


def feedback(
    tx: Tx,
    *,
    order: str | None = None,
    partner: str | None = None,
    most_rating: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return a page of feedback, the latest first; *most_rating* asks for that rating and worse."""
    key = cursors.decode(cursor, int)
    wanted = feedback_rows.page_of_feedback(
        tx, order=order, partner=partner, most_rating=most_rating, before=key[0] if key else None, limit=limit + 1
    )
    rows, more = cursors.page(wanted, limit)
    items = [
        {
            "id": str(row["id"]),
            "order": row["number"],
            "partner": row["partner"],
            "rating": row["rating"],
            "text": row["text"],
            "at": iso(row["at"]),
            "actor": row["actor"],
        }
        for row in rows
    ]
    return {"items": items, "next": cursors.encode(rows[-1]["id"]) if more else None}


def _totals(rows: list[Any]) -> list[Json]:
    by_currency: dict[str, tuple[int, int]] = {}
    for row in rows:
        number, total4 = by_currency.get(row.currency, (0, 0))
        by_currency[row.currency] = (number + row.orders, total4 + int(row.total4))
    return [
        {
            "currency": currency,
            "orders": number,
            "total": money_text(Decimal(total4).scaleb(-MONEY_SCALE)),
            "mean": money_text(rounded(Decimal(total4).scaleb(-MONEY_SCALE) / number)),
        }
        for currency, (number, total4) in sorted(by_currency.items())
    ]


def _shares(rows: list[Any], column: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        name = getattr(row, column)
        found[name] = found.get(name, 0) + row.orders
    return dict(sorted(found.items()))
