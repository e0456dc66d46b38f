"""What is read takes a time that a mail of a few kilobytes cannot stretch to minutes (issue 6, part 7)."""

from __future__ import annotations

import time

import pytest

from adapters.email.adapter import ADAPTER
from adapters.email.extraction.rows import rows_of
from core.reading import Box, Page, Word

HOSTILE = {
    "digits": "1" * 6_000,
    "numbers": "1 000 " * 400,
    "goods": "2 x A-1 " * 300,
    "prices": "20 x 5 " + "per " * 20 + "for the best",  # exponential once: 20 words took a minute
    "letters": "2 x " + "a" * 30_000 + " 5",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_long_line_is_read_in_seconds(text: str) -> None:
    started = time.process_time()
    (part,) = ADAPTER.read(f"Order number: 4711\n{text}\n".encode(), "a.txt").parts
    assert part.fate == "paper"
    assert time.process_time() - started < 5


def test_a_row_of_thousands_of_words_is_put_together_in_seconds() -> None:
    words = tuple(Word("a", Box(left, 0.0, left + 5.0, 10.0)) for left in range(0, 200_000, 10))
    started = time.process_time()
    (row,) = rows_of(Page(1, 200_000.0, 10.0, "pt", "text", words, "test"))
    assert row.words[0].at.left == 0
    assert len(row.words) == len(words)
    assert time.process_time() - started < 5


def test_a_word_is_on_the_line_of_the_word_that_stands_next_to_it() -> None:
    """Of words that stand in the same place the upper one counts, whichever of them is printed twice."""
    words = [(0.0, 0.0), (0.0, 4.0), (40.0, 5.0), (20.0, 12.0)]
    page = Page(
        1, 100.0, 100.0, "pt", "text",
        tuple(Word(str(number), Box(left, top, left + 10.0, top + 10.0)) for number, (left, top) in enumerate(words)),
        "test",
    )  # fmt: skip
    assert [[word.text for word in row.words] for row in rows_of(page)] == [["0", "1"], ["2"], ["3"]]
