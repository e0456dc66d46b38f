"""What we write of packages, stock, transports and statuses is right by its directory and is read as what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st
from pydifact.segmentcollection import Interchange, Message

from adapters.edi import envelope as scanner
from adapters.edi.decoder import EdifactDecoder, segments
from adapters.edi.dialect import Separators
from adapters.edi.directory import tables as directory
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.encoder import EdifactEncoder
from adapters.edi.lexer import Stretch
from adapters.edi.validator import Validator
from core.documents import (
    Batch,
    ConsignmentStatus,
    DespatchAdvice,
    GoodsItem,
    InventoryReport,
    Mark,
    Outbound,
    PackageNotice,
    PackedItem,
    Party,
    StatusEvent,
    StatusReport,
    StockKind,
    StockLevel,
    TransportInstruction,
    Variance,
)
from core.ports import Envelope
from core.values import make_sscc

# pydifact's wheel comes without the directories that it would check segments against
pytestmark = pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")

D = Decimal
ENVELOPE = Envelope("4012345000009", "14", "4098765000004", "14", "REF1", datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
RELEASES = tuple(name[1:] for name in directory.RELEASES)


def written(document: Outbound, release: str) -> bytes:
    """Return the interchange of *document*, which the directory of *release* finds nothing wrong with."""
    content = EdifactEncoder().encode(replace(ENVELOPE, release=release), [document])
    (interchange,) = EdifactDecoder().scan(content)
    (span,) = interchange.messages
    dialect = scanner.dialect_at(content, interchange.offset)
    stretch = Stretch(content, span.offset, span.offset + span.length, dialect, "iso8859-1")
    validator = Validator(stretch, bare(release, span.type, dialect.separators))
    validator.read(None)
    assert (interchange.violations, span.violations, validator.violations) == ((), (), [])
    assert content.count(b"UNH+") == 1
    (message,) = messages_by_pydifact(content)
    assert message.get_segment("BGM") is not None
    assert len(message.segments) + 2 == len(list(segments(content, interchange))) - 2
    return content


@cache
def bare(release: str, message_type: str, separators: Separators) -> CompiledMessage:
    """Return a message of the directory that nobody reads values of."""
    return CompiledMessage(directory.load(f"D{release}"), message_type, separators, {})


def messages_by_pydifact(content: bytes) -> list[Message]:
    return list(Interchange.from_str(content.decode("iso8859-1")).get_messages())


def read_again(document: Outbound, release: str) -> object:
    content = written(document, release)
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    (decoded,) = decoder.decode(content, interchange, interchange.messages)
    assert decoded.violations == ()
    return decoded.document


# what the messages can say

#: texts that need releasing, that are full, or that look like something else
words = st.sampled_from(
    ["A", "PO-1'S", "a+b:c?*d", "Straße 7", "?", "4012345678901", "0", "X" * 35, "Zwei Wörter und ein drittes", "1.50"]
) | st.text("AZaz09 äß+:'?*.-", min_size=1, max_size=35).map(str.strip).filter(bool)
maybe = st.one_of(st.just(""), words)
ssccs = st.integers(0, 10**8 - 1).map(lambda serial: make_sscc("40123450", serial, 3))
days = st.dates(date(2001, 1, 1), date(2049, 12, 31))
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute),
    days,
    st.integers(0, 1439),
)
numbers = st.decimals(0, 10**6, places=3).map(lambda value: value.normalize() + 0)
measures = st.none() | st.decimals("0.001", 10**5, places=3).map(lambda value: value.normalize() + 0)
gtins = st.sampled_from(["", "4012345678901", "012345678905", "14012345678908"])
units = st.sampled_from(["", "PCE", "KGM"])


def parties(role: str, *, contact: bool = False) -> st.SearchStrategy[Party | None]:
    identity = st.one_of(
        st.fixed_dictionaries({"gln": st.just("4098765000004")}), st.fixed_dictionaries({"code": words})
    )
    place: dict[str, Any] = {"name": maybe, "street": maybe, "city": maybe, "country": st.sampled_from(["", "DE"])}
    if contact:
        place["contact"] = maybe
    return st.none() | st.builds(
        lambda known, told: Party(role=role, **known, **told), identity, st.fixed_dictionaries(place)
    )


batches = st.lists(
    st.builds(
        Batch,
        words,
        st.none() | numbers,
        st.none() | days,
        st.none() | days,
        st.none() | days,
    ),
    max_size=3,
).map(tuple) | st.builds(lambda day, produced: (Batch("", None, day, None, produced),), days, st.none() | days)
variances = st.lists(
    st.builds(
        Variance,
        st.decimals(-(10**6), 10**6, places=2).map(lambda value: value.normalize() + 0),
        st.sampled_from(["", "AC", "BP", "CP"]),
        st.sampled_from(["", "AV", "PC", "Weighed at despatch"]),
        st.sampled_from(["", "12", "21"]),
    ),
    max_size=2,
).map(tuple)
items = st.builds(
    PackedItem,
    line=st.integers(0, 999_999),
    quantity=numbers,
    gtin=gtins,
    sku=maybe,
    buyer_code=maybe,
    description=maybe,
    unit=units,
    ordered=st.none() | numbers,
    order=st.sampled_from(["", "OTHER-1"]),
    order_number=st.sampled_from(["", "2026-ED-000002"]),
    batches=batches,
    variances=variances,
)
contents = st.lists(items, max_size=2).map(tuple)
marks = st.lists(
    st.builds(Mark, st.sampled_from(["ML", "BN"]), words, maybe) | st.builds(Mark, st.just("AW"), ssccs, ssccs),
    max_size=3,
).map(tuple)


def packages(inside: st.SearchStrategy[tuple[PackageNotice, ...]]) -> st.SearchStrategy[PackageNotice]:
    return st.builds(
        PackageNotice,
        sscc=st.just("") | ssccs,
        items=contents,
        type=st.sampled_from(["", "CT", "PX", "201"]),
        weight_kg=measures,
        packages=inside,
        pieces=st.integers(1, 99_999),
        marks=marks,
        net_weight_kg=measures,
        volume_m3=measures,
        length_mm=measures,
        width_mm=measures,
        height_mm=measures,
    )


nested = st.recursive(
    packages(st.just(())), lambda inside: packages(st.lists(inside, max_size=2).map(tuple)), max_leaves=3
)
advices = st.builds(
    DespatchAdvice,
    number=words,
    order_number=st.sampled_from(["", "2026-ED-000001"]),
    buyer_reference=st.just("PO-1"),
    despatched_at=st.none() | moments,
    packages=st.lists(nested, max_size=2).map(tuple),
    expected_date=st.none() | days,
    buyer=parties("BY"),
    supplier=parties("SU", contact=True),
    ship_to=parties("DP", contact=True),
    carrier=st.sampled_from(["", "NORDEX"]),
    carrier_name=maybe,
    tracking_number=maybe,
    document_date=moments,
    code=st.sampled_from(["351", "350"]),
    function=st.sampled_from(["9", "1", "5"]),
    delivery_note=maybe,
    ship_from=parties("SF"),
    consignee=parties("UC"),
    transport_mode=st.sampled_from(["", "30", "40"]),
    vehicle=maybe,
    delivery_terms=st.sampled_from(["", "DAP", "EXW"]),
    weight_kg=measures,
    items=contents,
).filter(lambda advice: bool(advice.packages or advice.items))


@few(12)
@given(advices, st.sampled_from(RELEASES))
def test_a_despatch_advice_is_read_as_it_was_written(advice: DespatchAdvice, release: str) -> None:
    assert read_again(advice, release) == advice


def stock(item: tuple[int, str, str, str, str]) -> st.SearchStrategy[list[StockLevel]]:
    line, gtin, sku, buyer_code, description = item
    level = st.builds(
        StockLevel,
        line=st.just(line),
        quantity=st.decimals(-(10**6), 10**6, places=3).map(lambda value: value.normalize() + 0),
        kind=st.sampled_from([*StockKind, "97"]).map(str),
        gtin=st.just(gtin),
        sku=st.just(sku),
        buyer_code=st.just(buyer_code),
        description=st.just(description),
        unit=units,
        location=st.sampled_from(["", "4012345000016", "Aisle 3"]),
        state=st.sampled_from(["1", "2", "4"]),
        direction=st.sampled_from(["", "1", "2"]),
        reason=st.sampled_from(["", "1", "4"]),
        at=st.none() | moments,
        batch=maybe,
        best_before=st.none() | days,
    )
    return st.lists(level, min_size=1, max_size=3)


lines = st.lists(st.tuples(gtins, maybe, maybe, maybe), min_size=1, max_size=4).flatmap(
    lambda told: st.tuples(*(stock((number, *item)) for number, item in enumerate(told, 1)))
)
reports = st.builds(
    InventoryReport,
    number=words,
    document_date=moments,
    levels=lines.map(lambda told: tuple(level for levels in told for level in levels)),
    code=st.sampled_from(["35", "78"]),
    function=st.sampled_from(["9", "5"]),
    stock_date=st.none() | moments,
    period_start=st.none() | moments,
    period_end=st.none() | moments,
    buyer=parties("BY"),
    supplier=parties("SU"),
    reporter=parties("GY"),
    warehouse=parties("WH"),
)


@few(12)
@given(reports, st.sampled_from(RELEASES))
def test_a_stock_report_is_read_as_it_was_written(report: InventoryReport, release: str) -> None:
    assert read_again(report, release) == report


told_as = st.sampled_from(
    [
        ("picked_up", "13"),
        ("in_transit", "31"),
        ("in_transit", "1"),
        ("out_for_delivery", "35"),
        ("delivered", "21"),
        ("exception", "18"),
        ("unknown", "6"),
    ]
)
events = st.builds(
    lambda told, **fields: StatusEvent("", *told[:1], code=told[1], **fields),
    told_as,
    at=st.none() | moments,
    reason=st.sampled_from(["", "6", "14"]),
    place=maybe,
    text=maybe,
    signed_by=maybe,
    package=st.just("") | ssccs,
)
statuses = st.builds(
    StatusReport,
    number=words,
    reported_at=st.none() | moments,
    consignments=st.lists(
        st.builds(
            ConsignmentStatus,
            words,
            st.lists(events, min_size=1, max_size=4).map(tuple),
            maybe,
            maybe,
            maybe,
            maybe,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    function=st.sampled_from(["9", "5"]),
    carrier=parties("CA"),
    consignor=parties("CZ"),
    consignee=parties("CN"),
)


def without_ids(report: StatusReport) -> StatusReport:
    return replace(
        report,
        consignments=tuple(
            one._replace(events=tuple(event._replace(id="") for event in one.events)) for one in report.consignments
        ),
    )


@few(12)
@given(statuses, st.sampled_from(RELEASES))
def test_a_status_report_is_read_as_it_was_written(report: StatusReport, release: str) -> None:
    again = read_again(report, release)
    assert isinstance(again, StatusReport)
    assert without_ids(again) == report
    for consignment in again.consignments:
        facts = {(event.code, event.at, event.place[:30], event.package) for event in consignment.events}
        assert len({event.id for event in consignment.events}) == len(facts)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("status", ["picked_up", "in_transit", "out_for_delivery", "delivered", "exception"])
def test_a_word_of_our_tracking_comes_back_as_itself(status: str, release: str) -> None:
    """Whatever code the release has for it; a carrier's own code is not passed on."""
    report = StatusReport("S-1", None, (ConsignmentStatus("NX1", (StatusEvent("SBX-1", status),)),))
    again = read_again(report, release)
    assert isinstance(again, StatusReport)
    assert again.consignments[0].events[0].status == status


goods = st.builds(
    GoodsItem,
    st.integers(1, 9_999),
    st.sampled_from(["", "CT", "201"]),
    maybe,
    measures,
    measures,
    measures,
    measures,
    measures,
    measures,
    st.lists(ssccs, max_size=12).map(tuple),
)
instructions = st.builds(
    TransportInstruction,
    number=words,
    issued_at=moments,
    consignor=parties("CZ", contact=True).map(lambda party: party or Party("CZ")),
    consignee=parties("CN", contact=True).map(lambda party: party or Party("CN")),
    goods=st.lists(goods, min_size=1, max_size=3).map(tuple),
    function=st.sampled_from(["9", "1", "5"]),
    order_number=maybe,
    buyer_reference=maybe,
    shipment_number=maybe,
    carrier=st.sampled_from(["", "NORDEX"]),
    carrier_name=maybe,
    freight_payer=parties("FP"),
    pickup_from=st.none() | moments,
    pickup_until=st.none() | moments,
    delivery_date=st.none() | days,
    deliver_from=st.none() | moments,
    deliver_until=st.none() | moments,
    service=st.sampled_from(["", "24H", "standard"]),
    transport_mode=st.sampled_from(["", "30"]),
    charges=st.sampled_from(["", "PP", "CC"]),
    delivery_terms=st.sampled_from(["", "DAP"]),
    delivery_terms_place=maybe,
    notes=st.lists(words, max_size=3).map(tuple),
)


@few(12)
@given(instructions, st.sampled_from(RELEASES))
def test_a_transport_instruction_is_right_and_names_every_package(
    instruction: TransportInstruction, release: str
) -> None:
    (message,) = messages_by_pydifact(written(instruction, release))
    told = [number for segment in message.segments if segment.tag == "GIN" for number in segment.elements[1:]]
    assert told == [sscc for item in instruction.goods for sscc in item.ssccs]
    assert sum(segment.tag == "GID" for segment in message.segments) == len(instruction.goods)
