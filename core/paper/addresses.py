"""Whether what was read is a known address: told by several parts of it that agree (INT-11)."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Final

from core.documents import Party
from core.paper.likeness import plain
from core.paper.signs import is_misread, numbers_in

#: of a name, a street or a town, so much has to be found; of what was read, so much has to be explained
_FOUND: Final = 0.75
_EXPLAINED: Final = 0.75
#: signs in a row that count as found
_RUN: Final = 2
_DIGITS: Final = re.compile(r"\d+")


def fits(name: str, address: str, party: Party, *, loosely: bool = False) -> bool:
    """Tell whether *name* and *address*, "" where only a name was read, are those of *party*.

    Letters may be misread here and there. Numbers may not: those of the street must stand there, and no other number
    than those of the address, as house 16 is not house 14; *loosely*, one sign of them may be misread.
    """
    if _found(party.name, name) < _FOUND or _found(name, party.name) < _FOUND:
        return False
    if not _numbers_fit(name, party.name, "", loosely=loosely):  # works 2 is not works 3
        return False
    return not address or _is_at(address, party, loosely=loosely)


def _is_at(address: str, party: Party, *, loosely: bool) -> bool:
    """Tell whether an address is that of a party; one that is its street alone leaves out a town and names no other."""
    if not _numbers_fit(address, party.street, party.postal_code, loosely=loosely):
        return False
    if party.street and not loosely and plain(address) == plain(party.street):
        return True
    if any(_found(part, address) < _FOUND for part in (party.street, party.city) if part):
        return False
    # a town stands before the street, as in China, or after it
    explained = f"{party.region} {party.city} {party.street} {party.city} {party.region} {party.postal_code}"
    return _explained(_without_country(address), explained) >= _EXPLAINED


def _numbers_fit(read: str, needed: str, possible: str, *, loosely: bool) -> bool:
    """Tell whether all numbers of *needed* were read, and beside them none but those of *possible*."""
    said, must = Counter(numbers_in(read)), Counter(numbers_in(needed))
    strange = list((said - must - Counter(numbers_in(possible))).elements())
    lost = list((must - said).elements())
    if not loosely or max(len(strange), len(lost)) > 1:
        return not strange and not lost
    return not strange or not lost or is_misread(strange[0], lost[0])


def _without_country(address: str) -> str:
    """Return the parts of an address without a last one that has no number: it names the country, or nothing."""
    *parts, last = re.split(r"[;,]", address)
    return address if not parts or any(sign.isdigit() for sign in last) else ";".join(parts)


def _explained(address: str, known: str) -> float:
    """Return the share of the letters of *address* whose words stand in *known*, in whatever sequence, 0 to 1."""
    words = [plain(word) for word in re.split(r"[\s,;.]+", _DIGITS.sub("", address))]
    whole = sum(map(len, words))
    return sum(len(word) * _found(word, known) for word in words) / whole if whole else 1.0


def _found(part: str, text: str) -> float:
    """Return the share of the letters of *part* that stand in *text* in their sequence, 0 to 1; 1 where it has none."""
    letters, among = (_DIGITS.sub("", plain(one)) for one in (part, text))
    if not letters:
        return 1.0
    blocks = SequenceMatcher(None, letters, among, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= min(_RUN, len(letters))) / len(letters)
