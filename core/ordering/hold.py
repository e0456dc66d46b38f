"""Sets and lifts holds on an order that is stored already; those of its review are written with it (``place``).

A hold that several people approve has its approvals asked for when it is set, and taken back when it is lifted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.approvals.flow import Held, start_flow, withdraw
from core.review.holds import HoldDraft
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.rates import in_company
from core.store.rulebooks import rules_in_force
from core.tasks.desk import close_task

#: the kind of the task that waits for a customer's answer on a hold
QUESTION: Final = "customer.question"
#: the kind of the task that waits for a person to name the item of a line that came from a shop
UNKNOWN_ITEM: Final = "shop.item_unknown"
_ITEM_UNKNOWN: Final = "item.unknown"


def set_hold(tx: Tx, order_id: int, draft: HoldDraft, at: datetime, rule_version: str) -> None:
    """Block the stage that *draft* names, decided under the rules of that version; the caller records why."""
    hold_id = order_rows.add_hold(
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
    rules = rules_in_force(tx)
    if draft.code in rules.book.approvals.flows:
        order = order_rows.by_id(tx, order_id)
        total = in_company(tx, order["total"], order["currency"], at)
        held = Held(
            hold_id, order_id, order["number"], order["type"], total, draft.code, draft.release_role, draft.inputs,
        )  # fmt: skip
        start_flow(tx, held, rules, at=at)


def lift_hold(tx: Tx, hold: Mapping[str, Any], *, at: datetime, actor: str, reason: str) -> None:
    """Lift *hold* and end what is still asked about it, of us and of the customer; the caller records why."""
    order_rows.release_hold(tx, hold["id"], at=at, actor=actor, reason=reason[:500])
    withdraw(tx, hold["id"], at=at, actor=actor, reason="the hold is lifted")
    close_task(tx, QUESTION, str(hold["id"]), at=at, actor=actor, outcome="settled", reason=reason)
    if hold["code"] == _ITEM_UNKNOWN:
        close_task(tx, UNKNOWN_ITEM, str(hold["id"]), at=at, actor=actor, outcome="settled", reason=reason)
