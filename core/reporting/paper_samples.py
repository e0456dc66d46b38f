"""Samples of papers as people read them: nothing of what was read is told before somebody typed it."""

from __future__ import annotations

from typing import Any, Final

from core.clock import iso
from core.errors import NotFound
from core.paper.measured import HEAD, LINE
from core.reporting import cursor as cursors
from core.store import paper_samples as rows
from core.store import papers
from core.store.engine import Tx

Json = dict[str, Any]

_SAID: Final = ("class", "drawn", "state", "version", "answered_by", "settled_by")
#: what has pages that can be drawn; anything else is seen as the file itself
_DRAWN: Final = frozenset({"text", "ocr"})
_MAX_ID: Final = 2**63


def samples(
    tx: Tx,
    *,
    state: str | None = None,
    paper_class: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return a page of samples, the newest first.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    before = key[0] if key else None
    found, more = cursors.page(
        rows.page(tx, state=state, paper_class=paper_class, before=before, limit=limit + 1), limit
    )
    return {"items": [_brief(row) for row in found], "next": cursors.encode(found[-1]["id"]) if more else None}


def sample(tx: Tx, sample_id: str) -> Json:
    """Return one sample: what is asked, and once it is answered what was read, typed and decided.

    Raises:
        NotFound: there is none of that id.
    """
    row = rows.get(tx, _id(sample_id))
    part = papers.part(tx, row["source_id"], row["ordinal"])
    pages = (part["judgement"] or {"pages": []})["pages"]
    told = _brief(row)
    return {
        **told,
        "language": part["language"],
        "media_type": part["media_type"],
        "pages": [page["number"] for page in pages if page["medium"] in _DRAWN],
        "head": list(HEAD),
        "line": list(LINE),
        "answers": row["answers"],
        "findings": row["findings"],
        "reason": row["reason"],
    }


def shown_part(tx: Tx, sample_id: str) -> Json:
    """Return the row of the part that is to be looked at, with its ``pages``.

    Raises:
        NotFound: there is no such sample.
    """
    row = rows.get(tx, _id(sample_id))
    return papers.part(tx, row["source_id"], row["ordinal"])


def _brief(row: rows.Row) -> Json:
    blind = row["answers"] is None
    done = row["state"] == "done"
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in _SAID},
        "drawn_at": iso(row["drawn_at"]),
        "due_at": iso(row["due_at"]),
        "answered_at": row["answered_at"] and iso(row["answered_at"]),
        "settled_at": row["settled_at"] and iso(row["settled_at"]),
        "paper": None if blind else str(row["source_id"]),
        "order": None if blind else row["order"],
        "partner": None if blind else row["partner"],
        "compared": None if blind else row["compared"],
        "differ": None if blind else row["differ"],
        "wrong": row["wrong"] if done else None,
    }


def _id(sample_id: str) -> int:
    number = int(sample_id) if sample_id.isascii() and sample_id.isdigit() else _MAX_ID
    if number >= _MAX_ID:
        raise NotFound(f"there is no sample {sample_id}")
    return number
