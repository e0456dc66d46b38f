"""What a quantity is counted in, and for how many units a price is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Placed, Row
from adapters.email.extraction.values import currency, unit
from adapters.email.guided.parts import Parts
from adapters.email.guided.places import is_in
from adapters.email.guided.roles import BASES
from adapters.email.guided.tokens import Token

_LETTERS: Final = re.compile(r"[^\W\d_]{1,10}")


def basis_of(rows: Sequence[Row], parts: Parts, roles: Mapping[str, Token]) -> Token | None:
    """Return for how many units a price is that says so behind itself, for one too: ``7,29 / 1``, ``3.20 per 100``."""
    price = roles["price"]
    row = rows[parts.record.anchor.place + price.offset]
    each = lexicon().words["each"]
    for token in (one for one in parts.tokens if one not in roles.values()):
        if token.offset != price.offset or token.values[0] not in BASES or token.at.left < price.at.right - 0.01:
            continue
        between = [
            word
            for word in row.words
            if price.at.right - 0.01 <= word.at.left and word.at.right <= token.at.left + 0.01
        ]
        said = [word.text for word in between if not currency(word.text)]
        if all(one == "/" or (folded(one) and folded(one) in each) for one in said) and (
            said or "/" in _around(row, token)
        ):
            return token
    return None


def _around(row: Row, token: Token) -> str:
    """Return the words that a number is of, or is a part of."""
    return "".join(word.text for word in row.words if is_in(word, token.words))


def _measured(word: Placed) -> Placed | None:
    """Return the unit that a word begins with: ``pcs,``, and in Chinese what follows may be set against it."""
    letters = _LETTERS.match(word.text)
    if letters is None:
        return None
    whole = word.part(0, letters.end())
    if unit(whole.text):
        return whole
    first = word.part(0, 1)
    return first if not first.text.isascii() and unit(first.text) else None


def unit_of(rows: Sequence[Row], parts: Parts, quantity: Token) -> list[Placed]:
    """Return the word for the unit: it follows the quantity at once, or stands alone in a cell of its row."""
    place = parts.record.anchor.place + quantity.offset
    row = rows[place]
    right = [
        word for word in row.words if word.at.left >= quantity.at.right - 0.01 and not is_in(word, parts.description)
    ]
    glued = next(
        (word for word in row.words if is_in(word, quantity.words) and word.text != quantity.words[-1].text), None
    )
    if glued is not None:
        start = glued.text.find(quantity.words[-1].text) + len(quantity.words[-1].text)
        rest = glued.part(start, len(glued.text))
        if unit(rest.text.strip(".,;")):
            return [rest]
    if right and (measured := _measured(right[0])):
        return [measured]
    goods = parts.record.anchor.goods
    codes = [word for code in parts.codes for word in code.words]
    alone = [
        cell.words[0]
        for at in parts.record.places
        for cell in rows[at].cells
        if len(cell.words) == 1 and unit(cell.words[0].text) and not is_in(cell.words[0], [*parts.description, *codes])
    ]
    ours = [word for word in alone if goods is not None and unit(word.text) == goods.unit]
    near = sorted(
        ours or alone, key=lambda word: (word.at.top != quantity.words[0].at.top, abs(word.at.left - quantity.at.right))
    )
    return near[:1]
