"""Pixels of pages, however they are kept (issue 6, part 3)."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from adapters.email.limits import Limits
from adapters.email.ocr.pictures import frames_of

LIMITS = Limits()


def saved(page: Image.Image, kind: str, **settings: object) -> bytes:
    kept = io.BytesIO()
    page.save(kept, kind, **settings)
    return kept.getvalue()


def half() -> Image.Image:
    """Return a page whose left half is black."""
    page = Image.new("L", (80, 60), 255)
    page.paste(0, (0, 0, 40, 60))
    return page


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGBA", "PNG"), ("P", "GIF"), ("LA", "PNG"), ("I;16", "TIFF"), ("CMYK", "JPEG"), ("1", "TIFF"), ("RGB", "BMP")],
)
def test_every_kind_of_pixels_becomes_grey(mode: str, kind: str) -> None:
    page = half()
    if mode == "RGBA":  # black on what lets through
        page = Image.merge("RGBA", [*([Image.new("L", page.size)] * 3), page.point(lambda grey: 255 - grey)])
    elif mode == "I;16":
        page = page.point(lambda grey: grey * 256, "I").convert("I;16")
    else:
        page = page.convert(mode)
    (frame,) = frames_of(saved(page, kind), "scan", LIMITS)
    assert frame.pixels.shape == (60, 80)
    assert frame.pixels.dtype == np.uint8
    assert frame.pixels[:, :32].max() < 8
    assert frame.pixels[:, 48:].min() > 247


def test_a_photo_is_read_as_it_is_shown() -> None:
    turned = Image.Exif()
    turned[0x0112] = 8  # shown turned counter-clockwise (Exif 2.32, 4.6.4)
    (frame,) = frames_of(saved(half(), "JPEG", exif=turned), "photo.jpg", LIMITS)
    assert frame.pixels.shape == (80, 60)
    assert frame.pixels[:32].min() > 247
    assert frame.pixels[48:].max() < 8


def test_only_the_first_of_a_moving_picture_is_a_page() -> None:
    page = half()
    moving = saved(page, "GIF", save_all=True, append_images=[page.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    assert len(list(frames_of(moving, "a.gif", LIMITS))) == 1


@pytest.mark.parametrize(("told", "taken"), [((204, 98), (204, 98)), ((1, 1), None), (None, None)])
def test_dots_to_an_inch_are_believed_where_they_can_be_true(told: object, taken: object) -> None:
    (frame,) = frames_of(saved(half(), "TIFF", **({"dpi": told} if told else {})), "fax.tif", LIMITS)
    assert frame.dpi == taken
