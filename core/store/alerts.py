"""Alert rows: one a cause while it lasts, closed when healed, or by a person who has seen to it.

``news`` marks what sinks have not been told yet: it is set by the statement that opens or closes an alert.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import Conflict, NotFound
from core.store.engine import Tx
from core.store.tables.intake import alerts

#: what sinks have to be told of an alert; one that opened and closed since they were told is news as opened
OPENED: Final = "opened"
CLOSED: Final = "closed"
_CLOSING: Final = case((alerts.c.news == OPENED, OPENED), else_=CLOSED)
#: written out, for a partial index does not serve a parameter
_IS_NEWS: Final = alerts.c.news != literal_column("''")
_ANY_NEWS: Final = select(alerts.c.id).where(_IS_NEWS).limit(1)
_ALL_OPEN: Final = select(alerts).where(alerts.c.closed_at.is_(None)).order_by(alerts.c.last_seen_at.desc())
_NEWS: Final = select(alerts.c.id, alerts.c.news).where(_IS_NEWS).order_by(alerts.c.id)


def raise_alert(
    tx: Tx, kind: str, subject: str, message: str, *, at: datetime, partner: str | None = None,
    document_id: int | None = None,
) -> bool:  # fmt: skip
    """Open the alert of this cause, or count it once more; tell whether it is new."""
    # One statement, so that two workers who meet the same cause at once share its row.
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    statement = make(alerts).values(
        id=tx.ids.next(), kind=kind, subject=subject[:200], partner=partner, message=message[:1000],
        document_id=document_id, opened_at=at, last_seen_at=at, count=1, news=OPENED,
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
    return tx.execute(statement.values(closed_at=at, news=_CLOSING)).rowcount > 0


def close_alerts_of_document(tx: Tx, document_id: int, *, at: datetime) -> None:
    """Close what was open because of one document."""
    statement = update(alerts).where(alerts.c.document_id == document_id, alerts.c.closed_at.is_(None))
    tx.execute(statement.values(closed_at=at, news=_CLOSING))


def open_alerts(tx: Tx) -> list[dict[str, Any]]:
    """Return every open alert, the latest first."""
    return [dict(row) for row in tx.execute(_ALL_OPEN).mappings()]


def close_by_hand(tx: Tx, alert_id: int, *, by: str, reason: str, at: datetime) -> dict[str, Any]:
    """Close an alert because a person says so, and return it; where its cause lasts, the next look opens another.

    Raises:
        NotFound: there is no such alert.
        Conflict: it is closed already.
    """
    statement = (
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.closed_at.is_(None))
        .values(closed_at=at, news=_CLOSING, closed_by=by[:100], close_reason=reason[:500])
        .returning(alerts)
    )
    if (row := tx.execute(statement).mappings().first()) is not None:
        return dict(row)
    if tx.execute(select(alerts.c.id).where(alerts.c.id == alert_id)).first() is None:
        raise NotFound(f"there is no alert {alert_id}")
    raise Conflict(f"alert {alert_id} is closed already")


def found(
    tx: Tx, *, is_open: bool | None, kinds: str | None, partner: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return alerts, the latest opened first; *kinds* is the beginning of their kind, *before* an id."""
    statement = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
    if is_open is not None:
        statement = statement.where(alerts.c.closed_at.is_(None) if is_open else alerts.c.closed_at.is_not(None))
    if kinds is not None:
        statement = statement.where(alerts.c.kind.startswith(kinds, autoescape=True))
    if partner is not None:
        statement = statement.where(alerts.c.partner == partner)
    if before is not None:
        statement = statement.where(alerts.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]


def has_news(tx: Tx) -> bool:
    """Tell whether an alert opened or closed that sinks have not been told of."""
    return tx.execute(_ANY_NEWS).first() is not None


def take_news(tx: Tx) -> list[dict[str, Any]]:
    """Return the alerts that are news, oldest first, each with ``news`` as it was, and take the mark off them.

    Who takes it first has it: the others wait for that commit, and so does who closes one of them.
    """
    taken: list[dict[str, Any]] = []
    for row in tx.execute(_NEWS).all():
        mine = update(alerts).where(alerts.c.id == row.id, alerts.c.news == row.news).values(news="")
        alert = tx.execute(mine.returning(alerts)).mappings().first()
        if alert is not None:
            taken.append({**alert, "news": row.news})
    return taken
