"""DESADV as suppliers send it: hierarchies of every kind, batches, references, and what nobody could take."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.documents import Batch, DespatchAdvice, Mark, PackageNotice, PackedItem
from core.ports import Decoded, Interchange

D = Decimal
SSCC = "340123450000000017"
HEADER = ("BGM+351+LS-1+9", "DTM+137:20261201:102", "RFF+ON:PO-1")
LINE = ("LIN+1++4000862141404:EN", "QTY+12:3:PCE")


def source(*segments: str, release: str = "96A") -> bytes:
    message = (f"UNH+1+DESADV:D:{release}:UN", *segments, f"UNT+{len(segments) + 2}+1")
    unb = "UNB+UNOC:3+4012345500004:14+5412345000013:14+261201:1405+LV1"
    return "".join(f"{segment}'" for segment in (unb, *message, "UNZ+1+LV1")).encode("latin-1")


def read(*segments: str, release: str = "96A") -> tuple[EdifactDecoder, Interchange, Decoded]:
    decoder, content = EdifactDecoder(), source(*segments, release=release)
    (interchange,) = decoder.scan(content)
    (decoded,) = decoder.decode(content, interchange, interchange.messages)
    return decoder, interchange, decoded


def advice(*segments: str, release: str = "96A") -> DespatchAdvice:
    _, _, decoded = read(*HEADER, *segments, release=release)
    assert isinstance(decoded.document, DespatchAdvice), decoded.violations
    return decoded.document


def codes(*segments: str) -> list[str]:
    _, _, decoded = read(*segments)
    assert all(violation.offset is not None for violation in decoded.violations)
    return [violation.code for violation in decoded.violations]


def shape(packages: tuple[PackageNotice, ...]) -> list[object]:
    """Return types, numbers of items and what lies inside, as nested lists."""
    return [[f"{one.pieces} {one.type}", len(one.items), *shape(one.packages)] for one in packages]


@pytest.mark.parametrize(
    ("segments", "packages", "loose"),
    [
        # the shipment counts, the packages follow
        (("CPS+1", "PAC+1", "CPS+2+1", "PAC+1++CT", *LINE), [["1 CT", 1]], 0),
        # the shipment holds goods itself
        (("CPS+1", *LINE, "CPS+2+1", "PAC+1++CT", *LINE), [["1 CT", 1]], 1),
        # nothing is packed
        (("CPS+1", *LINE, *LINE), [], 2),
        # no level but the packages themselves
        (("CPS+1", "PAC+5++CT", *LINE), [["5 CT", 1]], 0),
        (("CPS+1+1", "PAC+5++CT", *LINE), [["5 CT", 1]], 0),
        # a level without packages passes on what it holds
        (("CPS+1", "PAC+1++PX", *LINE, "CPS+2+1", *LINE, "CPS+3+2", "PAC+1++CT"), [["1 PX", 2, ["1 CT", 0]]], 0),
        # ranks: outer, inner, no hierarchy, shipment
        (("CPS+1++3", "PAC+1++PX", "CPS+2+1+1", "PAC+4++CT", *LINE), [["1 PX", 0, ["4 CT", 1]]], 0),
        (("CPS+1++4", "PAC+2++CT", *LINE), [], 1),
        (("CPS+1++1", "PAC+2++CT", *LINE, "CPS+2++1", "PAC+3++CT", *LINE), [["2 CT", 1], ["3 CT", 1]], 0),
        # what is inside is told in the same level, or in the next one
        (("CPS+1", "PAC+1", "CPS+2+1", "PAC+1++PX", "PAC+20++CT", *LINE), [["1 PX", 1, ["20 CT", 0]]], 0),
        # a package without a number that holds others, and no level of the shipment
        (("CPS+1", "PAC+1++PX", *LINE, "CPS+2+1", "PAC+3++CT", *LINE), [["1 PX", 1, ["3 CT", 1]]], 0),
        # a marked first level is a package even if nothing but packages lie in it
        (("CPS+1", "PAC+1++PX", "PCI+33E", f"GIN+BJ+{SSCC}", "CPS+2+1", "PAC+3++CT"), [["1 PX", 0, ["3 CT", 0]]], 0),
        # the same level number twice: the later one is meant from then on
        (
            ("CPS+1", "CPS+2+1", "PAC+1++PX", "CPS+2+1", "PAC+1++201", "CPS+3+2", "PAC+1++CT"),
            [["1 PX", 0], ["1 201", 0, ["1 CT", 0]]],
            0,
        ),
    ],
)
def test_a_hierarchy_is_read_as_packages_inside_packages(
    segments: tuple[str, ...], packages: list[object], loose: int
) -> None:
    read_as = advice(*segments)
    assert (shape(read_as.packages), len(read_as.items)) == (packages, loose)


def test_a_level_that_lies_in_an_unknown_one_is_an_outermost_one_and_told() -> None:
    assert codes(*HEADER, "CPS+1", "CPS+2+7", "PAC+1++CT", *LINE) == ["package.level_unknown"]
    assert shape(advice("CPS+1", "CPS+2+7", "PAC+1++CT", *LINE).packages) == [["1 CT", 1]]


@pytest.mark.parametrize(("told", "wrong"), [(2, False), (3, False), (4, True), (1, True)])
def test_the_count_of_the_shipment_is_that_of_its_outer_packages_or_of_all(*, told: int, wrong: bool) -> None:
    body = (f"PAC+{told}", "CPS+2+1", "PAC+1++PX", "CPS+3+2", "PAC+1++CT", *LINE, "CPS+4+1", "PAC+1++PX")
    assert codes(*HEADER, "CPS+1", *body) == (["package.count"] if wrong else [])


def test_packages_lie_inside_one_another_only_so_often() -> None:
    levels = [f"CPS+{level}+{level - 1}" for level in range(2, 3000)]
    found = codes(*HEADER, "CPS+1", *levels, "PAC+1++CT", *LINE)
    assert "package.too_deep" in found


def test_numbers_on_a_package_are_kept_and_the_first_sscc_is_its_own() -> None:
    (package,) = advice(
        "CPS+1++3",
        "PAC+2++CT",
        "PCI+17",
        "GIR+3+R-1:ML",
        "GIN+ML+A+B:C",
        "PCI+33E",
        f"GIN+AW+{SSCC}+340123450000000024",
        *LINE,
    ).packages
    assert package.sscc == SSCC
    assert package.marks == (
        Mark("ML", "R-1"),
        Mark("ML", "A"),
        Mark("ML", "B", "C"),
        Mark("AW", "340123450000000024"),
    )


def test_a_number_with_a_wrong_check_digit_is_read_and_told() -> None:
    body = ("CPS+1++3", "PAC+1++CT", "PCI+33E", "GIN+BJ+340123450000000018", *LINE)
    assert codes(*HEADER, *body) == ["package.sscc_invalid"]
    assert advice(*body).packages[0].sscc == "340123450000000018"


@pytest.mark.parametrize(
    ("segments", "batches"),
    [
        (("PIA+1+L-1:NB",), (Batch("L-1"),)),
        (("DTM+361:20270101:102",), (Batch(best_before=date(2027, 1, 1)),)),
        (("GIN+BX+L-1", "DTM+36:20270101:102"), (Batch("L-1", expires=date(2027, 1, 1)),)),
        (("RFF+BT:L-1",), (Batch("L-1"),)),
        # EANCOM 1997: the dates under one mark, the batch under the next
        (("PCI+17", "DTM+94:20260101:102", "PCI+36E", "GIN+BX+L-1"), (Batch("L-1", produced=date(2026, 1, 1)),)),
        (
            ("PCI+36E", "QTY+12:2", "GIN+BX+L-1", "PCI+36E", "QTY+12:1", "GIN+BX+L-2"),
            (Batch("L-1", D(2)), Batch("L-2", D(1))),
        ),
        (("PCI+36E", "GIN+BX+L-1+L-2"), (Batch("L-1"), Batch("L-2"))),
        # what is told of the line holds for all of its batches
        (
            ("DTM+361:20270101:102", "PCI+36E", "GIN+BX+L-1", "PCI+36E", "DTM+361:20280101:102", "GIN+BX+L-2"),
            (Batch("L-1", best_before=date(2027, 1, 1)), Batch("L-2", best_before=date(2028, 1, 1))),
        ),
        (("PCI+36E",), ()),
        (("PIA+4+L-1:NB",), ()),
    ],
)
def test_a_batch_is_read_wherever_it_stands(segments: tuple[str, ...], batches: tuple[Batch, ...]) -> None:
    order = {"PIA": 0, "QTY": 1, "GIN": 2, "DTM": 3, "RFF": 4, "PCI": 5}
    at_line = next((place for place, one in enumerate(segments) if one.startswith("PCI")), len(segments))
    line = sorted((*segments[:at_line], "QTY+12:3:PCE"), key=lambda one: order[one[:3]])
    (item,) = advice("CPS+1", "LIN+1++4000862141404:EN", *line, *segments[at_line:]).items
    assert item.batches == batches


@pytest.mark.parametrize(
    ("references", "line", "order", "order_number"),
    [
        ((), 0, "", ""),
        (("RFF+ON:PO-1:00010",), 10, "", ""),
        (("RFF+ON:PO-2:7",), 7, "PO-2", ""),
        (("RFF+VN:2026-ED-1:3",), 3, "", "2026-ED-1"),
        (("RFF+ON:PO-2", "RFF+LI:20"), 20, "PO-2", ""),
    ],
)
def test_a_line_names_the_line_of_its_order(
    references: tuple[str, ...], line: int, order: str, order_number: str
) -> None:
    (item,) = advice("CPS+1", *LINE, *references).items
    assert (item.line, item.order, item.order_number) == (line, order, order_number)


def test_an_item_may_be_named_by_its_number_alone() -> None:
    """Booksellers send the ISBN in PIA without saying what it is."""
    first, second = advice(
        "CPS+1", "LIN+1", "PIA+5+9780738507330", "QTY+12:1", "LIN+2", "PIA+5+12345", "QTY+12:1"
    ).items
    assert (first.gtin, second.gtin) == ("9780738507330", "")


def test_a_line_has_one_unit_and_another_one_is_told() -> None:
    assert codes(*HEADER, "CPS+1", *LINE, "QTY+21:5:PCE", "PCI+10", "QTY+12:3:PCE") == []
    body = ("CPS+1", *LINE, "QTY+21:5:CT")
    assert codes(*HEADER, *body) == ["line.unit_differs"]
    (item,) = advice(*body).items
    assert (item.unit, item.ordered) == ("PCE", D(5))


def test_the_lines_of_several_packages_may_repeat_their_numbers() -> None:
    body = ("CPS+1", "PAC+2", "CPS+2+1", "PAC+1++CT", *LINE, "CPS+3+1", "PAC+1++CT", *LINE, "CNT+2:2")
    assert codes(*HEADER, *body) == []


def test_the_header_takes_the_most_telling_date_number_and_party() -> None:
    read_as = advice(
        "RFF+BM:B-1",
        "RFF+CN:C-1",
        "RFF+AAU:DN-2",
        "NAD+CN+5412345000037::9",
        "NAD+CA+++Donau Spedition",
        "TDT+20++30++DS:::Other name",
        "CPS+1",
        *LINE,
    )
    assert (read_as.tracking_number, read_as.delivery_note) == ("C-1", "DN-2")
    assert (read_as.carrier, read_as.carrier_name, read_as.transport_mode) == ("DS", "Donau Spedition", "30")
    assert read_as.ship_to is not None
    assert read_as.ship_to.gln == "5412345000037"
    dated = (HEADER[0], "DTM+358:20261205:102", "DTM+132:20261204:102", "DTM+11:202612011030:203", "CPS+1", *LINE)
    _, _, decoded = read(*dated)
    assert isinstance(decoded.document, DespatchAdvice)
    assert decoded.document.expected_date == date(2026, 12, 4)
    assert decoded.document.document_date is None
    assert decoded.document.despatched_at is not None


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        (("BGM+351", *HEADER[1:], "CPS+1", *LINE), "despatch.number_missing"),
        (HEADER, "despatch.empty"),
        ((*HEADER, "CPS+1"), "despatch.empty"),
        ((*HEADER, "CPS+1", "LIN+7"), "despatch.quantity_missing"),
        ((*HEADER, "CPS+1", "LIN+7", "QTY+12:-1"), "quantity.not_positive"),
        ((*HEADER, "CPS+1", "LIN+7", "QTY+12:1000000001"), "quantity.too_large"),
        ((HEADER[0], "DTM+11:20261301:102", "CPS+1", *LINE), "date.invalid"),
        ((*HEADER, "CPS+1", "LIN+7", "QTY+12:1", "DTM+361:2026:102"), "date.invalid"),
    ],
)
def test_what_no_reader_could_take_is_refused_with_its_place(segments: tuple[str, ...], found: str) -> None:
    _, _, decoded = read(*segments)
    assert decoded.document is None
    assert all(violation.offset is not None for violation in decoded.violations)
    assert found in [violation.code for violation in decoded.violations if violation.severity == "error"]


def test_a_date_under_another_format_is_read_and_told() -> None:
    """Car makers' suppliers send the day alone under the format of day and minute."""
    segments = (HEADER[0], "DTM+11:20261201:203", "CPS+1", *LINE)
    assert codes(*segments) == ["date.format_differs"]
    decoder, interchange, decoded = read(*segments)
    assert isinstance(decoded.document, DespatchAdvice)
    assert decoded.document.despatched_at is not None
    found = decoder.locate(source(*segments), interchange, decoded.span, "despatched_at")
    assert found is not None
    assert (found.value, found.text) == ("2026-12-01T00:00:00+00:00", "20261201")


@pytest.mark.parametrize("release", ["96A", "01B", "24A"])
def test_a_quantity_of_nothing_is_a_despatch_of_nothing(release: str) -> None:
    (item,) = advice("CPS+1", "LIN+1", "QTY+12:0", "QTY+21:5", release=release).items
    assert item == PackedItem(0, D(0), ordered=D(5))


def test_fields_of_header_and_lines_are_found_where_they_were_read() -> None:
    segments = (
        HEADER[0],
        "DTM+11:202612011030:203",
        *HEADER[2:],
        "RFF+CN:C-1",
        "CPS+1",
        "LIN+4++4000862141404:EN",
        "PIA+1+A-1:SA",
        "QTY+12:3:PCE",
    )
    decoder, interchange, decoded = read(*segments)
    content = source(*segments)
    for field, value in {
        "number": "LS-1",
        "buyer_reference": "PO-1",
        "tracking_number": "C-1",
        "despatched_at": "2026-12-01T10:30:00+00:00",
        "lines.4.quantity": "3",
        "lines.4.sku": "A-1",
        "lines.4.gtin": "4000862141404",
    }.items():
        found = decoder.locate(content, interchange, decoded.span, field)
        assert found is not None, field
        assert found.value == value
        said = content[found.offset : found.offset + found.length].decode()
        assert said == ("202612011030" if field == "despatched_at" else value)
    assert decoder.locate(content, interchange, decoded.span, "lines.4.batches") is None
