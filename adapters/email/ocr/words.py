"""Cuts a stretch of text into its words: at spaces, where Chinese meets other signs, and where the paper is white."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from adapters.email.ocr.recognizer import HEIGHT, Grey, Sign

_CHINESE: Final = r"\u3400-\u9fff\uf900-\ufaff"
#: signs of one script without a space between them
_PARTS: Final = re.compile(rf"[{_CHINESE}]+[^\s\w]*|[^\s{_CHINESE}]+")
#: white this wide between two signs, in heights of the picture, is a gap between cells: no font spaces letters so
_APART: Final = 0.6
#: rows at the edges of the picture may hold rules and the feet of other lines
_OWN: Final = slice(HEIGHT // 8, HEIGHT - HEIGHT // 8)
#: fewer dark pixels side by side are no sign but dirt: a full stop has some 25
_DIRT: Final = 20


def cut(crop: Grey, signs: Sequence[Sign]) -> list[tuple[list[Sign], float, float]]:
    """Return the words of *signs* on *crop*, each with where it begins and ends along it, 0 to 1."""
    width = float(crop.shape[1])
    ink = _ink(crop)
    parts = list(_parts(ink, signs))
    words: list[tuple[list[Sign], float, float]] = []
    inked = np.flatnonzero(ink)
    left = min(float(inked[0]), parts[0][0].at) if parts and len(inked) else 0.0
    for number, part in enumerate(parts):
        if number + 1 < len(parts):
            end, begin = _white(ink, part[-1].at, parts[number + 1][0].at)
        else:
            end = begin = max(float(inked[-1]) + 1, part[-1].at) if len(inked) else width
        words.append((part, left / width, end / width))
        left = begin
    return words


def _parts(ink: NDArray[np.int64], signs: Sequence[Sign]) -> Iterator[list[Sign]]:
    """Yield the signs of each word."""
    place = 0
    text = "".join(one.text for one in signs)
    for found in _PARTS.finditer(text):
        part = [signs[place] for place in range(found.start(), found.end())]
        begin = 0
        for place in range(1, len(part)):
            end, next_begin = _white(ink, part[place - 1].at, part[place].at)
            if next_begin - end > _APART * HEIGHT:
                yield part[begin:place]
                begin = place
        yield part[begin:]


def _white(ink: NDArray[np.int64], left: float, right: float) -> tuple[float, float]:
    """Return where the widest white between two places of a picture begins and ends; their middle if there is none."""
    first, last = int(left), min(int(right) + 1, len(ink))
    begins, ends = _runs(ink[first:last] == 0)
    if not len(begins):
        return (left + right) / 2, (left + right) / 2
    widest = int(np.argmax(ends - begins))
    return float(first + begins[widest]), float(first + ends[widest])


def _ink(crop: Grey) -> NDArray[np.int64]:
    """Return for each column how many of its pixels are ink."""
    own = crop[_OWN]
    ink: NDArray[np.int64] = np.count_nonzero(own < (int(own.min()) + int(own.max())) / 2, axis=0)
    for begin, end in zip(*_runs(ink > 0), strict=True):
        if ink[begin:end].sum() < _DIRT:
            ink[begin:end] = 0
    return ink


def _runs(which: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each run of true begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], which.astype(np.int8), [0]))))
    return edges[::2], edges[1::2]
