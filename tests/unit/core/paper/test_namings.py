"""The texts of a paper that may name an item: whole, joined and bounded (issue 6, part 4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.paper.namings import LONGEST, MOST_TEXTS, MOST_WORDS, SHORTEST, bare, texts_of
from core.reading import Box, Page, Unit, Word


def page(*lines: str, unit: Unit = "pt") -> Page:
    """Return a page whose words stand a space apart, two spaces being a gap of columns."""
    words = []
    for row, line in enumerate(lines):
        left = 0.0
        for piece in line.split(" "):
            if piece:
                words.append(Word(piece, Box(left, 12.0 * row, left + 5 * len(piece), 12.0 * row + 10)))
            left += 5 * len(piece) + (3 if piece else 30)
    return Page(1, 595, 842, unit, "text", tuple(words), "test")


def cells(*texts: str) -> Page:
    words = tuple(Word(text, Box(place, 0, place + 1, 1)) for place, text in enumerate(texts))
    return Page(1, len(texts), 1, "cell", "sheet", words, "test")


def test_a_code_is_found_without_what_stands_around_it() -> None:
    assert {"NL-1001", "4012345678901"} <= {*texts_of([page("Art.: (NL-1001),  EAN:4012345678901")])}


def test_two_codes_in_one_cell_are_two() -> None:
    assert {"NL-1001", "R/20144", "20144"} <= {*texts_of([cells("NL-1001; 12", "R/20144")])}


def test_a_code_in_pieces_is_joined_with_and_without_a_space() -> None:
    found = texts_of([page("4 012345 678901  NL 1001")])
    assert {"4012345678901", "NL 1001", "NL1001"} <= {*found}
    assert "678901NL" not in found, "another column"


def test_a_code_within_a_word_is_found() -> None:
    """Chinese labels, and the number of a line, are set against it."""
    assert "1004711" in texts_of([page("物料1004711")])
    assert "HZ-1980" in texts_of([page("10HZ-1980")])
    assert "Z-1980" not in texts_of([page("HZ-1980")])


def test_a_code_that_is_broken_over_two_lines_is_one() -> None:
    found = texts_of([page("V4A-M6-  12.50", "20  4711")])
    assert "V4A-M6-20" in found
    assert "V4A-M6-4711" not in found, "another column"
    assert "12.5020" not in found


def test_cells_are_not_joined_and_their_words_are() -> None:
    found = texts_of([cells("NL 1001", "24")])
    assert "NL1001" in found
    assert "NL100124" not in found
    assert "1001 24" not in found


def test_words_of_two_lines_are_not_one() -> None:
    assert "NL10012" not in texts_of([page("NL 1001", "2")])


def test_what_stands_alone_comes_first_then_what_was_joined_then_words_the_longest_of_each_first() -> None:
    assert texts_of([page("Bolt NL-1001 240")]) == [
        "NL-1001",
        "240",
        "Bolt NL-1001 240",
        "BoltNL-1001240",
        "Bolt NL-1001",
        "BoltNL-1001",
        "NL-1001 240",
        "NL-1001240",
        "Bolt",
    ]


def test_of_a_long_paper_the_short_numbers_are_left_out() -> None:
    pages = [page(*(f"{number:03d}  CODE-{sheet:02d}-{number:05d}" for number in range(300))) for sheet in range(20)]
    found = texts_of(pages)
    assert len(found) == MOST_TEXTS
    assert all(text.startswith("CODE-") for text in found)


def test_signs_that_no_code_has_are_not_asked_for() -> None:
    assert texts_of([page("NL\x001001  \ud800-1002")]) == ["1001", "1002"]


def test_what_is_looked_at_has_bounds() -> None:
    sheet = cells(*(f"K{number}" for number in range(MOST_WORDS + 1)))
    assert len(texts_of([sheet, cells("NL-1001")])) == MOST_TEXTS
    assert "NL-1001" not in texts_of([sheet, cells("NL-1001")])
    assert texts_of([cells("x1 " * 100_000 + "NL-1001")]) == ["x1 x1 x1", "x1x1x1", "x1 x1", "x1x1"]


@given(st.lists(st.text(min_size=1, max_size=60), max_size=30))
def test_every_text_may_be_a_code_of_the_catalogue(words: list[str]) -> None:
    found = texts_of([cells(*words)])
    assert len(found) == len({*found})
    assert all(SHORTEST <= len(text) <= LONGEST and text.isprintable() for text in found)


def test_marks_are_taken_off_both_ends() -> None:
    assert [bare(text) for text in ("(NL-1001),", "*4711*", "-", "A-1")] == ["NL-1001", "4711", "", "A-1"]
