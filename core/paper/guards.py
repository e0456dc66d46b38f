"""Guards against a layout that was understood wrongly: what a text says exactly may be said of another line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from core.paper.items import Fields, Meant, alike, is_our_price, says_numbers
from core.paper.known import Known, KnownItem
from core.paper.likeness import plain
from core.paper.sums import number_of

#: a description this much alike is that of an item; one less alike than the other is of another thing
_ALIKE: Final = 0.85
_FOREIGN: Final = 0.4
#: alike by less is alike by chance
_MARGIN: Final = 0.01
#: a price so many times ours, or ours so many times it, is for another number of units than was read
_TIMES: Final = Decimal(8)
_ONE: Final = Decimal(1)


def guarded(lines: Sequence[Fields], meant: Sequence[Meant], known: Known) -> list[Meant]:
    """Return what each line of a text means, doubtful where it describes another item than its code names.

    Where one line does, codes may have been given to the next line, and every other line must be described as its own
    item to be believed.
    """
    others = [_is_of_another(fields, one.item, known) for fields, one in zip(lines, meant, strict=True)]
    shifted = any(others)
    return [
        Meant(None, one.read, frozenset(), "paper.item_doubtful")
        if other or _is_unlike(fields, one, shifted=shifted)
        else one
        for fields, one, other in zip(lines, meant, others, strict=True)
    ]


def runs_over(text: str, item: KnownItem) -> bool:
    """Tell whether a description is that of an item and a number more, which may be of another column."""
    said = plain(text)
    for one in item.descriptions:
        own = plain(one)
        if own and own in said and any(sign.isdigit() for sign in said.replace(own, "", 1)):
            return not any(said == plain(other) for other in item.descriptions)
    return False


def is_far_from_ours(price: Decimal | None, basis: Decimal, item: KnownItem | None) -> bool:
    """Tell whether a price for *basis* units is of another size than ours: then it is for a number that was not read.

    The product proves nothing here: 5 x 87.50 is 500 x 87.50 / 100.
    """
    if price is None or item is None or not item.price or basis <= 0 or price <= 0:
        return False
    times = price / basis / item.price
    return times >= _TIMES or times <= _ONE / _TIMES


def _is_of_another(fields: Fields, item: KnownItem | None, known: Known) -> bool:
    """Tell whether a line is described as another item of the catalogue rather than as its own."""
    if item is None or "description" not in fields:
        return False
    text = fields["description"][0].value
    own = alike(text, item)
    found = max((alike(text, other) for other in known.items.values() if other is not item), default=0.0)
    return found >= _ALIKE and found > own + _MARGIN


def _is_unlike(fields: Fields, meant: Meant, *, shifted: bool) -> bool:
    """Tell whether a description fits its item not at all, and nothing but one code speaks for that.

    A customer has words of its own, and the catalogue may not have its language: a second code, the numbers of the
    description or our price are enough.
    """
    item = meant.item
    if item is None or not item.descriptions or "description" not in fields or "memory.code" in meant.evidence:
        return False
    text = fields["description"][0].value
    if alike(text, item) >= (_ALIKE if shifted else _FOREIGN) or len(meant.evidence) > 1:
        return False
    price, basis = _number(fields, "price"), _number(fields, "price_basis") or _ONE
    numbered = any(sign.isdigit() for sign in text) and says_numbers(text, item)
    return not (numbered or is_our_price(price, basis, item))


def _number(fields: Fields, name: str) -> Decimal | None:
    return number_of(fields[name][0].value) if name in fields else None
