"""Boxes on a page of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading import Box, around

sides = st.integers(0, 1000)
boxes = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), sides, sides, st.integers(1, 500), st.integers(1, 500))


@given(boxes, boxes)
def test_the_overlap_is_a_share_and_the_same_from_both_sides(one: Box, other: Box) -> None:
    share = one.overlap(other)
    assert share == other.overlap(one)
    assert 0 <= share <= 1
    assert (share == 1) == (one == other)


def test_the_overlap_is_what_both_cover_of_what_either_covers() -> None:
    assert Box(0, 0, 2, 2).overlap(Box(1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert Box(0, 0, 2, 2).overlap(Box(2, 0, 4, 2)) == 0  # they touch
    assert Box(0, 0, 1, 1).overlap(Box(5, 5, 6, 6)) == 0


@given(st.lists(boxes, min_size=1))
def test_a_box_around_others_holds_each(inner: list[Box]) -> None:
    outer = around(inner)
    for box in inner:
        assert around([outer, box]) == outer
    assert outer.left in {box.left for box in inner}
    assert outer.bottom in {box.bottom for box in inner}


def test_there_is_no_box_around_nothing() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        around([])
