"""Why a price is what it is: every candidate that names this buyer, whether it applies, and why the chosen one won.

Computed only when somebody asks (PRI-06, PRI-18). The choice itself is :func:`core.catalogue.pricing.best_price`'s, so
that the explanation cannot differ from what the review does.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from core.catalogue.model import Item, PriceCandidate
from core.catalogue.pricing import LEVELS, PROMOTION, best_price, lowest, newest
from core.values import PRICE_SCALE, QUANTITY_SCALE, from_scaled, text


class Asked(NamedTuple):
    """Who asks for how much on which day; ``quantity6`` is scaled by 10^6, ``contract`` is "" where none is named."""

    partner: str
    group: str
    currency: str
    quantity6: int
    day: date
    contract: str = ""


class Weighed(NamedTuple):
    """A candidate and why it does not apply, "" where it does."""

    candidate: PriceCandidate
    refused: str

    @property
    def applies(self) -> bool:
        """Whether it could be the price."""
        return not self.refused


class PriceDecision(NamedTuple):
    """Every candidate, by level, and the one that is taken; ``why`` is one sentence."""

    candidates: tuple[Weighed, ...]
    chosen: PriceCandidate | None
    why: str


def explain_price(item: Item, asked: Asked) -> PriceDecision:
    """Return the decision on the price of *item*, complete; prices of other partners and groups are left out."""
    named = [one for one in item.prices if one.partner in ("", asked.partner) and one.group in ("", asked.group)]
    refused = [_refused(candidate, asked) for candidate in named]
    meeting = [candidate for candidate, reason in zip(named, refused, strict=True) if not reason]
    weighed = [
        Weighed(candidate, reason or _replaced(candidate, meeting))
        for candidate, reason in zip(named, refused, strict=True)
    ]
    weighed.sort(key=lambda one: (LEVELS.get(one.candidate.level, -1), one.candidate.amount6, one.candidate.valid_from))
    chosen = best_price(
        item,
        partner=asked.partner,
        group=asked.group,
        currency=asked.currency,
        quantity6=asked.quantity6,
        day=asked.day,
        contract=asked.contract,
    )
    applying = [one.candidate for one in weighed if one.applies]
    return PriceDecision(tuple(weighed), chosen, _why(chosen, applying))


def _refused(candidate: PriceCandidate, asked: Asked) -> str:
    """Return the first condition that *candidate* does not meet, in words."""
    if candidate.currency != asked.currency:
        return f"it is in {candidate.currency}"
    if candidate.min_quantity6 > asked.quantity6:
        return f"it is for {text(from_scaled(candidate.min_quantity6, QUANTITY_SCALE))} or more"
    if candidate.valid_from > asked.day:
        return f"it begins on {candidate.valid_from}"
    if candidate.valid_to is not None and candidate.valid_to < asked.day:
        return f"it ended on {candidate.valid_to}"
    if candidate.contract and asked.contract not in ("", candidate.contract):
        return f"it is of contract {candidate.contract}"
    return ""


def _replaced(candidate: PriceCandidate, meeting: list[PriceCandidate]) -> str:
    """Return which newer price of its level replaces *candidate*, "" where none does."""
    kept = newest(one for one in meeting if one.level == candidate.level)
    if candidate in kept:
        return ""
    newer = min(
        one.valid_from
        for one in kept
        if one._replace(valid_from=candidate.valid_from, valid_to=candidate.valid_to, amount6=candidate.amount6)
        == candidate
    )
    return f"the price from {newer} replaced it"


def _why(chosen: PriceCandidate | None, applying: list[PriceCandidate]) -> str:
    if chosen is None:
        return "no price applies"
    standing = [one for one in applying if one.level != PROMOTION]
    if chosen.level == PROMOTION:
        if not standing:
            return f"promotion {chosen.reference} is the only price that applies"
        highest = min(LEVELS[one.level] for one in standing)
        instead = lowest(one for one in standing if LEVELS[one.level] == highest)
        return f"promotion {chosen.reference} is below the {instead.level} price of {_amount(instead)}"
    same = sum(one.level == chosen.level for one in standing)
    lower = sum(LEVELS[one.level] > LEVELS[chosen.level] for one in standing)
    if not lower:
        why = f"{chosen.level} is the only level with a price that applies"
    else:
        why = f"{chosen.level} is the highest level with a price that applies"
    if same > 1:
        why += f"; of its {same} prices this is the lowest"
    if len(standing) < len(applying):
        why += "; no promotion is below it"
    return why


def _amount(candidate: PriceCandidate) -> str:
    return text(from_scaled(candidate.amount6, PRICE_SCALE))
