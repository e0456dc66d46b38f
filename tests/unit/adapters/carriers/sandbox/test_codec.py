"""The codec builds what the carrier takes and reads only what a carrier may say."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.carriers.sandbox.codec import STATUSES, build_booking, read_booking, read_problem, read_tracking
from adapters.carriers.sandbox.scans import COURSE
from core.errors import ValueRefused
from core.testing import carrier as carriers
from core.testing.carrier import booking_request

SSCC = "340123450000000017"


def _confirmation(**changes: object) -> dict[str, Any]:
    label = {"sscc": SSCC, "media_type": "application/pdf", "content": base64.b64encode(b"%PDF").decode()}
    return {
        "reference": "B-1",
        "tracking_number": "SBX00000000017",
        "carrier": {"code": "sandbox", "name": "Sandbox Carrier"},
        "labels": [label],
    } | changes


def _event(**changes: object) -> dict[str, Any]:
    return {"id": "e-1", "code": "PU", "at": "2026-11-23T08:00:02.000000Z"} | changes


def _tracking(*events: object) -> bytes:
    return orjson.dumps({"tracking_number": "SBX00000000017", "events": events})


def test_a_booking_sends_what_the_carrier_needs_and_no_more() -> None:
    request = booking_request("B-1", packages=1)
    receiver = request.receiver._replace(tax_id="PL123", code="CUST-7")
    package = request.packages[0]._replace(weight_kg=Decimal("3.50"))
    built = orjson.loads(build_booking(request._replace(receiver=receiver, packages=(package,))))
    assert built["packages"] == [{"sscc": package.sscc, "type": "CT", "weight_kg": "3.5"}]
    assert built["receiver"]["city"] == "Łódź"
    assert built["receiver"]["contact"] == "Anna Nowak"
    assert not {"tax_id", "code", "role"} & set(built["receiver"])
    assert "gln" not in built["sender"], "members without a value are left out"


def test_an_unknown_weight_is_left_out_and_repeats_give_the_same_bytes() -> None:
    request = booking_request("B-1", packages=1)
    light = request._replace(packages=(request.packages[0]._replace(weight_kg=None),))
    assert "weight_kg" not in orjson.loads(build_booking(light))["packages"][0]
    assert build_booking(request) == build_booking(booking_request("B-1", packages=1))


def test_a_confirmation_is_read_with_its_labels() -> None:
    booking = read_booking(orjson.dumps(_confirmation(added_later=True)))
    assert (booking.reference, booking.tracking_number) == ("B-1", "SBX00000000017")
    assert (booking.carrier, booking.carrier_name) == ("sandbox", "Sandbox Carrier")
    assert booking.labels == ((SSCC, "application/pdf", b"%PDF"),)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"reference": ""}, "reference"),
        ({"tracking_number": 17}, "tracking_number"),
        ({"carrier": {"code": "sandbox"}}, "carrier.name"),
        ({"labels": None}, "labels"),
        ({"labels": [{"sscc": SSCC, "media_type": "application/pdf", "content": "not base64!"}]}, "labels.0.content"),
        ({"labels": [{"sscc": SSCC, "media_type": "application/pdf", "content": ""}]}, "labels.0.content"),
        ({"labels": [{"sscc": "1" * 18, "media_type": "application/pdf", "content": "AAAA"}]}, "labels.0.sscc"),
        ({"labels": [{"sscc": SSCC, "media_type": "application/pdf", "content": "AAAA"}] * 2}, "labels"),
    ],
)
def test_a_malformed_confirmation_is_refused_with_its_place(changes: dict[str, object], place: str) -> None:
    with pytest.raises(ValueRefused, match=rf"booking confirmation cannot be read: {place}: ") as refused:
        read_booking(orjson.dumps(_confirmation(**changes)))
    assert refused.value.inputs == {"place": place}


def test_events_are_read_oldest_first_in_utc() -> None:
    events = read_tracking(
        _tracking(
            _event(id="e-2", code="DL", at="2026-11-23T09:30:00+01:00", place="Berlin, DE", signed_by="A. Nowak"),
            _event(id="e-1", code="PU", at="2026-11-23T08:00:02Z"),
        )
    )
    assert [(event.id, event.status) for event in events] == [("e-1", "picked_up"), ("e-2", "delivered")]
    assert events[1].at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert events[1].at.tzinfo is UTC
    assert (events[1].code, events[1].place, events[1].signed_by) == ("DL", "Berlin, DE", "A. Nowak")


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ([_event(id="")], "events.0.id"),
        ([_event(code="ZZ")], "events.0.code"),
        ([_event(), _event(id="e-2", code="pu")], "events.1.code"),
        ([_event(at="2026-11-23T08:00:02")], "events.0.at"),
        ([_event(at=1_795_420_802)], "events.0.at"),
        ([_event(at="2026-02-30T08:00:02Z")], "events.0.at"),
        ([_event(signed_by=None)], "events.0.signed_by"),
        ([_event(), _event()], "events"),
        (["delivered"], "events.0"),
    ],
)
def test_a_malformed_tracking_answer_is_refused_with_its_place(events: list[object], place: str) -> None:
    with pytest.raises(ValueRefused, match=rf"tracking answer cannot be read: {place}: ") as refused:
        read_tracking(_tracking(*events))
    assert refused.value.inputs == {"place": place}


def test_every_scan_of_the_course_is_in_the_status_table() -> None:
    assert {scan.code for scan in COURSE} <= set(STATUSES)
    assert set(STATUSES.values()) == carriers.STATUSES


_MEMBERS = st.sampled_from(["reference", "labels", "events", "tracking_number", "carrier", "x"])
_VALUES = st.none() | st.integers(-9, 9) | st.text(max_size=5) | st.lists(st.none() | st.text(max_size=5), max_size=2)


def _outcome(read: Callable[[bytes], object], answer: bytes) -> str:
    try:
        read(answer)
    except ValueRefused as refusal:
        return refusal.message
    return "read"


@settings(max_examples=60)
@given(st.binary(max_size=80) | st.dictionaries(_MEMBERS, _VALUES, max_size=4).map(orjson.dumps))
def test_an_answer_is_read_or_refused_and_nothing_else_happens(answer: bytes) -> None:
    assert re.fullmatch(r"read|the carrier's .* cannot be read: .+", _outcome(read_tracking, answer), re.DOTALL)
    assert _outcome(read_booking, answer).startswith("the carrier's booking confirmation cannot be read: ")
    assert read_problem(answer).detail


def test_a_problem_is_told_with_its_violations() -> None:
    problem = {"code": "consignment.invalid", "detail": "no", "violations": [{"field": "a.b", "message": "is odd"}]}
    assert read_problem(orjson.dumps(problem)) == ("consignment.invalid", "no: a.b: is odd")
    assert read_problem(b"<h1>Bad gateway</h1>" * 99) == ("", ("<h1>Bad gateway</h1>" * 99)[:200])
