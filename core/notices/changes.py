"""Tells a partner what became of a change of its order; its own change shows that it has the confirmation (CNF-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.notices.rules import NoticeRules
from core.notices.tell import tell_confirmed
from core.notices.watch import see_all
from core.partners.model import Partner
from core.store import orders as order_rows
from core.store import papers
from core.store.engine import Tx

#: how the actor of a partner's own message is named
_PARTNER: Final = "partner:"
_REFUSED: Final = "27"


def tell_change(
    tx: Tx,
    partner: Partner,
    rules: NoticeRules,
    order: Mapping[str, Any],
    answer: Mapping[str, Any] | None,
    *,
    actor: str,
    at: datetime,
    timezone: str,
) -> None:
    """Tell *partner* of *order* (its row) as changed, with the payload of the ORDRSP; None is not decided yet.

    A refused change is told to nobody: whoever asked for it has the answer, and the order stands.
    """
    if partner.hears_by_edi_alone and order["channel"] != papers.CHANNEL:
        return
    if actor.startswith(_PARTNER):
        see_all(tx, order["id"], "change", at)
    if answer is not None and answer["function"] != _REFUSED:
        promised = order_rows.by_id(tx, order["id"])["promised_date"]
        tell_confirmed(tx, partner, rules, order, answer, promised=promised, at=at, timezone=timezone)
