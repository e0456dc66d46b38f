"""What is remembered of the papers of customers, as people read it."""

from __future__ import annotations

from typing import Any, Final

from core.clock import iso
from core.paper.memory import in_order
from core.provenance import ENGLISH, told_again
from core.reporting import cursor as cursors
from core.store import paper_memory as rows
from core.store.engine import Tx
from core.store.views.orders import numbers_of

Json = dict[str, Any]

_SAID: Final = ("partner", "version", "kind", "value", "state", "learned_by", "revoked_by")


def lessons(
    tx: Tx,
    *,
    partner: str | None = None,
    state: str | None = None,
    language: str = ENGLISH,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return a page of what was learned, newest first; why something was refused in the words of *language*.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    before = key[0] if key else None
    found, more = cursors.page(rows.page(tx, partner=partner, state=state, before=before, limit=limit + 1), limit)
    numbers = numbers_of(tx, sorted({row["order_id"] for row in found}))
    return {
        "items": [_told(row, numbers, language) for row in found],
        "next": cursors.encode(found[-1]["id"]) if more else None,
    }


def lesson(tx: Tx, memory_id: int, *, language: str = ENGLISH) -> Json:
    """Return one thing that was learned.

    Raises:
        NotFound: there is none of that id.
    """
    row = rows.get(tx, memory_id)
    return _told(row, numbers_of(tx, [row["order_id"]]), language)


def _told(row: Json, numbers: dict[int, str], language: str) -> Json:
    revoked = row["revoked_at"]
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in _SAID},
        "meaning": None if row["meaning"] is None else in_order(row["meaning"]),
        "learned_at": iso(row["learned_at"]),
        "paper": str(row["source_id"]),
        "order": numbers[row["order_id"]],
        "draft": None if row["draft_id"] is None else str(row["draft_id"]),
        "refused": None if row["refused"] is None else told_again(row["refused"], language),
        "revoked_at": None if revoked is None else iso(revoked),
        "revoked_because": row["revoked_because"],
    }
