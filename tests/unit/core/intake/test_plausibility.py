"""Dates that cannot be meant and line numbers used twice, on both sides of each boundary (fault table)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.intake.plausibility import PlausibleDates, implausible_fields
from core.testing.trade import a_line, an_order

TODAY = date(2026, 3, 2)
LIMITS = PlausibleDates()


def faults(order) -> list[tuple[str, str]]:
    return [(fault.field, fault.violation.code) for fault in implausible_fields(order, TODAY, LIMITS)]


@pytest.mark.parametrize(
    ("days", "code"), [(-401, "date.too_old"), (-400, None), (0, None), (2, None), (3, "date.ahead")]
)
def test_the_document_date(days: int, code: str | None) -> None:
    sent = datetime.combine(TODAY + timedelta(days=days), datetime.max.time())
    assert faults(an_order(document_date=sent)) == ([("document_date", code)] if code else [])


@pytest.mark.parametrize(("day", "code"), [(date(2031, 3, 2), None), (date(2031, 3, 3), "date.too_far")])
def test_the_requested_date_of_order_and_line(day: date, code: str | None) -> None:
    assert faults(an_order(requested_date=day)) == ([("requested_date", code)] if code else [])
    order = an_order("PO-1", a_line(), a_line(requested_date=day))
    assert faults(order) == ([("lines.2.requested_date", code)] if code else [])


def test_dates_that_were_not_sent_are_no_fault() -> None:
    assert faults(an_order(document_date=None, requested_date=None)) == []


def test_a_requested_date_in_the_past_is_for_the_review_to_judge() -> None:
    assert faults(an_order(requested_date=date(1999, 1, 1))) == []


def test_each_repeated_line_number_is_told() -> None:
    order = replace(an_order(), lines=tuple(a_line(line=number) for number in (7, 8, 7, 7)))
    assert faults(order) == [("lines.7.line", "line.repeated")] * 2


def test_all_faults_come_at_once_with_a_hint() -> None:
    order = an_order(document_date=datetime(1990, 1, 1, tzinfo=UTC), requested_date=date(2099, 1, 1))
    found = implausible_fields(order, TODAY, LIMITS)
    assert [one.violation[:2] for one in found] == [
        ("date.too_old", "The document date 1990-01-01 is more than 400 day(s) old."),
        ("date.too_far", "The requested date 2099-01-01 is more than 5 year(s) ahead."),
    ]
    assert [one.violation.told("de").message for one in found] == [
        "Das Belegdatum 1990-01-01 liegt mehr als 400 Tag(e) zurück.",
        "Der Wunschtermin 2099-01-01 liegt mehr als 5 Jahr(e) in der Zukunft.",
    ]


def test_five_years_from_29_february_is_28_february() -> None:
    leap = date(2028, 2, 29)
    order = an_order(document_date=None, requested_date=date(2033, 3, 1))
    assert [one.violation.code for one in implausible_fields(order, leap, LIMITS)] == ["date.too_far"]
    assert implausible_fields(an_order(document_date=None, requested_date=date(2033, 2, 28)), leap, LIMITS) == []
