"""Small pages made by hand: words at their places, each sign five units wide and ten high."""

from __future__ import annotations

from core.reading import Box, Page, Paper, Word

#: where a text stands from the left and from the top, and what it says
Text = tuple[float, float, str]


def small_page(*texts: Text) -> Paper:
    """Return a paper of one page (620 x 800) that says *texts*."""
    words = tuple(Word(text, Box(x, y, x + 5.0 * len(text), y + 10)) for x, y, text in texts)
    return Paper("", "o.pdf", "application/pdf", "", (Page(1, 620, 800, "pt", "text", words, "test 1"),))
