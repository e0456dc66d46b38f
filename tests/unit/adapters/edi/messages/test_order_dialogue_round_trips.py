"""Orders, answers and reports that we write are right by their directory and are read as what they were."""

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

from adapters.edi import envelope as scanner
from adapters.edi.decoder import EdifactDecoder
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.tables import load
from adapters.edi.encoder import EdifactEncoder
from adapters.edi.lexer import Stretch
from adapters.edi.validator import Validator
from core.documents import (
    ApplicationReport,
    DocumentReference,
    DropShipOrder,
    LineAnswer,
    Order,
    OrderLine,
    OrderResponse,
    Outbound,
    Party,
    ReportedFault,
    ResponseLine,
    ScheduleLine,
    TradeTerms,
)
from core.errors import ValueRefused
from core.ports import Envelope

# pydifact's wheel comes without the directories that it would check segments against
pytestmark = pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
D = Decimal
ENVELOPE = Envelope("4012345000009", "14", "4098765000004", "14", "REF1", datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
RELEASES = ("96A", "97A", "99B", "01B", "03A", "07A", "10B", "18A", "20B", "24A")


def written(document: Outbound, release: str) -> bytes:
    """Return the interchange of *document*, which the directory of *release* finds nothing wrong with."""
    content = EdifactEncoder().encode(replace(ENVELOPE, release=release), [document])
    (interchange,) = EdifactDecoder().scan(content)
    (span,) = interchange.messages
    dialect = scanner.dialect_at(content, interchange.offset)
    compiled = CompiledMessage(load(f"D{release}"), span.type, dialect.separators, {})
    validator = Validator(Stretch(content, span.offset, span.offset + span.length, dialect, "iso8859-1"), compiled)
    validator.read(None)
    assert (interchange.violations, span.violations, validator.violations) == ((), (), [])
    tags = [segment.tag for segment in Interchange.from_str(content.decode("iso8859-1")).segments]
    assert tags[:2] == ["UNH", "BGM"]
    return content


def read_again(document: Outbound, release: str) -> object:
    content = written(document, release)
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    (decoded,) = decoder.decode(content, interchange, interchange.messages)
    assert decoded.violations == ()
    return decoded.document


# what the messages can say

words = st.from_regex(r"[A-Za-zÄß0-9'+:?*][A-Za-zÄß0-9'+:?*]{0,20}( [A-Za-z0-9]{1,12}){0,2}", fullmatch=True).filter(
    lambda text: len(text) <= 35
)
maybe = st.one_of(st.just(""), words)
texts = st.lists(words, min_size=1, max_size=7).map(" ".join).filter(lambda text: len(text) <= 300)
glns = st.integers(0, 10**13 - 1).map(lambda number: f"{number:013}")
days = st.dates(date(2001, 1, 1), date(2049, 12, 31))
minutes = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute),
    days,
    st.integers(0, 1439),
)
quantities = st.decimals(D("0.001"), 10_000, places=3)
prices = st.decimals(0, 10_000, places=4)
moneys = st.decimals(-10_000, 10_000, places=2)
units = st.sampled_from(["", "PCE", "KGM"])
currencies = st.sampled_from(["", "EUR", "CNY"])


def parties(role: str, *, tax: bool = False, contact: bool = False) -> st.SearchStrategy[Party | None]:
    named = st.builds(
        Party,
        role=st.just(role),
        gln=glns,
        code=st.just(""),
        name=maybe,
        street=maybe,
        city=maybe,
        region=st.sampled_from(["", "NW"]),
        postal_code=st.sampled_from(["", "50667"]),
        country=st.sampled_from(["", "DE", "CN"]),
        tax_id=st.sampled_from(["", "DE136695976"]) if tax else st.just(""),
        contact=maybe if contact else st.just(""),
        phone=st.sampled_from(["", "+49 221 100"]) if contact else st.just(""),
        email=st.just(""),
    )
    by_code = st.builds(lambda party, code: party._replace(gln="", code=code), named, words)
    return st.none() | named | by_code


def numbered(lines: list[Any]) -> tuple[Any, ...]:
    return tuple(line._replace(line=number) for number, line in enumerate(lines, 1))


order_lines = st.builds(
    OrderLine,
    line=st.just(1),
    quantity=quantities,
    gtin=st.sampled_from(["", "4012345678901", "012345678905"]),
    buyer_code=maybe,
    supplier_code=maybe,
    description=maybe,
    unit=units,
    price=st.none() | prices,
    price_basis=st.just(D(1)),
    amount=st.none() | moneys,
    requested_date=st.none() | days,
    note=st.just("") | texts,
).flatmap(
    lambda line: (
        st.just(line)
        if line.price is None
        else st.sampled_from([D(1), D(100), D("0.5")]).map(lambda basis: line._replace(price_basis=basis))
    )
)
orders = st.builds(
    Order,
    buyer_reference=words,
    lines=st.lists(order_lines, min_size=1, max_size=3).map(numbered),
    code=st.sampled_from(["220", "224"]),
    function=st.sampled_from(["9", "31"]),
    document_date=minutes,
    requested_date=st.none() | days,
    currency=currencies,
    contract=maybe,
    buyer=parties("BY", tax=True, contact=True).filter(bool),
    supplier=parties("SU", tax=True, contact=True),
    ship_to=parties("DP", contact=True),
    invoicee=parties("IV", tax=True, contact=True),
    payment_method=st.sampled_from(["", "42"]),
    payment_terms=st.sampled_from(["", "30 days", "2 months", "10 working days"]),
    transport_mode=st.sampled_from(["", "30", "road"]),
    delivery_terms=st.sampled_from(["", "EXW", "free house"]),
    notes=st.lists(texts, max_size=2).map(tuple),
    total=st.none() | moneys,
    response_wanted=st.sampled_from(["", "AC", "NA"]),
).map(lambda order: replace(order, type="urgent" if order.code == "224" else "standard"))
drop_ships = st.builds(DropShipOrder, order=orders, order_number=maybe, customer_reference=maybe)

response_lines = st.builds(
    ResponseLine,
    line=st.just(1),
    answer=st.sampled_from(LineAnswer),
    quantity=st.decimals(0, 10_000, places=3),
    ordered=st.decimals(0, 10_000, places=3),
    gtin=st.sampled_from(["", "4012345678901"]),
    sku=maybe,
    buyer_code=maybe,
    description=maybe,
    unit=units,
    price=st.none() | prices,
    promised_date=st.none() | days,
    backordered=st.none() | quantities,
    schedule=st.lists(st.builds(ScheduleLine, quantities, st.none() | days), max_size=3).map(tuple),
    note=st.just("") | texts,
    reference=maybe,
    price_basis=st.just(D(1)),
    substitute_gtin=st.sampled_from(["", "4012345678918"]),
    substitute_sku=maybe,
    allowances=st.just(()),  # these have golden files of their own
    tax_rate=st.none(),
)
agreed = st.builds(
    TradeTerms,
    payment_days=st.none() | st.integers(0, 365),
    due_date=st.none() | days,
    prepayment=st.booleans(),
    payment_method=st.sampled_from(["", "42"]),
    payment_words=st.lists(texts, max_size=2).map(tuple),
    delivery_terms=st.sampled_from(["", "DAP", "to the ramp of the store"]),
    transport_mode=st.sampled_from(["", "30", "road"]),
    contract=maybe,
    agreements=st.lists(texts, max_size=2).map(tuple),
).map(lambda terms: None if terms == TradeTerms() else terms)
responses = st.builds(
    OrderResponse,
    number=words,
    buyer_reference=words,
    function=st.sampled_from(["29", "27", "4", "12"]),
    answered_at=minutes,
    lines=st.lists(response_lines, max_size=3).map(numbered),
    order_date=st.none() | days.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)),
    promised_date=st.none() | days,
    currency=currencies,
    buyer=parties("BY"),
    supplier=parties("SU"),
    ship_to=parties("DP"),
    reasons=st.lists(texts, max_size=2).map(tuple),
    total=st.none() | moneys,
    change_reference=maybe,
    terms=agreed,
)

references = st.builds(
    DocumentReference,
    qualifier=st.sampled_from(["ON", "ACW", "IV"]),
    number=words,
    line=st.none() | st.integers(1, 9999),
    date=st.none(),
)
dated = st.builds(lambda named, at: named._replace(date=at), references, st.none() | minutes)
faults = st.builds(
    ReportedFault,
    code=st.sampled_from(["12", "37", "A1234567"]),
    text=st.just("") | texts,
    severity=st.just("error"),
    references=st.lists(references, max_size=1).map(tuple),
    place=st.just(""),
)
placed = st.builds(lambda reported, place: reported._replace(place=place if reported.references else ""), faults, texts)
warned = placed.map(lambda reported: reported._replace(severity="warning"))
reports = st.builds(
    ApplicationReport,
    number=words,
    outcome=st.just("rejected"),
    references=st.lists(dated, min_size=1, max_size=3).map(tuple),
    reported_at=st.none() | minutes,
    parties=st.tuples(parties("BY", contact=True).filter(bool), parties("SU").filter(bool)),
    notes=st.lists(texts, max_size=2).map(tuple),
    faults=st.builds(lambda error, rest: (error, *rest), faults, st.lists(placed | warned, max_size=3)),
)
accepted = st.builds(
    lambda report, warnings: replace(report, outcome="accepted", faults=tuple(warnings)),
    reports,
    st.lists(warned, max_size=2),
)
HELD = few(10)


@given(drop_ships, st.sampled_from(RELEASES))
@HELD
def test_an_order_to_a_supplier_is_read_as_what_it_was(drop_ship: DropShipOrder, release: str) -> None:
    assert read_again(drop_ship, release) == drop_ship.order


@given(responses, st.sampled_from(RELEASES))
@HELD
def test_an_answer_is_read_as_what_it_was(response: OrderResponse, release: str) -> None:
    assert read_again(response, release) == response


@given(reports | accepted, st.sampled_from(RELEASES))
@HELD
def test_a_report_is_read_as_what_it_was(report: ApplicationReport, release: str) -> None:
    assert read_again(report, release) == report


ORDER = Order("PO-1", (OrderLine(1, D(2)),), document_date=datetime(2026, 3, 2, tzinfo=UTC), buyer=Party("BY", "1"))
REPORT = ApplicationReport("R-1", "rejected", (DocumentReference("ON", "PO-1"),))


def test_numbers_of_the_customers_order_go_along() -> None:
    content = written(DropShipOrder(ORDER, "2026-ED-000007", "K-99"), "96A")
    assert b"RFF+UO:K-99'RFF+ABO:2026-ED-000007'" in content


def test_terms_that_are_no_period_are_told_in_words() -> None:
    content = written(DropShipOrder(replace(ORDER, payment_terms="cash on delivery")), "96A")
    assert b"FTX+AAB+++cash on delivery'" in content
    assert b"PAT" not in content


def test_an_order_without_a_date_is_not_sent() -> None:
    with pytest.raises(ValueRefused, match="date"):
        written(DropShipOrder(replace(ORDER, document_date=None)), "96A")


@pytest.mark.parametrize("code", ["", "order.no_lines"])
def test_a_report_tells_no_fault_without_a_code_that_fits(code: str) -> None:
    with pytest.raises(ValueRefused, match="9321"):
        written(replace(REPORT, faults=(ReportedFault(code),)), "96A")


def test_a_place_is_told_with_the_document_where_nothing_else_is_named() -> None:
    fault = ReportedFault("13", "no quantity", place="segment 12, QTY")
    assert b"RFF+ON:PO-1'FTX+AAO+++segment 12, QTY'" in written(replace(REPORT, faults=(fault,)), "96A")
    unnamed = written(replace(REPORT, references=(), faults=(fault,)), "96A")
    assert b"ERC+13'FTX+AAO+++no quantity (segment 12, QTY)'UNT" in unnamed


def test_a_directory_that_has_room_takes_all_that_a_fault_is_about() -> None:
    about = (DocumentReference("ON", "PO-1", 3), DocumentReference("ACW", "7"))
    report = replace(REPORT, faults=(ReportedFault("13", "no quantity", references=about, place="line 3"),))
    assert read_again(report, "01B") == report
    assert b"RFF+ON:PO-1:3'FTX+AAO+++line 3'UNT" in written(report, "96A")
