"""How stock turns and how old it is, by item and warehouse (INV-25)."""

from __future__ import annotations

from typing import Any

from core.clock import from_micros
from core.reporting.distribution import percent_of, rounded
from core.reporting.period import Period
from core.review.targets import TargetRules
from core.stock.turnover import AGES, ages, turnover
from core.store.engine import Tx
from core.store.stock_flow import Key, changes_by_day, flows, receipts_before
from core.values import QUANTITY_SCALE, from_scaled, text

Json = dict[str, Any]


def inventory(tx: Tx, period: Period, targets: TargetRules) -> list[Json]:
    """Return of each item in each warehouse what moved in *period*, how often it turned, and the age of what is left.

    Rows are ``{"sku","warehouse","opening","received","adjusted","issued","closing","mean","turnover","days_of_stock",
    "share_percent","age_30","age_60","age_90","age_older","last_issue"}``. ``issued`` is less what came back,
    ``share_percent`` its part of all that was issued, and ``adjusted`` what counts and transfers added or took away.
    ``turnover`` and ``days_of_stock`` are None where nothing was issued.
    The age is first in, first out, at the end of the period; goods that another warehouse sent are new where they
    came. Definitions: ``core.stock.turnover``.
    """
    del targets
    days = (period.last - period.first).days + 1
    moved = flows(tx, period.since, period.until)
    by_day = changes_by_day(tx, period.since, period.until)
    came: dict[Key, list[tuple[int, int]]] = {}
    for key, ago, quantity6 in receipts_before(tx, period.until):
        came.setdefault(key, []).append((ago, quantity6))
    every6 = sum(max(flow.issued6, 0) for flow in moved.values())
    rows = []
    for key, flow in moved.items():
        turned = turnover(flow.opening6, by_day.get(key, {}), flow.issued6, days)
        steps = [*(f"age_{step}" for step in AGES), "age_older"]
        rows.append(
            {
                "sku": key[0],
                "warehouse": key[1],
                "opening": _told(flow.opening6),
                "received": _told(flow.received6),
                "adjusted": _told(flow.adjusted6),
                "issued": _told(flow.issued6),
                "closing": _told(flow.closing6),
                "mean": str(rounded(from_scaled(turned.mean6, QUANTITY_SCALE))),
                "turnover": None if turned.turns is None else text(turned.turns),
                "days_of_stock": None if turned.days_of_stock is None else text(turned.days_of_stock),
                "share_percent": str(percent_of(max(flow.issued6, 0), every6)),
                **dict(zip(steps, map(_told, ages(flow.closing6, came.get(key, ()))), strict=True)),
                "last_issue": None if flow.last_issue is None else from_micros(flow.last_issue).date().isoformat(),
            }
        )
    return rows


def _told(quantity6: int) -> str:
    return text(from_scaled(quantity6, QUANTITY_SCALE))
