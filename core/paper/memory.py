"""What the orders of a customer taught of its papers: kept by versions, told by events, forgotten by a person (INT-11).

A lesson that a person revoked, a stored paper refuted or a later order contradicted is not learned again: then what it
was about is for a person, or for the master data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from core.audit.record import record
from core.documents import Party
from core.errors import Conflict
from core.manner import Manner
from core.paper.known import Memory
from core.provenance import Violation, fault
from core.store import paper_memory as rows
from core.store.engine import Tx

#: ``reference``: the form of the customer's order numbers; ``sender``: where its orders come from; ``code``: its own
#: code of an item; ``ship_to``: a place that goods went to, as it writes it; ``label``: words beside a value;
#: ``column``: the head of one; ``locale``: how it writes days and numbers;
#: ``bank``: a bank detail that it prints
Kind = Literal["reference", "sender", "code", "ship_to", "label", "column", "locale", "bank"]

LEARNED: Final = "paper_memory.learned"
REFUSED: Final = "paper_memory.refused"
CONTRADICTED: Final = "paper_memory.contradicted"
REVOKED: Final = "paper_memory.revoked"

#: longer ones are not remembered
LONGEST: Final = 250


class Lesson(NamedTuple):
    """What stands on a paper, and what it means; None where it says all itself."""

    kind: Kind
    value: str
    meaning: Mapping[str, str] | None = None


class Teacher(NamedTuple):
    """The paper and the order that teach, and who vouches for it; no draft where the order needed nobody."""

    source_id: int
    order_id: int
    draft_id: int | None
    actor: str
    at: datetime


def remembered(tx: Tx, partner: str) -> Memory:
    """Return what is remembered of a customer; nothing of none."""
    if not partner:
        return Memory()
    found = rows.active(tx, partner)

    def of(kind: Kind) -> dict[str, Any]:
        return {row.value: row.meaning for row in found if row.kind == kind}

    return Memory(
        references=frozenset(of("reference")),
        senders=frozenset(of("sender")),
        codes={code: meaning["sku"] for code, meaning in of("code").items()},
        ship_tos={said: Party("DP", **meaning) for said, meaning in of("ship_to").items()},
        manner=Manner(
            labels={label: meaning["means"] for label, meaning in of("label").items()},
            columns={head: meaning["means"] for head, meaning in of("column").items()},
            first=of("locale").get("days", _NOTHING)["means"],
            decimal=of("locale").get("numbers", _NOTHING)["means"],
        ),
        banks=frozenset(of("bank")),
    )


def is_new(tx: Tx, partner: str, lesson: Lesson) -> bool:
    """Tell whether nothing was learned of these words yet, whatever became of it since."""
    return rows.find(tx, partner, lesson.kind, lesson.value) is None


_NOTHING: Final = {"means": ""}


def contradict(tx: Tx, partner: str, lesson: Lesson, teacher: Teacher) -> None:
    """End what is remembered otherwise of the same words: nobody can tell which of the two the next paper means."""
    row = rows.find(tx, partner, lesson.kind, lesson.value)
    if row is not None and row["state"] == "active" and row["meaning"] != lesson.meaning:
        _contradicted(tx, row, lesson, teacher)


def end(tx: Tx, partner: str, lesson: Lesson, teacher: Teacher) -> None:
    """End a lesson by which the paper of *teacher* was read otherwise than its order says."""
    row = rows.find(tx, partner, lesson.kind, lesson.value)
    if row is not None and row["state"] == "active":
        _contradicted(tx, row, Lesson(lesson.kind, lesson.value, {"means": "?"}), teacher)


def _contradicted(tx: Tx, row: Mapping[str, Any], lesson: Lesson, teacher: Teacher) -> None:
    words = fault(
        "paper.memory_contradicted",
        {
            "value": lesson.value, "meant": _words(row["meaning"]), "means": _words(lesson.meaning),
            "paper": str(teacher.source_id),
        },
    )  # fmt: skip
    rows.end(tx, row["id"], {"state": "contradicted", "refused": words.kept()})
    _tell(tx, CONTRADICTED, {**row, "refused": words.kept()}, teacher.order_id, actor=teacher.actor, at=teacher.at)


def keep(tx: Tx, partner: str, lesson: Lesson, refuted: Violation | None, teacher: Teacher) -> None:
    """Remember *lesson*, or that *refuted* speaks against it."""
    row = {
        "partner": partner, "kind": lesson.kind, "value": lesson.value, "meaning": lesson.meaning,
        "state": "refused" if refuted else "active", "refused": refuted.kept() if refuted else None,
        "source_id": teacher.source_id, "order_id": teacher.order_id, "draft_id": teacher.draft_id,
        "learned_by": teacher.actor[:100], "learned_at": teacher.at,
    }  # fmt: skip
    kept = rows.add(tx, row)
    event = REFUSED if refuted else LEARNED
    _tell(tx, event, kept, teacher.order_id, actor=teacher.actor, at=teacher.at)


def revoke(tx: Tx, memory_id: int, *, actor: str, at: datetime, reason: str) -> None:
    """Forget a lesson for good.

    Raises:
        NotFound: there is none of that id.
        Conflict: it is not in use.
    """
    row = rows.get(tx, memory_id, lock=True)
    if row["state"] != "active":
        raise Conflict(f"lesson {memory_id} is {row['state']}", inputs={"state": row["state"]})
    ended = {"state": "revoked", "revoked_by": actor[:100], "revoked_at": at, "revoked_because": reason[:500]}
    rows.end(tx, memory_id, ended)
    _tell(tx, REVOKED, row, row["order_id"], actor=actor, at=at, reason=reason)


def _tell(
    tx: Tx, event: str, row: Mapping[str, Any], order_id: int, *, actor: str, at: datetime, reason: str = ""
) -> None:
    means = f" means {_words(row['meaning'])}" if row["meaning"] else ""
    why = reason or (row["refused"] or {}).get("message", "")
    inputs = {name: row[name] for name in ("partner", "version", "kind", "value", "meaning")} | {
        "memory": str(row["id"]), "paper": str(row["source_id"]), "reason": why,
    }  # fmt: skip
    summary = f"{row['kind']} {row['value']!r}{means}" + (f": {why}" if why else "")
    record(tx, order_id, event, at=at, actor=actor, summary=summary, inputs=inputs)


def in_order(meaning: Mapping[str, str]) -> dict[str, str]:
    """Return what a lesson means as people read it: an address from its name to its country."""
    return {name: meaning[name] for name in sorted(meaning, key=lambda name: (_order(name), name))}


def _order(name: str) -> int:
    return Party._fields.index(name) if name in Party._fields else 0


def _words(meaning: Mapping[str, str] | None) -> str:
    return ", ".join(in_order(meaning or {}).values())
