"""The sandbox carrier's own rules: what it takes and what it refuses, member by member."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.carriers.sandbox.codec import build_booking
from adapters.carriers.sandbox.consignment import MAX_PACKAGES, Consignment, serial_of, tracking_number, violations
from core.testing.carrier import booking_request


def _booking() -> dict[str, Any]:
    booking: dict[str, Any] = orjson.loads(build_booking(booking_request("B-1")))
    return booking


def _changed(path: str, value: object) -> bytes:
    booking = _booking()
    *parents, member = path.split(".")
    place: Any = booking
    for parent in parents:
        place = place[int(parent)] if isinstance(place, list) else place[parent]
    if value is None:
        del place[member]
    else:
        place[member] = value
    return orjson.dumps(booking)


def test_what_the_codec_builds_is_taken() -> None:
    consignment = Consignment.model_validate_json(build_booking(booking_request("B-1", packages=MAX_PACKAGES)))
    assert consignment.reference == "B-1"
    assert len(consignment.packages) == MAX_PACKAGES
    with pytest.raises(ValidationError, match="has 1 to 500 packages, not 501"):
        Consignment.model_validate_json(build_booking(booking_request("B-1", packages=MAX_PACKAGES + 1)))
    assert consignment.packages[0].weight_kg == "12.5"


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("reference", "", "reference"),
        ("reference", "with blank", "reference"),
        ("reference", "x" * 65, "reference"),
        ("service", "by magic", "service"),
        ("receiver.name", "", "receiver.name"),
        ("receiver.street", None, "receiver.street"),
        ("receiver.city", " ", "receiver.city"),
        ("receiver.country", "Germany", "receiver.country"),
        ("receiver.postal_code", None, "receiver"),
        ("sender.gln", "4012345000000", "sender.gln"),
        ("packages", [], "packages"),
        ("packages.0.sscc", "340123450000000018", "packages.0.sscc"),
        ("packages.1.weight_kg", "0", "packages.1.weight_kg"),
        ("packages.1.weight_kg", "1500.001", "packages.1.weight_kg"),
        ("packages.1.weight_kg", "1e3", "packages.1.weight_kg"),
        ("packages.1.weight_kg", 12.5, "packages.1.weight_kg"),
        ("colour", "red", "colour"),
    ],
)
def test_a_breach_is_told_by_its_member(path: str, value: object, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Consignment.model_validate_json(_changed(path, value))
    faults = violations(refused.value)
    assert [fault["field"] for fault in faults] == [field]
    assert all(fault["message"] for fault in faults)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        Consignment.model_validate_json(b'{"packages": [{"sscc": "1"}]}')
    assert {fault["field"] for fault in violations(refused.value)} == {
        "reference",
        "order_number",
        "sender",
        "receiver",
        "packages.0.sscc",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [("packages.0.weight_kg", None), ("packages.0.weight_kg", "1500"), ("packages.0.weight_kg", "0.001")],
)
def test_a_weight_may_be_left_out_and_reaches_its_bounds(path: str, value: object) -> None:
    assert Consignment.model_validate_json(_changed(path, value)).packages[0].weight_kg == value


def test_a_country_without_postal_codes_needs_none() -> None:
    booking = _booking()
    booking["receiver"] |= {"country": "HK", "city": "Hong Kong", "postal_code": ""}
    assert Consignment.model_validate_json(orjson.dumps(booking)).receiver.place == "Hong Kong, HK"


def test_one_sscc_on_two_packages_is_refused() -> None:
    booking = _booking()
    booking["packages"][1] = booking["packages"][0]
    with pytest.raises(ValidationError, match="same SSCC"):
        Consignment.model_validate_json(orjson.dumps(booking))


@given(st.integers(min_value=1, max_value=10**10 - 1))
def test_a_tracking_number_leads_back_to_its_serial(serial: int) -> None:
    assert serial_of(tracking_number(serial)) == serial


@pytest.mark.parametrize("number", ["", "SBX", "SBX00000000018", "sbx00000000017", "SBX00000000017 ", "X" * 99])
def test_a_foreign_or_mistyped_tracking_number_leads_nowhere(number: str) -> None:
    assert tracking_number(1) == "SBX00000000017"
    assert serial_of(number) is None
