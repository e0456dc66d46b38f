"""Which route an order takes: the first that fits decides (INT-21)."""

from __future__ import annotations

from typing import Any

import pytest

from core.review.routing import Route, RoutingRules, Traits
from core.review.rulebook import RulebookRefused, read_rulebook

ORDER = Traits("DE", "BY", "80331", "ACME", "RETAIL", "A", "standard", ("CUP-1", "CUP-2"))
#: what fits the order, and what does not
FITS = [
    ({"country": "DE"}, {"country": "AT"}),
    ({"region": "BY"}, {"region": "BE"}),
    ({"postal_code": "80"}, {"postal_code": "81"}),
    ({"partner": "ACME"}, {"partner": "OTHER"}),
    ({"group": "RETAIL"}, {"group": "TRADE"}),
    ({"grade": "A"}, {"grade": "B"}),
    ({"order_type": "standard"}, {"order_type": "urgent"}),
    ({"sku": "CUP"}, {"sku": "CUP-1"}),
]


@pytest.mark.parametrize(("fits", "fits_not"), FITS)
def test_each_trait_decides(fits: dict[str, str], fits_not: dict[str, str]) -> None:
    """INT-21: country, region, postal code, customer, group, grade, type and items, each on both sides."""
    assert Route("south", team="Munich", **fits).fits(ORDER)
    assert not Route("south", team="Munich", **fits_not).fits(ORDER)
    assert not Route("south", team="Munich", **(fits | fits_not | {"country": "CH"})).fits(ORDER)


def test_the_first_that_fits_decides() -> None:
    rules = RoutingRules((Route("vip", team="Key accounts", partner="BIG"), Route("all", "MAIN"), Route("late", "X")))
    found = rules.route(ORDER)
    assert found is not None
    assert found.name == "all"
    assert RoutingRules((Route("vip", team="Key accounts", partner="BIG"),)).route(ORDER) is None


@pytest.mark.parametrize(
    "routes",
    [
        [{"name": "", "team": "T"}],
        [{"name": "nothing"}],
        [{"name": "twice", "team": "T"}, {"name": "twice", "warehouse": "MAIN"}],
        [{"name": "unknown", "team": "T", "colour": "red"}],
    ],
)
def test_a_table_that_decides_nothing_is_refused(routes: list[dict[str, Any]]) -> None:
    with pytest.raises(RulebookRefused):
        read_rulebook({"routing": {"routes": routes}})
