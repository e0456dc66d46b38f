from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.fulfilment.packing import CARTON_KG, MAX_PACKAGES, PALLET_KG, PickedLine, package_type, plan_packages

D = Decimal


def test_goods_of_unknown_weight_travel_in_one_package_of_unknown_weight() -> None:
    plan = plan_packages([PickedLine(1, D(10)), PickedLine(2, D(3), D("1.5"))])

    assert [package.content for package in plan] == [((1, D(10)), (2, D(3)))]
    assert plan[0].weight_kg is None


def test_a_carton_is_filled_in_whole_units_up_to_what_one_person_may_lift() -> None:
    plan = plan_packages([PickedLine(1, D(7), D(10))])

    assert [package.content for package in plan] == [((1, D(2)),), ((1, D(2)),), ((1, D(2)),), ((1, D(1)),)]
    assert [package.weight_kg for package in plan] == [D(20), D(20), D(20), D(10)]


def test_exactly_the_limit_fits_and_a_gram_more_does_not() -> None:
    assert len(plan_packages([PickedLine(1, D(1), CARTON_KG)])) == 1
    assert len(plan_packages([PickedLine(1, D(25), D(1)), PickedLine(2, D(1), D("0.001"))])) == 2


def test_a_unit_heavier_than_a_package_travels_alone() -> None:
    plan = plan_packages([PickedLine(1, D(1), D(1)), PickedLine(2, D(2), D(60))])

    assert [package.content for package in plan] == [((1, D(1)),), ((2, D(1)),), ((2, D(1)),)]


def test_many_cartons_become_pallets() -> None:
    plan = plan_packages([PickedLine(1, D(2000), D(1))])

    assert [package.weight_kg for package in plan] == [PALLET_KG, PALLET_KG, D(400)]
    assert {package_type(package.weight_kg) for package in plan} == {"PX"}


def test_more_than_one_consignment_takes_is_refused() -> None:
    most = PALLET_KG * MAX_PACKAGES
    assert len(plan_packages([PickedLine(1, most, D(1))])) == MAX_PACKAGES
    with pytest.raises(Conflict):
        plan_packages([PickedLine(1, most + 1, D(1))])


@given(
    st.lists(
        st.tuples(st.decimals("0.001", "400", places=3), st.none() | st.decimals("0.001", "90", places=3)),
        min_size=1,
        max_size=6,
    )
)
def test_every_quantity_is_packed_once_and_no_package_is_overloaded(picked: list[tuple[D, D | None]]) -> None:
    lines = [PickedLine(number, quantity, weight) for number, (quantity, weight) in enumerate(picked, 1)]
    weights = {line.line: line.unit_kg or D(0) for line in lines}

    plan = plan_packages(lines)

    packed = {line.line: D(0) for line in lines}
    for package in plan:
        assert package.content
        for line, quantity in package.content:
            assert quantity > 0
            packed[line] += quantity
    assert packed == {line.line: line.quantity for line in lines}
    limit = CARTON_KG if len(plan) <= 40 and all(_load(p.content, weights) <= CARTON_KG for p in plan) else PALLET_KG
    for package in plan:
        pieces = sum((quantity for _, quantity in package.content), D(0))
        assert _load(package.content, weights) <= limit or pieces <= 1


def _load(content: tuple[tuple[int, D], ...], weights: dict[int, D]) -> D:
    return sum((quantity * weights[line] for line, quantity in content), D(0))
