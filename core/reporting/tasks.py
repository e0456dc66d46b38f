"""The list of tasks: what waits for a person, by role, kind and order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from core.reporting import cursor as cursors
from core.store import tasks as rows
from core.store.engine import Tx
from core.tasks.desk import told


def tasks(
    tx: Tx,
    *,
    now: datetime,
    roles: Collection[str] | None = None,
    assignee: str | None = None,
    kind: str | None = None,
    order: str | None = None,
    state: str | None = "open",
    overdue: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return a page of tasks, the earliest opened first; *roles* and *assignee* are whom they wait for.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    found, more = cursors.page(
        rows.found(
            tx, roles=roles, assignee=assignee, kind=kind, order=order, state=state,
            overdue_at=now if overdue else None, after=key[0] if key else None, limit=limit + 1,
        ),
        limit,
    )  # fmt: skip
    return {"items": [told(row, now) for row in found], "next": cursors.encode(found[-1]["id"]) if more else None}
