"""A page, or a piece of it, as a PNG for people to look at: of a PDF drawn, of a picture as it is shown.

Sheets, HTML and texts have no picture: they are never rendered, since what they say would be laid out by them.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped] # it has no types
from PIL import Image, ImageOps, UnidentifiedImageError

from adapters.email.frames import frames
from adapters.email.kinds import PICTURES, PILLOW_FORMATS, kind_of
from adapters.email.limits import Limits, Unreadable
from core.reading import Box

#: a whole page is drawn with so many dots to an inch, a piece of one with more
PAGE_DPI: Final = 120
PIECE_DPI: Final = 200
_POINTS: Final = 72
#: no side of an answer is longer, in pixels
_LONGEST: Final = 2400
#: seen around a piece, as a share of its height; a line of type is read by its neighbours
_MARGIN: Final = 0.6
#: as the libraries fail over damaged files
BROKEN: Final = (
    pypdfium2.PdfiumError, Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, ValueError,
    EOFError,
)  # fmt: skip


def draw(content: bytes, page: int, box: Box | None, limits: Limits) -> bytes | None:
    """Return page number *page* as a PNG, or the piece of it in *box*; None where there is no such page or picture.

    *box* is in points of a PDF or in pixels of a picture, as ``core.reading.Page`` has them.

    Raises:
        Unreadable: it is damaged, or has too many pages or pixels.
    """
    kind = kind_of(content)
    try:
        if kind == "pdf":
            image = _drawn(content, page, box, limits)
        elif kind in PICTURES:
            image = _framed(content, page, box, limits)
        else:
            return None
    except BROKEN as error:
        raise Unreadable("paper.broken", {"name": kind, "detail": type(error).__name__}) from error
    if image is None:
        return None
    image.thumbnail((_LONGEST, _LONGEST))
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=False)
    return kept.getvalue()


def whole_pages(
    content: bytes, numbers: Iterable[int], dpi: int, limits: Limits
) -> Iterator[tuple[int, Image.Image, float]]:
    """Yield pages of a file by their numbers, with how many pixels one unit of its boxes is; none of what has none.

    Raises:
        Unreadable: it has too many pixels.
        BROKEN: it is damaged.
    """
    kind = kind_of(content)
    if kind in PICTURES and kind != "pdf":
        for number in numbers:
            if (image := _framed(content, number, None, limits)) is not None:
                yield number, image, 1.0
    elif kind == "pdf":
        scale = dpi / _POINTS
        with pypdfium2.PdfDocument(content) as document:
            for number in numbers:
                if not 1 <= number <= min(len(document), limits.pages):
                    continue
                page = document[number - 1]
                width, height = page.get_size()
                if width * height * scale * scale <= limits.picture_pixels:
                    yield number, page.render(scale=scale, may_draw_forms=False, grayscale=True).to_pil(), scale


def _drawn(content: bytes, number: int, box: Box | None, limits: Limits) -> Image.Image | None:
    with pypdfium2.PdfDocument(content) as document:
        if not 1 <= number <= min(len(document), limits.pages):
            return None
        page = document[number - 1]
        width, height = page.get_size()
        shown = _around(box, width, height) if box else Box(0, 0, width, height)
        scale = (PIECE_DPI if box else PAGE_DPI) / _POINTS
        scale = min(scale, _LONGEST / max(shown.width, shown.height, 1))
        crop = (shown.left, height - shown.bottom, width - shown.right, shown.top)
        # Forms are not drawn: their fields may hold what was typed over the order.
        drawn: Any = page.render(scale=scale, crop=crop, may_draw_forms=False)
        image: Image.Image = drawn.to_pil().convert("RGB")
        return image


def _framed(content: bytes, number: int, box: Box | None, limits: Limits) -> Image.Image | None:
    with Image.open(io.BytesIO(content), formats=PILLOW_FORMATS) as image:
        if not 1 <= number <= min(frames(image), limits.pages):
            return None
        image.seek(number - 1)
        if (pixels := image.width * image.height) > limits.picture_pixels:
            most = limits.picture_pixels
            raise Unreadable("paper.too_many_pixels", {"name": str(image.format), "pixels": pixels, "most": most})
        shown = _plain(image)
        if box is None:
            return shown
        piece = _around(box, *shown.size)
        return shown.crop(tuple(round(side) for side in piece))  # type: ignore[arg-type] # four of them


def _plain(image: Image.Image) -> Image.Image:
    """Return a frame as it is shown: turned as its camera says, on white where it lets through, nothing else kept."""
    turned = ImageOps.exif_transpose(image)
    if turned.has_transparency_data:
        turned = turned.convert("RGBA")
        turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
    return turned.convert("L" if turned.mode in ("1", "L", "I", "F", "I;16") else "RGB")


def _around(box: Box, width: float, height: float) -> Box:
    """Return *box* with a margin, on the page."""
    margin = max(_MARGIN * box.height, 1.0)
    left, top = max(0.0, box.left - margin), max(0.0, box.top - margin)
    right, bottom = min(width, box.right + margin), min(height, box.bottom + margin)
    if not all(map(math.isfinite, box)) or right - left < 1 or bottom - top < 1:
        raise ValueError("the box is not on the page")
    return Box(left, top, right, bottom)
