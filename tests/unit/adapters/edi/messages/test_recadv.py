"""RECADV as receivers send it: what came, what did not, and in which condition."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.documents import Condition, ReceiptAdvice, ReceivedItem, Variance
from core.ports import Decoded

D = Decimal
HEADER = ("BGM+632+WE-1+9", "DTM+137:20261203:102")
BUYER = "NAD+BY+5412345000013::9"
LINE = ("LIN+1++4000862141404:EN", "QTY+48:3:PCE")


def read(*segments: str, release: str = "96A") -> Decoded:
    message = (f"UNH+1+RECADV:D:{release}:UN", *segments, f"UNT+{len(segments) + 2}+1")
    unb = "UNB+UNOC:3+5412345000013:14+4012345500004:14+261203:0915+RC1"
    content = "".join(f"{segment}'" for segment in (unb, *message, "UNZ+1+RC1")).encode("latin-1")
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    (decoded,) = decoder.decode(content, interchange, interchange.messages)
    return decoded


def receipt(*segments: str, release: str = "96A") -> ReceiptAdvice:
    decoded = read(*segments, release=release)
    assert isinstance(decoded.document, ReceiptAdvice), decoded.violations
    return decoded.document


@pytest.mark.parametrize("release", ["96A", "01B", "03A", "24A"])
def test_every_kind_of_quantity_has_its_own_field(release: str) -> None:
    kinds = {"12": 50, "21": 60, "48": 46, "194": 40, "195": 4, "196": 2, "124": 6, "119": 4, "121": 0}
    quantities = [f"QTY+{kind}:{amount}:PCE" for kind, amount in kinds.items()]
    (item,) = receipt(*HEADER, BUYER, "CPS+1", LINE[0], *quantities, release=release).items
    assert item == ReceivedItem(
        0,
        D(46),
        "4000862141404",
        unit="PCE",
        accepted=D(40),
        returned=D(4),
        destroyed=D(2),
        damaged=D(6),
        missing=D(4),
        surplus=D(0),
        despatched=D(50),
        ordered=D(60),
    )


@pytest.mark.parametrize(
    ("segments", "conditions"),
    [
        (("CDI+1+4",), (Condition("4"),)),
        (("CDI+1+:::Wet",), (Condition(text="Wet"),)),
        (("CDI+1+4:::Wet", "INP+PE+1:AA::9:Keep++4"), (Condition("4", "Wet", "AA", "4"),)),
        (("CDI+1+4", "INP+PE+1::::Keep", "INP+PE+1:AA::9++4"), (Condition("4", "", "Keep", "4"),)),
        (("CDI+1+2", "CDI+1+4"), (Condition("2"), Condition("4"))),
    ],
)
def test_a_condition_is_read_at_a_line_a_package_and_the_shipment(
    segments: tuple[str, ...], conditions: tuple[Condition, ...]
) -> None:
    body = ("CPS+1", "PAC+1++CT", "PCI+33E", *segments, "GIN+BJ+340123450000000017", *LINE, *segments)
    told = receipt(*HEADER, "DOC+270", *segments, BUYER, *body)
    assert told.conditions == conditions
    assert told.packages[0].conditions == conditions
    assert told.packages[0].items[0].conditions == conditions


def test_a_variance_is_read_at_a_line_its_marks_and_a_package() -> None:
    told = receipt(*HEADER, BUYER, "CPS+1", "PAC+2++CT", "QVR+-1+CP", *LINE, "QVR+-4:12+AF+PW", "PCI+36E", "QVR+1+AC")
    (package,) = told.packages
    assert package.variances == (Variance(D(-1), "CP"),)
    assert package.items[0].variances == (Variance(D(-4), "AF", "PW", "12"), Variance(D(1), "AC"))


def test_references_name_what_was_despatched_and_ordered() -> None:
    told = receipt(
        *HEADER, "DTM+50:202612030730:203", "DTM+35:20261201:102", "RFF+AAK:DA-1", "RFF+ON:PO-1", "RFF+VN:O-1",
        "RFF+DQ:N-1", "RFF+CN:C-1", BUYER, "CPS+1", *LINE,
    )  # fmt: skip
    assert (told.despatch_number, told.buyer_reference, told.order_number) == ("DA-1", "PO-1", "O-1")
    assert (told.delivery_note, told.tracking_number) == ("N-1", "C-1")
    assert told.received_at is not None
    assert told.received_at.isoformat() == "2026-12-03T07:30:00+00:00"


@pytest.mark.parametrize("body", [("QVR+-3+AF",), ("CDI+1+2",), ("QTY+194:0",)])
def test_a_line_that_tells_anything_is_taken(body: tuple[str, ...]) -> None:
    assert len(receipt(*HEADER, BUYER, "CPS+1", "LIN+1", *body).items) == 1


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        (("BGM+632", HEADER[1], BUYER, "CPS+1", *LINE), "receipt.number_missing"),
        ((*HEADER, BUYER), "receipt.empty"),
        ((*HEADER, BUYER, "CPS+1", "LIN+1"), "receipt.quantity_missing"),
        ((*HEADER, BUYER, "CPS+1", "LIN+1", "QTY+195:-1"), "quantity.not_positive"),
        ((*HEADER, BUYER, "CPS+1", "LIN+1", "QTY+48:x"), "value.not_numeric"),
        (HEADER, "segment.missing"),
    ],
)
def test_what_no_reader_could_take_is_refused_with_its_place(segments: tuple[str, ...], found: str) -> None:
    decoded = read(*segments)
    assert decoded.document is None
    assert all(violation.offset is not None for violation in decoded.violations)
    assert found in [violation.code for violation in decoded.violations if violation.severity == "error"]
