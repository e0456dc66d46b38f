"""Pages of a PDF drawn as the eye sees them, by pdfium."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Final

import pypdfium2  # type: ignore[import-untyped] # it has no types
from PIL import Image

from adapters.email.limits import Limits, Unreadable

#: points to an inch
POINTS: Final = 72
#: pdfium is not safe for threads (pypdfium2, "Thread incompatibility")
_ONE_AT_A_TIME: Final = threading.Lock()


def drawn_pages(
    content: bytes, name: str, numbers: Iterable[int], dpi: int, limits: Limits
) -> Iterator[tuple[int, Image.Image]]:
    """Yield the pages with these numbers, counted from 1, in their order, in grey at *dpi*: height x width, 0 is black.

    Forms are not drawn: their fields may hold what was typed over the order.

    Raises:
        Unreadable: it is damaged, or has too many pages or pixels.
    """
    try:
        with _ONE_AT_A_TIME, pypdfium2.PdfDocument(content) as document:
            if len(document) > limits.pages:
                most = limits.pages
                raise Unreadable("paper.too_many_pages", {"name": name, "pages": len(document), "most": most})
            for number in sorted(numbers):
                page = document[number - 1]
                width, height = page.get_size()
                pixels = round(width * dpi / POINTS) * round(height * dpi / POINTS)
                if pixels > limits.picture_pixels:
                    most = limits.picture_pixels
                    raise Unreadable("paper.too_many_pixels", {"name": name, "pixels": pixels, "most": most})
                image: Image.Image = page.render(scale=dpi / POINTS, grayscale=True, may_draw_forms=False).to_pil()
                page.close()
                yield number, image
    except pypdfium2.PdfiumError as error:
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error
