from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ValueRefused
from core.reporting import cursor
from gateway.web.shapes.common import Cursor

PATTERN = Cursor.__metadata__[0].pattern
KEYS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20))


@given(KEYS)
def test_a_cursor_gives_back_its_key(key: list[int | str]) -> None:
    assert cursor.decode(cursor.encode(*key), *(type(part) for part in key)) == tuple(key)


@given(st.tuples(st.text("ABC-0189_.", max_size=35), st.text("ABC-0189", max_size=20)))
def test_a_cursor_is_one_that_the_api_lets_through(key: tuple[str, str]) -> None:
    assert re.fullmatch(PATTERN, cursor.encode(*key))


def test_no_cursor_is_the_first_page() -> None:
    assert cursor.decode(None, int) is None


@pytest.mark.parametrize(
    "foreign",
    ["", "5", "not a cursor", "W10=", "bnVsbA==", cursor.encode("5"), cursor.encode(1, 2), cursor.encode(True),
     cursor.encode(2**63), "\u00e9"],
)  # fmt: skip
def test_a_cursor_of_something_else_is_refused(foreign: str) -> None:
    with pytest.raises(ValueRefused, match="not the `next` of this list"):
        cursor.decode(foreign, int)


@given(st.text(max_size=40))
def test_no_text_breaks_it(foreign: str) -> None:
    with suppress(ValueRefused):  # by far the most
        key = cursor.decode(foreign, int)
        assert key is not None
        assert cursor.decode(cursor.encode(*key), int) == key


def test_a_page_asks_for_one_row_too_many() -> None:
    assert cursor.page([3, 2, 1], 2) == ([3, 2], True)
    assert cursor.page([3, 2], 2) == ([3, 2], False)
