"""INVOIC: what we write is right by the directory and is read again as what it was; what a partner left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from pydifact.segmentcollection import Interchange

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.encoder import EdifactEncoder
from core.documents import Allowance, CashDiscount, Invoice, InvoiceLine, Party, TaxTotal
from core.ports import Decoded, Envelope

D = Decimal
ENVELOPE = Envelope("4012345000009", "14", "4098765000004", "14", "REF1", datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
RELEASES = ("96A", "97A", "01B", "03A", "10A", "18A", "24A")
BARE = Invoice(
    number="R-1",
    order_number="",
    buyer_reference="PO-1",
    issued_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    due_date=None,
    currency="EUR",
    lines=(InvoiceLine(1, D(1), None, D(10), None),),
    taxes=(),
    net=None,
    tax=None,
    total=D(10),
)


def written(invoice: Invoice, release: str = "96A") -> bytes:
    return EdifactEncoder().encode(replace(ENVELOPE, release=release), [invoice])


def read(source: bytes) -> Decoded:
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(source)
    assert interchange.violations == ()
    (decoded,) = decoder.decode(source, interchange, interchange.messages)
    return decoded


def source_of(*segments: str) -> bytes:
    """Return an INVOIC of D.96A with these segments after BGM and DTM."""
    body = ("BGM+380+R-1+9", "DTM+137:20260302:102", *segments)
    message = ("UNH+1+INVOIC:D:96A:UN", *body, f"UNT+{len(body) + 2}+1")
    unb = "UNB+UNOC:3+4012345000009:14+4098765000004:14+260302:0800+REF1"
    return "".join(f"{segment}'" for segment in (unb, *message, "UNZ+1+REF1")).encode("latin-1")


def received(*segments: str) -> Decoded:
    return read(source_of(*segments))


def invoice_of(decoded: Decoded) -> Invoice:
    assert isinstance(decoded.document, Invoice), decoded.violations
    return decoded.document


CLOSED = ("UNS+S", "MOA+77:10")
LINE = ("LIN+1", "QTY+47:1", "MOA+203:10")

# documents that INVOIC can say


words = st.from_regex(r"[A-Za-zÄß0-9'+:?*][A-Za-zÄß0-9'+:?*]{0,20}( [A-Za-z0-9]{1,12}){0,2}", fullmatch=True).filter(
    lambda text: len(text) <= 35
)
maybe = st.one_of(st.just(""), words)
money = st.decimals(-10_000_000, 10_000_000, places=2)
amounts = st.decimals(0, 10_000_000, places=2)
quantities = st.decimals(-10_000, 10_000, places=3).map(lambda value: value.normalize() + 0)
rates = st.sampled_from([D(0), D("5.5"), D(7), D(19), D("99.9999")])
days = st.dates(date(2001, 1, 1), date(2049, 12, 31))
midnights = days.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC))
minutes = st.builds(lambda day, minute: day + timedelta(minutes=minute), midnights, st.integers(0, 1439))
codes = st.sampled_from(["", "FC", "PC"])


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def taxed(draw: st.DrawFn) -> tuple[Decimal | None, str]:
    """A rate with its category; a rate above 0 is S where nothing else is said."""
    rate = draw(optional(rates))
    if rate:
        return rate, draw(st.sampled_from(["S", "H"]))
    return rate, draw(st.sampled_from(["", "Z", "E", "O", "G"]))


@st.composite
def allowances(draw: st.DrawFn) -> Allowance:
    rate, category = draw(taxed())
    return Allowance(
        charge=draw(st.booleans()),
        amount=draw(amounts),
        percent=draw(optional(st.decimals(0, 100, places=2).map(lambda value: value.normalize() + 0))),
        base=draw(optional(amounts)),
        code=draw(codes),
        reason=draw(maybe),
        tax_rate=rate,
        tax_category=category,
    )


@st.composite
def lines(draw: st.DrawFn, number: int) -> InvoiceLine:
    rate, category = draw(taxed())
    quantity, price, gross_price = draw(optional(quantities)), draw(optional(amounts)), draw(optional(amounts))
    return InvoiceLine(
        line=number,
        quantity=quantity,
        price=price,
        net=draw(money),
        tax_rate=rate,
        gtin=draw(st.sampled_from(["", "4012345678901", "401234567890"])),
        sku=draw(maybe),
        buyer_code=draw(maybe),
        description=draw(maybe),
        unit="" if quantity is None else draw(st.sampled_from(["", "PCE", "KGM"])),
        tax_category=category,
        tax=draw(optional(money)) if rate is not None or category else None,
        price_basis=draw(st.sampled_from([D(1), D(100)])) if price is not None else D(1),
        gross_price=gross_price,
        gross_basis=draw(st.sampled_from([D(1), D(10)])) if gross_price is not None else D(1),
        allowances=tuple(draw(st.lists(allowances(), max_size=2))),
        buyer_reference=draw(st.sampled_from(["", "PO-OF-THE-LINE"])),
        order_line=draw(optional(st.integers(1, 999999))),
        despatch_number=draw(maybe),
        note=draw(maybe),
    )


@st.composite
def parties(draw: st.DrawFn, role: str) -> Party:
    return Party(
        role=role,
        gln=draw(st.sampled_from(["", "4098765000004"])),
        name=draw(maybe),
        street=draw(maybe),
        city=draw(maybe),
        country=draw(st.sampled_from(["", "DE", "FR"])),
        tax_id=draw(maybe),
    )


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    terms = draw(st.sampled_from([(0, 0), (30, 0), (0, 2)]))
    corrects, buyer_reference = draw(maybe), draw(maybe)
    seller, account = draw(optional(parties("SU"))), draw(maybe)
    banked = seller is not None and bool(account)
    discounts = [
        CashDiscount(percent, *when)
        for percent, when in draw(
            st.lists(
                st.tuples(st.sampled_from([D("1.5"), D(2), D(0)]), st.tuples(st.integers(0, 90), optional(days))),
                max_size=2,
            )
        )
    ]
    taxes = draw(st.lists(st.tuples(taxed(), optional(money), optional(money)), max_size=3))
    return Invoice(
        number=draw(words),
        order_number=draw(maybe),
        buyer_reference=buyer_reference,
        issued_at=draw(minutes),
        due_date=draw(optional(days)),
        currency=draw(st.sampled_from(["", "EUR", "CHF"])),
        lines=tuple(draw(lines(number)) for number in range(1, draw(st.integers(1, 3)) + 1)),
        taxes=tuple(TaxTotal(rate, base, tax, category) for (rate, category), base, tax in taxes),
        net=draw(optional(money)),
        tax=draw(optional(money)),
        total=draw(money),
        despatch_number=draw(maybe),
        despatched_at=draw(optional(midnights)),
        delivered_at=draw(optional(midnights)),
        buyer=draw(optional(parties("BY"))),
        supplier=seller,
        ship_to=draw(optional(parties("DP"))),
        invoicee=draw(optional(parties("IV"))),
        payment_terms_days=terms[0],
        bank_account=account if banked else "",
        code=draw(st.sampled_from(["380", "381", "383"])),
        function=draw(st.sampled_from(["9", "7", "31"])),
        corrects=corrects,
        corrects_date=draw(optional(days)) if corrects else None,
        order_date=draw(optional(midnights)) if buyer_reference else None,
        contract=draw(maybe),
        tax_point=draw(optional(days)),
        allowances=tuple(draw(st.lists(allowances(), max_size=2))),
        allowance_total=draw(optional(money)),
        prepaid=draw(optional(amounts)),
        payable=draw(optional(money)),
        payment_terms_months=terms[1],
        cash_discounts=tuple(discounts),
        payment_method=draw(st.sampled_from(["", "42"])),
        bank_code=draw(st.sampled_from(["", "COBADEFF"])) if banked else "",
        bank_name=draw(maybe) if banked else "",
        account_holder=draw(maybe) if banked else "",
        notes=tuple(draw(st.lists(words, max_size=2))),
        tax_note=draw(maybe),
    )


@few(12)
@given(invoices(), st.sampled_from(RELEASES))
def test_what_is_written_is_read_as_what_it_was(invoice: Invoice, release: str) -> None:
    decoded = read(written(invoice, release))
    faults = [found.code for found in decoded.violations if found.code != "document.amount_total"]
    assert faults == []  # every segment and element is right by the directory of that release
    assert decoded.document == invoice


# pydifact's wheel comes without the directories that it would check segments against
@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
@few(8)
@given(invoices())
def test_another_library_reads_it(invoice: Invoice) -> None:
    content = written(invoice)
    text = content.decode("utf-8" if b"UNOY" in content[:20] else "latin-1")
    (message,) = Interchange.from_str(text).get_messages()
    assert next(segment for segment in message.segments if segment.tag == "BGM").elements[1] == invoice.number


@pytest.mark.parametrize(
    ("category", "release", "told"),
    [("AE", "96A", "E"), ("AE", "10A", "AE"), ("K", "10A", "E"), ("K", "18A", "K"), ("E", "96A", "E")],
)
def test_untaxed_categories_are_exempt_where_a_release_has_none_for_them(
    category: str, release: str, told: str
) -> None:
    invoice = replace(BARE, taxes=(TaxTotal(D(0), D(10), D(0), category),), tax_note="Reverse charge")
    decoded = read(written(invoice, release))
    assert decoded.violations == ()
    read_again = invoice_of(decoded)
    assert (read_again.taxes[0].category, read_again.tax_note) == (told, "Reverse charge")


def test_a_credit_note_names_the_invoice_that_it_corrects() -> None:
    note = replace(BARE, code="381", corrects="R-0", corrects_date=date(2026, 2, 1))
    assert b"BGM+381+R-1+9'" in written(note)
    assert b"RFF+IV:R-0'DTM+171:20260201:102'" in written(note)


def test_long_texts_are_laid_into_several_segments_and_put_together_again() -> None:
    note = " ".join(f"word{number}" for number in range(120))
    invoice = replace(BARE, notes=(note,), lines=(BARE.lines[0]._replace(description=note[:600]),))
    read_again = invoice_of(read(written(invoice)))
    assert " ".join(read_again.notes) == note
    assert read_again.lines[0].description.startswith("word0 word1 ")


# what partners send


def test_a_tax_of_the_header_is_that_of_lines_without_one() -> None:
    invoice = invoice_of(
        received("TAX+7+VAT+++:::19+S", *LINE, "LIN+2", "QTY+47:1", "MOA+203:1", "TAX+7+VAT+++:::7+S", *CLOSED)
    )
    assert [(line.tax_rate, line.tax_category) for line in invoice.lines] == [(D(19), "S"), (D(7), "S")]
    assert invoice.taxes == ()


def test_an_allowance_and_a_tax_after_the_lines_are_totals() -> None:
    invoice = invoice_of(
        received(
            "ALC+A",
            "MOA+8:1",
            *LINE,
            "ALC+C",
            "PCD+3:5",
            *CLOSED,
            "TAX+7+VAT+++:::19+S",
            "MOA+124:1.9",
            "ALC+A",
            "MOA+131:1",
        )
    )
    assert [(one.charge, one.amount) for one in invoice.allowances] == [(False, D(1))]
    assert [(one.charge, one.percent) for one in invoice.lines[0].allowances] == [(True, D(5))]
    assert invoice.taxes == (TaxTotal(D(19), None, D("1.9"), "S"),)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (("PAT+1++5:3:D:30",), (30, 0, None)),
        (("PAT+1++5:3:W:2",), (14, 0, None)),
        (("PAT+1++5:3:Y:1",), (0, 12, None)),
        (("PAT+1++5:3:WD:10",), (0, 0, None)),
        (("PAT+1++29:3:D:10",), (0, 0, None)),  # not counted from the invoice on
        (("PAT+1++5:3:D:1.5", "DTM+13:20260401:102"), (0, 0, date(2026, 4, 1))),
        (("PAT+22++5:3:D:10", "PCD+12:2", "PAT+3", "DTM+13:20260401:102"), (0, 0, date(2026, 4, 1))),
    ],
)
def test_terms_of_payment_are_days_months_or_a_day(terms: tuple[str, ...], expected: tuple[int, int, Any]) -> None:
    invoice = invoice_of(received("CUX+2:EUR:4", *terms, *LINE, *CLOSED))
    assert (invoice.payment_terms_days, invoice.payment_terms_months, invoice.due_date) == expected


def test_the_bank_of_anyone_but_the_seller_is_not_the_account_to_pay_to() -> None:
    invoice = invoice_of(
        received("NAD+BY+4098765000004::9", "FII+RB+DE00", "NAD+SU+1::91", "FII+OR+DE01", *LINE, *CLOSED)
    )
    assert invoice.bank_account == ""


def test_the_most_telling_of_several_amounts_prices_and_references_is_taken() -> None:
    invoice = invoice_of(
        received(
            "RFF+AAK:D-1",
            "RFF+DQ:D-2",
            "LIN+1",
            "MOA+66:9",
            "MOA+203:10",
            "PRI+CAL:3",
            "PRI+AAA:2",
            "PRI+INV:1",
            "UNS+S",
            "MOA+9:5",
            "MOA+77:10",
            "MOA+86:11",
        )
    )
    assert (invoice.despatch_number, invoice.total, invoice.payable) == ("D-2", D(10), D(5))
    assert (invoice.lines[0].net, invoice.lines[0].price) == (D(10), D(2))


def test_lines_that_do_not_add_up_are_told_and_do_not_refuse() -> None:
    decoded = received(*LINE, "UNS+S", "MOA+77:10", "MOA+79:11")
    assert [(found.code, found.value) for found in decoded.violations] == [("document.amount_total", "11")]
    assert invoice_of(decoded).net == D(11)


@pytest.mark.parametrize(
    ("segments", "code", "tag"),
    [
        (("LIN+1", "MOA+203:10", "UNS+S", "MOA+79:10"), "invoice.total_missing", "BGM"),
        (("UNS+S", "MOA+77:1"), "invoice.no_lines", "BGM"),
        ((*LINE, "TAX+7+VAT+++:::19 %+S", *CLOSED), "value.not_numeric", "TAX"),
        ((*LINE, "ALC+A", "PCD+1:1.0000001", *CLOSED), "value.out_of_range", "PCD"),
        (("DTM+13:20260230:102", *LINE, *CLOSED), "date.invalid", "DTM"),
        ((*LINE, *LINE, *CLOSED), "line.number_repeated", "LIN"),
        ((*LINE, "PRI+AAA:1:::0", *CLOSED), "price.basis_not_positive", "PRI"),
    ],
)
def test_a_fault_refuses_and_names_its_place(segments: tuple[str, ...], code: str, tag: str) -> None:
    decoded = received(*segments)
    assert decoded.document is None
    assert (code, tag) in {(found.code, found.tag) for found in decoded.violations}
    assert all(found.offset for found in decoded.violations)


@pytest.mark.parametrize(
    ("field", "value", "tag"),
    [
        ("number", "R-1", "BGM"),
        ("issued_at", "2026-03-02T00:00:00+00:00", "DTM"),
        ("total", "10", "MOA"),
        ("tax_note", "Reverse charge", "FTX"),
        ("supplier.gln", "4012345000009", "NAD"),
        ("lines.1.net", "10", "MOA"),
        ("lines.1.sku", "SCR", "PIA"),
        ("lines.1.order_line", "7", "RFF"),
        ("allowances.1.percent", "5", "PCD"),
        ("taxes.1.rate", "19", "TAX"),
        ("taxes.1.base", "10", "MOA"),
        ("taxes.2.base", None, ""),
        ("taxes.one.base", None, ""),
        ("allowances", None, ""),
    ],
)
def test_every_field_has_its_place(field: str, value: str | None, tag: str) -> None:
    segments = (
        "FTX+TXD+++Reverse charge", "NAD+SU+4012345000009::9", "ALC+A", "PCD+1:5", "LIN+1", "PIA+5+SCR:SA", "QTY+47:1",
        "MOA+203:10", "RFF+ON:PO-1:7", "UNS+S", "MOA+77:10", "TAX+7+VAT+++:::19+S", "MOA+125:10",
    )  # fmt: skip
    source, decoder = source_of(*segments), EdifactDecoder()
    (interchange,) = decoder.scan(source)
    place = decoder.locate(source, interchange, interchange.messages[0], field)
    assert (place.value, place.tag) == (value, tag) if value is not None and place is not None else place is None
