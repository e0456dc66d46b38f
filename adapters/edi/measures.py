"""MEA read and written: weights in kilograms, lengths in millimetres, volumes in cubic metres.

Dimension 6313 says what was measured, 6411 the unit (UN/ECE recommendation 20); partners send any unit of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from adapters.edi.assembly import Assembly
from adapters.edi.collect import places
from adapters.edi.serializer import OutboundSegment
from adapters.edi.values import Kind, number
from core.errors import ValueRefused
from core.values import text

#: places of MEA: 6311, 6313, then 6411 and 6314
MEASURE: Final = ((1, 1), (2, 1), *places(3, 1, 2))
#: 6313 -> the field that it measures; a total stands for the package or shipment that it is of
_MEASURED: Final = {
    "AAB": "weight_kg", "AAD": "weight_kg", "G": "weight_kg", "AAE": "weight_kg", "WT": "weight_kg",
    "AAA": "net_weight_kg", "AAC": "net_weight_kg", "AAL": "net_weight_kg", "N": "net_weight_kg",
    "AAW": "volume_m3", "ABJ": "volume_m3", "VOL": "volume_m3",
    "LN": "length_mm", "WD": "width_mm", "HT": "height_mm",
}  # fmt: skip
#: 6411 -> the factor to the unit of the field, by the kind that its name ends in
_UNITS: Final = {
    "kg": {
        "KGM": Decimal(1), "GRM": Decimal("0.001"), "TNE": Decimal(1000),
        "LBR": Decimal("0.45359237"), "ONZ": Decimal("0.028349523125"),
    },
    "mm": {
        "MMT": Decimal(1), "CMT": Decimal(10), "DMT": Decimal(100), "MTR": Decimal(1000),
        "INH": Decimal("25.4"), "FOT": Decimal("304.8"),
    },
    "m3": {
        "MTQ": Decimal(1), "DMQ": Decimal("0.001"), "LTR": Decimal("0.001"),
        "CMQ": Decimal("0.000001"), "MMQ": Decimal("0.000000001"),
    },
}  # fmt: skip
#: field -> 6313 and 6411 as we write it
_WRITTEN: Final = {
    "weight_kg": ("AAB", "KGM"),
    "net_weight_kg": ("AAA", "KGM"),
    "volume_m3": ("AAW", "MTQ"),
    "length_mm": ("LN", "MMT"),
    "width_mm": ("WD", "MMT"),
    "height_mm": ("HT", "MMT"),
}


def measured(assembly: Assembly, sent: Iterable[Sequence[str]]) -> dict[str, Decimal]:
    """Return the fields that the values of MEA measure, the first of each; what cannot be read is warned of."""
    found: dict[str, Decimal] = {}
    for _, dimension, unit, value in sent:
        name = _MEASURED.get(dimension)
        if name is None or name in found or not value:
            continue
        factor = _UNITS[name.rpartition("_")[2]].get(unit)
        if factor is None:
            assembly.warn("measure.unit_unknown", {"sent": unit[:10], "value": value[:20]}, unit, "12")
            continue
        try:
            amount = number(value, Kind.QUANTITY, assembly.decimal)
        except ValueRefused:
            assembly.warn("measure.not_numeric", {"sent": value[:20]}, value, "37")
        else:
            found[name] = Decimal(text(amount * factor))
    return found


def measures(purpose: str, values: Mapping[str, Decimal | None], *, total: bool = False) -> list[OutboundSegment]:
    """Return MEA of the fields among *values* that are known; *purpose* is 6311.

    With *total* the gross weight is the sum of several things (AAD), not that of one (AAB).
    """
    segments = []
    for name, (dimension, unit) in _WRITTEN.items():
        value = values.get(name)
        if value is not None:
            said = "AAD" if total and dimension == "AAB" else dimension
            segments.append(OutboundSegment("MEA", purpose, said, [unit, text(value)]))
    return segments
