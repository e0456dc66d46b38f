"""A value of a shop's order is found in its body where one place alone says it."""

from __future__ import annotations

import pytest

from gateway.shops.places import pointer_of

BODY = b'{"id": 5, "a/b": {"city": "Wien"}, "lines": [{"quantity": 2, "price": "9.80"}, {"quantity": 2}], "paid": true}'


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ("Wien", ("/a~1b/city", "Wien")),
        ("9.8", ("/lines/0/price", "9.80")),
        ("5", ("/id", "5")),
        ("2", None),
        ("Graz", None),
        ("True", None),
    ],
)
def test_one_place_is_told_and_several_are_none(stored: str, found: tuple[str, str] | None) -> None:
    assert pointer_of(BODY, stored) == found


def test_what_is_no_json_has_no_places() -> None:
    assert pointer_of(b"\xff", "5") is None
