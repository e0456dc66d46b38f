"""What the texts of a field come to: dates with a zone, and texts that were cut into components."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.edi.style import split
from adapters.edi.values import Kind, convert, instant, joined, words
from core.errors import ValueRefused

SENTENCES = st.lists(st.text(string.ascii_letters, min_size=1, max_size=90), max_size=40).map(" ".join)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("202511301430+02", "2025-11-30T12:30:00+00:00"),
        ("202511301430-05", "2025-11-30T19:30:00+00:00"),
        ("20251130143000+00", "2025-11-30T14:30:00+00:00"),
        ("202511301430UTC", "2025-11-30T14:30:00+00:00"),
        ("202511301430", "2025-11-30T14:30:00+00:00"),
    ],
)
def test_a_date_that_names_its_zone_is_that_moment(sent: str, read: str) -> None:
    moment = convert(Kind.INSTANT, [sent, "303"], ".")
    assert isinstance(moment, datetime)
    assert (moment.isoformat(), moment.tzinfo) == (read, UTC)


def test_the_day_is_that_of_the_place_where_it_was_said() -> None:
    assert convert(Kind.DATE, ["202512010030+01", "303"], ".") == instant(["20251201", "102"]).date()


@pytest.mark.parametrize("sent", ["202511301430+99", "202511301430+1", "2025113014", "202513301430+01", "now"])
def test_what_is_no_date_with_a_zone_is_refused(sent: str) -> None:
    with pytest.raises(ValueRefused):
        instant([sent, "303"])


@pytest.mark.parametrize(
    ("sent", "form", "read"),
    [
        ("20251130", "203", "2025-11-30T00:00:00+00:00"),
        ("202511301430", "102", "2025-11-30T14:30:00+00:00"),
        ("202511301430", "", "2025-11-30T14:30:00+00:00"),
        ("20251130143005", "203", "2025-11-30T14:30:05+00:00"),
        ("20251130", "101", "2025-11-30T00:00:00+00:00"),
    ],
)
def test_digits_that_do_not_fit_their_format_are_read_by_their_number(sent: str, form: str, read: str) -> None:
    assert instant([sent, form]).isoformat() == read


@pytest.mark.parametrize("sent", ["251130", "2511301430", "2025-11-30", "20251301", "202511"])
def test_digits_that_may_be_several_formats_or_none_are_refused(sent: str) -> None:
    with pytest.raises(ValueRefused):
        instant([sent, "203"])


def test_only_a_full_component_runs_on_into_the_next() -> None:
    assert words(["x" * 70, "y", "z" * 35, "end"]) == "x" * 70 + "y " + "z" * 35 + " end"
    assert joined(["x" * 35, "y", "z" * 70, "end"]) == "x" * 35 + "y " + "z" * 70 + " end"


@pytest.mark.parametrize(("size", "other", "kind"), [(35, 256, Kind.JOINED), (70, 512, Kind.WORDS)])
@given(text=SENTENCES)
def test_a_text_that_was_laid_into_components_is_put_together_again(
    size: int, other: int, kind: Kind, text: str
) -> None:
    for length in (size, other):
        pieces = split(text, length, 1000)
        assume(not any(len(piece) in {size, other} - {length} for piece in pieces))
        assert convert(kind, pieces, ".") == text
