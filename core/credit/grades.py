"""Gives a partner its credit grade, with the reason; what it was before is kept (CUS-05)."""

from __future__ import annotations

from datetime import datetime

from core.credit.review import review_later
from core.errors import NotFound
from core.store import credit as rows
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code
from core.store.master import next_version
from core.store.payments import lock_account


def give_grade(tx: Tx, code: str, grade: str, *, reason: str, actor: str, now: datetime) -> None:
    """Set the grade, which counts from the next decision on; orders held for credit are reviewed again.

    Raises:
        NotFound: no such partner.
    """
    next_version(tx)  # first: its lock makes loads of master data at the same time take turns
    partner_id = partner_id_by_code(tx, code)
    if partner_id is None:
        raise NotFound(f"there is no partner {code}")
    lock_account(tx, partner_id)
    rows.give_grade(tx, partner_id, grade, reason=reason, actor=actor, at=now)
    review_later(tx, partner_id, now)
