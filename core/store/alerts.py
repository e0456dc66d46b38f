"""Alert rows: one a cause while it lasts, closed when healed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.tables.intake import alerts


def raise_alert(
    tx: Tx, kind: str, subject: str, message: str, *, at: datetime, partner: str | None = None,
    document_id: int | None = None,
) -> bool:  # fmt: skip
    """Open the alert of this cause, or count it once more; tell whether it is new."""
    # One statement, so that two workers who meet the same cause at once share its row.
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    statement = make(alerts).values(
        id=tx.ids.next(), kind=kind, subject=subject[:200], partner=partner, message=message[:1000],
        document_id=document_id, opened_at=at, last_seen_at=at, count=1,
    )  # fmt: skip
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "subject"],
        index_where=alerts.c.closed_at.is_(None),
        set_={"last_seen_at": at, "count": alerts.c.count + 1, "message": message[:1000]},
    ).returning(alerts.c.count)
    return bool(tx.execute(statement).scalar_one() == 1)


def close_alert(tx: Tx, kind: str, subject: str, *, at: datetime) -> bool:
    """Close the alert of this cause; tell whether one was open."""
    statement = update(alerts).where(
        alerts.c.kind == kind, alerts.c.subject == subject[:200], alerts.c.closed_at.is_(None)
    )
    return tx.execute(statement.values(closed_at=at)).rowcount > 0


def close_alerts_of_document(tx: Tx, document_id: int, *, at: datetime) -> None:
    """Close what was open because of one document."""
    tx.execute(
        update(alerts).where(alerts.c.document_id == document_id, alerts.c.closed_at.is_(None)).values(closed_at=at)
    )


def open_alerts(tx: Tx) -> list[dict[str, Any]]:
    """Return every open alert, the latest first."""
    statement = select(alerts).where(alerts.c.closed_at.is_(None)).order_by(alerts.c.last_seen_at.desc())
    return [dict(row) for row in tx.execute(statement).mappings()]
