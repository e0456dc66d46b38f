"""Pictures of single lines, level and as high as the model that reads them takes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from adapters.email.ocr.recognizer import HEIGHT, Grey

Corners = NDArray[np.float64]


def leveled(pixels: Grey, corners: Corners) -> Grey:
    """Return the picture of one line, level and :data:`adapters.email.ocr.recognizer.HEIGHT` high."""
    top, right, bottom, left = (float(np.linalg.norm(corners[one] - corners[one - 1])) for one in (1, 2, 3, 0))
    long, high = max(top, bottom), max(left, right, 1.0)
    width = max(1, round(HEIGHT * long / high))
    level = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    way = cv2.getPerspectiveTransform(corners.astype(np.float32), level)
    shown = cv2.warpPerspective(pixels, way, (width, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, np.uint8)
