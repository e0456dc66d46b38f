"""How the place of a value looks, as a hash: whoever doubts a field can look whether the file still shows the same.

Hashed is ``<width>x<height>`` and a line feed in ASCII, then the pixels row by row, a byte of grey each: of a picture
as it is shown, of a PDF drawn without its forms at :data:`DPI`. The box counts as it is told, to a hundredth of its
unit, and pixels that it cuts are in it. PDF is drawn by pdfium; another version may draw other edges of letters.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from PIL import Image

from adapters.email.drawing import BROKEN, whole_pages
from adapters.email.limits import Limits, Unreadable
from core.reading import Candidate, Extracted, Spot

#: a page of a PDF is drawn with so many dots to an inch
DPI: Final = 150


def crops(content: bytes, spots: Iterable[Spot], limits: Limits) -> dict[Spot, str]:
    """Return the hash of each spot of a file; none of one that is not on its page, or of a file without pictures."""
    wanted: dict[int, list[Spot]] = {}
    for spot in spots:
        wanted.setdefault(spot.page, []).append(spot)
    found: dict[Spot, str] = {}
    try:
        for number, image, scale in whole_pages(content, sorted(wanted), DPI, limits):
            grey = image.convert("L")
            for spot in wanted[number]:
                if digest := _digest(grey, spot, scale):
                    found[spot] = digest
    except (*BROKEN, Unreadable):  # a file that can be read and not drawn shows nothing
        return found
    return found


def with_crops(found: Extracted, of: Callable[[Iterable[Spot]], dict[Spot, str]]) -> Extracted:
    """Return *found*, each spot with its hash as *of* tells it; a document that is no order needs none."""
    if found.kind == "other":
        return found
    hashes = of({one.spot for said in found.fields.values() for one in said if one.spot is not None})

    def told(one: Candidate) -> Candidate:
        return one if one.spot is None else one._replace(spot=one.spot._replace(crop=hashes.get(one.spot, "")))

    return replace(found, fields={path: tuple(map(told, said)) for path, said in found.fields.items()})


def _digest(page: Image.Image, spot: Spot, scale: float) -> str:
    """Return the hash of a piece of a page in grey, "" where none of it is on the page."""
    if not all(map(math.isfinite, spot.box)):
        return ""
    left, top, right, bottom = (round(side, 2) * scale for side in spot.box)
    edges = (max(0, math.floor(left)), max(0, math.floor(top)), min(page.width, math.ceil(right)),
             min(page.height, math.ceil(bottom)))  # fmt: skip
    width, height = edges[2] - edges[0], edges[3] - edges[1]
    if width < 1 or height < 1:
        return ""
    return hashlib.sha256(f"{width}x{height}\n".encode() + page.crop(edges).tobytes()).hexdigest()
