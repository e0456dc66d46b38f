"""Who changed a partner, when, why, from what and to what: kept in the transaction of the change."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from core.clock import iso
from core.errors import NotFound
from core.reporting import cursor as cursors
from core.reporting.partner_master import partner_masters
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code
from core.store.master import partner_codes
from core.store.partner_changes import keep_partner_change, list_partner_changes

Json = dict[str, Any]


@contextmanager
def changing(tx: Tx, codes: Collection[str], *, actor: str, reason: str, at: datetime) -> Iterator[None]:
    """Keep what becomes of the partners *codes* inside; one that stays as it was leaves no row."""
    before = partner_masters(tx, codes)
    yield
    ids = partner_codes(tx)
    for code, is_now in partner_masters(tx, codes).items():
        was = before.get(code)
        differing = [key for key, value in is_now.items() if was is None or was[key] != value]
        if differing:
            keep_partner_change(
                tx,
                ids[code],
                at=at,
                actor=actor,
                reason=reason,
                before=None if was is None else {key: was[key] for key in differing},
                after={key: is_now[key] for key in differing},
            )


def partner_history(tx: Tx, code: str, *, cursor: str | None, limit: int) -> Json:
    """Return a page of what was changed of a partner, the latest first.

    Raises:
        NotFound: no such partner.
    """
    partner_id = partner_id_by_code(tx, code)
    if partner_id is None:
        raise NotFound(f"there is no partner {code}")
    key = cursors.decode(cursor, int)
    found = list_partner_changes(tx, partner_id, before_id=key[0] if key else None, limit=limit + 1)
    rows, more = cursors.page(found, limit)
    items = [
        {
            "at": iso(row.at),
            "actor": row.actor,
            "reason": row.reason,
            "created": row.before is None,
            "before": row.before or {},
            "after": row.after,
        }
        for row in rows
    ]
    return {"items": items, "next": cursors.encode(rows[-1].id) if more else None}
