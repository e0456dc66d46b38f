"""What can be done about a line that is short (INV-07, INV-08)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.review.shortage import Shortage, Substitute, options_of
from core.stock.atp import Place, Supply

TODAY = date(2026, 3, 2)
UNIT = 10**6


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def short(wanted: int = 40, hand: int = 10) -> Shortage:
    return Shortage("CUP-1", wanted * UNIT, hand * UNIT, day(2), TODAY, 1)


PLACE = Place("MAIN", 10 * UNIT, 0, (Supply(day(6), "inbound", 20 * UNIT), Supply(day(9), "planned", 20 * UNIT)))


def names(options: list[dict[str, Any]]) -> list[str]:
    return [one["option"] for one in options]


def test_the_four_options_with_dates_and_cost() -> None:
    """INV-07: 10 are there, 20 come on day 6, 20 are made on day 9; a mug would do at 0.50 more."""
    mug = Substitute("MUG-1", [Place("MAIN", 40 * UNIT, 0)], Decimal("0.5"))
    later, split, substitute, raised = options_of(short(), [PLACE], [mug], shipping_cost=Decimal(9))
    assert later == {"option": "later_date", "quantity": "40", "date": day(10).isoformat(), "cost": "0.00"}
    assert (split["option"], split["cost"]) == ("split", "9.00")
    assert split["parts"] == [
        {"quantity": "10", "date": day(2).isoformat()}, {"quantity": "30", "date": day(10).isoformat()},
    ]  # fmt: skip
    assert (substitute["sku"], substitute["date"], substitute["cost"]) == ("MUG-1", day(2).isoformat(), "20.00")
    assert (raised["option"], raised["quantity"]) == ("raise_priority", "30")


@pytest.mark.parametrize(("important", "offered"), [(True, True), (False, False)])
def test_an_important_customer_may_be_bought_for(important: bool, offered: bool) -> None:
    """INV-08."""
    assert ("emergency_purchase" in names(options_of(short(), [PLACE], important=important))) is offered


@pytest.mark.parametrize(("wanted", "dated"), [(50, True), (51, False)])
def test_no_date_is_told_beyond_the_supply_that_is_known(wanted: int, dated: bool) -> None:
    options = options_of(short(wanted), [PLACE])
    assert ("later_date" in names(options)) is dated
    assert (options[-2 if not dated else 1]["parts"][1]["date"] is not None) is dated


@pytest.mark.parametrize(("hand", "offered"), [(1, True), (0, False)])
def test_nothing_is_split_where_nothing_is_there(hand: int, offered: bool) -> None:
    assert ("split" in names(options_of(short(hand=hand), [PLACE]))) is offered


@pytest.mark.parametrize(("free", "offered"), [(40, True), (39, False)])
def test_a_substitute_serves_all_of_the_line_and_sooner(free: int, offered: bool) -> None:
    mug = Substitute("MUG-1", [Place("MAIN", free * UNIT, 0)], None)
    assert ("substitute" in names(options_of(short(), [PLACE], [mug]))) is offered
    late = Substitute("MUG-2", [Place("MAIN", 0, 0, (Supply(day(9), "inbound", 90 * UNIT),))], None)
    assert "substitute" not in names(options_of(short(), [PLACE], [late])), "it comes on the day of what was ordered"


def test_production_is_brought_forward_only_where_there_is_some() -> None:
    bought = PLACE._replace(supplies=PLACE.supplies[:1])
    assert "raise_priority" not in names(options_of(short(), [bought]))
