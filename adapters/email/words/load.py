"""Weighs a page of a PDF before its words are looked for: a page of 10 kB can hold millions of signs and lines.

To place one takes 30 microseconds and a kilobyte, to count one next to nothing, so they are counted first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1

from adapters.email.limits import Limits, Unreadable

#: forms that lie in one another: programs make a few
_DEEPEST: Final = 20


def check_load(pages: Iterable[PDFPage], resources: PDFResourceManager, name: str, limits: Limits) -> None:
    """Return when no page draws more than *limits* allow; *resources* keeps fonts for who reads it afterwards.

    Raises:
        Unreadable: one does.
        PDFException: it is damaged.
    """
    for page in pages:
        if _is_light(page, limits.drawn):
            continue
        PDFPageInterpreter(resources, _Scales(resources, name, limits.drawn)).process_page(page)


def _is_light(page: PDFPage, most: int) -> bool:
    """Tell whether a page holds no forms, and not even the bytes for more signs."""
    streams = (resolve1(one) for one in page.contents)
    size = sum(len(one.get_data()) for one in streams if isinstance(one, PDFStream))
    return size <= most and not resolve1(page.resources or {}).get("XObject")


class _Scales(PDFDevice):
    """Counts what is drawn: signs, lines, pictures, and forms that hold others."""

    def __init__(self, resources: PDFResourceManager, name: str, most: int) -> None:
        super().__init__(resources)
        self._name = name
        self._most = self._left = most
        self._depth = 0

    def render_string(self, _textstate: Any, seq: Iterable[Any], *_others: Any) -> None:
        """Count the bytes of a text, each of which may be a sign."""
        self._add(sum(len(piece) for piece in seq if isinstance(piece, bytes)) + 1)

    def paint_path(self, *_others: Any) -> None:
        """Count a line or an area."""
        self._add(1)

    def render_image(self, *_others: Any) -> None:
        """Count a picture."""
        self._add(1)

    def begin_figure(self, *_others: Any) -> None:
        """Count a form; one within itself would go on until the memory ends."""
        self._depth += 1
        self._add(1 if self._depth <= _DEEPEST else self._most + 1)

    def end_figure(self, *_others: Any) -> None:
        """End a form."""
        self._depth -= 1

    def _add(self, drawn: int) -> None:
        self._left -= drawn
        if self._left < 0:
            raise Unreadable("paper.page_too_full", {"name": self._name, "most": self._most})
