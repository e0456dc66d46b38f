"""Which sign parts whole and fraction in a document: its clear numbers tell how its other ones are read.

``1.250`` alone is two numbers. Beside ``3,20`` it is 1250, and beside ``3.20`` it is one and a quarter (issue 6, part
4: strict parsers by locale, where the locale is that of the document and not that of its language).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.solve import Fields
from adapters.email.extraction.values import number_with
from core.reading import Candidate

_NUMBERS: Final = ("quantity", "price", "amount")
#: a fraction of three digits may be a group of thousands
_CLEAR: Final = re.compile(r"(?<!\d)(?:0|\d[\d.,'\u2019 ]*)(?P<mark>[.,])(?:\d{1,2}|\d{4,})(?!\d|[.,]\d)")
_SMALL: Final = re.compile(r"(?<![\d.,])0(?P<mark>[.,])\d+(?![\d.,])")
_GROUPS: Final = re.compile(r"(?<!\d)\d{1,3}(?P<mark>[.,])\d{3}(?P=mark)\d{3}(?!\d)")
_OTHER: Final = {".": ",", ",": "."}
#: how each language writes by hand
_OF_LANGUAGES: Final = {"de": ",", "en": ".", "zh": "."}
#: what is counted is whole (UN/ECE Recommendation 20)
_WHOLE: Final = frozenset({"PCE", "ROL", "PR", "BX", "CT", "PK", "BG", "PF", "SET", "DZN", "BTL", "DRM"})


def settled(lines: Sequence[Fields], totals: Fields, *, written: str = "") -> tuple[list[Fields], Fields]:
    """Return lines and totals without the readings that the other numbers of the document rule out.

    Where these show nothing, the manner of the customer counts, and at last *written*, the language of a text that a
    person wrote: nobody types decimals after whole pieces.
    """
    fields = chain(*(line.items() for line in lines), totals.items())
    mark = decimal_mark(one.text for name, said in fields for one in said if name in (*_NUMBERS, *totals))
    taught = "" if mark else lexicon().manner.decimal
    mark = mark or taught or _OF_LANGUAGES.get(written, "")
    return (
        [_whole({name: _read_by(said, mark, taught=bool(taught)) for name, said in line.items()}) for line in lines],
        {name: _read_by(said, mark, taught=bool(taught)) for name, said in totals.items()},
    )


def decimal_mark(texts: Iterable[str]) -> str:
    """Return the sign before the fraction in numbers that can be read in one way; "" where none tells, or two do."""
    marks = set()
    for text in texts:
        for pattern in (_CLEAR, _SMALL):
            marks |= {found["mark"] for found in pattern.finditer(text)}
        marks |= {_OTHER[found["mark"]] for found in _GROUPS.finditer(text)}
    return marks.pop() if len(marks) == 1 else ""


def _read_by(said: tuple[Candidate, ...], mark: str, *, taught: bool) -> tuple[Candidate, ...]:
    if len(said) < 2 or not mark:
        return said
    left = tuple(one for one in said if number_with(one.text, mark) in (None, one.value))
    if taught and 0 < len(left) < len(said):
        return tuple(one._replace(reason="taught") for one in left)
    return left or said


def _whole(line: Fields) -> Fields:
    """Return a line whose quantity is whole where its unit is counted."""
    said, unit = line.get("quantity", ()), line.get("unit")
    whole = tuple(one for one in said if float(one.value).is_integer())
    return {**line, "quantity": whole} if whole and unit and unit[0].value in _WHOLE else line
