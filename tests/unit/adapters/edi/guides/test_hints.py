"""A guide points to the fields of an order; values and their sources come from there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.testing.edifact import CLEAN, Faults, InterchangeFile, OrdersLine, OrdersMessage

DAY = date(2026, 1, 5)
DATES = Faults(added=(("DTM+137", "DTM+64:20260201:102"), ("DTM+64", "DTM+2:20260301:102"), ("DTM+2", "RFF+ACE:K7")))


def orders(*lines: OrdersLine, faults: Faults = CLEAN) -> bytes:
    return InterchangeFile([OrdersMessage("A1", DAY, lines or (OrdersLine(),), faults=faults)], "77").encode()


def field(name: str, path: str, qualifier: str, rest: str = "") -> str:
    return f'[[messages.fields]]\nfield = "{name}"\npath = "{path}"\nqualifier = "{qualifier}"\n{rest}\n'


def test_a_date_comes_from_where_the_partner_says_it(guide, read) -> None:
    source = orders(faults=DATES)
    assert read(source)[0].document.requested_date == date(2026, 3, 1)
    pointed = guide(field("requested_date", "DTM", "64"))
    assert read(source, pointed)[0].document.requested_date == date(2026, 2, 1)


def test_the_first_hint_that_finds_something_counts(guide, read) -> None:
    rules = field("requested_date", "DTM", "63") + field("requested_date", "DTM", "64")
    assert read(orders(faults=DATES), guide(rules))[0].document.requested_date == date(2026, 2, 1)
    both = Faults(added=(*DATES.added, ("DTM+2", "DTM+63:20260401:102")))
    assert read(orders(faults=both), guide(rules))[0].document.requested_date == date(2026, 4, 1)


def test_without_the_segment_the_usual_place_counts(guide, read) -> None:
    rules = field("requested_date", "DTM", "63")
    assert read(orders(faults=DATES), guide(rules))[0].document.requested_date == date(2026, 3, 1)


def test_a_reference_comes_from_its_own_qualifier(guide, read) -> None:
    source = orders(faults=DATES)
    assert read(source)[0].document.contract == ""
    assert read(source, guide(field("contract", "RFF", "ACE")))[0].document.contract == "K7"


@pytest.mark.parametrize("broken", [False, True])
def test_each_line_has_its_own(guide, read, broken: bool) -> None:
    added = (("LIN+1", "PIA+5+A-1:ZZZ"), ("LIN+2", "PIA+5+A-2:ZZZ"), *((("CUX", "XYZ+1"),) if broken else ()))
    source = orders(OrdersLine(), OrdersLine(), faults=Faults(added=added))
    rules = guide(
        field("lines.buyer_code", "LIN/PIA", "5", 'at = "2.1"'),
        '[leniency]\n"segment.unknown" = "ignored"\n"code.unknown" = "ignored"',
    )
    (decoded,) = read(source, rules)
    assert [line.buyer_code for line in decoded.document.lines] == ["A-1", "A-2"]


def test_a_quantity_under_another_qualifier_is_the_ordered_one(guide, read) -> None:
    source = orders(faults=Faults(instead=(("QTY+21", "QTY+1:12:PCE"),)))
    assert read(source)[0].document is None
    (decoded,) = read(source, guide(field("lines.quantity", "LIN/QTY", "1")))
    assert decoded.violations == ()
    assert decoded.document.lines[0].quantity == Decimal(12)


def test_a_party_stands_under_the_partners_own_role(guide, read) -> None:
    source = orders(faults=Faults(added=(("NAD+SU", "NAD+UC+4012345000016::9"),)))
    assert read(source)[0].document.ship_to is None
    (decoded,) = read(source, guide(field("ship_to", "NAD", "UC")))
    assert decoded.document.ship_to.gln == "4012345000016"


def test_the_source_of_a_field_is_where_the_guide_points(guide) -> None:
    source, decoder = orders(faults=DATES), EdifactDecoder()
    (interchange,) = decoder.scan(source)
    pointed = guide(field("requested_date", "DTM", "64"))
    place = decoder.locate(source, interchange, interchange.messages[0], "requested_date", pointed)
    assert place is not None
    assert (place.value, place.text) == ("2026-02-01", "20260201")
    assert source[place.offset : place.offset + place.length] == b"20260201"
    assert source[: place.offset].endswith(b"DTM+64:")


def test_a_wrong_value_is_told_where_the_guide_points(guide, read) -> None:
    source = orders(faults=Faults(added=(("DTM+137", "DTM+64:20261399:102"),)))
    (decoded,) = read(source, guide(field("requested_date", "DTM", "64")))
    assert [(fault.code, fault.tag, fault.segment) for fault in decoded.violations] == [("date.invalid", "DTM", 4)]
