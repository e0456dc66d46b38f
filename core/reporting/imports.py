"""What is told of imports: how far each is, and what became of every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.clock import iso
from core.reporting import cursor as cursors
from core.store import imports as rows
from core.store.engine import Tx

Json = dict[str, Any]


def import_json(row: Mapping[str, Any]) -> Json:
    """Return an import as the API tells it; ``progress`` is the percentage of its orders that came to an end."""
    ended = row["placed"] + row["held"] + row["refused"]
    known = row["read_at"] is not None and row["orders"]
    progress = ended * 100 // row["orders"] if known else 0
    named = row["map_name"] is not None
    return {
        "id": str(row["id"]),
        "state": row["state"],
        "dry_run": row["dry_run"],
        "progress": 100 if row["state"] == "done" else progress,
        "rows": _counts(row, row["rows"], "rows_"),
        "orders": _counts(row, row["orders"], ""),
        "filename": row["filename"],
        "size": row["size"],
        "sha256": row["sha256"],
        "map": {"name": row["map_name"], "version": row["map_version"]} if named else None,
        "partner": row["partner"] or None,
        "created_by": row["actor"],
        "created_at": iso(row["created_at"]),
        "moved_at": iso(row["moved_at"]),
        "ended_at": None if row["ended_at"] is None else iso(row["ended_at"]),
        "problem": row["problem"],
    }


def import_page(
    tx: Tx, *, partner: str | None = None, own: bool = False, state: str | None = None, cursor: str | None = None,
    limit: int = 50,
) -> Json:  # fmt: skip
    """Return a page of imports, the newest first: those for *partner*, or alone what its *own* keys sent."""
    key = cursors.decode(cursor, int)
    before = key[0] if key else None
    found, more = cursors.page(
        rows.page(tx, partner=partner, own=own, state=state, before=before, limit=limit + 1), limit
    )
    return {
        "items": [import_json(row) for row in found],
        "next": cursors.encode(found[-1]["id"]) if more else None,
    }


def row_page(
    tx: Tx,
    import_id: int,
    *,
    partner: str | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return a page of the rows of an import in their sequence.

    Raises:
        NotFound: there is none that *partner* may see.
    """
    key = cursors.decode(cursor, int)
    after = key[0] if key else 0
    rows.get(tx, import_id, partner=partner)
    found, more = cursors.page(rows.row_results(tx, import_id, state=status, after=after, limit=limit + 1), limit)
    return {
        "items": [import_row_json(row) for row in found],
        "next": cursors.encode(found[-1]["row"]) if more else None,
    }


def _counts(row: Mapping[str, Any], read: int, prefix: str) -> Json:
    """Return how many were read and what became of them; of the rest, what is to come or was cancelled."""
    counts = {name: row[prefix + name] for name in ("placed", "held", "refused")}
    rest = read - sum(counts.values())
    over = row["state"] == "cancelled"
    return {"read": read, **counts, "waiting": 0 if over else rest, "cancelled": rest if over else 0}


def import_row_json(row: Mapping[str, Any]) -> Json:
    """Return a row of an import with what became of its order; ``faults`` are those of this row."""
    faults = row["order_faults"] or row["faults"]
    return {
        "row": row["row"],
        "status": row["state"],
        "buyer_reference": row["reference"] or None,
        "number": row["number"],
        "order_state": row["order_state"],
        "holds": row["holds"],
        "faults": [fault for fault in faults if fault["row"] == row["row"]],
        "cells": row["cells"],
    }


def map_json(row: Mapping[str, Any]) -> Json:
    """Return a version of a map that is kept under a name."""
    return {
        "name": row["name"],
        "partner": row["partner"] or None,
        "version": row["version"],
        "map": row["map"],
        "changed_by": row["changed_by"],
        "changed_at": iso(row["changed_at"]),
    }
