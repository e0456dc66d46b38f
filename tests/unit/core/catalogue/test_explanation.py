"""The decision on a price: every candidate with its reason, and the one that the rule takes (PRI-06)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.explanation import Asked, PriceDecision, explain_price
from core.catalogue.model import Item, PriceCandidate
from core.catalogue.pricing import LEVELS, PROMOTION

TODAY = date(2026, 3, 2)
ASKED = Asked("ACME", "G1", "EUR", 1_000_000, TODAY)
CATALOGUE = PriceCandidate("catalogue", 10_000_000, 0, date(2026, 1, 1), None, "EUR", "", "")
TIER = CATALOGUE._replace(level="tier", min_quantity6=1_000_000, amount6=7_000_000)
GROUP = CATALOGUE._replace(level="group", group="G1", amount6=9_000_000)
CUSTOMER = CATALOGUE._replace(level="customer", partner="ACME", amount6=9_500_000)
OFFER = CATALOGUE._replace(level="promotion", reference="SPRING", amount6=8_000_000, valid_to=date(2026, 3, 31))


def item(*prices: PriceCandidate) -> Item:
    return Item("CUP-1", "", "Cup", "C62", "standard", None, prices)


def decide(*prices: PriceCandidate, asked: Asked = ASKED) -> PriceDecision:
    return explain_price(item(*prices), asked)


@pytest.mark.parametrize(
    ("prices", "chosen", "why"),
    [
        ((), None, "no price applies"),
        ((CATALOGUE,), CATALOGUE, "catalogue is the only level with a price that applies"),
        ((CATALOGUE, TIER, GROUP), GROUP, "group is the highest level with a price that applies"),
        (
            (CUSTOMER, CUSTOMER._replace(reference="PR-000001", amount6=9_000_000)),
            CUSTOMER._replace(reference="PR-000001", amount6=9_000_000),
            "customer is the only level with a price that applies; of its 2 prices this is the lowest",
        ),
        ((CUSTOMER, GROUP, OFFER), OFFER, "promotion SPRING is below the customer price of 9.5"),
        ((OFFER,), OFFER, "promotion SPRING is the only price that applies"),
        (
            (CUSTOMER, OFFER._replace(amount6=9_500_000)),
            CUSTOMER,
            "customer is the only level with a price that applies; no promotion is below it",
        ),
    ],
)
def test_it_says_why_the_chosen_one_won(
    prices: tuple[PriceCandidate, ...], chosen: PriceCandidate | None, why: str
) -> None:
    """PRI-06."""
    decision = decide(*prices)
    assert (decision.chosen, decision.why) == (chosen, why)


@pytest.mark.parametrize(
    ("price", "refused"),
    [
        (CATALOGUE._replace(currency="USD"), "it is in USD"),
        (TIER._replace(min_quantity6=1_500_000), "it is for 1.5 or more"),
        (CATALOGUE._replace(valid_from=date(2026, 3, 3)), "it begins on 2026-03-03"),
        (CATALOGUE._replace(valid_to=date(2026, 3, 1)), "it ended on 2026-03-01"),
        (CUSTOMER._replace(contract="C-2"), "it is of contract C-2"),
        (CATALOGUE._replace(valid_from=date(2025, 10, 1)), "the price from 2026-01-01 replaced it"),
    ],
)
def test_a_candidate_that_does_not_apply_says_why(price: PriceCandidate, refused: str) -> None:
    """PRI-06: candidates are shown with their validity, the refused ones with the reason."""
    decision = decide(price, CATALOGUE, asked=ASKED._replace(contract="C-1"))
    reasons = {one.candidate: one.refused for one in decision.candidates}
    assert reasons == {price: refused, CATALOGUE: ""}
    assert decision.chosen == CATALOGUE


def test_nobody_is_shown_the_prices_of_others() -> None:
    decision = decide(CATALOGUE, CUSTOMER._replace(partner="OTHER"), GROUP._replace(group="G2"))
    assert [one.candidate for one in decision.candidates] == [CATALOGUE]


def days(around: date) -> st.SearchStrategy[date]:
    return st.integers(-2, 2).map(lambda off: around + timedelta(days=off))


CANDIDATES = st.builds(
    PriceCandidate,
    level=st.sampled_from((*LEVELS, PROMOTION)),
    amount6=st.integers(1, 6).map(lambda number: number * 10**6),
    min_quantity6=st.sampled_from((0, 1_000_000, 1_000_001)),
    valid_from=days(TODAY),
    valid_to=st.none() | days(TODAY),
    currency=st.sampled_from(("EUR", "USD")),
    partner=st.sampled_from(("", "ACME", "OTHER")),
    group=st.sampled_from(("", "G1", "G2")),
    contract=st.sampled_from(("", "C-1", "C-2")),
    reference=st.sampled_from(("", "R-1")),
)


@given(st.lists(CANDIDATES, max_size=8, unique_by=lambda one: one._replace(amount6=0, valid_to=None)), st.randoms())
def test_the_chosen_price_is_the_lowest_of_the_highest_level_or_a_promotion_below_it(prices, random) -> None:
    """PRI-01, PRI-06: whatever the prices are and in whatever order they come."""
    asked = ASKED._replace(contract="C-1")
    decision = decide(*prices, asked=asked)
    applying = [one.candidate for one in decision.candidates if one.applies]
    standing = [one for one in applying if one.level != PROMOTION]
    offers = [one.amount6 for one in applying if one.level == PROMOTION]
    if not applying:
        assert decision.chosen is None
        return
    assert decision.chosen in applying
    highest = min((LEVELS[one.level] for one in standing), default=None)
    own = min((one.amount6 for one in standing if LEVELS[one.level] == highest), default=None)
    expected = min(amount for amount in (own, *offers) if amount is not None)
    assert decision.chosen.amount6 == expected
    if own is not None and decision.chosen.level != PROMOTION:
        assert LEVELS[decision.chosen.level] == highest
        assert all(amount >= own for amount in offers)
    shuffled = list(prices)
    random.shuffle(shuffled)
    assert decide(*shuffled, asked=asked).chosen == decision.chosen
