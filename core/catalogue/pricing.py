"""The price of one line: every candidate is considered, the best for the buyer is taken (PRI-01, first cut)."""

from __future__ import annotations

from datetime import date

from core.catalogue.model import Item, PriceCandidate

#: from the most to the least personal; breaks ties between equal amounts
_LEVELS = {"customer": 0, "group": 1, "tier": 2, "catalogue": 3}


def best_price(
    item: Item, *, partner: str, group: str, currency: str, quantity6: int, day: date
) -> PriceCandidate | None:
    """Return the lowest price of *item* that is valid for this buyer, quantity (x 10^6) and day, or None."""
    best: PriceCandidate | None = None
    for candidate in item.prices:
        if not (
            candidate.currency == currency
            and candidate.min_quantity6 <= quantity6
            and candidate.valid_from <= day
            and (candidate.valid_to is None or day <= candidate.valid_to)
            and (not candidate.partner or candidate.partner == partner)
            and (not candidate.group or candidate.group == group)
        ):
            continue
        if best is None or (candidate.amount6, _LEVELS[candidate.level]) < (best.amount6, _LEVELS[best.level]):
            best = candidate
    return best


def line_amount4(price6: int, quantity6: int) -> int:
    """Return price x quantity, rounded half up to the cent, scaled by 10^4.

    Integers throughout: the product is exact at 10^-12 before it is rounded.
    """
    product = price6 * quantity6
    cents, rest = divmod(abs(product), 10**10)
    cents += rest * 2 >= 10**10
    return (cents if product >= 0 else -cents) * 100
