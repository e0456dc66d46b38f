"""Files as tables: CSV however it is written, and workbooks whose numbers stay what they are."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from workbooks import Day, workbook

from core.entry.columns import ImportMap
from core.entry.table import TableTooLarge, TableUnreadable
from gateway.imports import tables
from gateway.imports.tables import read_table

ANY = ImportMap({})
TEXT = "Order;Größe\nA;1,5\n\nB;2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_csv_is_read_however_it_is_written(encoding: str, delimiter: str) -> None:
    """An empty row counts and is left out."""
    table = read_table(TEXT.replace(";", delimiter).encode(encoding), ANY)
    assert (table.titles, list(table.rows)) == (["Order", "Größe"], [(2, ["A", "1,5"]), (4, ["B", "2"])])


def test_a_comma_separates_where_it_is_no_decimal_mark() -> None:
    table = read_table(b'Order,Text,Qty\nA,"one, two\nthree",1\nB,x,2\n', ANY)
    assert list(table.rows) == [(2, ["A", "one, two\nthree", "1"]), (3, ["B", "x", "2"])]


def test_the_map_overrules_what_is_guessed() -> None:
    content = "订单;数量\nA;1".encode("gb18030")
    assert read_table(content, ImportMap({}, encoding="gb18030", delimiter=";")).titles == ["订单", "数量"]
    assert read_table(b"Order;Qty\nA;1", ImportMap({}, delimiter=",")).titles == ["Order;Qty"]


def test_a_workbook_keeps_long_numbers_decimals_and_days() -> None:
    rows = [("Order", "EAN", "Qty", "Day"), (None,), ("A", 4006381095280.0, 0.1 + 0.2, Day(46053)), ("007", "08", 1e-7)]
    table = read_table(workbook(rows), ANY)
    (first, one), (second, two) = table.rows
    assert (first, second) == (3, 4)
    assert one == ["A", Decimal(4006381095280), Decimal("0.3"), date(2026, 1, 31)]
    assert two[:3] == ["007", "08", Decimal("1E-7")]


def test_a_sheet_is_found_by_its_name() -> None:
    content = workbook([("Order",), ("A",)], sheet="March")
    assert list(read_table(content, ImportMap({}, sheet="March")).rows) == [(2, ["A"])]
    with pytest.raises(TableUnreadable, match="there is no sheet April") as refused:
        read_table(content, ImportMap({}, sheet="April"))
    assert refused.value.hint == "There are March."


def _zip(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no rows"),
        (b"\n;;\n", "no rows"),
        (b"Order;\x00\n", "no text in utf-8, cp1252"),
        (b'Order\n"A', "no CSV file"),
        (b"PK\x03\x04 broken", "damaged"),
        (_zip("a.txt", b"no workbook"), "cannot be read"),
        (b"\xd0\xcf\x11\xe0 broken", "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(TableUnreadable, match=why):
        list(read_table(content, ANY).rows)


@pytest.mark.parametrize(("most", "taken"), [(0, True), (-1, False)])
def test_a_workbook_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, most: int, *, taken: bool
) -> None:
    content = workbook([("Order",), ("A",)])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        size = sum(one.file_size for one in book.infolist())
    monkeypatch.setattr(tables, "MOST_BYTES", size + most)
    if taken:
        assert list(read_table(content, ANY).rows) == [(2, ["A"])]
    else:
        with pytest.raises(TableTooLarge, match=f"unpacks to {size} bytes"):
            read_table(content, ANY)
