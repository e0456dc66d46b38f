"""The day that is promised: when goods are there, and what handling, way and buffer add to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.documents import Party
from core.partners.model import Partner
from core.review.promising import PromiseRules, Transit, pace_of, promise
from core.review.rulebook import RulebookRefused, read_rulebook

TODAY = date(2026, 3, 2)
BERLIN = Party("DP", country="DE", region="BE", postal_code="10115")


def partner(transport_mode: str) -> Partner:
    return Partner(id=1, code="ACME", name="Acme", transport_mode=transport_mode)


def promised(rules: PromiseRules, requested: date | None, *, transit_days: int = 0, buffer_days: int = 0) -> date:
    pace = pace_of(rules, "standard", transit_days=transit_days, buffer_days=buffer_days)
    return promise(requested, TODAY, pace.lead_days, pace.handling_days)


@pytest.mark.parametrize(("transit", "buffer"), [(0, 0), (2, 0), (0, 3), (2, 3)])
def test_a_promise_is_when_goods_are_there_and_way_and_buffer(transit: int, buffer: int) -> None:
    """CNF-21: one day of handling for a wish of today, five where none is said; way and buffer come on top of both."""
    more = timedelta(days=transit + buffer)
    said = {"transit_days": transit, "buffer_days": buffer}
    assert promised(PromiseRules(), TODAY, **said) == TODAY + timedelta(days=1) + more
    assert promised(PromiseRules(), None, **said) == TODAY + timedelta(days=5) + more


@pytest.mark.parametrize(("days", "kept"), [(3, False), (4, True), (5, True)])
def test_a_day_that_leaves_room_for_way_and_buffer_is_kept(days: int, kept: bool) -> None:
    """CNF-21: handling 1 + transit 2 + buffer 1 is day 4."""
    wanted = TODAY + timedelta(days=days)
    assert (promised(PromiseRules(), wanted, transit_days=2, buffer_days=1) == wanted) is kept


@pytest.mark.parametrize(
    ("order_type", "code", "skus", "days"),
    [
        ("standard", "OTHER", ["CUP-1"], 1),
        ("urgent", "OTHER", ["CUP-1"], 0),
        ("urgent", "ACME", ["CUP-1"], 2),
        ("standard", "ACME", ["CUP-1", "LAMP-3"], 4),
        ("standard", "OTHER", [None, "LAMP-3"], 4),
        ("standard", "ACME", ["CRATE-2"], 2),
    ],
)
def test_the_buffer_is_the_partners_else_the_types_and_what_an_item_needs(
    order_type: str, code: str, skus: list[str | None], days: int
) -> None:
    rules = PromiseRules(
        buffer_days=1, buffer_by_type={"urgent": 0}, buffer_by_partner={"ACME": 2}, buffer_by_item={"LAMP-3": 4}
    )
    assert rules.buffer_for(order_type, code, skus) == days


@pytest.mark.parametrize(
    ("warehouses", "place", "mode", "days"),
    [
        (["MAIN"], BERLIN, "road", 1),
        (["NORTH"], BERLIN, "road", 2),
        (["MAIN", "NORTH"], BERLIN, "road", 2),
        (["MAIN"], BERLIN._replace(postal_code="80331", region="BY"), "road", 2),
        (["MAIN"], BERLIN._replace(country="AT", postal_code="1010"), "road", 5),
        (["MAIN"], BERLIN._replace(country="AT", postal_code="1010"), "sea", 9),
        (["MAIN"], None, "road", 9),
        ([], BERLIN, "road", 2),
    ],
)
def test_the_first_row_that_fits_says_the_days_on_the_way(
    warehouses: list[str], place: Party | None, mode: str, days: int
) -> None:
    rules = PromiseRules(
        transit=(
            Transit(1, warehouse="MAIN", country="DE", postal_code="1"),
            Transit(2, country="DE"),
            Transit(5, country="AT", transport_mode="road"),
            Transit(9),
        )
    )
    assert rules.transit_from(warehouses, place, partner(mode)) == days


def test_the_rules_are_read_from_their_table() -> None:
    table = {"buffer_days": 1, "buffer_by_type": {"urgent": 0}, "transit": [{"days": 2, "country": "DE"}]}
    rules = read_rulebook({"promise": table}).promise
    assert (rules.buffer_for("urgent", "X", ()), rules.transit) == (0, (Transit(2, country="DE"),))
    for wrong in ({"buffer_by_type": {"urgent": 366}}, {"transit": [{"days": -1}]}, {"buffer_days": -1}):
        with pytest.raises(RulebookRefused):
            read_rulebook({"promise": wrong})
