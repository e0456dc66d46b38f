"""The interchange around the messages: dialect, widening, refusals, and texts of every kind."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydifact.parser import Parser

from adapters.edi.encoder import EdifactEncoder
from adapters.edi.serializer import EdifactSerializer
from core.documents import Acknowledgement, Invoice, LineAnswer, OrderResponse, Party, ResponseLine
from core.errors import ValueRefused
from core.ports import Encoder, Envelope

# pydifact's wheel comes without the directories that it would check segments against
pytestmark = pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")

ENVELOPE = Envelope("4012345000009", "14", "4098765000004", "14", "OG42", datetime(2025, 5, 6, 7, 8, tzinfo=UTC))
RESPONSE = OrderResponse("2025-ED-000001", "PO-1", "29", datetime(2025, 5, 6, 7, 8, tzinfo=UTC), ())
ACKNOWLEDGEMENT = Acknowledgement("REF1", "4098765000004", "14", "4012345000009", "14", "7")

encode = EdifactEncoder().encode


def segments_of(content: bytes, *, charset: str = "utf-8") -> dict[str, list]:
    """Return the elements of the last segment of each tag, as pydifact reads them."""
    text = content.decode(charset)
    syntax_version = "4" if text[7] == "*" else "3"
    parsed = Parser().parse(text, EdifactSerializer(syntax_version).characters)
    return {segment.tag: segment.elements for segment in parsed}


def with_name(name: str) -> OrderResponse:
    return replace(RESPONSE, supplier=Party(role="SU", name=name))


def test_it_is_an_encoder_of_the_border() -> None:
    encoder: Encoder = EdifactEncoder()
    assert encoder.id == "edifact"


def test_no_documents_make_no_interchange() -> None:
    with pytest.raises(ValueRefused):
        encode(ENVELOPE, [])


def test_two_kinds_of_documents_make_no_interchange() -> None:
    with pytest.raises(ValueRefused):
        encode(ENVELOPE, [RESPONSE, ACKNOWLEDGEMENT])


@pytest.mark.parametrize(
    ("charset", "name", "written"),
    [
        ("UNOA", "MUELLER", ["UNOA", "3"]),
        ("UNOA", "Mueller", ["UNOB", "3"]),
        ("UNOA", "Müller", ["UNOY", "4"]),
        ("UNOB", "Müller", ["UNOY", "4"]),
        ("UNOC", "Müller", ["UNOC", "3"]),
        ("UNOC", "Łódź", ["UNOY", "4"]),
        ("UNOD", "Łódź", ["UNOD", "3"]),
        ("UNOX", "MUELLER", ["UNOA", "3"]),
        ("UNOX", "Müller", ["UNOC", "3"]),
        ("UNOX", "Łódź", ["UNOY", "4"]),
    ],
)
def test_the_charset_widens_only_as_far_as_the_text_needs(charset: str, name: str, written: list[str]) -> None:
    content = encode(replace(ENVELOPE, charset=charset), [with_name(name)])
    assert (
        segments_of(content, charset={"UNOD": "iso8859-2", "UNOC": "iso8859-1"}.get(written[0], "utf-8"))["UNB"][0]
        == written
    )


@pytest.mark.parametrize(
    ("syntax_version", "day", "release"),
    [("3", "250506", ["D", "3", "UN"]), ("4", "20250506", ["4", "1", "UN"])],
)
def test_the_syntax_version_decides_the_date_and_the_version_of_contrl(
    syntax_version: str, day: str, release: list[str]
) -> None:
    read = segments_of(encode(replace(ENVELOPE, syntax_version=syntax_version), [ACKNOWLEDGEMENT]))
    assert read["UNB"][3] == [day, "0708"]
    assert read["UNH"][1] == ["CONTRL", *release]


def test_the_test_indicator_is_element_0035() -> None:
    assert segments_of(encode(replace(ENVELOPE, test=True), [RESPONSE]))["UNB"][10:] == ["1"]
    assert len(segments_of(encode(ENVELOPE, [RESPONSE]))["UNB"]) == 7


def test_the_application_reference_is_the_message_type_unless_agreed_otherwise() -> None:
    assert segments_of(encode(ENVELOPE, [RESPONSE]))["UNB"][6] == "ORDRSP"
    agreed = replace(ENVELOPE, application_reference="RESPONSES")
    assert segments_of(encode(agreed, [RESPONSE]))["UNB"][6] == "RESPONSES"


def test_messages_count_from_one_and_the_trailer_counts_them() -> None:
    content = encode(ENVELOPE, [RESPONSE] * 12)
    assert content.count(b"UNH+") == 12
    read = segments_of(content)
    assert read["UNT"] == ["7", "12"]
    assert read["UNZ"] == ["12", "OG42"]


@given(st.text(max_size=35), st.sampled_from(["UNOA", "UNOB", "UNOC"]))
def test_no_character_of_a_name_is_lost(name: str, charset: str) -> None:
    content = encode(replace(ENVELOPE, charset=charset), [with_name(name)])
    words = "".join(" " if character < " " or "\x7f" <= character <= "\x9f" or character in SURROGATES else character
                    for character in name.strip())  # fmt: skip
    read = segments_of(content, charset="utf-8" if b"UNOY" in content else "iso8859-1")
    assert read["NAD"] == (["SU", "", "", words] if words else ["SU"])


SURROGATES = {chr(code) for code in range(0xD800, 0xE000)}


@given(
    st.decimals("0.000001", 10**9, allow_nan=False, places=6),
    st.decimals("0.000001", 10**8, allow_nan=False, places=6),
)
def test_quantities_and_prices_survive_exactly(quantity: Decimal, price: Decimal) -> None:
    line = ResponseLine(1, LineAnswer.CHANGED, quantity, quantity + 1, gtin="4012345678901", unit="KGM", price=price)
    read = segments_of(encode(ENVELOPE, [replace(RESPONSE, lines=(line,))]))
    assert Decimal(read["QTY"][0][1]) == quantity
    assert Decimal(read["PRI"][0][1]) == price
    assert "E" not in read["QTY"][0][1] + read["PRI"][0][1]


def test_an_overlong_unit_is_left_out_because_a_cut_code_is_another_code() -> None:
    line = ResponseLine(1, LineAnswer.ACCEPTED, Decimal(1), Decimal(1), unit="PIECES")
    assert segments_of(encode(ENVELOPE, [replace(RESPONSE, lines=(line,))]))["QTY"] == [["113", "1"]]


def test_a_bare_invoice_says_only_what_it_knows() -> None:
    bill = Invoice(
        number="INV-1",
        order_number="2025-ED-000001",
        buyer_reference="PO-1",
        issued_at=datetime(2025, 5, 6, tzinfo=UTC),
        due_date=date(2025, 6, 5),
        currency="",
        lines=(),
        taxes=(),
        net=Decimal(10),
        tax=Decimal(0),
        total=Decimal(10),
    )
    content = encode(ENVELOPE, [bill])
    assert not any(tag in content for tag in (b"NAD", b"CUX", b"FII", b"TAX", b"DTM+35", b"DTM+11"))
    assert b"MOA+77:10.00'MOA+79:10.00'MOA+125:10.00'MOA+124:0.00'" in content
