"""What the order of a paper teaches, tried on the papers that are stored before it is used (INT-05, INT-11).

Learned is what a person of the house vouched for by submitting a draft; of an order that needed nobody, the form of
its number alone, where nothing was guessed. A place that goods go to is only learned where somebody confirmed or
corrected some of it by itself: whoever writes in a customer's name would have goods sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from core.entry.origins import is_decided
from core.paper.banks import banks_left
from core.paper.confirmed import Confirmed, confirmed
from core.paper.customer import senders_of
from core.paper.likeness import plain
from core.paper.memory import LONGEST, Lesson, Teacher, contradict, is_new, keep
from core.paper.places import key_of, said_ship_to
from core.paper.reference import form_of
from core.provenance import Violation, fault
from core.reading import Letter
from core.store import paper_memory as rows
from core.store import papers
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, partner_id_by_code
from core.store.papers import Row

#: a form with fewer digits fits too much to prove anything, and a code with fewer signs stands by chance
_DIGITS: Final = 4
_SIGNS: Final = 3
#: columns in which a customer's own code of an item may stand, whatever their heads say
_CODES: Final = ("sku", "buyer_code")


def learn_reference(tx: Tx, partner: str, reference: str, teacher: Teacher) -> None:
    """Remember the form of an order number, unless a stored paper refutes it."""
    _learn_reference(_Stored(tx, partner), reference, teacher)


def _learn_reference(stored: _Stored, reference: str, teacher: Teacher) -> None:
    form = form_of(reference)
    if sum(sign.isdigit() for sign in form) >= _DIGITS:
        _learn(stored, Lesson("reference", form), teacher)


def learn_sender(tx: Tx, partner: str, teacher: Teacher) -> None:
    """Remember where the mail came from, unless others' orders came from there, too."""
    source = papers.source(tx, teacher.source_id)
    letter = source and source["letter"]
    if not letter or letter["automatic"]:
        return
    # Of a mail that was sent on, its first sender is the customer; the last is a colleague of ours or of theirs.
    if sender := next(reversed(senders_of(Letter(**letter))), "").lower():
        _learn(_Stored(tx, partner), Lesson("sender", sender), teacher)


class Submitted(NamedTuple):
    """What a person made an order: the customer, its order number, the part that was read and the draft of it."""

    partner: str
    reference: str
    part: Row
    draft: Mapping[str, Any]


def learn(tx: Tx, cache: MasterCache, submitted: Submitted, teacher: Teacher) -> None:
    """Remember what a person vouched for: its number's form, its sender, codes of items, places, bank details."""
    partner, reference, part, draft = submitted
    stored = _Stored(tx, partner)
    _learn_reference(stored, reference, teacher)
    learn_sender(tx, partner, teacher)
    paper = confirmed(part, draft)
    for lesson in [*_codes(tx, cache, partner, paper), *_ship_to(paper, part, draft), *_banks(part)]:
        contradict(tx, partner, lesson, teacher)
        _learn(stored, lesson, teacher)


class _Stored:
    """The papers of a customer that lessons are tried on: read once, and only where there is something to learn."""

    def __init__(self, tx: Tx, partner: str) -> None:
        self.tx = tx
        self.partner = partner

    @cached_property
    def papers(self) -> list[Confirmed]:
        """The papers beside their orders, the newest first."""
        return [confirmed(part, draft) for part, draft in rows.confirmed_parts(self.tx, self.partner)]

    @cached_property
    def codes(self) -> Mapping[str, list[tuple[Confirmed, int]]]:
        """The lines on which each code stands, in the sequence of the papers."""
        found: dict[str, list[tuple[Confirmed, int]]] = {}
        for paper in self.papers:
            for line in paper.lines:
                for code in {paper.said.get(f"lines.{line}.{name}", "") for name in _CODES}:
                    found.setdefault(code, []).append((paper, line))
        return found


def _learn(stored: _Stored, lesson: Lesson, teacher: Teacher) -> None:
    if len(lesson.value) <= LONGEST and is_new(stored.tx, stored.partner, lesson):
        keep(stored.tx, stored.partner, lesson, _refuted(stored, lesson), teacher)


def _codes(tx: Tx, cache: MasterCache, partner: str, paper: Confirmed) -> Iterator[Lesson]:
    """Yield what codes of the customer mean by the items that a person left or set; not those that we know.

    What was read from a picture may be misread: there a code counts that somebody looked at by itself.
    """
    found: dict[str, set[str]] = {}
    for line in paper.lines:
        sku = paper.meant.get(f"lines.{line}.sku")
        for path in (f"lines.{line}.{name}" for name in _CODES):
            looked_at = path in paper.decided and path.endswith("buyer_code")
            code = paper.meant.get(path, "") if looked_at else "" if paper.guessed else paper.said.get(path, "")
            if sku and len(plain(code)) >= _SIGNS and code != sku:
                found.setdefault(code, set()).add(sku)
    partner_id = partner_id_by_code(tx, partner) or 0
    load_items(tx, cache, partner_id, gtins=set(), skus=set(found), codes=set(found))
    for code, skus in found.items():
        ours = cache.by_sku.get(code) is not None or cache.sku_by_code.get((partner_id, code)) is not None
        if len(skus) == 1 and not ours:
            yield Lesson("code", code, {"sku": skus.pop()})


def _ship_to(paper: Confirmed, part: Row, draft: Mapping[str, Any]) -> Iterator[Lesson]:
    """Yield the place that goods go to, where the master data have none and a person of the house decided on it."""
    asked = (part["judgement"] or {}).get("fields", {}).get("ship_to.name", {})
    origins = [origin for path, origin in draft["origins"].items() if path.startswith("ship_to.")]
    looked_at = any(map(is_decided, origins)) and all("partner" not in origin for origin in origins)
    meant = {path.removeprefix("ship_to."): value for path, value in paper.meant.items() if path.startswith("ship_to.")}
    if not looked_at or not meant.get("name") or ("doubt" not in asked and _is_left(origins)):
        return
    # A picture may be misread: there the words are those that the person left.
    if said := key_of(meant) if paper.guessed else plain(said_ship_to(paper.said)):
        yield Lesson("ship_to", said, meant)


def _banks(part: Row) -> Iterator[Lesson]:
    """Yield the bank details that stand on the paper: whoever submitted it was shown them."""
    for account in banks_left(part["judgement"]):
        yield Lesson("bank", account)


def _is_left(origins: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether nobody changed anything of an address that was known."""
    return all(origin["origin"] == "read" and "corrected_by" not in origin for origin in origins)


def _refuted(stored: _Stored, lesson: Lesson) -> Violation | None:
    """Return what of the stored papers speaks against a lesson: that it would have read one otherwise."""
    if lesson.kind == "sender":
        if (before := rows.other_of_sender(stored.tx, lesson.value, stored.partner)) is not None:
            source_id, other = before
            return fault("paper.memory_sender", {"sender": lesson.value, "paper": str(source_id), "partner": other})
        return None
    if lesson.kind == "bank":  # no order says an account, so none can speak against it
        return None
    for paper, read, meant in _readings(stored, lesson):
        if meant and read != meant:
            where = str(paper.source_id)
            if lesson.kind == "reference":
                told = {"form": lesson.value, "paper": where, "read": read, "meant": meant}
                return fault("paper.memory_reference", told)
            told = {"value": lesson.value, "paper": where, "read": read, "meant": meant}
            return fault("paper.memory_refuted", told)
    return None


def _readings(stored: _Stored, lesson: Lesson) -> Iterator[tuple[Confirmed, str, str]]:
    """Yield what a lesson would read of each paper that it is about, and what its order says."""
    meaning = lesson.meaning or {}
    if lesson.kind == "code":
        for paper, line in stored.codes.get(lesson.value, ()):
            yield paper, meaning["sku"], paper.meant.get(f"lines.{line}.sku", "")
        return
    for paper in stored.papers:
        read = paper.said.get("buyer_reference", "")
        if lesson.kind == "reference" and form_of(read) == lesson.value:
            yield paper, read, paper.meant.get("buyer_reference", "")
        elif lesson.kind == "ship_to" and plain(said_ship_to(paper.said)) == lesson.value:
            went = {name.removeprefix("ship_to."): value for name, value in paper.meant.items() if "ship_to." in name}
            yield paper, key_of(meaning), key_of(went)
