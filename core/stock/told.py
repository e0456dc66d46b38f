"""Sourcing plans as they are told and kept: JSON-ready, quantities and money as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.stock.sourcing import SourcingPlan
from core.values import QUANTITY_SCALE, from_scaled, money_text, text


def plan_json(plan: SourcingPlan) -> dict[str, Any]:
    """Return one way to serve it all, with its legs."""
    return {
        "kind": plan.kind,
        "hours": plan.hours,
        "cost": money_text(plan.cost),
        "ready": plan.ready.isoformat(),
        "in_time": plan.in_time,
        "legs": [
            {
                "kind": leg.kind,
                "warehouse": leg.warehouse,
                "quantities": quantities_json(leg.quantities6),
                "hours": leg.hours,
                "cost": money_text(leg.cost),
            }
            for leg in plan.legs
        ],
    }


def quantities_json(quantities6: Mapping[str, int]) -> dict[str, str]:
    """Return quantities x 10^6 by SKU as text."""
    return {sku: text(from_scaled(quantity6, QUANTITY_SCALE)) for sku, quantity6 in quantities6.items()}
