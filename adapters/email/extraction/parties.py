"""Who orders and where the goods go: a name and the lines of an address below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from adapters.email.extraction.labels import is_label, starts_with_label
from adapters.email.extraction.lexicon import folded, lexicon
from adapters.email.extraction.rows import Cell, Placed, Row, spot_of
from core.reading import Candidate

_MOST_LINES: Final = 6
#: marks around the parts of an address
_MARKS: Final = " ,;:。"
#: lines of one address follow within so many heights of type, and start within so many of each other
_PITCH: Final = 2.1
_INDENT: Final = 1.5
#: the letterhead stands in the top part of the first page
_LETTERHEAD: Final = 0.2
_CLAUSE: Final = re.compile(r".+?(?:(?<=[^\x00-\x7f])[,;](?=.)|$)")
_POSTAL: Final = (
    re.compile(r"(?P<postal_code>\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)"),  # United Kingdom
    re.compile(r"(?P<region>\b[A-Z]{2}) (?P<postal_code>\d{5}(?:-\d{4})?)\b"),  # United States
    re.compile(r"(?:\b(?:D|DE|A|CH|F|I|NL|B|PL)-)?(?P<postal_code>\b\d{4,6}\b)\s+(?P<city>[^\W\d][^,;\d]{1,40})"),
)


def party_of(rows: Sequence[Row], meaning: str) -> dict[str, tuple[Candidate, ...]]:
    """Return ``name``, ``address`` and the parts of the address that are clear, of the party with a label."""
    for place, row in enumerate(rows):
        for cell in row.cells:
            rest = label_of(cell, meaning)
            if rest is None:
                continue
            beside = next((one for one in row.cells if one.at.left >= cell.at.right and not _is_label(one)), None)
            block = [Cell(rest)] if rest else []
            block += _below(rows, place, cell, _MOST_LINES - len(block))
            if not block and beside is not None:
                block = [beside, *_below(rows, place, beside, _MOST_LINES - 1)]
            if block:
                return _told(block, "label")
    return {}


def label_of(cell: Cell, meaning: str) -> tuple[Placed, ...] | None:
    """Return what follows the label of a party in its cell; None where it is no such label.

    ``Customer No.`` is longer than ``Customer`` and means something else; a party's label ends its cell or has a colon.
    """
    words = lexicon()
    if meaning == "ship_to" and _leads_to_address(cell):
        return ()
    found, other = starts_with_label(cell, words.parties), starts_with_label(cell, words.labels)
    if found is None or found[0] != meaning:
        return None
    if other is not None and len(other[2]) < len(found[2]):
        return None
    colon = cell.text[len(" ".join(word.text for word in found[1])) :].lstrip().startswith((":", "："))
    colon = colon or found[1][-1].text.endswith((":", "："))
    return found[2] if colon or not found[2] else None


def _leads_to_address(cell: Cell) -> bool:
    """Tell whether a sentence ends with the words before an address: ``Please deliver by 2 November to:``."""
    last = cell.words[-1].text
    if not last.endswith((":", "：")):
        return False
    said, leads = folded(last), lexicon().words["deliver_to"]
    return (len(cell.words) > 1 and said in leads) or any(said.endswith(one) for one in leads if not one.isascii())


def letterhead_of(rows: Sequence[Row], page_height: float) -> dict[str, tuple[Candidate, ...]]:
    """Return the name at the top of the first page: who wrote it, unless a label says otherwise."""
    for row in rows[:6]:
        if row.page != rows[0].page or row.at.top > _LETTERHEAD * page_height:
            break
        for cell in row.cells:
            if not _is_title(cell) and starts_with_label(cell, lexicon().labels) is None and len(cell.text) > 3:
                return _told([cell], "position")
    return {}


def _below(rows: Sequence[Row], place: int, label: Cell, most: int) -> list[Cell]:
    """Return the cells under a label that form a block: one below the other, at the same left edge."""
    block: list[Cell] = []
    above = label
    indent = 0.0 if label.words[0].gridded else _INDENT * label.at.height  # the next column of a sheet is another
    for row in rows[place + 1 :]:
        if row.page != rows[place].page or len(block) == most:
            break
        under = [cell for cell in row.cells if abs(cell.at.left - label.at.left) <= indent]
        if not under:
            if row.at.top - above.at.bottom > _PITCH * above.at.height:
                break
            continue
        cell = under[0]
        too_far = cell.at.top - above.at.bottom > _PITCH * above.at.height
        if too_far or _is_label(cell) or folded(cell.text) in lexicon().words["closing"]:
            break
        block.append(cell)
        above = cell
    return block


def _is_label(cell: Cell) -> bool:
    return any(is_label(cell, words) for words in (lexicon().labels, lexicon().parties))


def _is_title(cell: Cell) -> bool:
    said = folded(cell.text)
    return any(said in words for words in lexicon().words.values())


def _told(block: Sequence[Cell], reason: str) -> dict[str, tuple[Candidate, ...]]:
    """Return the fields of a party; a name that shares its line with the address ends at the first comma."""
    words: list[Placed] = [word for cell in block for word in cell.words]
    sure = min(word.confidence for word in words)
    first, *others = _on_lines(block)
    fields: dict[str, tuple[Candidate, ...]] = {"name": (_candidate(first.text.strip(_MARKS), first.words, reason),)}
    if others:
        address = [cell.text.strip(_MARKS) for cell in others]
        rest = [word for cell in others for word in cell.words]
        fields["address"] = (_candidate("; ".join(address), rest, reason),)
        for name, value in _parts(", ".join(address)).items():
            fields[name] = (Candidate(value, value, spot_of(rest), sure, reason),)
    return fields


def _on_lines(block: Sequence[Cell]) -> list[Cell]:
    """Return the lines of a party; one that says all of it is parted at its commas; Chinese sets no space after one."""
    if len(block) > 1:
        return list(block)
    lines: list[list[Placed]] = [[]]
    for word in block[0].words:
        for part in _CLAUSE.finditer(word.text):
            lines[-1].append(word.part(part.start(), part.end()))
            if part[0].endswith((",", ";")):
                lines.append([])
    return [Cell(tuple(words)) for words in lines if words]


def _candidate(value: str, words: Sequence[Placed], reason: str) -> Candidate:
    return Candidate(value, value, spot_of(words), min(word.confidence for word in words), reason)


def _parts(address: str) -> dict[str, str]:
    """Return what is clear of an address: its postal code, and the town that stands beside it."""
    for pattern in _POSTAL:
        if found := pattern.search(address):
            return {name: value.strip() for name, value in found.groupdict().items() if value}
    return {}
