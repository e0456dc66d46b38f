"""What a shop said of an order, and what it delivered, as people and programs read it."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from core.clock import iso
from core.reporting import cursor as cursors
from core.store import shops as rows
from core.store.engine import Tx
from core.store.shops import Delivery
from core.values import money_text

Json = dict[str, Any]


def shop_json(tx: Tx, order_id: int) -> Json | None:
    """Return what the shop says of our order *order_id* besides the order itself; None where it came from no shop.

    Discounts, shipping costs, fees and taxes are as the shop tells them; what we make of them are the order's charges.
    """
    row = rows.order_of(tx, order_id)
    if row is None or row.snapshot is None:
        return None
    told, facts = row.snapshot, row.facts
    paid = facts["posted"]
    return {
        "platform": row.platform,
        "store": row.store,
        "shop_id": row.shop_id,
        "name": told["name"],
        "state": "deleted" if facts["deleted"] else "cancelled" if facts["cancelled_at"] else told["state"],
        "payment": told["payment"],
        "paid": None if paid is None else money_text(Decimal(paid[1])),
        "total": None if told["total"] is None else money_text(Decimal(told["total"])),
        "tax_included": told["tax_included"],
        "updated_at": None if row.updated_at is None else iso(row.updated_at),
        "charges": [{**one, "amount": money_text(Decimal(one["amount"]))} for one in told["charges"]],
        "taxes": [{**one, "amount": money_text(Decimal(one["amount"]))} for one in told["taxes"]],
        "refunds": [
            {
                "id": one["id"],
                "amount": money_text(Decimal(one["amount"])),
                "reason": one["reason"],
                "at": one["at"],
                "lines": _lines(one["lines"]),
            }
            for one in facts["refunds"]
        ],
        "destinations": [{"address": one["party"], "lines": _lines(one["lines"])} for one in told["destinations"]],
        "gift_note": told["gift_note"],
        "line_ids": [{"line": number, "line_id": line_id} for number, line_id in row.line_ids],
    }


def shop_deliveries(
    tx: Tx, *, state: str | None = None, store: str | None = None, cursor: str | None = None, limit: int = 50
) -> Json:
    """Return what stores delivered, the latest first.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    found = rows.list_deliveries(tx, state=state, store=store, before=None if key is None else key[0], limit=limit + 1)
    shown, more = cursors.page(found, limit)
    return {"items": [delivery_json(one) for one in shown], "next": cursors.encode(shown[-1].id) if more else None}


def shop_delivery(tx: Tx, delivery_id: int) -> Json:
    """Return one delivery.

    Raises:
        NotFound: there is none.
    """
    return delivery_json(rows.delivery(tx, delivery_id))


def delivery_json(row: Delivery) -> Json:
    """Return a delivery without its body, which names customers: its document has that for whoever may read it."""
    return {
        "id": str(row.id),
        "platform": row.platform,
        "store": row.store,
        "delivery_id": row.delivery_id,
        "topic": row.topic,
        "state": row.state,
        "shop_id": row.shop_id or None,
        "received_at": iso(row.received_at),
        "attempts": row.attempts,
        "due_at": iso(row.due_at) if row.state == "queued" else None,
        "bytes": len(row.body),
        "sha256": hashlib.sha256(row.body).hexdigest(),
        "document_id": None if row.document_id is None else str(row.document_id),
        "effect": row.effect,
        "problem": row.problem,
    }


def _lines(kept: list[list[str]]) -> list[Json]:
    return [{"line_id": line_id, "quantity": quantity} for line_id, quantity in kept]
