"""Grades a customer by its trade: how often it orders, for how much, and how late it pays (CUS-02)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

RULE: Final = "customer.grade"


@dataclass(frozen=True, slots=True)
class GradeStep:
    """What a grade asks for: at least so many orders and so much invoiced net a year, at most so many days late."""

    grade: str
    orders: int
    amount: Decimal
    days_late: Decimal

    def __post_init__(self) -> None:
        """Refuse a grade that there is none of."""
        if self.grade not in ("A", "B", "C", "D") or min(Decimal(self.orders), self.amount, self.days_late) < 0:
            raise ValueError("a step is of grade A, B, C or D, and asks for 0 or more")


def _steps() -> tuple[GradeStep, ...]:
    return (
        GradeStep("A", 24, Decimal(100_000), Decimal(0)),
        GradeStep("B", 12, Decimal(20_000), Decimal(7)),
        GradeStep("C", 1, Decimal(0), Decimal(30)),
    )


@dataclass(frozen=True, slots=True)
class GradingRules:
    """The grades from the best on; a customer gets the first whose every condition it meets, else ``otherwise``.

    Who traded nothing in the ``months`` keeps the grade that it has.
    """

    months: int = 12
    steps: tuple[GradeStep, ...] = field(default_factory=_steps)
    otherwise: str = "D"

    def __post_init__(self) -> None:
        """Refuse rules without a period."""
        if not 1 <= self.months <= 120 or self.otherwise not in ("A", "B", "C", "D"):
            raise ValueError("months are 1 to 120, and otherwise is a grade")


class Trade(NamedTuple):
    """What a customer did in the period: orders that were not refused, invoiced net, mean days late of its payments."""

    orders: int
    amount: Decimal
    days_late: Decimal


class Graded(NamedTuple):
    """The grade that a trade earns, None where there was none, and what kept it from the next better one."""

    grade: str | None
    because: tuple[str, ...]


def grade_of(rules: GradingRules, trade: Trade) -> Graded:
    """Return the grade of *trade* with its reasons."""
    if not trade.orders and not trade.amount:
        return Graded(None, (f"no trade in {rules.months} months",))
    missed: tuple[str, ...] = ()
    for step in rules.steps:
        short = tuple(_short(step, trade))
        if not short:
            return Graded(step.grade, missed or ("meets every condition of the best grade",))
        missed = short
    return Graded(rules.otherwise, missed)


def _short(step: GradeStep, trade: Trade) -> list[str]:
    found = []
    if trade.orders < step.orders:
        found.append(f"{trade.orders} orders, {step.grade} asks for {step.orders}")
    if trade.amount < step.amount:
        found.append(f"{trade.amount:.2f} invoiced, {step.grade} asks for {step.amount:.2f}")
    if trade.days_late > step.days_late:
        found.append(f"{trade.days_late:.1f} days late on average, {step.grade} allows {step.days_late:.1f}")
    return found
