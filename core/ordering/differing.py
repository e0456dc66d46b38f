"""Keeps the discrepancies of a changed order up to date: new ones open, overtaken ones end, decided ones stay decided.

A change may say another address or another code, or take one back (VAL-07). What a person decided on the same value
before is not asked again; what nobody decided on and the order does not say any more is nobody's work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from core.clock import to_micros
from core.ordering.confirm import Desk
from core.ordering.plan import Plan
from core.review.customer import COUNTRY_RULE
from core.review.discrepancies import COUNTRY
from core.store import discrepancies as rows
from core.store.engine import Tx

#: the decision on a discrepancy that a change took back, and who made it
OVERTAKEN: Final = "overtaken"
RULE: Final = "rule:change"


def follow_change(
    tx: Tx, desk: Desk, order: Mapping[str, Any], review: Plan, reviewed: Collection[int], *, change: str
) -> None:
    """Bring the discrepancies of *order* (its row) to what a change left: *review* is of its header and some lines.

    *reviewed* are these lines and those that are gone; *change* names the change in the reason of what it overtook.
    A delivery country that holds the order anew is asked anew: its decision is what lifts the hold.
    """
    held_anew = {COUNTRY for hold in review.holds if hold.rule == COUNTRY_RULE}
    open_ones, decided = {}, set()
    for row in rows.of_order(tx, order["id"]):
        said = (row["field"], row["line"], row["key"], row["order_value"])
        if row["decision"] is None:
            open_ones[said, row["master_value"]] = row
        elif row["decision"] != OVERTAKEN and row["field"] not in held_anew:
            decided.add(said)
    new = []
    for one in review.discrepancies:
        said = (one.field, one.line, one.key, rows.as_kept(one.order))
        if open_ones.pop((said, rows.as_kept(one.master)), None) is None and said not in decided:
            new.append(one)
    for row in open_ones.values():
        if row["line"] is None or row["line"] in reviewed:
            rows.decide(tx, row["id"], decision=OVERTAKEN, at=desk.now, actor=RULE, reason=f"overtaken by {change}")
    rows.append_discrepancies(tx, [(order["id"], new)], partner_id=order["partner_id"], at=to_micros(desk.now))
