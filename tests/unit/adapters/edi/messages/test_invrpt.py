"""INVRPT as partners send it: before D.97A and after, levels with and without places, movements."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.documents import InventoryReport, StockKind
from core.ports import Decoded

D = Decimal
HEADER = ("BGM+35+S-1+9", "DTM+137:20261217:102")


def read(*segments: str, release: str = "96A") -> Decoded:
    message = (f"UNH+1+INVRPT:D:{release}:UN", *segments, f"UNT+{len(segments) + 2}+1")
    unb = "UNB+UNOC:3+4031749000019:14+4012345500004:14+261217:0731+IV1"
    content = "".join(f"{segment}'" for segment in (unb, *message, "UNZ+1+IV1")).encode("latin-1")
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    (decoded,) = decoder.decode(content, interchange, interchange.messages)
    return decoded


def report(*segments: str, release: str = "96A") -> InventoryReport:
    decoded = read(*segments, release=release)
    assert isinstance(decoded.document, InventoryReport), decoded.violations
    return decoded.document


def test_before_d_97a_what_follows_a_quantity_is_of_that_quantity() -> None:
    first, second = report(
        *HEADER, "LIN+1", "QTY+17:5", "INV+1+2+4", "GIN+BX+L-1", "LOC+14+A1", "DTM+7:20261201:102", "QTY+60:3"
    ).levels
    assert (first.direction, first.state, first.reason) == ("1", "2", "4")
    assert (first.batch, first.location, first.at is not None) == ("L-1", "A1", True)
    assert (second.quantity, second.kind) == (D(3), StockKind.AVAILABLE)
    assert (second.state, second.batch, second.location, second.at) == ("", "", "", None)


@pytest.mark.parametrize("release", ["97A", "01B", "24A"])
def test_since_d_97a_what_surrounds_a_quantity_is_of_it(release: str) -> None:
    first, second = report(
        *HEADER, "LIN+1", "INV+1+2+4", "QTY+17:5", "GIN+BX+L-1", "LOC+14+A1", "INV++1", "QTY+83:1", release=release
    ).levels
    assert (first.kind, first.direction, first.state, first.reason) == ("17", "1", "2", "4")
    assert (first.batch, first.location) == ("L-1", "A1")
    assert (second.kind, second.state, second.batch, second.location) == ("83", "1", "", "")


def test_where_several_quantities_may_stand_under_one_inv_it_is_of_them_all() -> None:
    levels = report(
        *HEADER, "LIN+1", "INV+1+2+4", "QTY+17:5", "QTY+60:3", "LOC+14+A1", "INV++1", "QTY+83:1", release="24A"
    ).levels
    assert [level.kind for level in levels] == ["17", "60", "83"]
    assert [level.state for level in levels] == ["2", "2", "1"]
    assert [level.location for level in levels] == ["A1", "A1", ""]


def test_what_is_told_of_a_line_holds_where_its_quantities_say_nothing() -> None:
    first, second = report(
        *HEADER, "LIN+1", "PIA+1+L-9:NB", "LOC+14+:::Hall 3", "DTM+171:20261203:102", "DTM+366:20261202:102",
        "DTM+361:20270101:102", "QTY+17:5", "QTY+17:2", "GIN+BX+L-8", "LOC+14+A1",
    ).levels  # fmt: skip
    assert (first.batch, first.location) == ("L-9", "Hall 3")
    assert (second.batch, second.location) == ("L-8", "A1")
    assert first.at is not None
    assert first.at.day == 2
    assert first.best_before is not None


def test_the_warehouse_of_a_quantity_is_its_place() -> None:
    told = report(*HEADER, "NAD+WH+4031749000019::9", "LIN+1", "QTY+17:5", "NAD+WH+4031749000026::9", "QTY+17:2")
    assert [level.location for level in told.levels] == ["4031749000026", ""]
    assert told.warehouse is not None
    assert told.warehouse.gln == "4031749000019"


def test_lines_keep_their_numbers_or_take_those_of_their_place() -> None:
    lines = ("LIN+7", "INV++1", "QTY+17:5", "LIN", "INV++1", "QTY+17:2", "LIN+A", "INV+1", "QTY+156:-2")
    told = report(*HEADER, *lines, release="01B")
    assert [level.line for level in told.levels] == [7, 2, 3]
    assert told.levels[2].quantity == D(-2)


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        (("BGM+35", HEADER[1], "LIN+1", "QTY+17:1"), "inventory.number_missing"),
        (HEADER, "inventory.empty"),
        ((*HEADER, "LIN+1"), "inventory.quantity_missing"),
        ((*HEADER, "LIN+1", "QTY+17:x"), "value.not_numeric"),
        ((*HEADER, "LIN+1", "QTY+17:1", "DTM+7:2026:102"), "date.invalid"),
        ((HEADER[0], "DTM+366:x:102", "LIN+1", "QTY+17:1"), "date.invalid"),
    ],
)
def test_what_no_reader_could_take_is_refused_with_its_place(segments: tuple[str, ...], found: str) -> None:
    decoded = read(*segments)
    assert decoded.document is None
    assert all(violation.offset is not None for violation in decoded.violations)
    assert found in [violation.code for violation in decoded.violations if violation.severity == "error"]
