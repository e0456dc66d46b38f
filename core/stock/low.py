"""Says once when an item falls below its alert line, and takes it back when it is above again (INV-20)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from core.stock.level import alert_line6, is_low
from core.store import alerts
from core.store.engine import Tx
from core.store.stock import Level, levels_of, lined_levels
from core.values import QUANTITY_SCALE, from_scaled, text

STOCK_LOW: Final = "stock.low"


def judge(tx: Tx, skus: Collection[str], at: datetime) -> list[str]:
    """Open or close the alerts of *skus* after their stock changed; return those that fell below their line now."""
    told, fallen = _told(tx), []
    for one in levels_of(tx, skus).values():
        low = is_low(one.available6, one.lines)
        if low and one.sku not in told:
            alerts.raise_alert(tx, STOCK_LOW, one.sku, _words(one), at=at)
            fallen.append(one.sku)
        elif not low and one.sku in told:
            alerts.close_alert(tx, STOCK_LOW, one.sku, at=at)
    return fallen


def changed(tx: Tx) -> list[str]:
    """Return the items whose alert no longer says how they stand; reads only."""
    told = _told(tx)
    return [one.sku for one in lined_levels(tx) if is_low(one.available6, one.lines) != (one.sku in told)]


def _told(tx: Tx) -> set[str]:
    return {row["subject"] for row in alerts.open_alerts(tx) if row["kind"] == STOCK_LOW}


def _words(level: Level) -> str:
    available, line = (
        text(from_scaled(amount6, QUANTITY_SCALE)) for amount6 in (level.available6, alert_line6(level.lines) or 0)
    )
    return f"{available} of {level.sku} are available, its alert line is {line}; order more, or transfer"
