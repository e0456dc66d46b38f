"""An order of a shop as JSON text and back: what is kept of the latest telling of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from core.clock import iso
from core.documents import Party, ShopCharge, ShopDestination, ShopOrder, ShopRefund, ShopSums, ShopTax
from core.ordering.canonical import from_json as order_from_json
from core.ordering.canonical import party_from, to_json
from core.values import text

Json = dict[str, Any]


def snapshot_json(told: ShopOrder) -> Json:
    """Return *told* JSON-ready: the same telling always gives the same value."""
    return {
        "order": orjson.loads(to_json(told.order)),
        "shop_id": told.shop_id,
        "updated_at": None if told.updated_at is None else iso(told.updated_at),
        "name": told.name,
        "state": told.state,
        "payment": told.payment,
        "tax_included": told.tax_included,
        "from_gross": told.from_gross,
        "line_ids": [list(one) for one in told.line_ids],
        "total": _text(told.total),
        "sums": {name: text(amount) for name, amount in told.sums._asdict().items() if amount is not None},
        "charges": [one._asdict() | {"amount": text(one.amount)} for one in told.charges],
        "taxes": [one._asdict() | {"amount": text(one.amount), "rate": _text(one.rate)} for one in told.taxes],
        "refunds": [refund_json(one) for one in told.refunds],
        "destinations": [
            {"party": _party(one.party), "lines": [[line_id, text(quantity)] for line_id, quantity in one.lines]}
            for one in told.destinations
        ],
        "gift_note": told.gift_note,
        "email": told.email,
        "cancel_reason": told.cancel_reason,
        "test": told.test,
    }


def snapshot_from(kept: Json) -> ShopOrder:
    """Return what :func:`snapshot_json` kept."""
    return ShopOrder(
        order=order_from_json(orjson.dumps(kept["order"])),
        shop_id=kept["shop_id"],
        updated_at=_instant(kept["updated_at"]),
        name=kept["name"],
        state=kept["state"],
        payment=kept["payment"],
        tax_included=kept["tax_included"],
        from_gross=kept.get("from_gross", False),
        line_ids=tuple((number, line_id) for number, line_id in kept["line_ids"]),
        total=_decimal(kept["total"]),
        sums=ShopSums(**{name: Decimal(amount) for name, amount in kept.get("sums", {}).items()}),
        charges=tuple(ShopCharge(**{**one, "amount": Decimal(one["amount"])}) for one in kept["charges"]),
        taxes=tuple(
            ShopTax(**{**one, "amount": Decimal(one["amount"]), "rate": _decimal(one["rate"])}) for one in kept["taxes"]
        ),
        refunds=tuple(refund_from(one) for one in kept["refunds"]),
        destinations=tuple(
            ShopDestination(
                party_from(one["party"]) or Party(""),
                tuple((line_id, Decimal(quantity)) for line_id, quantity in one["lines"]),
            )
            for one in kept["destinations"]
        ),
        gift_note=kept["gift_note"],
        email=kept["email"],
        cancel_reason=kept["cancel_reason"],
        test=kept["test"],
    )


def refund_json(refund: ShopRefund) -> Json:
    """Return a refund JSON-ready."""
    return {
        "id": refund.id,
        "amount": text(refund.amount),
        "lines": [[line_id, text(quantity)] for line_id, quantity in refund.lines],
        "reason": refund.reason,
        "at": None if refund.at is None else iso(refund.at),
    }


def refund_from(kept: Json) -> ShopRefund:
    """Return what :func:`refund_json` kept."""
    return ShopRefund(
        kept["id"],
        Decimal(kept["amount"]),
        tuple((line_id, Decimal(quantity)) for line_id, quantity in kept["lines"]),
        kept["reason"],
        _instant(kept["at"]),
    )


def _party(party: Party) -> dict[str, str]:
    return {name: value for name, value in party._asdict().items() if value}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else text(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
