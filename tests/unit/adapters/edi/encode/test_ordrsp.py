"""ORDRSP in bulk: what is written once and used again, held to every segment written plainly by pydifact."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydifact.segments import Segment
from pydifact.serializer import Serializer

from adapters.edi import fields
from adapters.edi.encoder import EdifactEncoder
from adapters.edi.messages import ordrsp
from adapters.edi.messages.ordrsp import ResponseWriter
from adapters.edi.nad import party_group
from adapters.edi.serializer import EdifactSerializer, OutboundSegment
from adapters.edi.style import Style, cut, fit_code, style_of
from core.documents import LineAnswer, OrderResponse, Party, ResponseLine, ScheduleLine, TradeTerms
from core.errors import ValueRefused
from core.ports import Envelope

ENVELOPE = Envelope("4012345000009", "14", "4098765000004", "14", "OG42", datetime(2025, 5, 6, 7, 8, tzinfo=UTC))
RESPONSE = OrderResponse("2025-ED-000001", "PO-1", "29", datetime(2025, 5, 6, 7, 8, tzinfo=UTC), ())
LINE = ResponseLine(1, LineAnswer.ACCEPTED, Decimal(3), Decimal(3), "4012345678901", "SCR-1", unit="PCE")

encode = EdifactEncoder().encode


def plain_line(line: ResponseLine, style: Style) -> list[Segment]:
    segments: list[Segment] = [fields.line_item(line.line, line.answer.value, line.gtin, style)]
    named = fields.item_segments(line.gtin, line.sku, line.buyer_code, line.description, style)
    segments += [one for one in named if one.tag == "PIA"]
    instead: list[list[str]] = []
    if line.substitute_gtin:
        instead.append([line.substitute_gtin, fields.line_item(1, "", line.substitute_gtin, style).elements[2][1]])
    if line.substitute_sku:
        instead.append([cut(line.substitute_sku, 35), "SA", "", "91"])
    segments += [OutboundSegment("PIA", "3", *instead)] if instead else []
    segments += [one for one in named if one.tag == "IMD"]
    segments.append(fields.quantity("21", line.ordered, line.unit, style))
    segments.append(fields.quantity("113", line.quantity, line.unit, style))
    if line.backordered is not None:
        segments.append(fields.quantity("83", line.backordered, line.unit, style))
    if line.promised_date is not None:
        segments.append(fields.day("69", line.promised_date))
    segments += fields.free_texts("LIN", (line.note,), style)
    if line.price is not None:
        segments.append(fields.net_price(line.price, line.price_basis))
    if line.reference:
        segments.append(fields.reference("LI", line.reference, style))
    for part in line.schedule:
        segments += [OutboundSegment("SCC", "1"), fields.quantity("113", part.quantity, line.unit, style)]
        segments += [] if part.day is None else [fields.day("69", part.day)]
    return segments


def plain_terms(terms: TradeTerms, style: Style) -> list[Segment]:
    """Return PAT or PYT, TDT and TOD."""
    tag = "PYT" if style.pyt else "PAT"
    segments: list[Segment] = [OutboundSegment(tag, "32")] if terms.prepayment else []
    if terms.payment_days is not None:
        time = ["5", "3", "D", str(terms.payment_days)]
        segments.append(OutboundSegment(tag, "1", "", *(time if style.pyt else [time])))
    if terms.due_date is not None:
        segments += [OutboundSegment(tag, "3"), fields.day("13", terms.due_date)]
    if mode := terms.transport_mode:
        code = [mode] if mode.isdecimal() and len(mode) <= 3 else ["", cut(mode, 17)]
        segments.append(OutboundSegment("TDT", "20", "", code))
    if said := terms.delivery_terms:
        segments.append(OutboundSegment("TOD", "6", "", [said, "", "4"] if len(said) <= 3 else ["", "", "", said]))
    return segments


def plain(response: OrderResponse, style: Style) -> list[Segment]:
    """Return every segment between UNH and UNT, nothing remembered."""
    segments = [
        OutboundSegment("BGM", "231", cut(response.number, 35), response.function),
        fields.minute("137", response.answered_at),
    ]
    if response.promised_date is not None:
        segments.append(fields.day("69", response.promised_date))
    terms = response.terms or TradeTerms()
    if 0 < len(terms.payment_method) <= 3:
        segments.append(OutboundSegment("PAI", ["", "", terms.payment_method]))
    segments += fields.free_texts("AAI", response.reasons, style)
    segments += fields.free_texts("AAB", terms.payment_words, style)
    segments += fields.free_texts("AAJ", terms.agreements, style)
    segments.append(fields.reference("ON", response.buyer_reference, style))
    if response.order_date is not None:
        segments.append(fields.day("171", response.order_date))
    if response.change_reference:
        segments.append(fields.reference("PP", response.change_reference, style))
    if terms.contract:
        segments.append(fields.reference("CT", terms.contract, style))
    for role, party in (("BY", response.buyer), ("SU", response.supplier), ("DP", response.ship_to)):
        segments += party_group(role, party, style)
    if response.currency:
        segments.append(OutboundSegment("CUX", ["2", fit_code(response.currency, 3), "9"]))
    segments += plain_terms(terms, style)
    for line in response.lines:
        segments += plain_line(line, style)
    segments.append(OutboundSegment("UNS", "S"))
    if response.total is not None:
        segments.append(fields.amount("86", response.total))
    segments.append(fields.line_count(len(response.lines)))
    return segments


def written_by_pydifact(serializer: Serializer, segments: list[Segment]) -> str:
    """Return what pydifact's ``serialize`` writes of *segments* without their empty ends."""
    for segment in segments:
        while not any(segment.elements[-1]):
            segment.elements.pop()
    return serializer.serialize(segments, with_una_header=False)


# few values each, so that the messages share them: service characters, other alphabets, texts over several segments
WORDS = ["", " ", "A", "0", "?", "??'", "O'Brien + Söhne: 5*4?", "Łódź", "line\r\n\x1fbreak", "half \ud83d"]
TEXT = st.sampled_from([*WORDS, "0'+:?* " * 12, "long words " * 40]) | st.text(max_size=40)
CODE = st.sampled_from(["", "0", "00", "SCR-0:1", "4012345678901", "012345678905", "A+B"]) | st.text(max_size=17)
UNIT = st.sampled_from(["", "PCE", "0", "?'", "PIECES"])
DAY = st.none() | st.dates(date(2025, 5, 1), date(2025, 5, 4))
MOMENT = st.builds(
    lambda hours, zone: (RESPONSE.answered_at + timedelta(hours=hours)).astimezone(timezone(timedelta(hours=zone))),
    st.integers(0, 2),
    st.sampled_from([-9, 0, 9]),
)
NUMBER = st.sampled_from([Decimal(text) for text in ("0", "-0", "0.00", "7.5", "7.500000", "1E+3", "1000", "-2.005")])
NUMBER |= st.decimals(-(10**9), 10**9, allow_nan=False, places=6)
PARTY = st.none() | st.builds(
    Party, st.just("BY"), gln=CODE, code=CODE, name=TEXT, street=TEXT, city=TEXT, region=TEXT, country=UNIT
)
LINES = st.builds(
    ResponseLine,
    st.integers(0, 10**6),
    st.sampled_from(LineAnswer),
    NUMBER,
    NUMBER,
    gtin=CODE,
    sku=CODE,
    buyer_code=CODE,
    description=TEXT,
    unit=UNIT,
    price=st.none() | NUMBER,
    promised_date=DAY,
    backordered=st.none() | NUMBER,
    schedule=st.lists(st.builds(ScheduleLine, NUMBER, DAY), max_size=2).map(tuple),
    note=TEXT,
    reference=CODE,
    price_basis=st.just(Decimal(1)) | NUMBER,
    substitute_gtin=CODE,
    substitute_sku=CODE,
    allowances=st.just(()),  # these have golden files of their own
    tax_rate=st.none(),
)
TERMS = st.none() | st.builds(
    TradeTerms,
    payment_days=st.none() | st.integers(0, 365),
    due_date=DAY,
    prepayment=st.booleans(),
    payment_method=st.sampled_from(["", "42", "transfer"]),
    payment_words=st.lists(TEXT, max_size=2).map(tuple),
    delivery_terms=st.sampled_from(["", "DAP", "to the ramp?"]),
    transport_mode=st.sampled_from(["", "30", "road"]),
    contract=st.sampled_from(["", "C-1'"]),
    agreements=st.lists(TEXT, max_size=2).map(tuple),
)
RESPONSES = st.builds(
    OrderResponse,
    number=CODE,
    buyer_reference=TEXT,
    function=st.sampled_from(["29", "27", "4"]),
    answered_at=MOMENT,
    lines=st.lists(LINES, max_size=4).map(tuple),
    order_date=st.none() | MOMENT,
    promised_date=DAY,
    currency=st.sampled_from(["", "EUR", "EURO"]),
    buyer=PARTY,
    supplier=PARTY,
    ship_to=PARTY,
    reasons=st.lists(TEXT, max_size=2).map(tuple),
    total=st.none() | NUMBER,
    change_reference=CODE,
    terms=TERMS,
)
INTERCHANGES = st.lists(RESPONSES, min_size=1, max_size=3).map(lambda responses: responses * 2)


@given(INTERCHANGES, st.sampled_from(["UNOA", "UNOC"]), st.sampled_from(["96A", "01B", "24A"]), st.booleans())
def test_a_bulk_interchange_is_what_pydifact_writes_segment_by_segment(
    responses: list[OrderResponse], charset: str, release: str, eancom: bool
) -> None:
    association = "EAN010" if eancom else ""
    envelope = replace(ENVELOPE, charset=charset, release=release, association=association)
    content = encode(envelope, responses)
    written = content.decode("utf-8" if b"UNB+UNOY" in content else "iso8859-1")
    serializer = EdifactSerializer("4" if written.startswith("UNA:+.?*'") else "3")
    expected = []
    for reference, response in enumerate(responses, start=1):
        body = plain(response, style_of(release, association))
        header = OutboundSegment("UNH", str(reference), ["ORDRSP", "D", release, "UN", association])
        expected += [header, *body, OutboundSegment("UNT", str(len(body) + 2), str(reference))]
    expected.append(OutboundSegment("UNZ", str(len(responses)), "OG42"))
    assert written[written.index("UNH+1+") :] == written_by_pydifact(serializer, expected)


def test_an_item_is_written_once_however_often_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    serializer = EdifactSerializer("3")
    writer = ResponseWriter(serializer, Style())
    response = replace(RESPONSE, lines=(LINE, LINE._replace(line=2)), buyer=Party("BY", name="Alpina"))
    first = writer.body(response)
    tags: list[str] = []
    message = serializer.message
    monkeypatch.setattr(
        writer._serializer, "message", lambda segments: tags.extend(s.tag for s in segments) or message([])
    )
    writer.body(replace(response, number="2025-ED-000002"))
    assert first.count("LIN+") == 2
    assert tags == ["UNS"]


@given(st.lists(LINES, min_size=1, max_size=8), st.sampled_from(["96A", "01B", "24A"]), st.sampled_from([1, 2, 5000]))
def test_each_line_is_what_its_segments_are_whatever_is_kept_of_those_before(
    lines: list[ResponseLine], release: str, most: int
) -> None:
    style, serializer = style_of(release, "EAN010"), EdifactSerializer("3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordrsp, "_MOST_WRITTEN", most)
        writer = ResponseWriter(serializer, style)
        for line in lines * 2:
            body = writer.body(replace(RESPONSE, lines=(line,)))
            written = body[body.index("LIN+") : body.rindex("UNS+S'")]
            assert written == serializer.message(plain_line(line, style))


def test_what_a_writer_keeps_of_a_long_interchange_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordrsp, "_MOST_WRITTEN", 10)
    writer = ResponseWriter(EdifactSerializer("3"), Style())
    for number in range(1, 36):
        line = LINE._replace(description=f"Cup {number}", price=Decimal(number), quantity=Decimal(number))
        ship_to = Party("DP", name=f"Branch {number}")
        writer.body(replace(RESPONSE, lines=(line,), ship_to=ship_to))
    kept = {name: len(value) for name, value in vars(writer).items() if isinstance(value, dict)}
    assert {kept["_item"], kept["_price"]} == {5}
    assert max(kept.values()) <= 10


def test_an_answer_without_a_date_is_not_written() -> None:
    with pytest.raises(ValueRefused, match="date"):
        encode(ENVELOPE, [replace(RESPONSE, answered_at=None)])


def test_equal_numbers_and_moments_keep_their_own_texts() -> None:
    writer = ResponseWriter(EdifactSerializer("3"), Style())
    nothing, less = Decimal(0), Decimal("-0")
    body = writer.body(replace(RESPONSE, lines=(LINE._replace(price=nothing), LINE._replace(price=less))))
    assert ("PRI+AAA:0.00'" in body, "PRI+AAA:-0.00'" in body) == (True, True)
    tokyo = RESPONSE.answered_at.astimezone(timezone(timedelta(hours=9)))
    assert tokyo == RESPONSE.answered_at
    assert "DTM+137:202505061608:203'" in writer.body(replace(RESPONSE, answered_at=tokyo))


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("A'", 1),
        ("A+?'B'", 1),
        ("A+??'B'", 2),
        ("A+???'B'", 1),
        ("A+????'B'", 2),
        ("A+?+?:'B'", 2),
        ("A+?+'B+??", 1),
    ],
)
def test_released_terminators_end_no_segment(text: str, segments: int) -> None:
    assert EdifactSerializer("3").count(text) == segments
