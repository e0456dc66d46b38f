"""The price of one line (PRI-01 to PRI-07).

The levels are in precedence order: customer, group, tier, catalogue. The highest one that has a price for this buyer,
quantity and day decides, whatever the lower ones ask; of several prices of that level the lowest is taken. Among rows
that differ in nothing but their first day (one price on the lists of two quarters) the newer replaces the older, so
that prices can rise. A promotion is no level: where one is in scope and below that price, it is the best price and
applied instead; where it is not below, it does nothing. The day is that of receipt at the company's place: a buyer
cannot choose our price list by dating its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from core.catalogue.model import Item, PriceCandidate

#: level -> precedence, the highest first
LEVELS: Final[Mapping[str, int]] = {"customer": 0, "group": 1, "tier": 2, "catalogue": 3}
PROMOTION: Final = "promotion"


def best_price(
    item: Item, *, partner: str, group: str, currency: str, quantity6: int, day: date, contract: str = ""
) -> PriceCandidate | None:
    """Return the price of *item* for this buyer, quantity (x 10^6) and day, or None.

    *contract* is the one that the order names: prices of other contracts are out then. An order that names none may
    have the prices of any contract of its buyer.
    """
    best: PriceCandidate | None = None
    others: list[PriceCandidate] = []  # of the same level, and promotions: most items have neither
    rank = len(LEVELS)
    for candidate in item.prices:
        level, _, least6, first, last, of_currency, of_partner, of_group, of_contract, _ = candidate
        if (
            of_currency != currency
            or least6 > quantity6
            or first > day
            or (last is not None and last < day)
            or (of_partner and of_partner != partner)
            or (of_group and of_group != group)
            or (of_contract and contract and of_contract != contract)
        ):
            continue
        own = LEVELS.get(level, rank)
        if own < rank:
            best, rank = candidate, own
        else:
            others.append(candidate)
    return _best_of(best, others) if others else best


def _best_of(best: PriceCandidate | None, others: list[PriceCandidate]) -> PriceCandidate | None:
    """Return the lowest of the level of *best*, the highest that applies, or a promotion among *others* below it."""
    if best is not None:
        best = lowest([best, *(one for one in others if one.level == best.level)])
    promoted = [one for one in others if one.level == PROMOTION]
    if promoted and (best is None or lowest(promoted).amount6 < best.amount6):
        return lowest(promoted)
    return best


def newest(candidates: Iterable[PriceCandidate]) -> list[PriceCandidate]:
    """Return those of one level's *candidates* that none with a later first day replaces."""
    found: dict[tuple[object, ...], PriceCandidate] = {}
    for candidate in candidates:
        key = (candidate.min_quantity6, candidate.partner, candidate.group, candidate.contract, candidate.reference)
        other = found.get(key)
        if other is None or other.valid_from < candidate.valid_from:
            found[key] = candidate
    return list(found.values())


def lowest(candidates: Iterable[PriceCandidate]) -> PriceCandidate:
    """Return the lowest of one level's *candidates* that is not replaced; there is at least one."""
    return min(newest(candidates), key=lambda one: (one.amount6, one.reference, one.contract))


def line_amount4(price6: int, quantity6: int) -> int:
    """Return price x quantity, rounded half up to the cent, scaled by 10^4.

    Integers throughout: the product is exact at 10^-12 before it is rounded.
    """
    product = price6 * quantity6
    cents, rest = divmod(abs(product), 10**10)
    cents += rest * 2 >= 10**10
    return (cents if product >= 0 else -cents) * 100
