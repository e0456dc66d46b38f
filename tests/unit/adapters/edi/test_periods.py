"""Periods are two dates, or one value that says both ends; who tells only one end has told one."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.edi.assembly import Assembly
from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.periods import REPORTED, VALIDITY, Period, take_period

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)


def told(*segments: tuple[str, str, str]) -> tuple[date | None, date | None, list[str]]:
    """Return both ends, and the codes of what was wrong."""
    fields: RawFields = {}
    for segment in segments:
        take_period(fields, REPORTED, segment)
    assembly = Assembly(RawDocument(), ".")
    period = Period(assembly, fields, "period_start", "period_end")
    return period.first, period.last, [found.code for found in assembly.violations]


@pytest.mark.parametrize(
    ("segments", "first", "last"),
    [
        ((), None, None),
        ((("90", "20260302", "102"), ("91", "20260308", "102")), FIRST, LAST),
        ((("91", "20260308", "102"),), None, LAST),
        ((("324", "20260302-20260308", "718"),), FIRST, LAST),
        ((("324", "2026030220260308", "718"),), FIRST, LAST),
        ((("324", "20260302-20260308", "711"),), FIRST, LAST),
        ((("324", "260302-260308", "717"),), FIRST, LAST),
        ((("324", "2603020000-2603082359", "713"),), FIRST, LAST),
        ((("324", "202603020000-202603082359", "719"),), FIRST, LAST),
        ((("356", "20260302", "102"),), FIRST, FIRST),  # one day is both ends
        ((("324", "20260302-20260308", "718"), ("90", "20260304", "102")), date(2026, 3, 4), LAST),
        ((("356", "20260308", "102"), ("90", "20260302", "102")), FIRST, LAST),
        ((("90", "20260302", "102"), ("90", "20260304", "102")), FIRST, None),  # the first one counts
        ((("90", "", ""), ("90", "20260302", "")), FIRST, None),
        ((("137", "20260302", "102"),), None, None),
    ],
)
def test_a_period_has_the_ends_that_were_told(
    segments: tuple[tuple[str, str, str], ...], first: date | None, last: date | None
) -> None:
    assert told(*segments) == (first, last, [])


@pytest.mark.parametrize(
    ("segment", "codes"),
    [
        (("324", "2026-04", "718"), ["date.invalid"]),
        (("324", "20260230-20260308", "718"), ["date.invalid"]),
        (("324", "202603", "610"), ["date.format_unknown"]),
    ],
)
def test_a_period_that_cannot_be_read_is_told_once(segment: tuple[str, str, str], codes: list[str]) -> None:
    assert told(segment)[2] == codes


def test_validity_has_ends_of_its_own() -> None:
    fields: RawFields = {}
    for qualifier in ("157", "36", "90"):
        take_period(fields, VALIDITY, (qualifier, "20260302", "102"))
    assert set(fields) == {"start", "end"}
