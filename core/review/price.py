"""Price check: the buyer's price against ours, within the partner's tolerance; who may grant more (PRI-10, PRI-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Final

from core.partners.model import Tolerances
from core.review.holds import HoldDraft
from core.values import PRICE_SCALE, from_scaled, text, to_scaled

#: scale of per cents where they are integers
PERCENT_SCALE: Final = 4
#: the whole of something in per cents x 10^4
WHOLE4: Final = 100 * 10**PERCENT_SCALE


@dataclass(frozen=True, slots=True)
class Authority:
    """Up to how many per cent a role may grant, inclusive; None: as many as it takes."""

    role: str
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceRules:
    """Who may grant which discount, and what an order shall earn.

    ``discounts`` are per cents of our price that the buyer's is below it, by rising authority (PRI-11; the boundary is
    the lower role's). An order whose margin is below ``minimum_margin`` per cent is held (PRI-13); who may let it go
    follows from the points of per cent that are missing, ``margins``. An item has ``fewest_tiers`` to ``most_tiers``
    quantity tiers (PRI-03).
    """

    discounts: tuple[Authority, ...] = (
        Authority("sales_rep", Decimal(5)),
        Authority("sales_manager", Decimal(10)),
        Authority("sales_director", Decimal(15)),
        Authority("sales_vp"),
    )
    minimum_margin: Decimal = Decimal(15)
    margins: tuple[Authority, ...] = (
        Authority("sales_manager", Decimal(5)),
        Authority("sales_director", Decimal(10)),
        Authority("sales_vp"),
    )
    fewest_tiers: int = 3
    most_tiers: int = 5

    def __post_init__(self) -> None:
        """Refuse steps that do not rise or leave what is beyond them to nobody."""
        for name, steps in (("discounts", self.discounts), ("margins", self.margins)):
            limits = [step.percent for step in steps if step.percent is not None]
            if [step.percent for step in steps] != [*limits, None]:
                raise ValueError(f"{name}: each step has a percent, but for the last, which has none")
            if any(limit < 0 for limit in limits) or sorted(set(limits)) != limits:
                raise ValueError(f"{name}: the per cents rise from step to step, from 0 on")
        if not 0 <= self.minimum_margin < 100:
            raise ValueError("minimum_margin is 0 to less than 100 per cent")
        if not 1 <= self.fewest_tiers <= self.most_tiers:
            raise ValueError("an item has at least one tier, and not more at least than at most")


@lru_cache(maxsize=256)
def percent4(percent: Decimal) -> int:
    """Return a per cent x 10^4."""
    return to_scaled(percent, PERCENT_SCALE)


def step_for(steps: Sequence[Authority], part: int, whole: int) -> Authority:
    """Return the first of *steps* that may grant *part* / *whole*, *part* being in per cents x 10^4 of *whole*."""
    return next(step for step in steps if step.percent is None or part <= percent4(step.percent) * whole)


def discount_authority(rules: PriceRules, line: int, theirs6: int, ours6: int) -> HoldDraft | None:
    """Return the hold that asks for a higher role than a representative's; None where one may grant it.

    Asked of prices that the tolerance does not let through: whoever accepts the buyer's price grants a discount.
    """
    if theirs6 >= ours6:
        return None
    step = step_for(rules.discounts, (ours6 - theirs6) * WHOLE4, ours6)
    first = rules.discounts[0]
    if step is first:
        return None
    theirs, ours = from_scaled(theirs6, PRICE_SCALE), from_scaled(ours6, PRICE_SCALE)
    # Rounded up: what needs a manager shall not be told as the per cent that a representative may grant.
    percent = str(((ours - theirs) / ours * 100).quantize(Decimal("0.01"), rounding=ROUND_CEILING))
    least = text(from_scaled(ours6 - ours6 * percent4(first.percent or Decimal(0)) // WHOLE4, PRICE_SCALE))
    return HoldDraft(
        "discount.authority",
        f"line {line}: {text(theirs)} is {percent} % below our price of {text(ours)}",
        {
            "buyer_price": text(theirs),
            "expected_price": text(ours),
            "discount_percent": percent,
            "within_percent": None if step.percent is None else text(step.percent),
            "least_price": least,
        },
        "price.discount-authority",
        line=line,
        release_when=f"a price of {least} or more, or the discount granted",
        role=step.role,
    )


def allowed_difference6(tolerances: Tolerances, ours6: int) -> int:
    """Return how far (x 10^6) the buyer's price may be from ours: the larger of per cent and amount, inclusive."""
    return int(max(tolerances.price_percent * ours6 / 100, tolerances.price_amount.scaleb(PRICE_SCALE)))


def price_differs(
    rules: PriceRules, line: int, theirs6: int, ours6: int, *, tolerances: Tolerances, level: str
) -> list[HoldDraft]:
    """Return the holds for a buyer's price that is not ours: the difference, and the authority to accept it."""
    mismatch = price_mismatch(line, theirs6, ours6, tolerances, level)
    if mismatch is None:
        return []
    beyond = discount_authority(rules, line, theirs6, ours6)
    return [mismatch] if beyond is None else [mismatch, beyond]


def price_mismatch(line: int, theirs6: int, ours6: int, tolerances: Tolerances, level: str) -> HoldDraft | None:
    """Return the hold for a buyer's price outside the tolerance, None inside it."""
    allowed6 = allowed_difference6(tolerances, ours6)
    if abs(theirs6 - ours6) <= allowed6:
        return None
    theirs, ours = from_scaled(theirs6, PRICE_SCALE), from_scaled(ours6, PRICE_SCALE)
    percent = f"{(theirs - ours) / ours * 100:+.2f}" if ours else "n/a"
    allowed = text(from_scaled(allowed6, PRICE_SCALE))
    return HoldDraft(
        "price.mismatch",
        f"line {line}: the buyer's price {text(theirs)} differs from ours, {text(ours)}, by {percent} %",
        {
            "buyer_price": text(theirs),
            "expected_price": text(ours),
            "level": level,
            "difference_percent": percent,
            "tolerance_percent": text(tolerances.price_percent),
            "tolerance_amount": text(tolerances.price_amount),
            "allowed": allowed,
        },
        "price.tolerance",
        line=line,
        release_when=f"a price within {allowed} of {text(ours)}, or theirs accepted",
    )


def price_missing(line: int, sku: str, currency: str, day: str) -> HoldDraft:
    """Return the hold for an item that has no price of ours."""
    return HoldDraft(
        "price.missing",
        f"line {line}: there is no price for {sku} in {currency} on {day}",
        {"sku": sku, "currency": currency, "date": day},
        "price.catalogue",
        line=line,
        release_when=f"a price for {sku} in {currency} is loaded, or the buyer's is accepted",
    )


def not_free(line: int, order_type: str) -> HoldDraft:
    """Return the hold for a line that costs nothing: that is for samples alone (ORD-11)."""
    return HoldDraft(
        "price.missing",
        f"line {line}: the price is 0, and only a sample is free",
        {"price": "0", "type": order_type},
        "price.free",
        line=line,
        release_when="a price above 0, an order of the type sample, or the gift accepted",
    )
