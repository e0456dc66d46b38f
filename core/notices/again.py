"""Says a notice again by another way, and counts what was said by which (CNF-07, CNF-10)."""

from __future__ import annotations

from datetime import datetime

from core.audit.record import record
from core.errors import Conflict, NotFound, ValueRefused
from core.notices.tell import UNSEEN
from core.notices.watch import UNSEEN_TASK
from core.partners.model import Partner
from core.partners.notices import WRITTEN, Preference, misfits, routes_of
from core.store import notices, timers
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.notices import NoticeRow
from core.tasks.desk import close_task


def resend(
    tx: Tx,
    partner: Partner,
    order_id: int,
    notice_id: int,
    *,
    channel: str,
    to: tuple[str, ...] = (),
    actor: str,
    at: datetime,
) -> list[int]:
    """Queue a notice on an order once more over *channel*, to *to* or the partner's contact; return the new notices.

    It is written anew from the same facts, with a link of its own. The task to reach the customer is done by it.

    Raises:
        NotFound: the order has no such notice.
        ValueRefused: the channel is none that is written, or nobody can be reached by it.
        Conflict: the first one has not left yet.
    """
    notice = notices.told(tx, notice_id)
    if notice["order_id"] != order_id:
        raise NotFound(f"there is no notice {notice_id} on this order")
    if notice["transmission_id"] is None or notice["state"] in ("queued", "attempting"):
        raise Conflict("the notice has not left yet", hint="Wait for its outcome.")
    wanted = Preference(notice["notice"], channel, to, language=notice["language"])
    wrong = next(misfits([wanted], partner.reach), None)
    if channel not in WRITTEN or wrong is not None:
        raise ValueRefused(f"{channel}: {wrong.why if wrong else 'no notice is written for it'}")
    ids = []
    for route in routes_of(notice["notice"], [wanted], partner.reach):
        new_id = tx.ids.next()
        row = NoticeRow(new_id, partner.id, order_id, notice["notice"], *route, resends=notice_id)
        notices.add(tx, [(row, notices.said_by(tx, notice_id))], at)
        ids.append(new_id)
    timers.cancel(tx, UNSEEN, notice_id)
    number = order_rows.by_id(tx, order_id)["number"]
    close_task(tx, UNSEEN_TASK, number, at=at, actor=actor, outcome="resent", reason=f"by {channel}")
    told = {"notice": str(notice_id), "channel": channel, "notices": [str(new_id) for new_id in ids]}
    words = f"{notice['notice']} sent again by {channel}"
    record(tx, order_id, "notice.resent", at=at, actor=actor, summary=words, inputs=told)
    return ids
