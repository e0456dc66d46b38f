"""Pages as grey pixels: frames of pictures, and pages of a PDF drawn. Nothing is decoded before it is measured."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from adapters.email.frames import frames
from adapters.email.kinds import PILLOW_FORMATS
from adapters.email.limits import Limits, Unreadable
from adapters.email.ocr.recognizer import Grey
from adapters.email.pdfium import POINTS, drawn_pages

#: pages of a PDF are drawn with so many dots to an inch, as a good scan has
DRAWN_DPI: Final = 200
#: a resolution outside of this was written by mistake
_DPI: Final = (50.0, 1200.0)

Image.MAX_IMAGE_PIXELS = (
    None  # Pillow warns of more than 89 million; ours is less, and checked before anything is decoded
)


class Picture(NamedTuple):
    """One page: its pixels (height x width, 0 is black), and its dots to an inch across and down where it tells them.

    ``points`` is how many points of the page one pixel is; 0 where the page itself is of pixels.
    """

    pixels: Grey
    dpi: tuple[float, float] | None
    points: float = 0.0


def frames_of(content: bytes, name: str, limits: Limits) -> Iterator[Picture]:
    """Yield the pages of a picture, as it is shown: each of a TIFF, the first of others.

    Raises:
        Unreadable: it is damaged, or has too many pages or pixels.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=PILLOW_FORMATS) as image:
            count = frames(image)
            _check_pages(name, count, limits)
            for number in range(count):
                image.seek(number)
                _check_pixels(name, image.width * image.height, limits)
                yield Picture(_grey(image), _dpi(image))
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError) as error:  # as Pillow's plugins fail
        raise Unreadable("paper.broken", {"name": name, "detail": type(error).__name__}) from error


def drawn(content: bytes, name: str, numbers: frozenset[int], limits: Limits) -> Iterator[tuple[int, Picture]]:
    """Yield the pages of a PDF with these numbers, counted from 1, drawn at :data:`DRAWN_DPI`.

    Raises:
        Unreadable: it is damaged, or has too many pages or pixels.
    """
    for number, image in drawn_pages(content, name, numbers, DRAWN_DPI, limits):
        yield number, Picture(np.asarray(image), (DRAWN_DPI, DRAWN_DPI), POINTS / DRAWN_DPI)


def _grey(image: Image.Image) -> Grey:
    """Return the pixels of a frame as it is shown: turned as its camera says, on white where it lets through."""
    shown = ImageOps.exif_transpose(image)
    if shown.has_transparency_data:
        shown = shown.convert("RGBA")
        shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    if shown.mode.startswith(("I", "F")):  # 16 bits and more: scaled, where Pillow would cut them off
        deep = np.nan_to_num(np.array(shown, np.float32), copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        deep *= 255.0 / max(float(deep.max()), 255.0)
        return np.clip(deep, 0.0, 255.0, out=deep).astype(np.uint8)
    return np.asarray(shown.convert("L"))


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    told = image.info.get("dpi")
    if not told or not all(_DPI[0] <= float(one) <= _DPI[1] for one in told):
        return None
    return float(told[0]), float(told[1])


def _check_pages(name: str, count: int, limits: Limits) -> None:
    if count > limits.pages:
        raise Unreadable("paper.too_many_pages", {"name": name, "pages": count, "most": limits.pages})


def _check_pixels(name: str, count: int, limits: Limits) -> None:
    if count > limits.picture_pixels:
        raise Unreadable("paper.too_many_pixels", {"name": name, "pixels": count, "most": limits.picture_pixels})
