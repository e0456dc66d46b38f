"""Texts laid into the room that the directory gives, and what a release changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.style import cut, fit_code, rows, split, style_of

WORDS = st.text("ab ", max_size=80)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("   ", []),
        (" ab ", ["ab"]),
        ("abcde", ["abcde"]),
        ("abcde fg", ["abcde", "fg"]),
        ("ab cdefg", ["ab", "cdefg"]),
        ("abcdefghij", ["abcde", "fghij"]),
        ("ab cdef ghi jk", ["ab cd", "ef gh", "i jk"]),  # at words it would take four
        ("abcdefghijklmnopq", ["abcde", "fghij", "klmno"]),  # the rest has no room
    ],
)
def test_split_ends_at_words_where_there_is_room(text: str, pieces: list[str]) -> None:
    assert split(text, 5, 3) == pieces


@given(WORDS, st.integers(1, 10), st.integers(1, 6))
def test_split_loses_nothing_that_there_is_room_for(text: str, size: int, count: int) -> None:
    pieces = split(text, size, count)
    assert len(pieces) <= count
    assert all(0 < len(piece) <= size for piece in pieces)
    if len(text.strip()) <= size * count:
        assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_rows_fill_segments_in_turn_and_stop_at_the_last() -> None:
    assert rows("aa bb cc dd ee", 2, 2, 2) == [["aa", " b"], ["b ", "cc"]]
    assert rows("aa bb cc", 2, 2, 2) == [["aa", "bb"], ["cc"]]
    assert rows("", 2, 2, 2) == []


def test_a_name_is_cut_and_a_code_is_left_out() -> None:
    assert cut(" Bad Homburg ", 5) == "Bad H"
    assert cut("Bad Homburg", 4) == "Bad"
    assert fit_code("KGM", 3) == "KGM"
    assert fit_code("PIECE", 3) == ""


@pytest.mark.parametrize(
    ("release", "text", "reference", "pyt"),
    [
        ("93A", 70, 35, False),
        ("96A", 70, 35, False),
        ("99A", 70, 35, False),
        ("99B", 512, 35, False),
        ("00A", 512, 35, False),
        ("01B", 512, 70, False),
        ("24A", 512, 70, True),
        ("", 70, 35, False),
        ("XX", 70, 35, False),
    ],
)
def test_a_release_has_the_room_of_the_last_change_before_it(
    release: str, text: int, reference: int, pyt: bool
) -> None:
    style = style_of(release)
    assert (style.text, style.reference, style.pyt) == (text, reference, pyt)


def test_eancom_2002_is_known_by_its_directory_since_every_message_counts_its_versions_apart() -> None:
    assert style_of("01B", "EAN010").eancom_2002
    assert style_of("01B", "EAN007").eancom_2002
    assert not style_of("96A", "EAN008").eancom_2002
    assert not style_of("01B").eancom_2002


@pytest.mark.parametrize(
    ("release", "inventory_first", "recommendation_24", "sscc"),
    [
        ("96A", False, False, "BJ"),
        ("97A", True, False, "BJ"),
        ("99B", True, True, "BJ"),
        ("01B", True, True, "BJ"),
        ("03A", True, True, "AW"),
        ("24A", True, True, "AW"),
    ],
)
def test_a_release_has_its_own_way_to_tell_stock_and_packages(
    release: str, sscc: str, *, inventory_first: bool, recommendation_24: bool
) -> None:
    style = style_of(release)
    assert (style.inventory_first, style.recommendation_24, style.sscc) == (inventory_first, recommendation_24, sscc)
