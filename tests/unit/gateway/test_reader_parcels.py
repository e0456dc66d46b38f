"""What crosses from the reader process arrives equal, and nothing else is taken for a parcel."""

import marshal
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Acknowledgement, Order, OrderCharge, OrderLine, Party
from core.ports import Decoded, MessageSpan
from core.provenance import Level, Severity, Violation
from gateway.reader_parcels import pack, unpack

SPAN = MessageSpan(0, 10, 200, "1", "ORDERS", "D", "96A", "UN", "EAN008")
ORDER = Order("PO1", (OrderLine(1, Decimal(2)),))

texts = st.text(max_size=8)
decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from([Decimal("0.00"), Decimal("1E+3")])
days = st.none() | st.dates()
instants = st.none() | st.datetimes(timezones=st.none() | st.just(UTC)).map(lambda at: at.replace(fold=0))
parties = st.builds(Party, *[texts] * len(Party._fields))
lines = st.builds(
    OrderLine,
    line=st.integers(),
    quantity=decimals,
    gtin=texts,
    buyer_code=texts,
    supplier_code=texts,
    description=texts,
    unit=texts,
    price=st.none() | decimals,
    price_basis=decimals,
    amount=st.none() | decimals,
    requested_date=days,
    note=texts,
)
OF_TYPE = {
    "lines": st.lists(lines, max_size=3).map(tuple),
    "document_date": instants,
    "requested_date": days,
    "notes": st.lists(texts, max_size=2).map(tuple),
    "total": st.none() | decimals,
    **dict.fromkeys(("charges", "line_taxes"), st.just(())),
    "tax_included": st.just(False),
    "gift_note": st.just(""),
    **dict.fromkeys(("buyer", "supplier", "ship_to", "invoicee"), st.none() | parties),
}
# Every field is drawn, so that one that is added later and forgotten in the parcels shows here.
whole_orders = st.builds(Order, **{field.name: OF_TYPE.get(field.name, texts) for field in fields(Order)})
places = st.none() | st.integers(0)
violations = st.builds(
    Violation,
    texts,
    texts,
    st.sampled_from(Severity),
    st.sampled_from(Level),
    places,
    st.none() | texts,
    places,
    places,
    places,
    st.none() | texts,
    texts,
    texts,
    texts,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.none() | whole_orders, st.lists(violations, max_size=2)), min_size=1, max_size=4))
def test_every_order_and_violation_arrives_equal_in_value_and_type(drawn):
    spans = [SPAN._replace(ordinal=place) for place in range(len(drawn))]
    batch = [Decoded(span, order, tuple(found)) for span, (order, found) in zip(spans, drawn, strict=True)]
    arrived = unpack(pack(batch), [*spans, SPAN])
    assert arrived == batch
    # equal is not enough where 1 == True and "1" == a text of its own type: the reprs tell digits and types too
    assert repr(arrived) == repr(batch)


def test_decimals_keep_their_digits():
    order = replace(ORDER, lines=(OrderLine(1, Decimal("1.500"), price=Decimal("0.00"), amount=Decimal("-0")),))
    (arrived,) = unpack(pack([Decoded(SPAN, order)]), [SPAN])
    assert str(arrived.document.lines[0][1]) == "1.500"
    assert str(arrived.document.lines[0].price) == "0.00"
    assert str(arrived.document.lines[0].amount) == "-0"


def test_what_is_no_order_is_left_to_the_other_side():
    contrl = Acknowledgement("7", "A", "14", "B", "14", "7")
    batch = [Decoded(SPAN, ORDER), Decoded(SPAN, contrl), Decoded(SPAN, None)]
    assert unpack(pack(batch), [SPAN] * 3) == [batch[0], None, batch[2]]


def test_an_order_with_charges_or_taxes_is_left_to_the_other_side():
    charged = replace(ORDER, charges=(OrderCharge("shipping", Decimal("4.90")),))
    taxed = replace(ORDER, tax_included=True)
    given = replace(ORDER, gift_note="Happy birthday")
    batch = [Decoded(SPAN, charged), Decoded(SPAN, ORDER), Decoded(SPAN, taxed), Decoded(SPAN, given)]
    assert unpack(pack(batch), [SPAN] * 4) == [None, batch[1], None, None]


def test_a_text_of_another_type_is_left_to_the_other_side_alone():
    class Placed(str):
        __slots__ = ()

    batch = [Decoded(SPAN, replace(ORDER, currency=Placed("EUR"))), Decoded(SPAN, ORDER)]
    assert unpack(pack(batch), [SPAN] * 2) == [None, batch[1]]


@pytest.mark.parametrize(
    "parcel",
    [
        marshal.dumps([]),
        marshal.dumps([None, None]),
        marshal.dumps({}),
        marshal.dumps("ValueError: no"),
        marshal.dumps([((), ())]),
        pack([Decoded(SPAN, ORDER)])[:-3],
        b"?",
    ],
)
def test_anything_else_is_refused(parcel):
    with pytest.raises((ValueError, TypeError, EOFError)):
        unpack(parcel, [SPAN])


def test_dates_are_dates():
    order = replace(ORDER, requested_date=date(2026, 2, 28), document_date=datetime(2026, 1, 5, 9, tzinfo=UTC))
    (arrived,) = unpack(pack([Decoded(SPAN, order)]), [SPAN])
    assert type(arrived.document.requested_date) is date
    assert arrived.document.document_date.tzinfo is UTC
