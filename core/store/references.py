"""References of groups and messages that were used, for agreements that want them to be new."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import insert, select

from core.store.engine import Tx
from core.store.tables.intake import references_used
from core.store.views.paging import chunks


def used(
    tx: Tx, partner_id: int, level: str, references: Collection[str], *, since: datetime, interchange_id: int
) -> set[str]:
    """Return those of *references* that another interchange of the partner used since *since*."""
    found: set[str] = set()
    for chunk in chunks(sorted(references)):
        statement = select(references_used.c.reference).where(
            references_used.c.partner_id == partner_id,
            references_used.c.level == level,
            references_used.c.reference.in_(chunk),
            references_used.c.received_at >= since,
            references_used.c.interchange_id != interchange_id,
        )
        found.update(tx.execute(statement).scalars())
    return found


def remember(
    tx: Tx, partner_id: int, level: str, references: Iterable[str], *, interchange_id: int, at: datetime
) -> None:
    """Note that an interchange used *references*."""
    rows = [
        {
            "id": tx.ids.next(),
            "partner_id": partner_id,
            "level": level,
            "reference": reference,
            "interchange_id": interchange_id,
            "received_at": at,
        }
        for reference in references
    ]
    if rows:
        tx.execute(insert(references_used), rows)
