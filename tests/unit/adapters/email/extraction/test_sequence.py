"""Days that can be read in two ways, in the one in which goods are wanted after they are ordered (issue 6, part 4)."""

from __future__ import annotations

import pytest

from adapters.email.extraction.sequence import in_sequence
from core.reading import Box, Candidate, Spot

ORDERED, WANTED = "document_date", "requested_date"


def day(*values: str, top: float = 0.0) -> tuple[Candidate, ...]:
    """Return the readings of one day, day first and then month first."""
    return tuple(Candidate(value, "", Spot(1, Box(0, top, 1, top + 1)), 1.0, "label") for value in values)


def read(**fields: tuple[Candidate, ...]) -> dict[str, list[str]]:
    return {path: [one.value for one in said] for path, said in in_sequence(fields).items()}


def test_the_way_in_which_goods_would_be_wanted_before_the_order_is_left_out() -> None:
    found = read(document_date=day("2026-04-12", "2026-12-04"), requested_date=day("2026-06-01", "2026-01-06", top=9))
    assert found == {ORDERED: ["2026-04-12"], WANTED: ["2026-06-01"]}


def test_days_of_lines_count_too() -> None:
    fields = {ORDERED: day("2026-05-03"), "lines.1.requested_date": day("2026-04-06", "2026-06-04", top=9)}
    assert [one.value for one in in_sequence(fields)["lines.1.requested_date"]] == ["2026-06-04"]


@pytest.mark.parametrize(
    ("ordered", "wanted"),
    [
        pytest.param(("2026-04-03", "2026-03-04"), ("2026-04-05", "2026-05-04"), id="both ways are possible"),
        pytest.param(("2026-12-04", "2026-04-12"), ("2026-01-06", "2026-01-06"), id="neither is"),
        pytest.param(("2026-02-01", "2026-01-02"), ("2026-12-01", "2026-01-01"), id="the other is far away"),
    ],
)
def test_what_the_sequence_does_not_tell_stays_open(ordered: tuple[str, str], wanted: tuple[str, str]) -> None:
    found = read(document_date=day(*ordered), requested_date=day(*dict.fromkeys(wanted), top=9))
    assert found == {ORDERED: [*ordered], WANTED: [*dict.fromkeys(wanted)]}


def test_two_days_that_stand_in_two_places_are_not_two_ways_to_read_one() -> None:
    two = (*day("2026-06-01"), *day("2026-01-06", top=20))
    assert read(document_date=day("2026-04-12", "2026-12-04"), requested_date=two)[WANTED] == [
        "2026-06-01", "2026-01-06",
    ]  # fmt: skip


def test_without_a_day_of_the_order_nothing_is_told() -> None:
    assert read(requested_date=day("2026-06-01", "2026-01-06")) == {WANTED: ["2026-06-01", "2026-01-06"]}
