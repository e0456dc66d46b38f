"""Fault table, rows on messages: unknown types, structure, values that no order can have; exit code 1, no number.

Every place is found by counting segments in the file that was built, never by asking the reader.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.testing.edifact import Faults, OrdersLine, place_of

CUP = "4012345100013"
QTY = "QTY+21"


def reject(house, file):
    """Have a file with one bad message judged; return what its UCM says and the document's violations."""
    before, stock = house.serials(), house.stock("CUP")
    taken = house.judge(file)
    assert taken.exit_code == 1
    assert taken.outcomes == ["rejected"]
    assert taken.contrl[:4] == (file.control_reference, "7", "", "")
    assert taken.answers == []
    assert house.serials() == before
    assert house.stock("CUP") == stock
    (told,) = taken.contrl.messages
    assert told[:2] == ("1", "4")
    errors = [one for one in house.document(taken.documents[0]["id"])["violations"] if one["severity"] == "error"]
    assert taken.reasons == [errors[0]["code"]]
    return told, errors


@pytest.mark.parametrize(
    "unh",
    [
        {"type": "DELFOR"},
        {"type": "PARTIN"},
        {"release": "92A"},
        {"version": "1", "release": "921"},
    ],
)
def test_an_unknown_type_or_version_is_rejected_by_code_3(house, unh):
    told, (error,) = reject(house, house.file(house.order(**unh)))
    assert error["code"] == "message.unsupported"
    assert (error["segment"], error["tag"], error["element"]) == (1, "UNH", 2)
    assert (told.code, told.tag, told.element, told.segments) == ("3", "UNH", 3, ())


@pytest.mark.parametrize(
    ("quantity", "reason", "code"),
    [
        ("0", "quantity.not_positive", "12"),
        ("0.000", "quantity.not_positive", "12"),
        ("-1", "quantity.not_positive", "12"),
        ("1000000001", "quantity.too_large", "12"),
        ("1e30", "value.not_numeric", "37"),
        ("1" + 30 * "0", "value.too_long", "39"),
        ("ABC", "value.not_numeric", "37"),
        ("1,5", "value.decimal_mark", "19"),
        ("1.2345678", "value.out_of_range", "12"),
    ],
)
def test_a_quantity_that_no_order_can_have_is_rejected_at_its_place(house, quantity, reason, code):
    file = house.file(house.order(OrdersLine(CUP, "5", "12.50"), OrdersLine(CUP, quantity, "12.50")))
    told, (error,) = reject(house, file)
    place = place_of(file.encode(), QTY, 2)
    assert error["code"] == reason
    assert (error["segment"], error["tag"], error["element"], error["component"]) == (place.segment, "QTY", 1, 2)
    assert error["offset"] == place.offset + len("QTY+21:")
    assert error["value"] == quantity
    # UCD counts the tag as element 1
    assert told.segments == ((place.segment, "", ((code, 2, 2),)),)


def test_the_largest_quantity_is_an_order(house):
    house.load({"stock": [{"sku": "CRATE", "warehouse": "MAIN", "on_hand": "1000000000"}]})
    taken = house.judge(house.file(house.order(OrdersLine("4012345100020", "1000000000"))))
    assert taken.outcomes == ["accepted"]
    assert taken.holds == ["credit.limit"]
    assert taken.orders[0]["state"] == "in_review"


@pytest.mark.parametrize(
    ("days", "reason"),
    [(-401, "date.too_old"), (-4000, "date.too_old"), (3, "date.ahead"), (4000, "date.ahead")],
)
def test_a_document_date_that_cannot_be_meant_is_rejected_at_its_place(house, days, reason):
    file = house.file(house.order(document_date=house.today + timedelta(days=days)))
    told, (error,) = reject(house, file)
    place = place_of(file.encode(), "DTM+137")
    assert error["code"] == reason
    assert (error["segment"], error["tag"]) == (place.segment, "DTM")
    assert error["offset"] == place.offset + len("DTM+137:")
    assert told.segments == ((place.segment, "", (("12", 2, 2),)),)


@pytest.mark.parametrize("days", [-400, 2])
def test_a_document_date_at_the_limit_is_an_order(house, days):
    taken = house.judge(house.file(house.order(document_date=house.today + timedelta(days=days))))
    assert taken.outcomes == ["accepted"]


def five_years_on(day):
    try:
        return day.replace(year=day.year + 5)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 5, day=28)


def test_a_requested_date_more_than_five_years_ahead_is_rejected_at_its_place(house):
    file = house.file(house.order(requested_date=five_years_on(house.today) + timedelta(days=1)))
    told, (error,) = reject(house, file)
    place = place_of(file.encode(), "DTM+2:")
    assert error["code"] == "date.too_far"
    assert (error["segment"], error["offset"]) == (place.segment, place.offset + len("DTM+2:"))
    assert told.segments == ((place.segment, "", (("12", 2, 2),)),)


def test_the_requested_date_of_one_line_is_rejected_at_its_place(house):
    late = five_years_on(house.today) + timedelta(days=1)
    file = house.file(house.order(OrdersLine(CUP, "1"), OrdersLine(CUP, "2", requested_date=late)))
    _, (error,) = reject(house, file)
    assert (error["code"], error["segment"]) == ("date.too_far", place_of(file.encode(), "DTM+2:").segment)


def test_a_requested_date_five_years_ahead_is_an_order(house):
    taken = house.judge(house.file(house.order(requested_date=five_years_on(house.today))))
    assert taken.outcomes == ["accepted"]


def test_a_date_that_is_none_is_rejected_at_its_place(house):
    faults = Faults(instead=(("DTM+137", "DTM+137:20261399:102"),))
    file = house.file(house.order(faults=faults))
    _, (error,) = reject(house, file)
    place = place_of(file.encode(), "DTM+137")
    assert (error["segment"], error["offset"]) == (place.segment, place.offset + len("DTM+137:"))


@pytest.mark.parametrize(
    ("faults", "reason", "code", "where"),
    [
        # ISO 9735-4, 0096: a missing segment is placed at the last one before it
        (Faults(without=("BGM",)), "segment.missing", "13", "UNH"),
        (Faults(without=("DTM+137",)), "segment.missing", "13", "BGM"),
        (Faults(without=("QTY",)), "order.quantity_missing", "13", "LIN"),
        (Faults(without=("LIN", "QTY", "PRI"), lines="0"), "order.no_lines", "13", "BGM"),
        (Faults(instead=(("BGM", "BGM+220++9"),)), "order.reference_missing", "13", "BGM"),
        (Faults(added=(("QTY", "XYZ+1"),)), "segment.unknown", "15", "XYZ"),
        (Faults(added=(("QTY", "BGM+220+AGAIN+9"),)), "segment.misplaced", "15", "BGM+220+AGAIN"),
    ],
)
def test_structure_that_no_order_has_is_rejected(house, faults, reason, code, where):
    file = house.file(house.order(faults=faults))
    told, errors = reject(house, file)
    segment = place_of(file.encode(), where).segment
    assert (reason, segment) in [(error["code"], error["segment"]) for error in errors]
    spoken = [(place, own, elements) for place, own, elements in told.segments if place == segment]
    assert code in [spoken_code for _, own, elements in spoken for spoken_code in (own, *(one[0] for one in elements))]


def test_a_message_without_unt_is_rejected_and_the_next_one_is_not(house):
    file = house.file(house.order(faults=Faults(unclosed=True)), house.order(reference="2"))
    taken = house.judge(file)
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["rejected", "accepted"], ["envelope.unt_missing", None])
    assert taken.contrl.messages == (("1", "4", "13", "UNT", None, ()),)


def test_a_line_number_used_twice_is_rejected(house):
    file = house.file(house.order(OrdersLine(CUP, "1", number="1"), OrdersLine(CUP, "2", number="1")))
    _, errors = reject(house, file)
    assert errors[0]["segment"] == place_of(file.encode(), "LIN", 2).segment


def test_every_fault_of_a_message_is_told_at_once(house):
    lines = (OrdersLine(CUP, "0"), OrdersLine(CUP, "ABC"), OrdersLine(CUP, "-4"))
    file = house.file(house.order(*lines, document_date=house.today - timedelta(days=900)))
    told, errors = reject(house, file)
    found = sorted((error["segment"], error["code"]) for error in errors)
    content = file.encode()
    expected = [place_of(content, QTY, number).segment for number in (1, 2, 3)]
    assert [segment for segment, _ in found if segment in expected] == expected
    assert [segment for segment, _, _ in told.segments] == sorted({segment for segment, _ in found})
