"""Tables of orders: rows of one reference are an order, and what is wrong is found again in the file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.entry.columns import Column, ImportMap, MapInvalid, read_map
from core.entry.table import CellFault, Layout, Table, TableUnreadable, column_letters, located, orders_of
from core.provenance import Violation

COLUMNS = ImportMap(
    {
        "buyer_reference": Column("Order"),
        "requested_date": Column("Day"),
        "ship_to.city": Column("City"),
        "lines.gtin": Column("EAN", pad=13),
        "lines.quantity": Column("Qty"),
    },
    constants={"currency": "EUR"},
    decimal=",",
    date="%d.%m.%Y",
)
TITLES = ("Order", "City", "Day", "EAN", "Qty", "Note")


def orders(*rows: tuple[Any, ...], columns: ImportMap = COLUMNS) -> list[Any]:
    return orders_of(Table(TITLES, list(enumerate(rows, 2))), Layout(columns, TITLES))


def test_rows_of_one_reference_are_one_order() -> None:
    one, two = orders(
        ("A", "Wien", "31.01.2026", "12345678", "1", "x"),
        ("B", None, None, "2", "2", None),
        ("A", "", "", "4012345010015", "1.234,50"),
    )
    assert one.form == {
        "buyer_reference": "A", "currency": "EUR", "requested_date": "2026-01-31", "ship_to": {"city": "Wien"},
        "lines": [{"gtin": "0000012345678", "quantity": "1"}, {"gtin": "4012345010015", "quantity": "1234.50"}],
    }  # fmt: skip
    assert (one.rows, two.rows, one.faults, two.faults) == ([2, 4], [3], [], [])


def test_an_order_whose_rows_differ_in_the_head_tells_both() -> None:
    (one,) = orders(("A", "Wien", None, "1", "1"), ("A", "Graz", "31.01.2026", "2", "1"))
    assert one.faults == [
        CellFault(3, "Day", "2026-01-31", "import.head_differs", "row 2 of this order says nothing", "C3"),
        CellFault(3, "City", "Graz", "import.head_differs", "row 2 of this order says Wien", "B3"),
    ]


@pytest.mark.parametrize(
    ("cell", "decimal", "read"),
    [
        ("1,5", ",", "1.5"),
        ("1.234", ",", "1234"),
        ("1.5", ",", None),  # a mark of thousands that marks none: nobody knows what is meant
        ("1.2345", ",", None),
        ("five", ",", None),
        ("-3", ",", "-3"),
        ("1.5", ".", "1.5"),
        (Decimal("12.50"), ",", "12.5"),
        (Decimal("4.9E+3"), ",", "4900"),
    ],
)
def test_a_number_is_read_as_the_map_says_or_told(cell: Any, decimal: str, read: str | None) -> None:
    columns = ImportMap({"buyer_reference": Column("Order"), "lines.quantity": Column("Qty")}, decimal=decimal)
    (one,) = orders(("A", None, None, None, cell), columns=columns)
    if read is None:
        assert [(fault.row, fault.column, fault.value, fault.code) for fault in one.faults] == [
            (2, "Qty", cell, "number.malformed")
        ]
    else:
        assert (one.form["lines"], one.faults) == ([{"quantity": read}], [])


@pytest.mark.parametrize("cell", [date(2026, 1, 31), datetime(2026, 1, 31, 12, tzinfo=UTC), "31.01.2026"])
def test_a_day_is_read_however_the_file_keeps_it(cell: Any) -> None:
    (one,) = orders(("A", None, cell, None, "1"))
    assert one.form["requested_date"] == "2026-01-31"


def test_a_day_that_is_none_is_told() -> None:
    (one,) = orders(("A", None, "31.02.2026", None, "1"))
    assert [(fault.column, fault.code) for fault in one.faults] == [("Day", "date.malformed")]


@pytest.mark.parametrize(
    ("pointer", "row", "column", "cell"),
    [
        ("/lines/1/quantity", 4, "Qty", "March!E4"),
        ("/ship_to/city", 2, "City", "March!B2"),
        ("/lines/0/sku", 2, None, None),
        ("/lines", 2, None, None),
    ],
)
def test_a_violation_is_found_again_in_the_file(pointer: str, row: int, column: str | None, cell: str | None) -> None:
    one = orders(("A", None, None, "1", "1"), ("B", None, None, "1", "1"), ("A", None, None, "2", "2"))[0]
    fault = located(one, Violation("some.code", "is wrong", tag=pointer, value="9"), Layout(COLUMNS, TITLES, "March"))
    assert fault == CellFault(row, column, "9", "some.code", "is wrong", cell)


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_has_the_letters_that_a_spreadsheet_shows(place: int, letters: str) -> None:
    assert column_letters(place) == letters


def test_a_constant_may_be_of_a_party() -> None:
    columns = ImportMap({"buyer_reference": Column("Order")}, {"ship_to.country": "AT"})
    (one,) = orders(("A",), columns=columns)
    assert one.form == {"buyer_reference": "A", "ship_to": {"country": "AT"}, "lines": [{}]}


def test_a_column_that_lacks_or_is_there_twice_is_refused() -> None:
    with pytest.raises(TableUnreadable, match="no column is called City, Qty"):
        Layout(COLUMNS, ("Order", "Day", "EAN"))
    with pytest.raises(TableUnreadable, match="more than one column is called Qty"):
        Layout(COLUMNS, (*TITLES, " Qty "))


def test_a_title_that_is_nearly_there_is_named() -> None:
    with pytest.raises(TableUnreadable) as refused:
        Layout(COLUMNS, ("Order", "Cty", "Day", "EAN", "Qty"))
    assert refused.value.hint.startswith("Is it Cty for City?")


def test_a_map_is_read() -> None:
    document = {
        "decimal": ",",
        "columns": {"buyer_reference": "Order", "lines": {"gtin": {"column": "EAN", "pad": 13}, "quantity": "Qty"}},
        "constants": {"ship_to": {"country": "AT"}},
    }
    assert read_map(document) == ImportMap(
        {"buyer_reference": Column("Order"), "lines.gtin": Column("EAN", 13), "lines.quantity": Column("Qty")},
        {"ship_to.country": "AT"},
        ",",
    )


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({}, "no column is the buyer_reference"),
        ({"columns": {"buyer_reference": "A", "lines": {"colour": "B"}}}, "lines.colour: no such field"),
        ({"columns": {"buyer_reference": 1}}, "columns.buyer_reference"),
        ({"columns": {"buyer_reference": {"column": "A", "pad": 99}}}, "columns.buyer_reference"),
        ({"columns": {"buyer_reference": "A"}, "titles": {}}, "titles: no such key"),
        ({"columns": {"buyer_reference": "A"}, "decimal": ";"}, "decimal"),
        ({"columns": {"buyer_reference": "A"}, "sheet": 1}, "sheet: a text in quotes"),
        ({"columns": {"buyer_reference": "A"}, "constants": {"lines": {"unit": "PCE"}}}, "lines.unit: a line's field"),
        ({"columns": "A"}, "columns: a table of fields"),
    ],
)
def test_a_map_that_means_nothing_is_refused(document: dict[str, Any], why: str) -> None:
    with pytest.raises(MapInvalid, match=why):
        read_map(document)
