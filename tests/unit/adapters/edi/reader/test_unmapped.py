"""What a message says and no field takes is told with its place; what a field takes is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.model import Guide
from adapters.edi.messages.registry import MAPPINGS
from core.provenance import UnmappedValue

GOLDEN = Path(__file__).parents[5] / "tests" / "golden" / "edi"
HEADER = ("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+BY+5412345000013::9")
LINE = ("LIN+1++4000862141404:EN", "QTY+21:48:PCE")


def interchange(*segments: str, kind: str = "ORDERS:D:96A:UN", una: str = "") -> bytes:
    """Return an interchange with one message of these segments."""
    message = (f"UNH+1+{kind}", *segments, f"UNT+{len(segments) + 2}+1")
    unb = "UNB+UNOC:3+5412345000013:14+4012345500004:14+261122:0800+REF1"
    return (una + "".join(f"{segment}'\n" for segment in (unb, *message, "UNZ+1+REF1"))).encode("latin-1")


def unmapped(source: bytes, guide: Guide | None = None) -> list[UnmappedValue]:
    decoder = EdifactDecoder()
    return [
        value
        for one in decoder.scan(source)
        for span in one.messages
        for value in decoder.unmapped(source, one, span, guide)
    ]


def texts(*segments: str) -> list[str]:
    """Return what is left of an order with *segments* where its header has them, before or after the buyer."""
    early = [segment for segment in segments if segment.startswith(("DTM", "RFF"))]
    late = [segment for segment in segments if segment not in early]
    order = interchange(*HEADER[:2], *early, HEADER[2], *late, *LINE, "UNS+S")
    return [value.text for value in unmapped(order)]


def test_a_message_whose_every_value_has_a_field_leaves_nothing() -> None:
    order = interchange(
        *HEADER, "NAD+SU+4012345500004::9", "CUX+2:EUR:9", "LIN+1++4000862141404:EN", "PIA+1+A1:SA::91+B1:IN",
        "IMD+F++:::Screws:M8", "QTY+21:48:PCE", "MOA+203:699.84", "FTX+LIN+++in bulk", "PRI+AAA:14.58", "UNS+S",
        "MOA+79:699.84", "CNT+2:1",
    )  # fmt: skip
    assert unmapped(order) == []


def test_a_value_is_told_with_its_place_its_name_and_its_bytes() -> None:
    source = interchange(*HEADER, *LINE, "PRI+AAA:14.58:::10:KGM", "UNS+S", una="UNA:+.? '\n")
    (value,) = unmapped(source)
    assert value._replace(offset=0) == UnmappedValue(
        7, "PRI", "LIN/PRI", 1, 6, 0, "6411", "Measure unit qualifier", "KGM"
    )
    assert source[value.offset :].startswith(b"KGM'")


@pytest.mark.parametrize(
    ("segments", "left"),
    [
        (("DTM+4:20261101:102",), ["4", "20261101", "102"]),  # a qualifier that no field has
        (("DTM+2:20261201:102", "DTM+64:20261130:102"), ["64", "20261130", "102"]),  # the more telling one is taken
        (("NAD+CA+CARRIER::92++Fast Freight",), ["CA", "CARRIER", "92", "Fast Freight"]),  # a role that no field has
        (("NAD+DP+1::92", "NAD+ST+2::92"), ["ST", "2", "92"]),  # what stood in was not needed
        (("NAD+DP+1::92", "CTA+IC+4711:Ms Buyer"), ["4711"]),  # beside a value of the same composite
        (("NAD+DP+1::92", "CTA+IC+:Ms Buyer", "COM+1:TE+2:FX"), ["2", "FX"]),
        (("RFF+CT:C-1:7",), ["7"]),  # not asked for
        (("CUX+2:EUR:9+3:USD:4",), ["3", "USD", "4"]),
        (("PAT+1++5:3:D:30",), ["1"]),
    ],
)
def test_what_the_document_has_no_room_for_is_left(segments: tuple[str, ...], left: list[str]) -> None:
    assert texts(*segments) == left


def test_item_numbers_of_other_kinds_are_left() -> None:
    source = interchange(
        *HEADER, "LIN+1++X1:ZZ", "PIA+1+A1:SA::91+G1:GU::91", "PIA+3+S1:SA", "QTY+21:1", "QTY+12:1", "UNS+S"
    )
    told = [(value.tag, value.element, value.component, value.text) for value in unmapped(source)]
    assert told == [
        ("LIN", 3, 1, "X1"),
        ("LIN", 3, 2, "ZZ"),
        ("PIA", 3, 1, "G1"),
        ("PIA", 3, 2, "GU"),
        ("PIA", 3, 4, "91"),
        ("PIA", 1, None, "3"),
        ("PIA", 2, 1, "S1"),
        ("PIA", 2, 2, "SA"),
        ("QTY", 1, 1, "12"),
        ("QTY", 1, 2, "1"),
    ]


def test_segments_without_a_reader_or_a_place_are_left_whole() -> None:
    source = interchange(*HEADER[:2], "ALI+DE", HEADER[2], *LINE, "ZZX+1:2", "MEA+PD", "UNS+S", "CNT+2:1")
    told = [(value.tag, value.path, value.element, value.component, value.id) for value in unmapped(source)]
    assert told == [
        ("ALI", "ALI", 1, None, "3239"),
        ("ZZX", "", 1, None, ""),
        ("ZZX", "", 1, 2, ""),
        ("MEA", "", 1, None, "6311"),
    ]


def test_values_beyond_the_table_are_left() -> None:
    source = interchange(*HEADER, "LIN+1++4000862141404:EN", "QTY+21:48:PCE:more+else", "UNS+S")
    assert [(value.element, value.component, value.name, value.text) for value in unmapped(source)] == [
        (1, 4, "", "more"),
        (2, None, "", "else"),
    ]


def test_of_a_refused_message_only_what_was_not_taken_is_left() -> None:
    source = interchange("BGM+220", "DTM+137:20261122:102", "DTM+4:20261101:102", *LINE, "UNS+S")
    assert [value.text for value in unmapped(source)] == ["4", "20261101", "102"]


def test_a_field_that_a_guide_points_to_is_mapped() -> None:
    source = interchange(*HEADER[:2], "RFF+ADE:ACCOUNT-7", HEADER[2], *LINE, "UNS+S")
    assert [value.text for value in unmapped(source)] == ["ADE", "ACCOUNT-7"]
    rules = (
        '[[messages]]\ntype = "ORDERS"\nrelease = "D.96A"\n'
        '[[messages.fields]]\nfield = "contract"\npath = "RFF"\nqualifier = "ADE"\n'
    )
    assert [value.text for value in unmapped(source, parse_guide(rules.encode(), "acme"))] == []


def test_nothing_is_told_of_what_is_not_read() -> None:
    assert unmapped(interchange("BGM+1+2", kind="PAYMUL:D:96A:UN")) == []
    assert unmapped(interchange("BGM+1+2", kind="ORDERS:X:ZZZ:UN")) == []


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/**/*.edi")), ids=lambda path: path.stem)
def test_every_value_that_is_told_stands_at_its_offset_and_is_told_once(path: Path) -> None:
    source = path.read_bytes()
    told = unmapped(source)
    assert len({value.offset for value in told}) == len(told)
    assert [value.offset for value in told] == sorted(value.offset for value in told)
    for value in told:
        assert value.tag.encode() in source[max(0, value.offset - 2000) : value.offset]
        said = value.text.encode("utf-8"), value.text.encode("latin-1", "replace")
        assert source[value.offset :].replace(b"?", b"").startswith(tuple(text.replace(b"?", b"") for text in said))


#: by message, the values of our own samples that a document of that kind has no room for
LEFT = {
    "CONTRL": set[str](),
    "INVOIC": {"125", "226.00", "126.00"},  # the taxable total is the sum of what TAX says
}


@pytest.mark.parametrize("kind", LEFT)
def test_our_own_messages_say_little_that_our_documents_do_not(kind: str) -> None:
    assert kind in MAPPINGS
    left = {value.text for path in GOLDEN.glob(f"{kind.lower()}/*.edi") for value in unmapped(path.read_bytes())}
    assert left <= LEFT[kind]
