"""Workbooks as people and programs make them: several sheets, hidden rows, formulas without results (INT-05)."""

from __future__ import annotations

from typing import Any

import pytest
from paper_orders import LARGE, Line, PaperOrder, mail
from workbooks import Formula, Rows, workbook

from .conftest import House

pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # nothing here is of the database

TITLES = ["Pos", "Item no.", "Description", "Quantity", "Unit", "Unit price", "Amount"]


def head(order: PaperOrder) -> list[list[Any]]:
    return [*([label, value] for label, value in order.head()), []]


def lines(*of: Line) -> list[list[Any]]:
    told = [
        [place, line.sku, line.description, line.quantity, "PCE", float(line.price), float(line.amount)]
        for place, line in enumerate(of, 1)
    ]
    return [TITLES, *told]


def take(house: House, name: str, rows: Rows, **more: Any) -> dict[str, Any]:
    return house.take(f"{name}.eml", mail((f"{name}.xlsx", workbook(rows, **more)), subject=name))


def doubts(house: House) -> set[tuple[str, str]]:
    return {(one["tag"], one["code"]) for one in house.newest()["violations"]}


def quantities(house: House) -> list[str]:
    fields = house.parts()[-1]["judgement"]["fields"]
    return [one["value"] for path, one in fields.items() if path.endswith(".quantity")]


def test_two_orders_on_two_sheets_are_never_one(house: House) -> None:
    one, other = PaperOrder("PO-8001"), PaperOrder("PO-8002")
    further = {"Two": [*head(other), *lines(Line())]}
    assert take(house, "two", [*head(one), *lines(Line(), LARGE)], further=further)["parked"] == 1
    assert ("/lines/2/quantity", "paper.field_doubtful") in doubts(house)


def test_a_copy_of_the_sheet_does_not_order_twice(house: House) -> None:
    rows = lines(Line(), LARGE)
    assert take(house, "copy", [*head(PaperOrder("PO-8003")), *rows], further={"Copy": rows})["parked"] == 1
    assert {(f"/lines/{line}/quantity", "paper.field_doubtful") for line in (2, 3)} <= doubts(house)


def test_a_hidden_row_is_not_ordered(house: House) -> None:
    rows = [*head(PaperOrder("PO-8004")), *lines(Line(), LARGE)]
    assert take(house, "hidden", rows, marked={len(rows) - 1: 'hidden="1"'})["accepted"] == 1
    assert quantities(house) == ["24"]


def test_a_line_of_formulas_without_results_is_not_passed_over(house: House) -> None:
    rows = [*head(PaperOrder("PO-8005")), *lines(Line()), [Formula(f"Goods!{column}2") for column in "ABCDEFG"]]
    assert take(house, "formulas", rows)["parked"] == 1
    assert doubts(house) == {("/lines/1/sku", "paper.missing")}
