"""Makes a page fit for reading, and leads what was read back to the pixels as they were received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.email.ocr.recognizer import Grey
from core.reading import Box

Turn = Literal[0, 90, 180, 270]

#: a blur of the upscaled page that closes the steps of a fax (ocr-intake, section 3)
_BLUR: Final = 0.8
#: a page is read at no more than so many pixels along its longer side: A4 at 270 to an inch
_LARGEST: Final = 3200
#: pixels this much longer than wide are drawn square first
_OBLONG: Final = 1.2
#: skew is looked for up to so many degrees to either side, in steps
_MOST: Final = 5.0
_STEPS: Final = (0.5, 0.1, 0.02)
#: this wide a page is enough to see it
_WIDTH: Final = 800
#: as many dark pixels are enough, too
_INK: Final = 40_000
_TURNS: Final[dict[Turn, int | None]] = {
    0: None,
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page made fit for reading; ``across`` and ``down`` are its pixels to one as received, ``turned`` as a page."""

    pixels: Grey
    across: float
    down: float
    turned: Turn = 0

    def turn(self, turned: Turn) -> Prepared:
        """Return the page turned clockwise by so many degrees more."""
        code = _TURNS[turned]
        pixels = self.pixels if code is None else np.asarray(cv2.rotate(self.pixels, code), np.uint8)
        sides: tuple[Turn, ...] = (0, 90, 180, 270)
        return Prepared(pixels, self.across, self.down, sides[(self.turned + turned) // 90 % 4])

    def box(self, corners: NDArray[np.float64]) -> Box:
        """Return where a word stands on the page as received, in its pixels.

        *corners* go from the top left clockwise. The box is as wide as the word is long and as high as its type,
        around its middle: skew does not blow it up.
        """
        x, y = corners.mean(axis=0)
        length = float(np.linalg.norm(corners[1] - corners[0]))
        type_height = float(np.linalg.norm(corners[3] - corners[0]))
        height, width = self.pixels.shape
        if self.turned in (90, 270):
            length, type_height = type_height, length
        x, y = {
            0: (x, y),
            90: (y, width - x),
            180: (width - x, height - y),
            270: (height - y, x),
        }[self.turned]
        return Box(
            float(x - length / 2) / self.across,
            float(y - type_height / 2) / self.down,
            float(x + length / 2) / self.across,
            float(y + type_height / 2) / self.down,
        )


def prepared(pixels: Grey, dpi: tuple[float, float] | None) -> Prepared:
    """Return *pixels* with square ones of them; the coarser way of a fax is drawn finer, by cubics, and smoothed."""
    across, down = dpi or (1.0, 1.0)
    finest = max(across, down)
    wide, high = (finest / one if finest / one > _OBLONG else 1.0 for one in (across, down))
    height, width = pixels.shape
    fit = min(1.0, _LARGEST / max(width * wide, height * high))  # much larger is only slower
    if fit < 1.0 or wide > 1.0 or high > 1.0:
        size = (max(1, round(width * wide * fit)), max(1, round(height * high * fit)))
        way = cv2.INTER_CUBIC if fit == 1.0 else cv2.INTER_AREA
        scaled = np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)
    else:
        scaled = pixels
    smooth = np.asarray(cv2.GaussianBlur(scaled, (0, 0), _BLUR), np.uint8) if _is_fax(pixels) else scaled
    return Prepared(smooth, smooth.shape[1] / width, smooth.shape[0] / height)


def skew_of(pixels: Grey) -> float:
    """Return by how many degrees the lines of an upright page fall to the right, clockwise; 0 where it is empty.

    The angle at which the rows of the page differ most in their ink (projection profile).
    """
    height, width = pixels.shape
    scale = min(1.0, _WIDTH / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    dark, _ = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    down, right = np.nonzero(small < dark)
    if not len(down):
        return 0.0
    every = max(1, len(down) // _INK)
    down, right = down[::every].astype(np.float64), right[::every].astype(np.float64)

    def contrast(angle: float) -> float:
        rows = (down - right * np.tan(np.radians(angle))).astype(np.int64)
        counts = np.bincount(rows - rows.min())
        return float(np.square(np.diff(counts)).sum())

    best, reach = 0.0, _MOST
    for step in _STEPS:
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=contrast))
        reach = step
    return round(best, 2)


def _is_fax(pixels: Grey) -> bool:
    """Tell whether a page is of black and white alone."""
    return bool(np.isin(pixels[:: max(1, pixels.shape[0] // 64)], (0, 255)).all())
