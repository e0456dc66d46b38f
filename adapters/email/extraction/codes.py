"""Codes in a picture as their supplier writes them: they have one form, which the page itself shows.

``HZ 9528-D19``, ``BX-G193-E07`` and ``MC-7791·E14.`` beside ``HZ-1980-E10`` and ``BX-2013-K17`` are written in the form
of these: which marks part a code, and where letters stand and where digits, is settled. Which letter or which digit was
meant is not, so only signs that look the same are taken for one another (issue 6, part 4: by the form, not by chance).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Final

from adapters.email.extraction.goods import Line
from adapters.email.extraction.misread import DIGITS
from adapters.email.extraction.rows import Cell, Placed, Row, gap
from core.reading import around

#: so many different codes of one form show it
_SHOWN: Final = 2
#: a code of so many letters and digits, with a letter, a digit and a mark within, is of no form by chance
_SIGNS: Final = 6
_CODE: Final = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)+", re.ASCII)
#: one whose marks were not all seen
_SPACED: Final = re.compile(r"(?=.*[A-Z])(?=.*\d)[A-Z0-9]+(?:[-/ ][A-Z0-9]+)+", re.ASCII)
_EDGES: Final = ".,:;\u00b7'\" "
#: a code is broken to so many words at most, and no further apart than so many heights of type
_MOST_WORDS: Final = 3
_SPACE: Final = 1.0
#: a letter is looked for only where one looks like the digit that was read: ``0`` may be an O, a Q or a D
_LETTERS: Final = {"8": "B", "5": "S", "6": "G", "2": "Z"}
#: a code has no more of these: any word fits a form where every sign may be another
_TWINS: Final = 1
#: lines are counted by ones or tens or hundreds
_STEPS: Final = (1, 10, 100)
#: so short is what is seen of the rule of a table
_STRAY: Final = 1
#: so many lines may be lost, or counted twice
_LOST: Final = 2
_LINE_NUMBER: Final = re.compile(r"\d{1,4}\.?|\d{1,3}\.0")


def formed(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a picture with the codes that are nearly in a form that others show as that form has them."""
    shown: dict[str, set[str]] = {}
    for row in rows:
        for cell in row.cells:
            for start, end in combinations(range(len(cell.words) + 1), 2):
                text = _text(cell.words[start:end])
                if end - start <= _MOST_WORDS and _is_shown(text):
                    shown.setdefault(_kinds(text), set()).add(text)
    forms = [_form(codes) for codes in shown.values() if len(codes) >= _SHOWN]
    if not forms:
        return list(rows)
    return [Row(row.page, tuple(Cell(tuple(_mended(cell.words, forms))) for cell in row.cells)) for row in rows]


def parted(lines: Sequence[Line]) -> None:
    """Part the number of a line from its code where a reader of pictures put both into one column.

    Lines are numbered in steps, and a code has letters: ``2 | HZ-9528-D19`` below ``Line`` is the second line, of that
    code, whether the head of the codes was read or not. A single sign beside them is the rule of a table, and a word
    after them begins the description.
    """
    for place, line in enumerate(lines, 1):
        if line.reason != "column":
            continue
        numbered = [word for word in line.words.get("number", ()) if _says(word.text)]
        words = [*numbered, *(word for word in line.words.get("sku", ()) if _says(word.text))]
        code = next((at for at, word in enumerate(words) if _CODE.fullmatch(word.text)), None)
        if code is None:
            continue
        number = next((word for word in words[:code] if _number_of(word.text, place)), None)
        named = [word for word in words[code + 1 :] if len(word.text) > _STRAY and word.text.isalpha()]
        if any(len(word.text) > _STRAY and word not in (number, words[code], *named) for word in words):
            continue
        line.words["sku"] = [words[code]]
        line.words.pop("number", None)
        if number is not None:
            line.words["number"] = [number._replace(text=_number_of(number.text, place))]
        if named:
            line.words["description"] = [*named, *line.words.get("description", ())]


def _text(words: Sequence[Placed]) -> str:
    return " ".join(word.text for word in words)


def _is_shown(text: str) -> bool:
    """Tell whether a text may be a code, whose parts may have lost a mark but for one: ``HZ 9528-D19``."""
    first = text.split(" ", 1)[0]
    spaced = _SPACED.fullmatch(text) is not None and any(mark in text for mark in "-/") and not first.isdigit()
    return (spaced or _CODE.fullmatch(text) is not None) and sum(map(str.isalnum, text)) >= _SIGNS


def _kinds(text: str) -> str:
    return "".join("9" if sign.isdigit() else "A" for sign in text if sign.isalnum())


def _form(codes: Iterable[str]) -> str:
    """Return the form of codes of the same letters and digits: between two of them the mark that most of them have.

    Nobody writes a space here and a mark there: a space is a mark that was not seen.
    """
    marks: dict[int, Counter[str]] = {}
    kinds = ""
    for code in codes:
        place = 0
        kinds = _kinds(code)
        for sign in code:
            if sign.isalnum():
                place += 1
            else:
                marks.setdefault(place, Counter())[sign] += 1
    seen = {place: next((mark for mark, _ in found.most_common() if mark != " "), "") for place, found in marks.items()}
    return "".join(seen.get(place, "") + kind for place, kind in enumerate(kinds))


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


def _number_of(text: str, place: int) -> str:
    """Return the digits of a number that the line at a place may have, "" where it is none: a line may be lost."""
    digits = text.replace(".", "") if _LINE_NUMBER.fullmatch(text) else ""
    near = digits and any(abs(int(digits) - place * step) <= _LOST * step for step in _STEPS)
    return digits if near and any(int(digits) % step == 0 for step in _STEPS) else ""


def _mended(words: Sequence[Placed], forms: Sequence[str]) -> list[Placed]:
    left, mended = list(words), []
    while left:
        for count in range(min(_MOST_WORDS, len(left)), 0, -1):
            group = left[:count]
            if any(gap(one, two) > _SPACE for one, two in pairwise(group)):
                continue
            text = _text(group).strip(_EDGES)
            found = {code for form in forms if (code := in_form(text, form))}
            if len(found) == 1:
                mended.append(_one(group, found.pop()))
                left = left[count:]
                break
        else:
            mended += _unglued(left.pop(0), forms)
    return mended


def in_form(text: str, form: str) -> str:
    """Return *text* as *form* has it, ``A`` a letter, ``9`` a digit, other signs as they stand; "" where it is not so.

    Its letters and digits must be those of the form but for twins; its marks may be lost or others.
    """
    signs = [sign for sign in text if sign.isalnum()]
    wanted = [sign for sign in form if sign.isalnum()]
    if len(signs) != len(wanted) or len(text) > len(form) + _MOST_WORDS or not any(map(str.isalpha, signs)):
        return ""
    read = [_of_kind(sign, kind) for sign, kind in zip(signs, wanted, strict=True)]
    if sum(sign != one for sign, one in zip(signs, read, strict=True)) > _TWINS:
        return ""
    told = iter(read)
    code = "".join(next(told) if kind.isalnum() else kind for kind in form)
    return code if len(_kinds(code)) == len(signs) else ""


def _of_kind(sign: str, kind: str) -> str:
    if kind == "9":
        return sign if sign.isdigit() else DIGITS.get(sign, "")
    return sign if sign.isascii() and sign.isupper() else _LETTERS.get(sign, "")


def _unglued(word: Placed, forms: Sequence[str]) -> list[Placed]:
    """Return a code and the word of letters that a reader glued to it as two words: ``BX-6243-A05.Epoxy``."""
    for form in forms:
        code, rest = word.text[: len(form)], word.text[len(form) :]
        if in_form(code, form) == code and rest[:1] in (".", ",", ":") and rest[1:].isalpha():
            return [word.part(0, len(form)), word.part(len(form) + 1, len(word.text))]
    return [word]


def _one(words: Sequence[Placed], text: str) -> Placed:
    box, at = around(word.box for word in words), around(word.at for word in words)
    return words[0]._replace(text=text, box=box, at=at, confidence=min(word.confidence for word in words))
