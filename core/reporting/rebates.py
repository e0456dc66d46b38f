"""Which rebates of a year are earned up to now, from what was invoiced (PRI-05)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.catalogue.rebates import RebateStep, accrue
from core.reporting.distribution import rounded
from core.store import rebates as rows
from core.store.engine import Tx
from core.values import money_text, text

Json = dict[str, Any]


def rebates(tx: Tx, year: int) -> Json:
    """Return ``{"report","year","rows"}``: what each agreement of *year* has earned by what is invoiced until now.

    Rows are ``{"partner","kind","contract","currency","turnover","before","growth_percent","percent","accrued",
    "missing"}``: net turnover of the year and of the one before, the per cent of the step that is reached, what that
    makes of the whole turnover, and the turnover that the next step still needs.
    """
    now, before = rows.turnover(tx, year), rows.turnover(tx, year - 1)
    told = []
    for row in rows.agreements(tx, year):
        steps = [RebateStep(Decimal(one["at_least"]), Decimal(one["percent"])) for one in row["steps"]]
        this, last = (sums.get(row["partner_id"], Decimal(0)) for sums in (now, before))
        earned = accrue(row["kind"], steps, this, last)
        told.append(
            {
                "partner": row["partner"],
                "kind": row["kind"],
                "contract": row["contract"] or None,
                "currency": row["currency"],
                "turnover": money_text(this),
                "before": money_text(last),
                "growth_percent": None if earned.growth is None else str(rounded(earned.growth)),
                "percent": text(earned.percent),
                "accrued": money_text(earned.amount),
                "missing": None if earned.missing is None else money_text(earned.missing),
            }
        )
    return {"report": "rebates", "year": year, "rows": told}
