"""What the figures of the reports are held against: times, error rates and shares of the register, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


def _handling() -> Mapping[str, int]:
    return {"EC": 10, "MF": 40}


def _errors() -> Mapping[str, Decimal]:
    return {"EC": Decimal("0.5"), "MF": Decimal(5)}


def _mix() -> Mapping[str, Decimal]:
    return {"EC": Decimal(45), "SR": Decimal(30), "ED": Decimal(15), "MF": Decimal(10)}


@dataclass(frozen=True, slots=True)
class TargetRules:
    """Targets of reports; none of them decides anything of an order.

    ``process_hours`` from receipt to despatch and ``life_cycle_hours`` from receipt to settlement (ORD-06; requirements
    D, 11), ``handling_minutes`` and ``error_percent`` by channel (INT-06, INT-07), ``mix_percent`` the share that each
    channel is to have (INT-02 to INT-05).
    """

    process_hours: Decimal = Decimal(72)
    life_cycle_hours: Decimal = Decimal(84)
    handling_minutes: Mapping[str, int] = field(default_factory=_handling)
    error_percent: Mapping[str, Decimal] = field(default_factory=_errors)
    mix_percent: Mapping[str, Decimal] = field(default_factory=_mix)

    def __post_init__(self) -> None:
        """Refuse targets that nothing can be held against."""
        times = [self.process_hours, self.life_cycle_hours, *map(Decimal, self.handling_minutes.values())]
        if min(times) <= 0:
            raise ValueError("times are above 0")
        shares = (*self.error_percent.values(), *self.mix_percent.values())
        if any(not 0 <= share <= 100 for share in shares):
            raise ValueError("rates and shares are 0 to 100 per cent")
