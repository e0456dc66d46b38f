"""Files as tables: CSV however it is written, and workbooks whose numbers stay what they are."""

from __future__ import annotations

import io
import re
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


def _sheet(cells: str) -> bytes:
    """Return a workbook whose one sheet has these rows, as XML."""
    content = workbook([("Order",)])
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in book.namelist():
            part = book.read(name)
            if name.endswith("sheet1.xml"):
                part = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + cells.encode() + b"</sheetData>", part)
            bomb.writestr(name, part)
    return packed.getvalue()


CELL = '<c r="{}" t="inlineStr"><is><t>A</t></is></c>'


def test_a_workbook_of_two_cells_far_apart_takes_no_memory_of_ours() -> None:
    """Between them lie 17 thousand million cells that nobody wrote: its process ends, and we do not."""
    far = f'<row r="1">{CELL.format("A1")}</row><row r="1048576">{CELL.format("XFD1048576")}</row>'
    with pytest.raises(TableTooLarge, match="memory or time"):
        list(read_table(_sheet(far), ANY).rows)


def test_a_workbook_that_unpacks_to_blanks_is_refused() -> None:
    blanks = f'<row r="1">{CELL.format("A1")}</row>' + " " * 40_000_000
    content = _sheet(blanks)
    assert len(content) < 100_000
    with pytest.raises(TableTooLarge, match="500 times its size"):
        read_table(content, ANY)


def test_a_workbook_that_lies_about_what_it_unpacks_to_gives_no_row() -> None:
    """The size in its directory is one byte; what reads it finds that it does not add up."""
    content = bytearray(_sheet(f'<row r="1">{CELL.format("A1")}</row>' * 100))
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    content[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    with pytest.raises((TableTooLarge, TableUnreadable)):
        list(read_table(bytes(content), ANY).rows)


def test_a_workbook_that_names_entities_gives_no_row() -> None:
    """Billion laughs: entities are not expanded."""
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
    with pytest.raises((TableTooLarge, TableUnreadable)):
        list(read_table(_sheet(laughs), ANY).rows)


@pytest.mark.parametrize(
    ("name", "most", "content", "why"),
    [
        ("MOST_ROWS", 2, b"Order\nA\nB\nC\n", "more than 2 rows"),
        ("MOST_COLUMNS", 2, b"Order;B\nA;B;C\n", "row 2 has 3 columns"),
        ("MOST_SIGNS", 5, b"Order;B\nABCDEF;B\n", "row 2 has a cell of more than 5 signs"),
    ],
)
def test_what_is_beyond_the_limits_is_told_by_its_row(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int, content: bytes, why: str
) -> None:
    monkeypatch.setattr(tables, name, most)
    with pytest.raises(TableTooLarge, match=why):
        list(read_table(content, ANY).rows)


def test_text_in_another_encoding_is_told_by_its_line() -> None:
    content = b"Order;Qty\nA;1\nB\x81;2\n"
    with pytest.raises(TableUnreadable, match=r"line 3: the file is no text in utf-8, cp1252|line 1"):
        read_table(content, ANY)
    with pytest.raises(TableUnreadable, match="no text in martian"):
        read_table(b"Order\nA\n", ImportMap({}, encoding="martian"))
