"""Estimates of the day on which a shipment arrives: every one is kept, the last one counts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, insert, select

from core.store.engine import Tx
from core.store.tables.notices import arrivals

_LATEST = (
    select(arrivals.c.day)
    .where(arrivals.c.shipment_id == bindparam("shipment_id"))
    .order_by(arrivals.c.id.desc())
    .limit(1)
)


def expected_on(tx: Tx, shipment_id: int) -> date | None:
    """Return the day on which a shipment is expected to arrive, None where nobody has said."""
    day: date | None = tx.execute(_LATEST, {"shipment_id": shipment_id}).scalar()
    return day


def expect(tx: Tx, shipment_id: int, day: date, *, actor: str, reason: str, at: datetime) -> None:
    """Keep a new estimate."""
    row = {"id": tx.ids.next(), "shipment_id": shipment_id, "day": day, "at": at}
    tx.execute(insert(arrivals), {**row, "actor": actor[:100], "reason": reason[:300]})
