"""The look of a field can be computed again by anybody who has the file (issue 6, part 6)."""

from __future__ import annotations

import hashlib
import io
import math

import numpy as np
import pypdfium2
import pytest
from mail_samples import pdf, picture
from PIL import Image, ImageDraw

from adapters.email.adapter import ADAPTER
from adapters.email.crops import DPI
from core.reading import Box, Spot

FORM = ("Purchase Order", "Order number: 4711-88", "Customer number: K-10021")


def drawn(kind: str) -> bytes:
    image = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(image).text((20, 20), "4711", fill="black")
    kept = io.BytesIO()
    image.save(kept, kind)
    return kept.getvalue()


def by_hand(pixels: np.ndarray) -> str:
    height, width = pixels.shape
    return hashlib.sha256(f"{width}x{height}\n".encode() + pixels.astype(np.uint8).tobytes()).hexdigest()


def test_a_field_of_a_pdf_has_the_hash_of_its_pixels_at_the_told_box() -> None:
    """The recipe of docs/how-to/mail-and-fax.md, with arrays instead of pictures."""
    content = pdf(*FORM)
    (part,) = ADAPTER.read(content, "a.pdf").parts
    assert part.extracted is not None
    spot = part.extracted.fields["buyer_reference"][0].spot
    assert spot is not None
    with pypdfium2.PdfDocument(content) as document:
        page = document[0].render(scale=DPI / 72, may_draw_forms=False, grayscale=True).to_numpy()
    left, top, right, bottom = (round(side, 2) * DPI / 72 for side in spot.box)
    page = page.reshape(page.shape[:2])
    piece = page[math.floor(top) : math.ceil(bottom), math.floor(left) : math.ceil(right)]
    assert spot.crop == by_hand(piece)
    assert piece.min() < 128, "there is something to see"


def test_another_content_at_the_same_place_has_another_hash() -> None:
    spot = Spot(1, Box(120, 55, 200, 70))
    one, other = (ADAPTER.crops(pdf("", f"Order number: {number}"), [spot])[spot] for number in ("4711", "4717"))
    assert one != other
    assert ADAPTER.crops(pdf("", "Order number: 4711"), [spot])[spot] == one


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF", "BMP"])
def test_a_picture_counts_as_it_is_shown(kind: str) -> None:
    spot = Spot(1, Box(18.4, 15, 60, 35.2))
    pixels = np.asarray(Image.open(io.BytesIO(drawn(kind))).convert("RGB").convert("L"))
    assert ADAPTER.crops(drawn(kind), [spot]) == {spot: by_hand(pixels[15:36, 18:60])}


@pytest.mark.parametrize(
    "spot",
    [
        Spot(2, Box(0, 0, 9, 9)),
        Spot(0, Box(0, 0, 9, 9)),
        Spot(1, Box(5000, 5000, 5009, 5009)),
        Spot(1, Box(9, 9, 2, 2)),
        Spot(1, Box(0, 0, math.inf, 9)),
        Spot(1, Box(math.nan, 0, 9, 9)),
    ],
)
def test_what_is_not_on_the_page_has_no_hash(spot: Spot) -> None:
    assert ADAPTER.crops(picture(), [spot]) == {}
    assert ADAPTER.crops(pdf("x"), [spot]) == {}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nbroken", b"\x89PNG\r\n\x1a\n", b"a;b\n1;2\n"])
def test_what_cannot_be_drawn_has_no_hash(content: bytes) -> None:
    assert ADAPTER.crops(content, [Spot(1, Box(0, 0, 9, 9))]) == {}
