"""Scans follow from the time of booking and the clock alone (ARCHITECTURE decision 9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.carriers.sandbox.scans import COURSE, ScannedEvent, scans_until

BOOKED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _scans(after: timedelta) -> tuple[ScannedEvent, ...]:
    return scans_until(
        BOOKED + after,
        tracking_number="SBX1",
        booked_at=BOOKED,
        sender_place="Hamburg, DE",
        receiver_place="Berlin, DE",
        signatory="A. Nowak",
    )


@pytest.mark.parametrize(
    ("millis", "codes"),
    [
        (-1, []),
        (0, []),
        (1_999, []),
        (2_000, ["PU"]),
        (3_999, ["PU"]),
        (4_000, ["PU", "IT"]),
        (5_999, ["PU", "IT"]),
        (6_000, ["PU", "IT", "DL"]),
        (7 * 86_400_000, ["PU", "IT", "DL"]),
    ],
)
def test_a_scan_exists_from_its_moment_on(millis: int, codes: list[str]) -> None:
    assert [scan.code for scan in _scans(timedelta(milliseconds=millis))] == codes


def test_a_scan_says_when_and_where_it_happened_and_not_when_it_was_asked_for() -> None:
    picked_up, in_transit, delivered = _scans(timedelta(days=7))
    assert [scan.at - BOOKED for scan in (picked_up, in_transit, delivered)] == [scan.after for scan in COURSE]
    assert (picked_up.place, in_transit.place, delivered.place) == ("Hamburg, DE", "Sandbox hub", "Berlin, DE")
    assert (picked_up.signed_by, delivered.signed_by) == ("", "A. Nowak")


@given(st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_later_look_only_adds_scans(one: timedelta, other: timedelta) -> None:
    early, late = sorted((one, other))
    assert _scans(late)[: len(_scans(early))] == _scans(early)
