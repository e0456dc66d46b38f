"""What a shop is told of its order: chosen from the facts of the order, pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from core.clock import iso
from core.storefront import ShopNews, ShopNewsKind, ShopShipment
from core.values import text

Json = dict[str, Any]

#: which facts are news
TOLD: Final[Mapping[str, ShopNewsKind]] = MappingProxyType(
    {
        "order.confirmed": "confirmed",
        "order.part_shipped": "shipped",
        "order.shipped": "shipped",
        "order.delivered": "delivered",
        "order.rest_cancelled": "rest_cancelled",
        "order.cancelled": "cancelled",
        "order.declined": "declined",
    }
)
#: the facts of a shipment; after the first of them more of the order is to come
SHIPPED: Final = ("order.part_shipped", "order.shipped")
#: news of an end, which who ended the order knows
_ENDS: Final = frozenset({"cancelled", "declined", "rest_cancelled"})


class ShopFact(NamedTuple):
    """A fact of an order that came from a shop, with what the choice needs.

    ``line_ids`` are the shop's ids by our line numbers, ``shipped`` the position and the inputs of every shipment up to
    this fact.
    ``ended_there`` tells that the shop itself cancelled or deleted the order.
    """

    event: str
    seq: int
    at: datetime
    inputs: Mapping[str, Any]
    number: str
    shop_id: str
    line_ids: Mapping[int, str] = MappingProxyType({})
    shipped: Sequence[tuple[int, Mapping[str, Any]]] = ()
    ended_there: bool = False
    test: bool = False


def news_of(fact: ShopFact) -> ShopNews | None:
    """Return what the shop is told of *fact*, None where it is none of its business.

    A test order is none: the shop's order is real. Neither is the end of an order that the shop ended itself. The
    reference is the order's number and the position of the fact in its chain, so every retry has the same.
    """
    kind = TOLD.get(fact.event)
    if kind is None or fact.test or (fact.ended_there and kind in _ENDS):
        return None
    news = ShopNews(_reference(fact, fact.seq), kind, fact.shop_id, fact.number, at=fact.at)
    match kind:
        case "cancelled" | "declined":
            return news._replace(reason=str(fact.inputs.get("reason") or ""))
        case "rest_cancelled":
            rest = _lines(fact.inputs, fact.line_ids)
            return news._replace(reason=str(fact.inputs.get("reason") or ""), lines=rest)
        case "shipped":
            sent = _shipment(fact, fact.seq, fact.inputs)
            return news._replace(
                lines=sent.lines,
                carrier=sent.carrier,
                tracking_number=sent.tracking_number,
                complete=fact.event != "order.part_shipped",
            )
        case "delivered":
            return news._replace(shipments=tuple(_shipment(fact, seq, inputs) for seq, inputs in fact.shipped))
    return news


def news_json(news: ShopNews) -> Json:
    """Return *news* JSON-ready."""
    return news._asdict() | {
        "lines": _lines_json(news.lines),
        "at": None if news.at is None else iso(news.at),
        "shipments": [one._asdict() | {"lines": _lines_json(one.lines)} for one in news.shipments],
    }


def news_from(kept: Json) -> ShopNews:
    """Return what :func:`news_json` made JSON of."""
    at = None if kept["at"] is None else datetime.fromisoformat(kept["at"])
    shipments = tuple(ShopShipment(**{**one, "lines": _lines_from(one["lines"])}) for one in kept["shipments"])
    return ShopNews(**{**kept, "lines": _lines_from(kept["lines"]), "at": at, "shipments": shipments})


def _reference(fact: ShopFact, seq: int) -> str:
    return f"{fact.number}/{seq}"


def _shipment(fact: ShopFact, seq: int, inputs: Mapping[str, Any]) -> ShopShipment:
    """Return what was told of a shipment, at that position of the order's chain, when it left."""
    return ShopShipment(
        _reference(fact, seq),
        _lines(inputs, fact.line_ids),
        str(inputs.get("carrier") or ""),
        str(inputs.get("tracking_number") or ""),
    )


def _lines(inputs: Mapping[str, Any], line_ids: Mapping[int, str]) -> tuple[tuple[str, Decimal], ...]:
    """Return quantities by the shop's ids of the lines; of a line that a person added here it has none."""
    told = {int(line): Decimal(quantity) for line, quantity in inputs.get("lines", {}).items()}
    return tuple((line_ids[line], told[line]) for line in sorted(told) if line in line_ids)


def _lines_json(lines: tuple[tuple[str, Decimal], ...]) -> list[list[str]]:
    return [[line_id, text(quantity)] for line_id, quantity in lines]


def _lines_from(kept: Sequence[Sequence[str]]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((line_id, Decimal(quantity)) for line_id, quantity in kept)
