"""Packages: which quantity of which line travels in which, as a pure plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_UP, Decimal
from typing import Final, NamedTuple

from core.errors import Conflict

#: a carton that one person may lift
CARTON_KG: Final = Decimal(25)
#: beyond this many cartons goods go on pallets
MAX_CARTONS: Final = 40
#: the load of one pallet
PALLET_KG: Final = Decimal(800)
#: packages that one consignment can have
MAX_PACKAGES: Final = 500
_GRAM: Final = Decimal("0.001")


class PickedLine(NamedTuple):
    """A quantity of one order line that is to be packed; ``unit_kg`` is None where the weight is unknown."""

    line: int
    quantity: Decimal
    unit_kg: Decimal | None = None


class Packed(NamedTuple):
    """One package: (line, quantity) of what lies in it and its weight in kg, None where part of it is unknown."""

    content: tuple[tuple[int, Decimal], ...]
    weight_kg: Decimal | None


def package_type(weight_kg: Decimal | None) -> str:
    """Return the type (UN data element 7065): a carton up to what one person may lift, else a pallet."""
    return "CT" if weight_kg is None or weight_kg <= CARTON_KG else "PX"


def plan_packages(lines: Sequence[PickedLine]) -> list[Packed]:
    """Return the packages of *lines*, filled line by line up to their weight in whole units.

    Goods of unknown weight take no room. A unit that is heavier than a package may be travels alone.

    Raises:
        Conflict: one consignment cannot take it all.
    """
    cartons = _fill(lines, CARTON_KG, MAX_CARTONS)
    packages = cartons if cartons is not None else _fill(lines, PALLET_KG, MAX_PACKAGES)
    if packages is None:
        raise Conflict(
            f"the goods need more than {MAX_PACKAGES} pallets of {PALLET_KG} kg",
            hint="Ship a part of it.",
        )
    return packages


def _fill(lines: Sequence[PickedLine], limit_kg: Decimal, most: int) -> list[Packed] | None:
    """Return the packages of at most *limit_kg* each, or None when *most* of them are not enough."""
    packages: list[Packed] = []
    content: list[tuple[int, Decimal]] = []
    load = Decimal(0)
    weighed = all(line.unit_kg for line in lines)

    def close() -> None:
        nonlocal load
        weight = max(load, _GRAM).quantize(_GRAM, rounding=ROUND_UP) if weighed else None
        packages.append(Packed(tuple(content), weight))
        content.clear()
        load = Decimal(0)

    for line in lines:
        left, unit = line.quantity, line.unit_kg or Decimal(0)
        while left > 0:
            fits = min(left, (limit_kg - load) // unit) if unit else left
            if left * unit <= limit_kg - load:
                fits = left
            if fits <= 0 and content:
                close()
                if len(packages) >= most:
                    return None
                continue
            fits = fits if fits > 0 else min(left, Decimal(1))
            content.append((line.line, fits))
            load += fits * unit
            left -= fits
    if content:
        close()
    return packages if len(packages) <= most else None
