"""When goods can be promised: the day they are there, and what comes on top of it (ORD-08 to ORD-11, CNF-21).

A promise is the day on which the goods are there + handling + transit + buffer. All days are calendar days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from core.documents import Party
from core.partners.model import Partner

_MOST: Final = 365


@dataclass(frozen=True, slots=True)
class Transit:
    """How many days goods are on their way, where everything that is said fits; what is empty fits always.

    ``warehouse`` is where they leave; ``country``, ``region`` and ``postal_code`` (its beginning) where they go;
    ``transport_mode`` and ``carrier`` are the partner's.
    """

    days: int
    warehouse: str = ""
    country: str = ""
    region: str = ""
    postal_code: str = ""
    transport_mode: str = ""
    carrier: str = ""

    def __post_init__(self) -> None:
        """Refuse days that nothing is on its way."""
        if not 0 <= self.days <= _MOST:
            raise ValueError("days are 0 to 365")

    def fits(self, warehouse: str, place: Party, partner: Partner) -> bool:
        """Tell whether the row is about goods that go from *warehouse* to *place*."""
        return (
            self.warehouse in ("", warehouse)
            and self.country in ("", place.country)
            and self.region in ("", place.region)
            and place.postal_code.startswith(self.postal_code)
            and self.transport_mode in ("", partner.transport_mode)
            and self.carrier in ("", partner.carrier)
        )


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """When goods can be promised, where a partner's master data does not say otherwise.

    ``lead_days`` is from receipt to the earliest date that stock on hand can promise. An order that asks for no date
    is promised for ``standard_days`` from now, an urgent one for ``urgent_days``, a sample for ``sample_days`` (ORD-08,
    ORD-09, ORD-11). A reservation that is not shipped within ``reservation_days`` is released (INV-10).

    ``buffer_days`` are added to every promise (CNF-21); the days of a partner (by code), else of the order's type,
    take their place, and an item (by SKU) that needs more gets more, for goods of one order go together. Of ``transit``
    the first row that fits counts.
    """

    lead_days: int = 1
    standard_days: int = 5
    urgent_days: int = 1
    sample_days: int = 2
    reservation_days: int = 7
    buffer_days: int = 0
    buffer_by_type: Mapping[str, int] = field(default_factory=dict)
    buffer_by_partner: Mapping[str, int] = field(default_factory=dict)
    buffer_by_item: Mapping[str, int] = field(default_factory=dict)
    transit: tuple[Transit, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no desk can promise."""
        handling = (self.lead_days, self.standard_days, self.urgent_days, self.sample_days, self.buffer_days)
        buffers = (self.buffer_by_type, self.buffer_by_partner, self.buffer_by_item)
        days = [*handling, *(one for by in buffers for one in by.values())]
        if not (all(0 <= one <= _MOST for one in days) and 1 <= self.reservation_days <= _MOST):
            raise ValueError("days are 0 to 365, of a reservation 1 to 365")

    def handling_days(self, order_type: str) -> int:
        """Return the days that an order of this type takes where it asks for no date."""
        return {"urgent": self.urgent_days, "sample": self.sample_days}.get(order_type, self.standard_days)

    def buffer_for(self, order_type: str, partner: str, skus: Iterable[str | None]) -> int:
        """Return the buffer of an order of *partner* for *skus*, in days."""
        own = self.buffer_by_partner.get(partner, self.buffer_by_type.get(order_type, self.buffer_days))
        if not self.buffer_by_item:
            return own
        return max([own, *(self.buffer_by_item.get(sku, 0) for sku in skus if sku)])

    def transit_from(self, warehouses: Collection[str], place: Party | None, partner: Partner) -> int:
        """Return the days on the way to *place*, of several *warehouses* those of the farthest."""
        where = place or Party("DP")
        return max((self._days(warehouse, where, partner) for warehouse in warehouses or ("",)), default=0)

    def _days(self, warehouse: str, place: Party, partner: Partner) -> int:
        return next((row.days for row in self.transit if row.fits(warehouse, place, partner)), 0)


class Pace(NamedTuple):
    """What is added to the day on which goods are there; all in days.

    ``lead_days`` is the least, ``handling_days`` what an order without a date gets; ``transit_days`` and
    ``buffer_days`` are within both.
    """

    lead_days: int
    handling_days: int
    transit_days: int = 0
    buffer_days: int = 0

    def evidence(self) -> dict[str, int]:
        """Return the terms as a check tells them."""
        lead = self.lead_days - self.transit_days - self.buffer_days
        return {"lead": lead, "transit": self.transit_days, "buffer": self.buffer_days}


def pace_of(rules: PromiseRules, order_type: str, *, transit_days: int = 0, buffer_days: int = 0) -> Pace:
    """Return the pace of an order of that type."""
    more = transit_days + buffer_days
    return Pace(rules.lead_days + more, rules.handling_days(order_type) + more, transit_days, buffer_days)


def promise(
    requested: date | None, today: date, lead_days: int, standard_days: int, *, ready: date | None = None
) -> date:
    """Return the day we promise for goods on hand: the requested one, no sooner than the lead time allows.

    *ready* is the day on which the last of them leaves, where they are brought together first.
    """
    earliest = (ready or today) + timedelta(days=lead_days)
    return max(requested or today + timedelta(days=standard_days), earliest)


def last_tolerated(order_type: str, requested: date | None, promised: date, days_late: int) -> date | None:
    """Return the last day that serves a line: as late as the buyer tolerates, None for a pre-order without a date."""
    if requested is None and order_type == "pre_order":
        return None
    return (requested or promised) + timedelta(days=days_late)
