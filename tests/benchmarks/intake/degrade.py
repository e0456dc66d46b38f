"""Pages as scanners and fax machines give them: sampled, askew, with noise, and in two levels where they are faxed.

What a fax is: ITU-T T.4 section 2 (204 x 98 or 204 x 196 lines to the inch), its code T.6 (G4).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.reading import Box

_POINTS = 72
Grey = NDArray[np.float32]


class Way(NamedTuple):
    """How pages are degraded.

    ``dpi`` goes across and down; ``skew`` is the most by which a page lies askew, in degrees, ``blur`` the radius of
    the optics in pixels. ``grain`` is the noise of the sensor in levels of 255, ``shade`` by how much the light varies
    over the page. ``specks`` are black dots a million pixels, ``lost`` scan lines of a page that the line swallowed.
    """

    ending: str
    dpi: tuple[int, int]
    skew: float = 0.0
    blur: float = 0.0
    grain: float = 0.0
    shade: float = 0.0
    specks: float = 0.0
    lost: int = 0


_MID = {"skew": 1.0, "blur": 0.6, "grain": 14.0, "shade": 12.0, "specks": 900.0}
WAYS: Mapping[str, Way] = {
    "png": Way("png", (200, 200)),
    "pdf_scan": Way("pdf", (200, 200), skew=0.5, blur=0.6, grain=5.0),
    "jpg": Way("jpg", (150, 150), skew=0.8, blur=0.6, grain=7.0, shade=10.0),
    "fax_fine_mid": Way("tif", (204, 196), lost=2, **_MID),
    "fax_std_mid": Way("tif", (204, 98), lost=1, **_MID),
}


class Lies(NamedTuple):
    """How a page lies in its picture: turned against the clock by *angle* degrees around its middle.

    *width* and *height* are those of the page, in points.
    """

    angle: float
    width: float
    height: float

    def moved(self, box: Box) -> Box:
        """Return where *box* of the page has gone, in points: as wide and high as it was, around where its middle is.

        So the reader tells a word of a page that lies askew, too: as wide as it is long, and as high as its type.
        """
        turned = math.radians(self.angle)
        x, y = (box.left + box.right - self.width) / 2, (box.top + box.bottom - self.height) / 2
        right = x * math.cos(turned) + y * math.sin(turned) - x
        down = y * math.cos(turned) - x * math.sin(turned) - y
        return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


def degraded(pdf: bytes, way: Way, chance: np.random.Generator) -> tuple[bytes, tuple[Lies, ...]]:
    """Return the pages of a PDF as one file of pictures, and how each lies; several PNG or JPEG become a TIFF."""
    scanned = list(_pages(pdf, way, chance))
    pages = [page for page, _ in scanned]
    kept, more = io.BytesIO(), {"save_all": True, "append_images": pages[1:]}
    first = pages[0]
    match way.ending:
        case "pdf":
            first.save(kept, "PDF", resolution=way.dpi[0], **more)
        case "tif":
            first.save(kept, "TIFF", compression="group4", dpi=way.dpi, **more)
        case _ if len(pages) > 1:
            first.save(kept, "TIFF", compression="tiff_deflate", dpi=way.dpi, **more)
        case ending:
            options: dict[str, Any] = {"quality": 60} if ending == "jpg" else {}
            first.save(kept, "JPEG" if ending == "jpg" else "PNG", dpi=way.dpi, **options)
    return kept.getvalue(), tuple(lies for _, lies in scanned)


def _pages(pdf: bytes, way: Way, chance: np.random.Generator) -> Iterator[tuple[Image.Image, Lies]]:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            drawn = page.render(scale=max(way.dpi) / _POINTS, grayscale=True).to_pil().convert("L")
            angle = float(chance.uniform(way.skew / 2, way.skew) * chance.choice((-1, 1))) if way.skew else 0.0
            yield _scanned(drawn, way, angle, chance), Lies(angle, *page.get_size())


def _scanned(page: Image.Image, way: Way, angle: float, chance: np.random.Generator) -> Image.Image:
    if angle:
        page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    if way.blur:
        page = page.filter(ImageFilter.GaussianBlur(way.blur))
    finest = max(way.dpi)
    page = page.resize(
        (round(page.width * way.dpi[0] / finest), round(page.height * way.dpi[1] / finest)), Image.Resampling.BOX
    )
    levels = np.asarray(page, np.float32) + chance.normal(0, way.grain, (page.height, page.width)).astype(np.float32)
    if way.shade:
        levels += _shade(page.size, way.shade, chance)
    if way.ending != "tif":
        return Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    return Image.fromarray(_faxed(levels, way, chance))


def _shade(size: tuple[int, int], most: float, chance: np.random.Generator) -> Grey:
    """Return how the light of a lamp varies over a page: smoothly, from corner to corner."""
    corners = Image.fromarray(chance.normal(0, most, (5, 4)).astype(np.float32))
    return np.asarray(corners.resize(size, Image.Resampling.BICUBIC), np.float32)


def _faxed(levels: Grey, way: Way, chance: np.random.Generator) -> NDArray[np.bool_]:
    white = levels > 150
    white &= chance.random(white.shape) >= way.specks / 1_000_000
    white |= chance.random(white.shape) < 2 * way.specks / 1_000_000
    for line in chance.integers(1, white.shape[0], way.lost):
        white[line] = white[line - 1]  # a line in error is replaced by the one before (T.4, 4.1.3)
    return white
