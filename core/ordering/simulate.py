"""What other rules would decide on stored orders: each is planned under both, and the plans are compared (REV-06).

Both plans start from today's master data, with the stock and the credit that the order itself holds given back: what
differs follows from the rules alone. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from core.catalogue.model import StockLevel
from core.currency import on_account
from core.documents import Order
from core.errors import ValueOutOfRange
from core.ordering.canonical import from_json
from core.ordering.plan import Plan, Snapshot, plan_order
from core.ordering.snapshot import take_snapshot
from core.review.rulebook import Rules
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.values import MONEY_SCALE, QUANTITY_SCALE, from_scaled, money_text, to_scaled

#: states in which an order takes no credit
_UNDECIDED: Final = frozenset({"received", "in_review", "declined", "cancelled"})


class Decision(NamedTuple):
    """What a plan decides."""

    touchless: bool
    holds: tuple[str, ...]
    promised: str | None
    total: str

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {**self._asdict(), "holds": list(self.holds)}

    @property
    def words(self) -> str:
        """What it says to people."""
        return "held: " + ", ".join(self.holds) if self.holds else f"confirmed for {self.promised}, {self.total}"


class Difference(NamedTuple):
    """An order on which the two rulebooks decide differently."""

    number: str
    before: Decision
    after: Decision


class Simulation(NamedTuple):
    """How many orders were decided again, how many without a person under each, and where the decisions differ."""

    orders: int
    touchless_before: int
    touchless_after: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        differences = [
            {"number": one.number, "before": one.before.as_json(), "after": one.after.as_json()}
            for one in self.differences
        ]
        return {**self._asdict(), "differences": differences}


def simulate(
    tx: Tx,
    cache: MasterCache,
    after: Rules,
    *,
    since: datetime,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Simulation:
    """Decide on every real order received *since* under the rules in force and under *after*, as if it came *now*."""
    cache.refresh(tx)
    before = cache.rules
    orders = touchless_before = touchless_after = 0
    total = order_rows.count_received_since(tx, since) if progress is not None else 0
    differences = []
    for row in order_rows.received_since(tx, since):
        snapshot, order = _as_it_came(tx, cache, row, now)
        try:
            decisions = [
                _decision(plan_order(replace(_own(snapshot), rules=rules), order, test=False))
                for rules in (before, after)
            ]
        except ValueOutOfRange:  # prices of today make of it what no store keeps
            continue
        orders += 1
        touchless_before += decisions[0].touchless
        touchless_after += decisions[1].touchless
        if decisions[0] != decisions[1]:
            differences.append(Difference(row["number"], *decisions))
        if progress is not None:
            progress(orders, total)
    return Simulation(orders, touchless_before, touchless_after, tuple(differences))


def _as_it_came(tx: Tx, cache: MasterCache, row: dict[str, Any], now: datetime) -> tuple[Snapshot, Order]:
    """Return an order's first revision and what is planned with: as if the order were not there."""
    order = from_json(row["document"])
    partner = partner_by_id(tx, cache, row["partner_id"])
    snapshot = take_snapshot(tx, cache, partner, [order], channel=row["channel"], now=now, test=False)
    snapshot.known = {}
    held: dict[tuple[str, str], int] = {}
    for part in order_rows.reservations_of(tx, row["id"], "active"):
        key = (part["sku"], part["warehouse"])
        held[key] = held.get(key, 0) + to_scaled(part["quantity"], QUANTITY_SCALE)
    for (sku, warehouse), back6 in held.items():
        if sku in snapshot.stock:
            snapshot.stock[sku] = [
                StockLevel(place, left6 + back6 if place == warehouse else left6)
                for place, left6 in snapshot.stock[sku]
            ]
    if row["state"] not in _UNDECIDED and row["billing"] == "none":
        snapshot.credit.committed -= on_account(row["total"], row["credit_rate"])
    return snapshot, order


def _own(snapshot: Snapshot) -> Snapshot:
    """Return *snapshot* with stock and credit of its own: a plan folds what it takes into them."""
    stock = {sku: list(levels) for sku, levels in snapshot.stock.items()}
    return replace(snapshot, known={}, credit=copy(snapshot.credit), stock=stock)


def _decision(plan: Plan) -> Decision:
    return Decision(
        plan.confirmed,
        tuple(sorted({hold.code for hold in plan.holds})),
        plan.promised.isoformat() if plan.promised else None,
        money_text(from_scaled(plan.total4, MONEY_SCALE)),
    )
