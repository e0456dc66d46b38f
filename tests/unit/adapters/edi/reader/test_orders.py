"""ORDERS -> the canonical order: every mapped field, and what rejects an order for what it says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.documents import Order, OrderLine, Party

FULL_HEADER = (
    "BGM+224+PO-77+9+AC",
    "DTM+137:202611221530:203",
    "DTM+64:20261201:102",
    "DTM+2:20261203:102",
    "PAI+::42",
    "FTX+DEL+++Gate 4:ring twice",
    "FTX+AAI+++Second note",
    "RFF+CT:C725018",
    "NAD+BY+5412345000013::9++Alpina Retail:Northern Branch+Harbour Road 1+Gent+VOV+9000+BE",
    "RFF+VA:BE0123456789",
    "CTA+OC+:Anna Peeters",
    "COM+?+32 9 1234567:TE",
    "COM+anna@alpina.example:EM",
    "NAD+SU+4012345500004::9",
    "NAD+DP+WH7::92+Depot 7:Mill Lane 2:9000 Gent",
    "NAD+IV+5412345000020::9",
    "CUX+2:EUR:9+3:GBP:4",
    "PAT+1++5:3:D:30",
    "TDT+20++30",
    "TOD+3++DAP",
)
FULL_LINES = (
    "LIN+1++4000862141404:EN",
    "PIA+1+SA-001:SA+B-17:IN",
    "IMD+F++:::Green tea:250 g",
    "QTY+21:12.5:KGM",
    "DTM+2:20261205:102",
    "MOA+203:25.00",
    "FTX+LIN+++cool and dry",
    "PRI+AAB:3.00",
    "PRI+AAA:2.00::NTP:1:KGM",
    "LIN+20++ABC:SA",
    "PIA+5+4000862141411:SRV",
    "QTY+21:3",
    "MOA+203:75",
    "PRI+AAB:250:CT::10:PCE",
)


def test_every_mapped_field_arrives(order, read):
    decoded = read(order(*FULL_LINES, header=FULL_HEADER, summary=("MOA+79:100.00", "MOA+86:121.00", "CNT+2:2")))
    assert decoded.violations == ()
    assert decoded.document == Order(
        buyer_reference="PO-77",
        code="224",
        type="urgent",
        function="9",
        document_date=datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
        requested_date=date(2026, 12, 3),
        currency="EUR",
        contract="C725018",
        buyer=Party(
            role="BY",
            gln="5412345000013",
            name="Alpina Retail Northern Branch",
            street="Harbour Road 1",
            city="Gent",
            region="VOV",
            postal_code="9000",
            country="BE",
            tax_id="BE0123456789",
            contact="Anna Peeters",
            phone="+32 9 1234567",
            email="anna@alpina.example",
        ),
        supplier=Party(role="SU", gln="4012345500004"),
        ship_to=Party(role="DP", code="WH7", name="Depot 7", street="Mill Lane 2 9000 Gent"),
        invoicee=Party(role="IV", gln="5412345000020"),
        payment_method="42",
        payment_terms="30 days",
        transport_mode="30",
        delivery_terms="DAP",
        notes=("Gate 4 ring twice", "Second note"),
        total=Decimal("100.00"),
        response_wanted="AC",
        lines=(
            OrderLine(
                line=1,
                quantity=Decimal("12.5"),
                gtin="4000862141404",
                buyer_code="B-17",
                supplier_code="SA-001",
                description="Green tea 250 g",
                unit="KGM",
                price=Decimal("2.00"),
                price_basis=Decimal(1),
                amount=Decimal("25.00"),
                requested_date=date(2026, 12, 5),
                note="cool and dry",
            ),
            OrderLine(
                line=20,
                quantity=Decimal(3),
                gtin="4000862141411",
                supplier_code="ABC",
                price=Decimal(250),
                price_basis=Decimal(10),
                amount=Decimal(75),
            ),
        ),
    )


@pytest.mark.parametrize("release", ["96A", "01B"])
def test_both_directories_give_the_same_order(order, read, release):
    decoded = read(order(release=release))
    assert decoded.violations == ()
    assert decoded.document.lines[0].quantity == 48


def test_values_are_plain_text_also_after_an_exact_reading(order, read):
    decoded = read(order(summary=("CNT+2:7",)))
    assert type(decoded.document.buyer_reference) is str
    assert type(decoded.document.buyer.gln) is str
    assert {type(value) for value in decoded.document.lines[0]} <= {str, int, Decimal, type(None)}


@pytest.mark.parametrize(
    ("code", "kind"), [("220", "standard"), ("224", "urgent"), ("228", "sample"), ("", "standard")]
)
def test_the_document_code_gives_the_order_type(order, read, code, kind):
    header = (f"BGM+{code}+PO1+9", "DTM+137:20261122:102", "NAD+BY+1::9")
    assert read(order(header=header)).document.type == kind


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("DTM+2:20261203:102",), date(2026, 12, 3)),
        (("DTM+61:20261209:102", "DTM+63:20261208:102", "DTM+64:20261207:102"), date(2026, 12, 7)),
        (("DTM+63:20261208:102", "DTM+2:202612031200:203"), date(2026, 12, 3)),
        (("DTM+2:261203:101",), date(2026, 12, 3)),
        (("DTM+2:20261203",), date(2026, 12, 3)),
        ((), None),
    ],
)
def test_the_requested_date_is_the_most_telling_one(order, read, dates, expected):
    header = ("BGM+220+PO1+9", "DTM+137:20261122:102", *dates, "NAD+BY+1::9")
    assert read(order(header=header)).document.requested_date == expected


@pytest.mark.parametrize("sent", ["20261301:102", "20260230:102", "2026:102", "99999999:102", "2026112:102", "x:102"])
def test_a_date_that_is_none_rejects(order, read, sent):
    source = order(header=("BGM+220+PO1+9", "DTM+137:20261122:102", f"DTM+2:{sent}", "NAD+BY+1::9"))
    decoded = read(source)
    assert [(v.code, v.severity, v.syntax_code) for v in decoded.violations] == [("date.invalid", "error", "12")]
    assert source[decoded.violations[0].offset :].startswith(sent.split(":")[0].encode())


def test_a_date_in_a_format_that_is_not_read_counts_as_not_sent(order, read):
    decoded = read(order(header=("BGM+220+PO1+9", "DTM+137:20261122:102", "DTM+2:202649:616", "NAD+BY+1::9")))
    assert [(v.code, v.severity) for v in decoded.violations] == [("date.format_unknown", "warning")]
    assert decoded.document.requested_date is None


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("LIN+1++1:EN", "QTY+21:0"), "quantity.not_positive"),
        (("LIN+1++1:EN", "QTY+21:-5"), "quantity.not_positive"),
        (("LIN+1++1:EN", "QTY+21:1000000001"), "quantity.too_large"),
        (("LIN+1++1:EN", "QTY+21:0.0000001"), "value.out_of_range"),
        (("LIN+1++1:EN", "QTY+21:1", "PRI+AAA:1.1234567"), "value.out_of_range"),
        (("LIN+1++1:EN", "QTY+21:1", "MOA+203:1.12345"), "value.out_of_range"),
        (("LIN+1++1:EN", "QTY+21:1", "MOA+203:999999999999999999"), "value.out_of_range"),
        (("LIN+1++1:EN", "QTY+21:1", "PRI+AAA:-1"), "price.negative"),
        (("LIN+1++1:EN", "QTY+21:1", "PRI+AAA:1:::0"), "price.basis_not_positive"),
        (("LIN+1++1:EN",), "order.quantity_missing"),
        (("LIN+1++1:EN", "QTY+12:5"), "order.quantity_missing"),
        (("LIN+1++1:EN", "QTY+21:1", "LIN+1++2:EN", "QTY+21:1"), "line.number_repeated"),
    ],
)
def test_what_no_reader_could_take_for_an_order_rejects_with_a_place(order, read, lines, code):
    decoded = read(order(*lines))
    assert decoded.document is None
    (fault,) = decoded.violations
    assert (fault.code, fault.severity) == (code, "error")
    assert fault.syntax_code
    assert fault.segment
    assert fault.offset


@pytest.mark.parametrize("sent", ["ABC", "1e30", "NaN", "Infinity", "1 000", "--1", "+1"])
def test_a_quantity_of_d01b_must_be_a_number_although_its_format_is_text(order, read, sent):
    decoded = read(order("LIN+1++1:EN", f"QTY+21:{sent.replace('+', '?+')}", release="01B"))
    assert decoded.document is None or sent == "+1"
    if decoded.document is None:
        assert [violation.code for violation in decoded.violations] == ["value.not_numeric"]


def test_the_bounds_of_a_quantity_are_inclusive(order, read):
    assert read(order("LIN+1++1:EN", "QTY+21:1000000000")).document.lines[0].quantity == 10**9
    assert str(read(order("LIN+1++1:EN", "QTY+21:0.000001")).document.lines[0].quantity) == "0.000001"


def test_an_order_without_lines_rejects(order, read):
    source = order().decode()
    start, end = source.index("LIN"), source.index("UNS")
    decoded = read((source[:start] + source[end:]).replace("UNT+11", "UNT+7").encode())
    assert [violation.code for violation in decoded.violations] == ["order.no_lines"]


def test_an_order_without_a_number_rejects(order, read):
    decoded = read(order(header=("BGM+220++9", "DTM+137:20261122:102", "NAD+BY+1::9")))
    assert [(v.code, v.tag, v.element) for v in decoded.violations] == [("order.reference_missing", "BGM", 2)]


def test_an_order_without_buyer_is_told(order, read):
    decoded = read(order(header=("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+SU+1::9")))
    assert decoded.document.buyer is None
    assert [(v.code, v.severity) for v in decoded.violations] == [("order.buyer_missing", "warning")]


@pytest.mark.parametrize(
    ("control", "code"), [("CNT+2:2", "document.line_count"), ("CNT+1:47", "document.quantity_total")]
)
def test_wrong_control_totals_hold_and_do_not_reject(order, read, control, code):
    decoded = read(order(summary=(control,)))
    assert decoded.document is not None
    (fault,) = decoded.violations
    assert (fault.code, fault.severity, fault.hold) == (code, "warning", "document.count_mismatch")
    assert (fault.tag, fault.syntax_code) == ("CNT", "29")


def test_right_control_totals_pass(order, read):
    decoded = read(order(summary=("MOA+79:699.84", "CNT+1:48", "CNT+2:1")))
    assert decoded.violations == ()
    assert decoded.document.total == Decimal("699.84")


def test_a_total_that_does_not_add_up_is_told(order, read):
    decoded = read(order(summary=("MOA+79:700",)))
    assert [(v.code, v.severity, v.hold) for v in decoded.violations] == [("document.amount_total", "warning", "")]


def test_lines_without_numbers_are_counted(order, read):
    decoded = read(order("LIN+++1:EN", "QTY+21:1", "LIN+++2:EN", "QTY+21:2"))
    assert [line.line for line in decoded.document.lines] == [1, 2]
    assert {violation.code for violation in decoded.violations} == {"line.number_missing"}


def test_free_text_of_full_components_runs_on(order, read):
    decoded = read(order("LIN+1++1:EN", f"IMD+F++:::{'x' * 35}:yz", "QTY+21:1"))
    assert decoded.document.lines[0].description == "x" * 35 + "yz"


def test_released_characters_are_freed_and_others_kept(order, read):
    decoded = read(order("LIN+1++1:EN", "IMD+F++:::a?+b?:c?'d??e?f", "QTY+21:1"))
    assert decoded.document.lines[0].description == "a+b:c'd?e?f"


def test_split_deliveries_do_not_overwrite_the_quantity(order, read):
    decoded = read(order("LIN+1++1:EN", "QTY+21:48", "LOC+7+331::9", "QTY+11:24", "DTM+2:20260915:102"))
    assert decoded.document.lines[0].quantity == 48
    assert decoded.document.lines[0].requested_date is None


@pytest.mark.parametrize(("role", "stand_in"), [("supplier", "SE"), ("ship_to", "ST")])
def test_a_party_stands_in_for_a_missing_one(order, read, role, stand_in):
    header = ("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+BY+1::9", f"NAD+{stand_in}+4012345500004::9")
    assert getattr(read(order(header=header)).document, role).role == stand_in
