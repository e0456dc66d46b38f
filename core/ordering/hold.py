"""Sets a hold on an order that is stored already; those of its review are written with it (``core.ordering.place``)."""

from __future__ import annotations

from datetime import datetime

from core.review.holds import HoldDraft
from core.store import orders as order_rows
from core.store.engine import Tx


def set_hold(tx: Tx, order_id: int, draft: HoldDraft, at: datetime, rule_version: str) -> None:
    """Block the stage that *draft* names, decided under the rules of that version; the caller records why."""
    order_rows.add_hold(
        tx,
        order_id,
        at,
        code=draft.code,
        stage=draft.stage,
        line=draft.line,
        reason=draft.reason[:500],
        inputs=draft.inputs,
        rule=draft.rule,
        rule_version=rule_version,
        release_role=draft.release_role,
        release_when=draft.lifted_by[:500],
    )
