"""How much of a shared queue one worker takes, and of whom."""

from __future__ import annotations

from typing import NamedTuple

from core.store.claims import full, picked


class Row(NamedTuple):
    id: int
    owner: str


ROWS = [Row(number, owner) for number, owner in enumerate("aaabab", 1)]


def taken(most: int, each: int, **room: int) -> list[int]:
    return picked(ROWS, lambda row: row.owner, most=most, each=each, room=room)


def test_rows_are_taken_in_their_sequence_up_to_the_most() -> None:
    assert taken(4, 9) == [1, 2, 3, 4]
    assert taken(0, 9) == []


def test_of_one_owner_no_more_than_there_is_room_for() -> None:
    assert taken(9, 2) == [1, 2, 4, 6]
    assert taken(9, 2, a=1, b=0) == [1]
    assert taken(9, 1, b=-1) == [1]


def test_owners_without_room_are_passed_over() -> None:
    assert full({"a": 1, "b": 0, "c": -2}) == ["b", "c"]
