"""What a shop is told of its order: chosen from the facts of the order, pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from core.clock import iso
from core.storefront import ShopNews, ShopNewsKind
from core.values import text

Json = dict[str, Any]

#: which facts are news
TOLD: Final[Mapping[str, ShopNewsKind]] = MappingProxyType(
    {
        "order.confirmed": "confirmed",
        "order.part_shipped": "shipped",
        "order.shipped": "shipped",
        "order.delivered": "delivered",
        "order.cancelled": "cancelled",
        "order.declined": "declined",
    }
)
#: the facts of a shipment; after the first of them more of the order is to come
SHIPPED: Final = ("order.part_shipped", "order.shipped")


class ShopFact(NamedTuple):
    """A fact of an order that came from a shop, with what the choice needs.

    ``line_ids`` are the shop's ids by our line numbers, ``shipped`` the inputs of every shipment up to this fact.
    ``ended_there`` tells that the shop itself cancelled or deleted the order.
    """

    event: str
    seq: int
    at: datetime
    inputs: Mapping[str, Any]
    number: str
    shop_id: str
    line_ids: Mapping[int, str] = MappingProxyType({})
    shipped: Sequence[Mapping[str, Any]] = ()
    ended_there: bool = False
    test: bool = False


def news_of(fact: ShopFact) -> ShopNews | None:
    """Return what the shop is told of *fact*, None where it is none of its business.

    A test order is none: the shop's order is real. Neither is the end of an order that the shop ended itself. The
    reference is the order's number and the position of the fact in its chain, so every retry has the same.
    """
    kind = TOLD.get(fact.event)
    if kind is None or fact.test or (fact.ended_there and kind in ("cancelled", "declined")):
        return None
    news = ShopNews(f"{fact.number}/{fact.seq}", kind, fact.shop_id, fact.number, at=fact.at)
    if kind in ("cancelled", "declined"):
        return news._replace(reason=str(fact.inputs.get("reason") or ""))
    if kind == "confirmed":
        return news
    shipment = fact.inputs if kind == "shipped" else _shipment(fact)
    return news._replace(
        lines=_lines(shipment, fact.line_ids),
        carrier=str(shipment.get("carrier") or ""),
        tracking_number=str(shipment.get("tracking_number") or ""),
        complete=fact.event != "order.part_shipped",
    )


def news_json(news: ShopNews) -> Json:
    """Return *news* JSON-ready."""
    return news._asdict() | {
        "lines": [[line_id, text(quantity)] for line_id, quantity in news.lines],
        "at": None if news.at is None else iso(news.at),
    }


def news_from(kept: Json) -> ShopNews:
    """Return what :func:`news_json` made JSON of."""
    lines = tuple((line_id, Decimal(quantity)) for line_id, quantity in kept["lines"])
    at = None if kept["at"] is None else datetime.fromisoformat(kept["at"])
    return ShopNews(**{**kept, "lines": lines, "at": at})


def _shipment(fact: ShopFact) -> Mapping[str, Any]:
    """Return what was told of the shipment that *fact* names, of several the last, when it left."""
    arrived = fact.inputs.get("shipments") or [fact.inputs.get("shipment")]
    return next((one for one in fact.shipped if one["shipment"] == arrived[-1]), {})


def _lines(shipment: Mapping[str, Any], line_ids: Mapping[int, str]) -> tuple[tuple[str, Decimal], ...]:
    """Return what was sent by the shop's ids of the lines; of a line that a person added here it has none."""
    sent = {int(line): Decimal(quantity) for line, quantity in shipment.get("lines", {}).items()}
    return tuple((line_ids[line], sent[line]) for line in sorted(sent) if line in line_ids)
