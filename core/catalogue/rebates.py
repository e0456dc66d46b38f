"""Rebates of a year: what a customer has earned by its turnover, or by its growth, up to now (PRI-05)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

Kind = Literal["annual", "growth"]

_CENT: Final = Decimal("0.01")


class RebateStep(NamedTuple):
    """From so much on (money a year, or per cent of growth) the whole turnover earns ``percent``."""

    at_least: Decimal
    percent: Decimal


class Accrual(NamedTuple):
    """What is earned: ``reached`` is the turnover or the growth, ``percent`` of the step that it reaches, 0 of none.

    ``growth`` is in per cent, None without turnover the year before. ``missing`` is the turnover that the next step
    still needs, None behind the last one, or where there is no growth to reckon with.
    """

    growth: Decimal | None
    percent: Decimal
    amount: Decimal
    missing: Decimal | None


def accrue(kind: Kind, steps: Sequence[RebateStep], turnover: Decimal, before: Decimal) -> Accrual:
    """Return the rebate of a year's net *turnover*; *before* is that of the year before.

    The step that is reached counts for the whole turnover, not for what lies above it. Growth is reckoned against a
    turnover above 0 alone; a turnover below 0 earns nothing.
    """
    growth = 100 * (turnover - before) / before if before > 0 else None
    reached = turnover if kind == "annual" else growth
    if reached is None:
        return Accrual(None, Decimal(0), Decimal(0), None)
    ordered = sorted(steps)
    percent = max((step.percent for step in ordered if step.at_least <= reached), default=Decimal(0))
    amount = (max(turnover, Decimal(0)) * percent / 100).quantize(_CENT, ROUND_HALF_UP)
    following = next((step.at_least for step in ordered if step.at_least > reached), None)
    if following is not None and kind == "growth":
        following = before * (1 + following / 100)
    missing = None if following is None else (following - turnover).quantize(_CENT, ROUND_HALF_UP)
    return Accrual(growth, percent, amount, missing)
