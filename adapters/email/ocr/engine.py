"""The reader of text in pictures: rapidocr with the models of its own wheel. It never asks the network for anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Corners = NDArray[np.float64]

#: a longer side is scaled down to this: 1600 reads better than 2000 and 2600, and quicker (ocr-intake, section 3)
LONGEST: Final = 1600
_MODELS: Final = Path(rapidocr.__file__).parent / "models"
_THREADS: Final = min(2, os.cpu_count() or 1)
_CHINESE: Final = r"\u3400-\u9fff\uf900-\ufaff"
#: signs of one script without a space between them
_PARTS: Final = re.compile(rf"[{_CHINESE}]+[^\s\w]*|[^\s{_CHINESE}]+")
_SETTINGS: Final[dict[str, Any]] = {
    "Global.log_level": "critical",  # what it read is nobody's business but the order's
    "Global.max_side_len": LONGEST,
    "Global.return_word_box": True,
    "Global.return_single_char_box": True,
    "Global.use_cls": False,  # how a page is turned is found once for all of it
    # with the paths given, nothing is looked up that could be downloaded
    "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
    "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
    "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Found(NamedTuple):
    """A word in a picture: its text, and its corners from the top left clockwise as it is read, in pixels (4 x 2).

    ``confidence`` is that of the least sure of its signs, 0 to 1: the mean of a line, which the library gives for it,
    hides one bad digit.
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
        self._reader = rapidocr.RapidOCR(params=_SETTINGS)

    def read(self, pixels: Grey) -> list[Line]:
        """Return every line of *pixels* (height x width, 0 is black) from the top, with its words."""
        read: Any = self._reader(pixels, use_det=True)
        if read.boxes is None or read.txts is None:
            return []
        lines: list[Line] = []
        for text, corners, confidence, signs in zip(read.txts, read.boxes, read.scores, read.word_results, strict=True):
            whole = Found(text, np.asarray(corners, np.float64), float(confidence))
            lines.append(Line(whole.corners, tuple(_words(whole, [_sign(*sign) for sign in signs]))))
        return lines

    def read_line(self, pixels: Grey) -> tuple[str, float]:
        """Return the text of a picture of one line and its confidence: for what :meth:`read` did not find as text."""
        found: Any = self._reader(pixels, use_det=False)
        return (found.txts[0], float(found.scores[0])) if found.txts else ("", 0.0)


def _sign(text: str, confidence: float, corners: Any) -> Found:
    return Found(text, np.asarray(corners, np.float64), float(confidence))


def _words(line: Found, signs: Sequence[Found]) -> Iterator[Found]:
    """Yield the words of a line: split at its spaces, and where Chinese meets letters and digits."""
    if "".join(sign.text for sign in signs) != "".join(line.text.split()):
        yield line  # a sign without a place: nothing can be said of the parts
        return
    place = 0
    for part in _PARTS.findall(line.text):
        word, place = signs[place : place + len(part)], place + len(part)
        first, last = word[0].corners, word[-1].corners
        corners = np.array([first[0], last[1], last[2], first[3]])
        yield Found(part, corners, min(sign.confidence for sign in word))
