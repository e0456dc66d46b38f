"""The words that a page of HTML shows: cells of its tables and lines of its text. Nothing is rendered or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree, html

from adapters.email.charsets import text_of
from adapters.email.limits import Limits, Unreadable
from adapters.email.plain import visible
from core.reading import Box, Page, Word

_UNSEEN: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
#: what ends a line of text
_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})")
_DECLARATION: Final = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
#: a page says how it is encoded within so many bytes (HTML, 4.2.5.4)
_HEAD: Final = 1_024
#: no cell of an order reaches further
_MOST_SPAN: Final = 100
#: no table of one has more columns
_MOST_COLUMNS: Final = 1_000


_Cell = tuple[int, int, str]


class _Full(Exception):
    """There are more cells than are read."""


@dataclass(slots=True)
class _Sheet:
    """Lines as they are found: each a list of cells with the first and the last column of each; *left* cells at most.

    Raises:
        _Full: there are more.
    """

    left: int
    lines: list[list[_Cell]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def add(self, line: list[_Cell]) -> None:
        """Add a line."""
        self.left -= len(line)
        if self.left < 0:
            raise _Full
        self.lines.append(line)

    def say(self, text: str | None) -> None:
        """Add to the line that is being read."""
        if text:
            self.waiting.append(text)

    def end_line(self) -> None:
        """End a line of text; an empty one is none."""
        if text := _one_line("".join(self.waiting)):
            self.add([(0, 0, text)])
        self.waiting.clear()


def read_html(content: bytes, name: str, limits: Limits) -> tuple[Page, ...]:
    """Return the one page: a row a line of text or a row of a table, a column a cell.

    Raises:
        Unreadable: it is damaged, or has too many cells.
    """
    try:
        root = html.document_fromstring(_text(content), parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, ValueError) as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error
    sheet = _Sheet(limits.cells)
    try:
        _read(root, sheet)
        sheet.end_line()
    except _Full:
        most = limits.cells
        raise Unreadable("paper.too_many_cells", {"name": name, "cells": most + 1, "most": most}) from None
    columns = max((last + 1 for line in sheet.lines for _, last, _ in line), default=0)
    words = [
        Word(text, Box(first, row, last + 1 if len(line) > 1 else columns, row + 1))
        for row, line in enumerate(sheet.lines)
        for first, last, text in line
    ]
    if not words:
        return ()
    return (Page(1, columns, len(sheet.lines), "cell", "html", tuple(words), f"lxml {etree.__version__}"),)


def _text(content: bytes) -> str:
    """Return the page as text: what is UTF-8 is so by its bytes, whatever it says; else by what it says."""
    told = _CHARSET.search(content[:_HEAD])
    text = text_of(content, "utf-8" if _is_utf8(content) else told[1].decode() if told else None)
    return _DECLARATION.sub("", text)  # lxml takes no text that says how it was encoded


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read(element: html.HtmlElement, sheet: _Sheet) -> None:
    """Take down what an element shows."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or _is_hidden(element):
        return
    if element.tag == "table" and element.find(".//table") is None:  # one around others only arranges them
        sheet.end_line()
        for row in _rows(element, sheet.left):
            sheet.add(row)
        return
    block = element.tag in _BLOCKS
    if block:
        sheet.end_line()
    sheet.say(element.text)
    for child in element:
        _read(child, sheet)
        sheet.say(child.tail)
    if block:
        sheet.end_line()


def _rows(table: html.HtmlElement, most: int) -> Iterator[list[_Cell]]:
    """Yield the rows of a table; a cell that spans several has its columns in each, and its text in the first.

    Raises:
        _Full: a row has more than :data:`_MOST_COLUMNS`, or a cell more than *most* others.
    """
    taken: dict[int, int] = {}
    for row in table.iter("tr"):
        if _is_hidden(row):
            continue
        cells, column = [], 0
        for cell in row.iterchildren("td", "th"):
            while taken.get(column, 0) > 0:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if not _is_hidden(cell) and (text := _one_line(_shown(cell, most))):
                cells.append((column, column + width - 1, text))
            taken |= dict.fromkeys(range(column, column + width), height)
            column += width
            if column > _MOST_COLUMNS:
                raise _Full
        taken = {place: left - 1 for place, left in taken.items() if left > 1}
        if cells:
            yield cells


def _shown(element: html.HtmlElement, most: int) -> str:
    inner = _Sheet(most)
    _read(element, inner)
    inner.end_line()
    return " ".join(text for line in inner.lines for _, _, text in line)


def _span(cell: html.HtmlElement, name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), _MOST_SPAN) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _is_hidden(element: html.HtmlElement) -> bool:
    return "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")) is not None


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())
