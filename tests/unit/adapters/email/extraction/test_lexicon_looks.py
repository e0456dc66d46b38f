"""Labels of pictures are found by how they look, as a reader of pictures writes them (ocr-intake, section 3)."""

from __future__ import annotations

import pytest

from adapters.email.extraction.lexicon import Terms, lexicon
from adapters.email.extraction.rows import rows_of
from core.reading import Box, Page, Word


@pytest.mark.parametrize(
    ("read", "meaning"),
    [("Artikei-Nr.", ("sku",)), ("Artikel-Nr.", ("sku",)), ("Menqe", None)],
)
def test_a_head_is_known_by_its_looks(read: str, meaning: tuple[str, ...] | None) -> None:
    found = lexicon("de").columns.of(read)
    assert (found is not None and meaning is not None and set(meaning) <= set(found)) or found is meaning


def test_what_is_written_comes_before_what_it_looks_like() -> None:
    terms = Terms({"bil": "one", "bll": "two"})
    assert terms.of("Bil") == "one"
    assert terms.of("B11") is None  # it looks like both
    assert Terms({"bil": "one"}).of("B1l") == "one"


def test_a_number_looks_like_no_word() -> None:
    assert lexicon().units.of("l") == "LTR"
    assert lexicon().units.of("1") is None


def page(*words: Word, turned: int = 0) -> Page:
    return Page(1, 1000, 800, "px", "ocr", words, "test", turned=turned)  # type: ignore[arg-type]


def test_a_unit_that_is_glued_to_its_number_is_a_word_of_its_own() -> None:
    (row,) = rows_of(page(Word("25kg", Box(100, 100, 180, 130)), Word("4000K", Box(300, 100, 380, 130))))
    assert [word.text for word in row.words] == ["25", "kg", "4000K"]
    assert row.words[0].at.right == row.words[1].at.left == 140


@pytest.mark.parametrize(
    ("turned", "box"), [(90, (0, 700, 30, 800)), (180, (900, 770, 1000, 800)), (270, (970, 0, 1000, 100))]
)
def test_a_page_that_was_turned_starts_at_its_own_corner(turned: int, box: tuple[float, ...]) -> None:
    (row,) = rows_of(page(Word("Order", Box(*box)), turned=turned))
    assert row.at == pytest.approx((0, 0, 100, 30))
