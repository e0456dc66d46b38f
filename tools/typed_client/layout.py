"""Lays Python out as the formatter does: on one line where it fits, else one part a line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

WIDTH: Final = 120


def bracketed(head: str, parts: Sequence[str], tail: str, indent: int = 0) -> list[str]:
    """Return ``head`` + parts with commas between + ``tail``, whose first and last characters are the brackets."""
    margin = " " * indent
    line = f"{margin}{head}{', '.join(parts)}{tail}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{margin}{head}", *(f"{margin}    {part}," for part in parts), f"{margin}{tail}"]


def docstring(summary: str, description: str, *closing: str, indent: int) -> list[str]:
    """Return a docstring of a first line, what follows it, and *closing* paragraphs."""
    margin = " " * indent
    quotes = 'r"""' if "\\" in summary + description else '"""'
    paragraphs = [text for text in (description, *closing) if text]
    first, rest = _first_line(summary, WIDTH - indent - len(quotes) - 3)
    if rest:
        paragraphs.insert(0, rest)
    if not paragraphs:
        return [f'{margin}{quotes}{first}"""']
    lines = [f"{margin}{quotes}{first}"]
    for paragraph in paragraphs:
        lines += ["", *textwrap.wrap(paragraph, WIDTH, initial_indent=margin, subsequent_indent=margin)]
    return [*lines, f'{margin}"""']


def comment(text: str, indent: int) -> list[str]:
    """Return *text* as a comment on the attribute below."""
    head = " " * indent + "#: "
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=head, subsequent_indent=head)


def module(lines: Iterable[str]) -> str:
    """Return *lines* as a file."""
    return "\n".join(lines) + "\n"


def _first_line(summary: str, width: int) -> tuple[str, str]:
    """Return the first line of a docstring, ended by a full stop, and what of *summary* does not fit in it."""
    text = " ".join(summary.split())
    if len(text) < width:
        return (text if text.endswith((".", ":", "?")) else f"{text}."), ""
    for mark in (": ", "; ", ". ", ", "):
        head, found, rest = text.partition(mark)
        if found and len(head) < width:
            return f"{head}.", rest[0].upper() + rest[1:]
    return f"{textwrap.shorten(text, width - 1, placeholder='')}.", text
