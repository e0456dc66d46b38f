"""Papers that a person made an order of, laid beside it: how the customer's forms are to be read from now on (INT-11).

What was typed or corrected stands somewhere on the page; the words that lead there, the heads over its lines and the
way that days and numbers are written are learned from the place. Whoever reads papers finds them; here it is decided
what is laid before it, and what is kept of its findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from core.entry.forms import fields_of
from core.entry.origins import is_decided
from core.manner import Finding, Manner, Meant, Stored, Study
from core.paper.confirmed import confirmed
from core.paper.customer import name_customer
from core.paper.memory import Lesson, Teacher, contradict, end, is_new, keep, remembered
from core.paper.words import MOST_JSON, inflated, pages_of
from core.provenance import fault
from core.reading import Paper, ReadSource
from core.store import drafts
from core.store import paper_studies as rows
from core.store.descriptions import descriptions_of
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, partner_id_by_code
from core.store.paper_studies import StudyRow
from core.store.papers import Row

#: stored papers that a lesson is tried on
_TRIED: Final = 50
_HEAD: Final = ("buyer_reference", "requested_date")
_LINE: Final = ("quantity", "price")
_CODES: Final = ("sku", "gtin", "buyer_code")


def ask_for_study(tx: Tx, partner: str, part: Row, draft: Mapping[str, Any], teacher: Teacher) -> None:
    """Let a part be studied, where a person of the house decided on any field of its draft by itself."""
    if any(map(is_decided, draft["origins"].values())):
        row = StudyRow(
            part["source_id"], part["ordinal"], partner, teacher.order_id, draft["id"], teacher.actor[:100], teacher.at
        )
        rows.add(tx, row)


def manners_of(tx: Tx, read: ReadSource) -> dict[int, Manner]:
    """Return how parts are to be read, by their ordinal: of customers named by more than a name."""
    found: dict[int, Manner] = {}
    for ordinal, part in enumerate(read.parts):
        if part.paper is None or part.extracted is None:
            continue
        named = name_customer(tx, part.extracted, read.letter)
        if named.named_by - {"name"} and (manner := remembered(tx, named.code).manner):
            found[ordinal] = manner
    return found


def gathered(tx: Tx, cache: MasterCache, row: StudyRow) -> Study | None:
    """Return what is laid before whoever reads papers; None where the words were not kept."""
    found = rows.with_words(tx, row.source_id, row.ordinal)
    if found is None:
        return None
    part, words = found
    told = inflated(words, MOST_JSON)
    if told is None:
        return None
    cache.refresh(tx)
    draft = drafts.get(tx, row.draft_id)
    names = _Names(tx, cache, row.partner)
    return Study(
        paper=_paper(part, told),
        meant=_of_form(draft["content"], names),
        manner=remembered(tx, row.partner).manner,
        looked_at=frozenset(path for path, origin in draft["origins"].items() if is_decided(origin)),
        stored=tuple(_stored(tx, row, names)),
    )


def _stored(tx: Tx, row: StudyRow, names: _Names) -> Iterator[Stored]:
    """Yield the customer's newest papers with what their orders say: no more words than one paper may have."""
    left = MOST_JSON
    for part, words, draft in rows.stored(tx, row.partner, but=row.source_id, most=_TRIED):
        told = inflated(words, left)
        if told is None:
            return
        left -= len(told)
        meant = _of_form(draft["content"], names) if draft else _of_reading(part, names)
        yield Stored(str(part["source_id"]), _paper(part, told), meant)


def conclude(tx: Tx, row: StudyRow, findings: Sequence[Finding], *, at: datetime) -> None:
    """Keep what was found; nothing where another worker concluded the same study."""
    if not rows.end(tx, row):
        return
    teacher = Teacher(row.source_id, row.order_id, row.draft_id, row.actor, at)
    for one in findings:
        lesson = Lesson(one.kind, one.value, {"means": one.means})
        if one.ends:
            end(tx, row.partner, lesson, teacher)
            continue
        contradict(tx, row.partner, lesson, teacher)
        if is_new(tx, row.partner, lesson):
            refuted = None
            if one.source:
                told = {"value": one.value, "paper": one.source, "read": one.read, "meant": one.meant}
                refuted = fault("paper.memory_refuted", told)
            keep(tx, row.partner, lesson, refuted, teacher)


class _Names:
    """The texts that may name an item on the papers of one customer."""

    def __init__(self, tx: Tx, cache: MasterCache, partner: str) -> None:
        self._tx = tx
        self._cache = cache
        self._partner_id = partner_id_by_code(tx, partner) or 0
        self._codes = remembered(tx, partner).codes
        #: by SKU: the same items stand on most papers of a customer
        self._told: dict[str, dict[str, str]] = {}

    def of(self, line: Mapping[str, str]) -> dict[str, str]:
        """Return the texts that may name the item of a line, with the field that each is."""
        found = {line[name]: name for name in _CODES if line.get(name)}
        sku = line.get("sku", "")
        if sku and sku not in self._told:
            self._told[sku] = self._names_of(sku)
        return found | self._told.get(sku, {})

    def _names_of(self, sku: str) -> dict[str, str]:
        found: dict[str, str] = {}
        load_items(self._tx, self._cache, self._partner_id, gtins=set(), skus={sku}, codes=set())
        if (item := self._cache.by_sku.get(sku)) is not None:
            told = (item.description, *descriptions_of(self._tx, {sku}).get(sku, {}).values())
            found |= {text: "description" for text in told if text} | ({item.gtin: "gtin"} if item.gtin else {})
        return found | {code: "sku" for code, meant in self._codes.items() if meant == sku}


def _paper(part: Row, told: bytes) -> Paper:
    return Paper(part["place"], part["name"], part["media_type"], part["sha256"], pages_of(told))


def _of_form(form: Mapping[str, Any], names: _Names) -> Meant:
    """Return what the form says that became an order."""
    said = fields_of(form)
    lines = [line for line in form.get("lines", ()) if line]
    return Meant(
        {path: said[path] for path in _HEAD if path in said},
        tuple({name: line[name] for name in _LINE if line.get(name)} for line in lines),
        tuple(names.of(line) for line in lines),
    )


def _of_reading(part: Row, names: _Names) -> Meant:
    """Return what a reading said that needed nobody."""
    paper = confirmed(part, None)
    lines = [
        {name: value for name in (*_LINE, *_CODES) if (value := paper.meant.get(f"lines.{number}.{name}"))}
        for number in paper.lines
    ]
    told = [
        {**names.of(line), **{text: name for name in _CODES if (text := paper.said.get(f"lines.{number}.{name}"))}}
        for number, line in zip(paper.lines, lines, strict=True)
    ]
    return Meant(
        {path: paper.meant[path] for path in _HEAD if path in paper.meant},
        tuple({name: line[name] for name in _LINE if name in line} for line in lines),
        tuple(told),
    )
