"""Looks twice at digits that were not read surely: alone, out of their line, they are read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.email.ocr.engine import Engine, Found
from adapters.email.ocr.recognizer import Grey

#: a word that is surer is not looked at again: 997 of 1,000 such are right (core.paper.evidence)
SURE: Final = 0.98
#: what is seen around the word, in heights of its type, to either side and above and below
_BESIDE: Final = 0.25
_ABOVE: Final = 0.1


def confirmed(pixels: Grey, found: Sequence[Found], engine: Engine) -> list[Found]:
    """Return what was *found*, words with digits as sure as the surer of two looks that agree.

    Where the second look differs, the first stands with its doubt: neither is known to be right.
    """
    return [_looked_at(pixels, one, engine) if _is_doubtful(one) else one for one in found]


def _is_doubtful(one: Found) -> bool:
    return one.confidence < SURE and any(sign.isdigit() for sign in one.text)


def _looked_at(pixels: Grey, one: Found, engine: Engine) -> Found:
    left, top = one.corners.min(axis=0)
    right, bottom = one.corners.max(axis=0)
    beside, above = _BESIDE * (bottom - top), _ABOVE * (bottom - top)
    rows = slice(max(0, int(top - above)), int(bottom + above) + 1)
    columns = slice(max(0, int(left - beside)), int(right + beside) + 1)
    text, confidence = engine.read_line(pixels[rows, columns])
    return one._replace(confidence=max(confidence, one.confidence)) if text.strip() == one.text else one
