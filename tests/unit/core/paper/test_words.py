"""Pages are kept as they were read."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from core.paper.words import MOST_BYTES, MOST_JSON, inflated, packed, pages_of
from core.reading import Box, Page, Word

NUMBERS = st.floats(-10, 10_000, allow_nan=False)
WORDS = st.builds(
    Word, st.text(st.characters(codec="utf-8"), max_size=20), st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.floats(0, 1),
)  # fmt: skip
PAGES = st.builds(
    Page, st.integers(1, 99), NUMBERS, NUMBERS, st.sampled_from(["pt", "px", "cell"]),
    st.sampled_from(["text", "ocr", "sheet"]), st.lists(WORDS, max_size=5).map(tuple), st.just("reader 1"),
    dpi=st.none() | st.tuples(NUMBERS, NUMBERS), skew=NUMBERS, turned=st.sampled_from([0, 90, 180, 270]),
)  # fmt: skip


@given(st.lists(PAGES, max_size=3).map(tuple))
def test_pages_come_out_as_they_went_in(pages: tuple[Page, ...]) -> None:
    kept = packed(pages)
    assert kept is not None
    told = inflated(kept, MOST_JSON)
    assert told is not None
    assert pages_of(told) == pages
    assert inflated(kept, len(told) - 1) is None


def test_what_is_too_long_is_not_kept() -> None:
    words = tuple(Word(os.urandom(60).hex(), Box(0, 0, 1, 1)) for _ in range(MOST_BYTES // 50))
    assert packed((Page(1, 1, 1, "pt", "text", words, "r"),)) is None
    same = (Word("a", Box(0, 0, 1, 1)),) * (MOST_JSON // 10)
    assert packed((Page(1, 1, 1, "pt", "text", same, "r"),)) is None, "it packs into a few kilobytes"
