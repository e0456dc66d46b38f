"""Reads one stretch of text by the recognition model of rapidocr's wheel, sign by sign with its place.

The model is run directly, not by its library, for three things: each sign keeps its own confidence and place; a short
text is not padded to the width of a long one, which is half of the cost; and of signs that are not expected on an order
only those are believed that are read surely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import onnxruntime  # type: ignore[import-untyped] # it has no types
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

onnxruntime.disable_telemetry_events()  # builds of it tell their maker how they are used

#: the model takes pictures of this height, in pixels
HEIGHT: Final = 48
#: and gives what it sees for so many of them across
_STEP: Final = 8
#: narrower pictures are read worse: they are filled up with grey, as the model was trained
_NARROWEST: Final = 320
#: a sign that is not expected is believed from here on
_SURE: Final = 0.95
#: what orders in our languages are written with: ASCII, signs of Latin-1, German, dashes, Chinese and its wide forms
_EXPECTED: Final = re.compile(
    r"[\x20-\x7e\xa1-\xbf\xd7\xd8\xf8äöüÄÖÜß\u20ac\u2010-\u2027\u3001-\u3011\u3400-\u9fff\uff01-\uff5e\uffe5]"
)


#: signs that look the same in many a font: which of them is meant, the word that they are of tells, and not the picture
_TWINS: Final = ("0OoQD", "1lI", "2Z", "5S", "6G", "8B")


class Sign(NamedTuple):
    """One sign: how sure it is, 0 to 1, and where its middle is along the picture, in pixels from its left.

    It is as sure as that it looks so: what the model gives to a letter that looks like the digit is no doubt of it.
    """

    text: str
    confidence: float
    at: float


class Recognizer:
    """Holds the model, 21 MB on disk."""

    def __init__(self, model: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # what a long line took would never be given back
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        signs = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._signs = ["", *signs, " "]  # the first class is that of no sign
        known = {sign: which for which, sign in enumerate(self._signs)}
        self._alike = {known[sign]: [known[one] for one in twins] for twins in _TWINS for sign in twins}
        self._strange = np.array([one != "" and not _EXPECTED.fullmatch(one) for one in self._signs])

    def read(self, crop: Grey) -> list[Sign]:
        """Return the signs of a picture of one stretch of text, :data:`HEIGHT` high, from the left."""
        filled = np.zeros((1, 3, HEIGHT, max(_NARROWEST, crop.shape[1])), np.float32)
        filled[0, :, :, : crop.shape[1]] = crop.astype(np.float32) / 127.5 - 1
        (seen,) = self._session.run(None, {"x": filled})
        return self._decoded(seen[0])

    def _decoded(self, seen: NDArray[np.float32]) -> list[Sign]:
        """Return the signs of *seen* (steps x classes, shares of 1): the best of each step, repeats of a step once."""
        best = seen.argmax(axis=1)
        first = np.ones(len(best), bool)
        first[1:] = best[1:] != best[:-1]
        signs: list[Sign] = []
        for step in np.flatnonzero(first & (best != 0)):
            which, share = int(best[step]), float(seen[step, best[step]])
            if share < _SURE and self._strange[which]:
                usual = np.where(self._strange, 0, seen[step])
                usual[0] = 0
                which = int(usual.argmax())
                share = float(usual[which])
            if twins := self._alike.get(which):
                share = min(1.0, float(seen[step, twins].sum()))
            signs.append(Sign(self._signs[which], share, (float(step) + 0.5) * _STEP))
        return signs


def least_sure(signs: Sequence[Sign]) -> float:
    """Return how sure the least sure letter or digit of a word is, of marks alone the least sure of them; 0 of none.

    A mark decides nothing: sums tell where the fraction of a number begins, and forms what parts a date or a code.
    """
    said = [one for one in signs if one.text.isalnum()] or signs
    return min((one.confidence for one in said), default=0.0)


def text_of(signs: Sequence[Sign]) -> str:
    """Return what *signs* say."""
    return "".join(one.text for one in signs)
