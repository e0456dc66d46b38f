"""What is told of drafts: their content, and what would become of them if they were submitted now (INT-16, INT-19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.clock import iso
from core.ordering.plan import Plan, Snapshot
from core.reporting.planned import planned_checks, planned_hold
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, money_text, text

Json = dict[str, Any]


def draft_json(row: Mapping[str, Any]) -> Json:
    """Return a draft as the API tells it."""
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "state": row["state"],
        "partner": row["partner"] or None,
        "entered_by": row["entered_by"],
        "created_at": iso(row["created_at"]),
        "changed_at": iso(row["changed_at"]),
        "expires_at": None if row["expires_at"] is None else iso(row["expires_at"]),
        "order": row["order_number"],
        "content": row["content"],
        "origins": row["origins"],
    }


def template_json(row: Mapping[str, Any]) -> Json:
    """Return an order template as the API tells it."""
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "name": row["name"],
        "partner": row["partner"] or None,
        "changed_by": row["changed_by"],
        "changed_at": iso(row["changed_at"]),
        "content": row["content"],
    }


def outlook(snapshot: Snapshot, plan: Plan) -> Json:
    """Return what would become of a draft: ``state``, ``total``, ``lines``, ``holds`` and ``checks``.

    Each line tells our price and which level of prices it is of, what is available of the item now (quantity that
    no earlier line wants) and the day on which the line could be delivered whole: None where no supply is known for it.
    """
    if plan.repeats is not None:  # nothing was planned: this order is there already
        return {"state": plan.verdict, "currency": None, "total": None, "lines": [], "holds": [], "checks": []}
    evidence = {check.group: check.evidence for check in plan.checks}
    prices = {number: (ours6, level) for number, _, ours6, level in evidence["price"]["lines"]}
    available = {number: have6 for number, _, _, have6 in evidence["availability"]["lines"]}
    later = _later(plan)
    lines = []
    for line in plan.lines:
        ours6, level = prices[line.line]
        have6 = available.get(line.line)
        day = later[line.line] if line.line in later else _iso(plan, line.line, known=line.sku is not None)
        lines.append(
            {
                "line": line.line,
                "sku": line.sku,
                "description": line.description or None,
                "quantity": text(from_scaled(line.quantity6, QUANTITY_SCALE)),
                "unit": line.unit or None,
                "price": None if ours6 is None else text(from_scaled(ours6, PRICE_SCALE)),
                "price_source": level or None,
                "amount": None if line.amount4 is None else money_text(from_scaled(line.amount4, MONEY_SCALE)),
                "available": None if have6 is None else text(from_scaled(max(have6, 0), QUANTITY_SCALE)),
                "date": day,
            }
        )
    return {
        "state": "confirmed" if plan.confirmed else "in_review",
        "currency": plan.currency,
        "total": money_text(from_scaled(plan.total4, MONEY_SCALE)),
        "lines": lines,
        "holds": [planned_hold(hold, str(snapshot.rules.version)) for hold in plan.holds],
        "checks": planned_checks(snapshot, plan),
    }


def _iso(plan: Plan, line: int, *, known: bool) -> str | None:
    day = plan.day_of(line) if known else None
    return None if day is None else day.isoformat()


def _later(plan: Plan) -> dict[int, str | None]:
    """Return the days on which short lines could be served whole, by line; None where no supply is known."""
    found: dict[int, str | None] = {}
    for hold in plan.holds:
        if hold.code == "stock.short" and hold.line is not None:
            days = [one["date"] for one in hold.inputs.get("options", ()) if one["option"] == "later_date"]
            found[hold.line] = days[0] if days else None
    return found
