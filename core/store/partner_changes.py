"""What was changed of partners' master data: rows are added and never altered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from core.store.engine import Tx
from core.store.tables.customers import partner_changes


def keep_partner_change(
    tx: Tx,
    partner_id: int,
    *,
    at: datetime,
    actor: str,
    reason: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> None:
    """Keep who changed a partner, when and why: the keys that differ, as they were (None: it is new) and are."""
    row = {"id": tx.ids.next(), "partner_id": partner_id, "at": at, "actor": actor[:100], "reason": reason[:500]}
    tx.execute(insert(partner_changes).values(**row, before=before, after=after))


def list_partner_changes(tx: Tx, partner_id: int, *, before_id: int | None, limit: int) -> list[Any]:
    """Return the changes of a partner, the latest first, those before the row *before_id*."""
    wanted = select(partner_changes).where(partner_changes.c.partner_id == partner_id)
    if before_id is not None:
        wanted = wanted.where(partner_changes.c.id < before_id)
    return list(tx.execute(wanted.order_by(partner_changes.c.id.desc()).limit(limit)))
