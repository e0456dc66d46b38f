"""Counts the pages of a picture. A TIFF is a chain of them, and Pillow takes hours to follow a chain of a million."""

from __future__ import annotations

from typing import Final

from PIL import Image

#: pages of a TIFF are counted so far
MOST: Final = 1_000


def frames(image: Image.Image) -> int:
    """Return how many pages a TIFF has, at most ``MOST + 1``; others have the one that is shown first.

    Raises:
        OSError, SyntaxError, ValueError: it is damaged, as Pillow's reader of TIFF tells it.
    """
    if image.format != "TIFF":
        return 1
    for number in range(1, MOST + 1):  # one by one: Pillow takes the page that it was asked for as the last, if none is
        try:
            image.seek(number)
        except EOFError:
            return number
    return MOST + 1
