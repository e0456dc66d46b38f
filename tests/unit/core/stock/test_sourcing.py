"""From which warehouses an order is served, and why so (INV-03 to INV-06)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stock.sourcing import Sourcing, Warehouse, source

D = Decimal
TODAY = date(2026, 3, 2)
MAIN = Warehouse("MAIN", 0, D(0), D(5))
ALT1 = Warehouse("ALT1", 24, D(3), D(9))
ALT2 = Warehouse("ALT2", 49, D(4), D(12))
ALL = (MAIN, ALT1, ALT2)


def serve(wanted: dict[str, int], free: dict[str, dict[str, int]], days: int | None = None) -> Sourcing:
    leaves_by = None if days is None else TODAY + timedelta(days=days)
    return source(wanted, free, ALL, today=TODAY, leaves_by=leaves_by)


def test_warehouses_are_asked_in_their_order() -> None:
    """INV-03: main 0, the first alternative 5, the second 50; 40 are wanted."""
    found = serve({"A": 40}, {"ALT1": {"A": 5}, "ALT2": {"A": 50}})
    assert [(one.warehouse, one.available6["A"], one.taken6.get("A", 0)) for one in found.tried] == [
        ("MAIN", 0, 0), ("ALT1", 5, 5), ("ALT2", 50, 35),
    ]  # fmt: skip
    assert [plan.kind for plan in found.plans] == ["single", "consolidated", "split"]


def test_the_main_warehouse_serves_alone_where_it_can() -> None:
    found = serve({"A": 40}, {"MAIN": {"A": 40}, "ALT1": {"A": 90}})
    assert [one.warehouse for one in found.tried] == ["MAIN"]
    assert found.chosen is not None
    assert [leg.warehouse for leg in found.chosen.legs] == ["MAIN"]


def test_transfers_have_hours_and_cost() -> None:
    """INV-04, INV-05: brought together 49 hours, 3 + 4 and one shipment for 5; apart 5 + 9 + 12 at once."""
    found = serve({"A": 30}, {"MAIN": {"A": 10}, "ALT1": {"A": 10}, "ALT2": {"A": 10}})
    together, apart = found.plans
    assert [(leg.kind, leg.warehouse, leg.hours, leg.cost) for leg in together.legs] == [
        ("transfer", "ALT1", 24, D(3)), ("transfer", "ALT2", 49, D(4)), ("ship", "MAIN", 0, D(5)),
    ]  # fmt: skip
    assert (together.hours, together.cost, together.ready) == (49, D(12), TODAY + timedelta(days=3))
    assert (apart.hours, apart.cost, apart.ready) == (0, D(26), TODAY)


@pytest.mark.parametrize(("days", "kind"), [(None, "consolidated"), (3, "consolidated"), (2, "split"), (-1, "split")])
def test_the_cheapest_that_is_in_time_is_chosen(days: int | None, kind: str) -> None:
    """INV-06: 49 hours are three days; on the second only the dearer plan is in time, and the reason says so."""
    found = serve({"A": 20}, {"MAIN": {"A": 10}, "ALT2": {"A": 10}}, days)
    assert found.chosen is not None
    assert (found.chosen.kind, found.chosen.in_time) == (kind, days != -1)
    told = {
        None: "consolidated from ALT2, MAIN costs 9, the least of what is in time; split from MAIN, ALT2 costs 17",
        2: "and is ready too late, on 2026-03-05",
        -1: "no way is in time; split from MAIN, ALT2 is the first that is ready",
    }
    assert told.get(days, "consolidated") in found.why


def test_one_warehouse_that_has_it_all_is_compared_with_several() -> None:
    found = serve({"A": 20}, {"MAIN": {"A": 10}, "ALT2": {"A": 20}})
    assert {plan.kind: plan.cost for plan in found.plans} == {"single": D(12), "consolidated": D(9), "split": D(17)}


def test_too_little_is_told_and_nothing_is_planned() -> None:
    found = serve({"A": 20, "B": 1}, {"MAIN": {"A": 10, "B": 1}, "ALT1": {"A": 9}})
    assert (found.missing6, found.plans, found.chosen) == ({"A": 1}, (), None)


amounts = st.dictionaries(st.sampled_from("AB"), st.integers(0, 9), max_size=2)


@given(
    st.dictionaries(st.sampled_from("AB"), st.integers(1, 20), min_size=1),
    st.dictionaries(st.sampled_from(["MAIN", "ALT1", "ALT2"]), amounts),
    st.integers(0, 4),
)
def test_every_plan_serves_all_and_takes_what_is_there(
    wanted: dict[str, int], free: dict[str, dict[str, int]], days: int
) -> None:
    found = serve(wanted, free, days)
    total = {sku: sum(has.get(sku, 0) for has in free.values()) for sku in wanted}
    assert bool(found.missing6) == any(total[sku] < quantity for sku, quantity in wanted.items())
    for plan in found.plans:
        shipped = [leg for leg in plan.legs if leg.kind == "ship"]
        assert {sku: sum(leg.quantities6.get(sku, 0) for leg in shipped) for sku in wanted} == wanted
        if plan.kind != "consolidated":
            assert all(
                quantity <= free[leg.warehouse].get(sku, 0)
                for leg in shipped
                for sku, quantity in leg.quantities6.items()
            )
    if found.chosen is not None and found.chosen.in_time:
        assert found.chosen.cost == min(plan.cost for plan in found.plans if plan.in_time)
