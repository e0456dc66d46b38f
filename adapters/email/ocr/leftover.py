"""Text that stands alone: lone digits and signs, which detection passes over, are found by their ink and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.email.ocr.engine import Engine, Found, Line
from adapters.email.ocr.recognizer import Grey

#: a sign is this high and wide, in heights of the type around it
_HIGH: Final = (0.35, 1.5)
_WIDE: Final = 4.0
#: of its box, so much is ink: lines and frames are not
_DENSE: Final = 0.08
#: white around a sign that is read, in heights of type
_MARGIN: Final = 0.5
#: a sign read with less is dirt
_LEAST: Final = 0.6
#: a page has at most so many; more are a picture or dirt
_MOST: Final = 60


def leftover(pixels: Grey, found: Sequence[Line], engine: Engine) -> list[Found]:
    """Return the signs of *pixels* that stand outside of what was *found*."""
    if not found:
        return []
    height = float(np.median([np.linalg.norm(one.corners[3] - one.corners[0]) for one in found])) * 0.75
    dark, _ = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = np.where(pixels <= dark, 255, 0).astype(np.uint8)
    for one in found:
        cv2.fillPoly(ink, [np.rint(_grown(one.corners, height * 0.15)).astype(np.int32)], 0)
    near = np.ones((1, max(1, round(height * 0.5))), np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, near))
    read: list[tuple[int, int, int, int]] = []
    for left, top, wide, high, _ in boxes[1:count]:
        if not _HIGH[0] * height <= high <= _HIGH[1] * height or wide > _WIDE * height:
            continue
        if np.count_nonzero(ink[top : top + high, left : left + wide]) < _DENSE * wide * high or wide < 2:
            continue
        if len(read) == _MOST:
            return []
        read.append((left, top, wide, high))
    signs = []
    for left, top, wide, high in read:
        margin = round(_MARGIN * height)
        crop = pixels[max(0, top - margin) : top + high + margin, max(0, left - margin) : left + wide + margin]
        text, confidence = engine.read_line(crop)
        if text.strip() and confidence >= _LEAST:
            corners = np.array([[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]])
            signs.append(Found(text, corners.astype(np.float64), confidence))
    return signs


def _grown(corners: NDArray[np.float64], by: float) -> NDArray[np.float64]:
    """Return the corners moved away from their middle."""
    away = corners - corners.mean(axis=0)
    return np.asarray(corners + np.sign(away) * by, np.float64)
