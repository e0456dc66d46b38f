"""Compares what a person typed who did not see what was read with what was accepted, field by field.

It is strict: what only looks different is settled by a second look, what was overlooked never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final, Literal, NamedTuple

from core.errors import ValueRefused
from core.paper.likeness import plain
from core.paper.measured import HEAD, LINE, is_measured, line_of
from core.provenance import Violation, fault
from core.store.customers import codes_of
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, partner_id_by_code
from core.values import parse_decimal

Answers = Mapping[str, str | None]
#: who was wrong: what read the paper, who typed it, or nobody, as the two mean the same
Verdict = Literal["reader", "reviewer", "nobody"]

#: of an address that is known by its name the rest comes from the master data, whether it stands there or not
_DERIVED: Final = ("ship_to.street", "ship_to.postal_code", "ship_to.city")
_DAYS: Final = ("document_date", "requested_date")
_NUMBERS: Final = ("quantity", "price")
#: more faults are not told at once
_MOST_FAULTS: Final = 50


class Finding(NamedTuple):
    """A field that differs: what was accepted (None: nothing was), the words there, and what was typed."""

    field: str
    read: str | None
    text: str | None
    typed: str | None
    verdict: Verdict | None = None


def faults_of(answers: Answers) -> list[Violation]:
    """Return what is wrong with answers, each with the pointer of its field: all are asked, also of every line."""
    last = max((line for path in answers if (line := line_of(path)) is not None), default=1)
    wanted = [*HEAD, *(f"lines.{line}.{name}" for line in range(1, last + 1) for name in LINE)]
    missing = [_at(path, fault("sample.answer_missing", {"path": path})) for path in wanted if path not in answers]
    strange = [_at(path, fault("sample.answer_unasked", {"path": path})) for path in answers if not is_measured(path)]
    unclear = [one for path, typed in answers.items() if typed is not None for one in _unclear(path, typed)]
    return [*strange, *unclear, *missing][:_MOST_FAULTS]


def compared(
    tx: Tx, cache: MasterCache, partner: str, fields: Mapping[str, Mapping[str, Any]], answers: Answers
) -> tuple[int, list[Finding]]:
    """Return how many fields could be compared, and those that differ.

    *fields* are the kept verdicts of the paper, *partner* the code of the customer that it was taken to be of.
    """
    same = _Same(tx, cache, partner, answers)
    accepted = {path: one for path, one in fields.items() if "value" in one and is_measured(path)}
    answers = _aligned(accepted, answers, same)
    count, differing = 0, []
    for path in dict.fromkeys([*accepted, *answers]):
        one, typed = accepted.get(path), answers.get(path)
        if (one is None and typed is None) or (typed is None and path in _DERIVED):
            continue
        count += 1
        if one is None or typed is None or not same(path, one, typed):
            read, text = (None, None) if one is None else (one["value"], one.get("text"))
            differing.append(Finding(path, read, text, typed))
    return count, differing


class _Same:
    """Tells whether what was typed means what was accepted."""

    def __init__(self, tx: Tx, cache: MasterCache, partner: str, answers: Answers) -> None:
        self._tx = tx
        self._cache = cache
        self._partner_id = partner_id_by_code(tx, partner) or 0
        codes = {typed for path, typed in answers.items() if path.endswith(".sku") and typed}
        load_items(tx, cache, self._partner_id, gtins=codes, skus=codes, codes=codes)

    def __call__(self, path: str, kept: Mapping[str, Any], typed: str) -> bool:
        name, value = path.rpartition(".")[2], str(kept["value"])
        if name in _NUMBERS:
            return Decimal(typed) == Decimal(value)
        if name in _DAYS:
            return date.fromisoformat(typed).isoformat() == value
        if name == "sku":
            return value in self.items(typed)
        if name == "partner":
            return any(value in codes_of(self._tx, field, typed) for field in ("code", "name", "gln", "tax_id"))
        if name == "unit":  # a person writes what stands there, or its code
            return plain(typed) in (plain(value), plain(kept.get("text") or ""))
        return plain(typed) == plain(value)

    def items(self, code: str) -> Iterator[str]:
        """Yield the SKUs that a code may mean: ours, the customer's, or a GTIN."""
        if self._cache.by_sku.get(code) is not None:
            yield code
        for sku in (self._cache.sku_by_gtin.get(code), self._cache.sku_by_code.get((self._partner_id, code))):
            if sku is not None:
                yield sku


def _aligned(accepted: Mapping[str, Mapping[str, Any]], answers: Answers, same: _Same) -> Answers:
    """Return *answers* with their lines numbered as they were read, so that one that was overlooked shifts no other.

    Lines are matched by their items, in their sequence; those that were typed alone get the numbers after all others.
    """
    read = [line for line in _lines(accepted) if f"lines.{line}.sku" in accepted]
    typed = _lines(answers)
    items = [accepted[f"lines.{line}.sku"]["value"] for line in read]
    meant = [next(same.items(answers.get(f"lines.{line}.sku") or ""), "") for line in typed]
    if len(_lines(accepted)) == len(typed):
        return answers
    number: dict[int, int] = {}
    for block in SequenceMatcher(None, items, meant, autojunk=False).get_matching_blocks():
        number |= {typed[block.b + step]: read[block.a + step] for step in range(block.size)}
    alone = max([*_lines(accepted), *typed], default=0)
    for line in typed:
        if line not in number:
            alone += 1
            number[line] = alone
    return {_moved(path, number): value for path, value in answers.items()}


def _lines(paths: Iterable[str]) -> list[int]:
    return sorted({line for path in paths if (line := line_of(path)) is not None})


def _moved(path: str, number: Mapping[int, int]) -> str:
    line = line_of(path)
    return path if line is None else f"lines.{number[line]}.{path.rpartition('.')[2]}"


def _unclear(path: str, typed: str) -> Iterator[Violation]:
    """Yield what is wrong with a value that can be read in several ways."""
    name = path.rpartition(".")[2]
    if name in _DAYS:
        try:
            date.fromisoformat(typed)
        except ValueError:
            yield _at(path, fault("sample.answer_no_date", {"path": path}), typed)
    elif name in _NUMBERS:
        try:
            parse_decimal(typed)
        except ValueRefused:
            yield _at(path, fault("sample.answer_no_number", {"path": path}), typed)


def _at(path: str, violation: Violation, typed: str | None = None) -> Violation:
    return violation._replace(tag=f"/fields/{path}", value=typed)
