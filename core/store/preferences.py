"""Rows of what partners want to be told of, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from core.partners.notices import Preference
from core.store.engine import Tx
from core.store.tables.notices import partner_notices

_OF_PARTNER = (
    select(*(partner_notices.c[name] for name in Preference._fields))
    .where(partner_notices.c.partner_id == bindparam("partner_id"))
    .order_by(partner_notices.c.ordinal)
)


def preferences_of(tx: Tx, partner_id: int) -> tuple[Preference, ...]:
    """Return a partner's preferences in their sequence."""
    return tuple(_preference(row) for row in tx.execute(_OF_PARTNER, {"partner_id": partner_id}))


def set_preferences(tx: Tx, partner_id: int, preferences: Sequence[Preference]) -> None:
    """Replace a partner's preferences; whoever calls counts the version of the master data up."""
    tx.execute(delete(partner_notices).where(partner_notices.c.partner_id == partner_id))
    rows = [{"partner_id": partner_id, "ordinal": at, **one._asdict()} for at, one in enumerate(preferences)]
    if rows:
        tx.execute(insert(partner_notices), rows)


def _preference(row: Any) -> Preference:
    event, channel, to, cc, language, template = row
    return Preference(event, channel, tuple(to), tuple(cc), language, template)
