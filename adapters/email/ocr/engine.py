"""The reader of text in pictures: rapidocr with the models of its own wheel. It never asks the network for anything."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

#: a longer side is scaled down to this: 1600 reads better than 2000 and 2600, and quicker (ocr-intake, section 3)
LONGEST: Final = 1600
_MODELS: Final = Path(rapidocr.__file__).parent / "models"
_THREADS: Final = min(2, os.cpu_count() or 1)
_SETTINGS: Final[dict[str, Any]] = {
    "Global.log_level": "critical",  # what it read is nobody's business but the order's
    "Global.max_side_len": LONGEST,
    "Global.use_cls": False,  # how a page is turned is found once for all of it
    # with the paths given, nothing is looked up that could be downloaded
    "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
    "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
    "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Stretch(NamedTuple):
    """A stretch of one line: its text, its corners from the top left clockwise as it is read, in pixels (4 x 2)."""

    text: str
    corners: NDArray[np.float64]
    confidence: float


class Engine:
    """Reads pictures of text. Starting it loads two models (31 MB on disk); it holds them until it is let go."""

    name: Final = f"rapidocr {version('rapidocr')}"

    def __init__(self) -> None:
        cv2.setNumThreads(_THREADS)
        self._reader = rapidocr.RapidOCR(params=_SETTINGS)

    def read(self, pixels: Grey) -> list[Stretch]:
        """Return every stretch of text in *pixels* (height x width, 0 is black), from the top."""
        found: Any = self._reader(pixels, use_det=True)
        if found.boxes is None or found.txts is None:
            return []
        return [
            Stretch(text, np.asarray(corners, np.float64), float(confidence))
            for text, corners, confidence in zip(found.txts, found.boxes, found.scores, strict=True)
        ]

    def read_line(self, pixels: Grey) -> tuple[str, float]:
        """Return the text of a picture of one line and its confidence: for what :meth:`read` did not find as text."""
        found: Any = self._reader(pixels, use_det=False)
        return (found.txts[0], float(found.scores[0])) if found.txts else ("", 0.0)
