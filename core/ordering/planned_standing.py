"""How an order that a dry run planned would stand: a change of it in the same file meets it so, as in a real run."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.ordering.plan import Plan, PlannedLine, Snapshot
from core.ordering.sourcing import assignment
from core.ordering.standing import Row, Standing, hold_row, scaled
from core.store.promises import SupplyPromise, promises_of
from core.values import MONEY_SCALE, PRICE_SCALE, from_scaled


class PlannedKey(NamedTuple):
    """Names an order that is not written: its buyer, the buyer's number, and whether it is a test."""

    partner_id: int
    reference: str
    test: bool


def planned_standing(snapshot: Snapshot, plan: Plan) -> Standing:
    """Return how the accepted *plan* would stand once it is written; it has no id and no number yet."""
    confirmed, order = plan.confirmed, plan.order
    head = {
        "id": 0,
        "number": "",
        "partner_id": snapshot.partner.id,
        "channel": snapshot.channel,
        "type": order.type,
        "test": plan.test,
        "buyer_reference": order.buyer_reference,
        "state": "confirmed" if confirmed else "in_review",
        "billing": "none",
        "payment": "open",
        "currency": plan.currency,
        "credit_rate": plan.credit_rate,
        "total": from_scaled(plan.total4, MONEY_SCALE),
        "requested_date": order.requested_date,
        "promised_date": plan.promised,
        "revision": 1,
    }
    awaits: list[SupplyPromise] = []
    for line in plan.lines if confirmed else ():
        if line.sku is not None and line.line in plan.awaited:
            awaits += promises_of(0, line.line, line.sku, plan.awaited[line.line].draws)
    version, sourced = str(snapshot.rules.version), plan.sourced
    return Standing(
        head=head,
        order=order,
        lines={line.line: _row(plan, line) for line in plan.lines},
        reserved={line.line: list(line.taken) for line in plan.lines if line.taken},
        holds=[hold_row(draft, version) for draft in plan.holds],
        changes=[],
        awaits=awaits,
        assigned=None if sourced is None else assignment(0, sourced, rule_version=version, at=snapshot.now),
    )


def _row(plan: Plan, line: PlannedLine) -> Row:
    reserved6 = sum(part for _, part in line.taken)
    state = "reserved" if reserved6 else "open"
    told: dict[str, Any] = {
        "line": line.line,
        "sku": line.sku,
        "gtin": line.gtin,
        "buyer_code": line.buyer_code,
        "description": line.description,
        "quantity": scaled(line.quantity6),
        "unit": line.unit,
        "price": None if line.price6 is None else from_scaled(line.price6, PRICE_SCALE),
        "amount": None if line.amount4 is None else from_scaled(line.amount4, MONEY_SCALE),
        "state": "backordered" if plan.confirmed and line.line in plan.awaited else state,
        "promised_date": plan.day_of(line.line) if plan.confirmed else None,
        "reserved": scaled(reserved6),
    }
    return told
