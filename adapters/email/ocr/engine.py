"""The reader of text in pictures: the models of rapidocr's wheel. It never asks the network for anything."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import rapidocr

from adapters.email.ocr.level import Corners, leveled
from adapters.email.ocr.recognizer import HEIGHT, Grey, Recognizer, least_sure, text_of
from adapters.email.ocr.words import cut

#: For detection a longer side is scaled down to this; signs are read from the pixels as they are. 1120 costs half, but
#: takes the cells beside a rule for one.
LONGEST: Final = 1440
_MODELS: Final = Path(rapidocr.__file__).parent / "models"
_THREADS: Final = min(2, os.cpu_count() or 1)
_SETTINGS: Final[dict[str, Any]] = {
    "Global.log_level": "critical",  # what it read is nobody's business but the order's
    "Global.max_side_len": LONGEST,
    "Global.use_cls": False,  # how a page is turned is found once for all of it
    "Global.use_rec": False,
    # with the path given, nothing is looked up that could be downloaded
    "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
    "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Found(NamedTuple):
    """A word in a picture: its text, and its corners from the top left clockwise as it is read, in pixels (4 x 2).

    ``confidence`` is that of the least sure of its letters and digits, 0 to 1: the mean of a line hides one bad digit.
    """

    text: str
    corners: Corners
    confidence: float


class Line(NamedTuple):
    """What was found as one stretch of text: its corners, which lie around all of its ink, and its words."""

    corners: Corners
    words: tuple[Found, ...]


class Engine:
    """Reads pictures of text. Starting it loads two models (31 MB on disk); it holds them until it is let go."""

    name: Final = f"rapidocr {version('rapidocr')}"

    def __init__(self) -> None:
        cv2.setNumThreads(_THREADS)
        self._detector = rapidocr.RapidOCR(params=_SETTINGS)
        self._recognizer = Recognizer(_MODELS / "PP-OCRv6_rec_small.onnx", _THREADS)

    def read(self, pixels: Grey) -> list[Line]:
        """Return every line of *pixels* (height x width, 0 is black) from the top, with its words."""
        found: Any = self._detector(pixels, use_det=True)
        boxes = () if found.boxes is None else found.boxes
        lines = (self._line(pixels, np.asarray(corners, np.float64)) for corners in boxes)
        return [line for line in lines if line.words]

    def read_line(self, pixels: Grey) -> tuple[str, float]:
        """Return the text of a picture of one line and its confidence: for what :meth:`read` did not find as text."""
        height, width = pixels.shape
        size = (max(1, round(width * HEIGHT / height)), HEIGHT)
        signs = self._recognizer.read(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8))
        return text_of(signs), least_sure(signs)

    def _line(self, pixels: Grey, corners: Corners) -> Line:
        crop = leveled(pixels, corners)
        words = []
        for signs, begin, end in cut(crop, self._recognizer.read(crop)):
            top, bottom = corners[1] - corners[0], corners[2] - corners[3]
            own = [corners[0] + top * begin, corners[0] + top * end, corners[3] + bottom * end]
            placed = np.array([*own, corners[3] + bottom * begin])
            words.append(Found(text_of(signs), placed, least_sure(signs)))
        return Line(corners, tuple(words))
