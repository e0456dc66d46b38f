"""The source of a field: bytes that, read again, say exactly what the order says."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.decoder import EdifactDecoder
from core import values
from core.documents import Order

HEADER = (
    "BGM+224+PO?+77+9+AC",
    "DTM+137:202611221530:203",
    "DTM+2:20261203:102",
    "PAI+::42",
    "FTX+DEL+++Gate 4:ring ?'twice?'",
    "RFF+CT:C725018",
    "NAD+BY+5412345000013::9++Käse ?: Söhne:Nord+Hafenstraße 1+Gent+VOV+9000+BE",
    "RFF+VA:BE0123456789",
    "CTA+OC+:Zoë Peeters",
    "COM+?+32 9 1234567:TE",
    "COM+zoe@alpina.example:EM",
    "NAD+SU+4012345500004::9",
    "NAD+DP+WH7::92+Depot 7:Mill Lane 2:9000 Gent",
    "NAD+IV+5412345000020::9",
    "CUX+2:EUR:9+3:GBP:4",
    "PAT+1++5:3:D:30",
    "TDT+20++30",
    "TOD+3++DAP",
)
LINES = (
    "LIN+1++4000862141404:EN",
    "PIA+1+SA-001:SA+B-17:IN",
    "IMD+F++:::Grüner Tee:250 g",
    "QTY+21:12.50:KGM",
    "DTM+2:20261205:102",
    "MOA+203:25.00",
    "FTX+LIN+++kühl ?+ dunkel",
    "PRI+AAA:2.00::NTP:10:KGM",
    # one value three times, and a fourth as the line number: only a place tells them apart
    "LIN+7++7:SA",
    "QTY+21:7",
    "MOA+203:7",
    "PRI+AAA:7",
)
DERIVED = {"type"}
NOT_SENT = {"price_basis", "code", "function"}


def canonical(value: object) -> str:
    if isinstance(value, Decimal):
        return values.text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def paths(order: Order) -> dict[str, str]:
    """Return every field of *order* that says something, by path, as its canonical text."""
    found: dict[str, object] = {}
    for field in fields(order):
        value = getattr(order, field.name)
        if field.name == "lines":
            for line in value:
                found |= {f"lines.{line.line}.{name}": part for name, part in line._asdict().items()}
        elif field.name == "notes":
            found |= {f"notes.{place}": note for place, note in enumerate(value, 1)}
        elif field.name in {"charges", "line_taxes", "tax_included"}:
            assert not value, "no ORDERS is read for them"
        elif isinstance(value, tuple):
            found |= {f"{field.name}.{name}": part for name, part in value._asdict().items()}
        else:
            found[field.name] = value
    return {path: canonical(value) for path, value in found.items() if value not in {"", None}}


def read(source: bytes):
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(source)
    (decoded,) = decoder.decode(source, interchange, interchange.messages)
    return decoder, interchange, decoded


@pytest.mark.parametrize("release", ["96A", "01B"])
@pytest.mark.parametrize(
    ("charset", "codec", "una", "end"),
    [
        ("UNOC:3", "latin-1", "", "'"),
        ("UNOC:3", "latin-1", "UNA:+.? '", "'\r\n"),
        ("UNOY:4", "utf-8", "", "'\n"),
        ("UNOC:3", "utf-8", "", "'"),
    ],
)
def test_every_field_of_an_order_is_found_where_it_was_read(order, *, release, charset, codec, una, end):
    text = order(*LINES, header=HEADER, summary=("MOA+79:32.00",), release=release, una=una, end=end).decode("latin-1")
    source = text.replace("UNOC:3", charset, 1).encode(codec)
    decoder, interchange, decoded = read(source)
    assert decoded.document is not None
    asked = paths(decoded.document)
    assert len(asked) > 50
    places = set()
    for path, value in asked.items():
        found = decoder.locate(source, interchange, decoded.span, path)
        if found is None:
            assert path.rsplit(".", 1)[-1] in NOT_SENT, path
            continue
        assert found.field == path
        assert found.value == value, path
        assert found.kind == ("derived" if path in DERIVED else "edifact")
        span = source[found.offset : found.offset + found.length]
        assert span.decode(codec) == found.text
        assert says(span.decode(codec), value, path), (path, span)
        assert source[: found.offset].count(b"'", decoded.span.offset) >= found.segment - 1
        places.add(found.offset)
    assert len(places) >= len(asked) - 5


def says(text: str, value: str, path: str) -> bool:
    """Tell whether the bytes of a span say *value*, by a reading of their own."""
    for char in "+:'?":
        text = text.replace("?" + char, {"+": "\x01", ":": "\x02", "'": "\x03", "?": "\x04"}[char])
    text = text.replace(":", " ").translate({1: "+", 2: ":", 3: "'", 4: "?"})
    if path.endswith("_date"):
        digits = value.replace("-", "").replace(":", "").replace("T", "")
        return digits.startswith(text) or text.startswith(digits)
    if path in DERIVED or path == "payment_terms":
        return text in {"224", "5 3 D 30"}
    try:
        return text == value or Decimal(text) == Decimal(value)
    except ArithmeticError:
        return False


def test_the_same_number_in_four_places_is_told_apart(order):
    source = order(*LINES, header=HEADER)
    decoder, interchange, decoded = read(source)
    found = {
        name: decoder.locate(source, interchange, decoded.span, f"lines.7.{name}")
        for name in ("line", "supplier_code", "quantity", "amount", "price")
    }
    assert {place.value for place in found.values()} == {"7"}
    assert {place.text for place in found.values()} == {"7"}
    assert {name: place.tag for name, place in found.items()} == {
        "line": "LIN",
        "supplier_code": "LIN",
        "quantity": "QTY",
        "amount": "MOA",
        "price": "PRI",
    }
    assert len({place.offset for place in found.values()}) == 5


@pytest.mark.parametrize(
    "field",
    ["nonsense", "lines.9.quantity", "lines.1.nonsense", "lines", "buyer", "notes.9", "notes.x", "courier.gln", ""],
)
def test_what_was_not_sent_has_no_place(order, field):
    source = order(*LINES, header=HEADER)
    decoder, interchange, decoded = read(source)
    assert decoder.locate(source, interchange, decoded.span, field) is None


def test_a_rejected_message_can_still_be_asked(order):
    source = order("LIN+1++1:EN", "QTY+21:0", "XYZ+1")
    decoder, interchange, decoded = read(source)
    assert decoded.document is None
    found = decoder.locate(source, interchange, decoded.span, "lines.1.quantity")
    assert (found.segment, found.tag, found.element, found.component, found.text) == (7, "QTY", 1, 2, "0")


printable = st.text(
    st.characters(codec="latin-1", exclude_categories=["C", "Z"]) | st.sampled_from("?+:' "), max_size=30
)


@given(description=printable, reference=printable, code=printable, quantity=st.decimals("0.0001", 10**6, places=4))
def test_any_text_is_read_and_found_again(description, reference, code, quantity):
    def sent(text: str) -> str:
        for char in "?+:'":
            text = text.replace(char, "?" + char)
        return text

    body = [
        f"BGM+220+{sent(reference)}x+9",
        "DTM+137:20261122:102",
        "NAD+BY+1::9",
        "LIN+1",
        f"PIA+1+{sent(code)}x:IN",
        f"IMD+F++:::{sent(description)}x",
        f"QTY+21:{quantity}",
        "UNS+S",
    ]
    segments = ["UNB+UNOC:3+A+B+261122:0800+1", "UNH+1+ORDERS:D:96A:UN", *body, f"UNT+{len(body) + 2}+1", "UNZ+1+1"]
    source = "".join(segment + "'" for segment in segments).encode("latin-1")
    decoder, interchange, decoded = read(source)
    document = decoded.document
    assert document is not None, decoded.violations
    assert document.buyer_reference == (reference + "x").strip()
    assert document.lines[0].buyer_code == (code + "x").strip()
    assert document.lines[0].description == (description + "x").strip()
    assert document.lines[0].quantity == quantity
    for path, value in paths(document).items():
        found = decoder.locate(source, interchange, decoded.span, path)
        assert found is None or found.value == value
