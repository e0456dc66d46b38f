"""Looks whether numbers that the text of a PDF gives are those that its page shows (issue 6, part 3).

Each font of a PDF tells what its shapes mean (ToUnicode, ISO 32000-2 section 9.10.3), and may lie: the eye reads 10, a
program 1000. So a few numbers, those that an order is made of, are read from the drawn page too. A look that differs
counts only where it is sure, and a second one, drawn finer, says the same: a clean text is not given up for a misread
sign.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from adapters.email.claims import Claim
from adapters.email.limits import Limits
from adapters.email.ocr.engine import Engine
from adapters.email.ocr.recognizer import Grey
from adapters.email.pdfium import POINTS, drawn_pages

#: dots to an inch of the first look and of the second
_LOOKS: Final = (200, 300)
#: a look that is less sure, by its least sure sign, says nothing
_SURE: Final = 0.9
#: paper around a number, as shares of its height: beside it, and above and below
_BESIDE: Final = 0.3
_ABOVE: Final = 0.1
#: signs that stand for one another in any font, and what no number is told by
_ALIKE: Final = str.maketrans("OoQDIl|iSsBZzGgq", "0000111155822699")
_NO_SIGN: Final = re.compile(r"[^0-9a-zA-Z]")


def contradicted(content: bytes, name: str, claims: Sequence[Claim], engine: Engine, limits: Limits) -> frozenset[int]:
    """Return the pages of a PDF that show something else than one of *claims* says.

    Raises:
        Unreadable: it is damaged, or has too many pages or pixels.
    """
    left = list(claims)
    for dpi in _LOOKS:
        of_page: dict[int, list[Claim]] = defaultdict(list)
        for claim in left:
            of_page[claim.page].append(claim)
        left = []
        for number, image in drawn_pages(content, name, of_page, dpi, limits):
            pixels = np.asarray(image)
            left += [claim for claim in of_page[number] if not _agrees(pixels, claim, dpi / POINTS, engine)]
    return frozenset(claim.page for claim in left)


def _agrees(pixels: Grey, claim: Claim, scale: float, engine: Engine) -> bool:
    """Tell whether a page shows what is claimed, or cannot be read surely."""
    left, top, right, bottom = claim.box
    beside, above = _BESIDE * claim.box.height, _ABOVE * claim.box.height
    rows = slice(max(0, int((top - above) * scale)), max(1, int((bottom + above) * scale) + 1))
    columns = slice(max(0, int((left - beside) * scale)), max(1, int((right + beside) * scale) + 1))
    crop = pixels[rows, columns]
    if not crop.size:
        return False
    text, confidence = engine.read_line(crop)
    return confidence < _SURE or _folded(text) == _folded(claim.text)


def _folded(text: str) -> str:
    return _NO_SIGN.sub("", text).translate(_ALIKE)
