"""Routes an order to a warehouse and a sales team by rules that are data (INT-21).

The first route that fits decides. Its warehouse serves the order where it can do so alone and in time; else the
cheapest way does (``core.stock.sourcing``). What a customer bought stands in its grade, which follows from its volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Traits(NamedTuple):
    """What an order is routed by: where it goes, whose it is, of which type, and its items."""

    country: str
    region: str
    postal_code: str
    partner: str
    group: str
    grade: str
    order_type: str
    skus: Sequence[str]


@dataclass(frozen=True, slots=True)
class Route:
    """One rule; what is empty fits always. ``postal_code`` and ``sku`` are beginnings, the latter of every item."""

    name: str
    warehouse: str = ""
    team: str = ""
    country: str = ""
    region: str = ""
    postal_code: str = ""
    partner: str = ""
    group: str = ""
    grade: str = ""
    order_type: str = ""
    sku: str = ""

    def __post_init__(self) -> None:
        """Refuse a rule that could not be told, or decides nothing."""
        if not self.name or not (self.warehouse or self.team):
            raise ValueError("a route has a name, and a warehouse or a team")

    def fits(self, order: Traits) -> bool:
        """Tell whether the order is one that this route is for."""
        return (
            self.country in ("", order.country)
            and self.region in ("", order.region)
            and order.postal_code.startswith(self.postal_code)
            and self.partner in ("", order.partner)
            and self.group in ("", order.group)
            and self.grade in ("", order.grade)
            and self.order_type in ("", order.order_type)
            and all(sku.startswith(self.sku) for sku in order.skus)
        )


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """The routes in the order in which they are asked."""

    routes: tuple[Route, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two routes of one name: it tells which one decided."""
        if len({route.name for route in self.routes}) != len(self.routes):
            raise ValueError("two routes have one name")

    def route(self, order: Traits) -> Route | None:
        """Return the route that decides, None where none fits."""
        return next((route for route in self.routes if route.fits(order)), None)
