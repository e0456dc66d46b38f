"""The end of a draft that was read from a paper: it becomes its order, numbered as what it came by, or is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clock import iso
from core.entry.forms import Origins
from core.intake.direct import DirectOrder, plan_direct
from core.ordering.place import Arrival, apply_plans
from core.paper.dropped import decide
from core.paper.memory import Teacher
from core.paper.questions import REVIEW
from core.paper.reviewed import keep_what_was_found
from core.paper.studies import ask_for_study
from core.paper.teaching import Submitted, learn
from core.paper.work import PaperDesk
from core.store import drafts, intake, papers
from core.store.engine import Tx
from core.store.papers import Row
from core.tasks.desk import close_task


def place_from_paper(
    tx: Tx, desk: PaperDesk, request: DirectOrder, draft: Mapping[str, Any], part: Row, *, teaches: bool
) -> str:
    """Place the order of *draft*, whose *part* of a mail or fax is its source, and return its number.

    *teaches* says that a person of the house submits it: what a customer says of its own papers proves nothing.

    Whoever submits it confirms what was read: it is kept with each field that nobody confirmed or corrected before.

    Raises:
        StockShort: another writer took planned stock; try again.
        NotFound, Forbidden, ValidationFailed, Conflict: as :func:`core.intake.direct.plan_direct`.
    """
    snapshot, plan = plan_direct(tx, desk.bench, request, desk.dates)
    source = intake.source(tx, part["source_id"])
    if plan.repeats is not None:
        order_id, number = plan.repeats.order_id, plan.repeats.number
        papers.set_became(tx, draft["id"], "repeat", partner=request.partner, order_id=order_id)
    else:
        arrival = Arrival(source["id"], None, source["received_at"], request.actor, "none", None)
        placed = apply_plans(tx, snapshot, arrival, [(plan, part["document_id"])])[0]
        order_id, number = placed.order_id, placed.number
        papers.set_became(tx, draft["id"], "order", partner=request.partner, order_id=order_id)
        if teaches:
            teacher = Teacher(source["id"], order_id, draft["id"], request.actor, desk.bench.now)
            submitted = Submitted(request.partner, plan.order.buyer_reference, part, draft)
            learn(tx, desk.bench.cache, submitted, teacher)
            ask_for_study(tx, request.partner, part, draft, teacher)
    decide(tx, part, plan.verdict, plan.reason or None, partner=request.partner, order_id=order_id)
    keep_what_was_found(tx, part, draft["content"], draft["origins"])
    confirmed = confirmed_by(draft["origins"], request.actor, desk.bench.now)
    drafts.put(tx, draft["id"], {"origins": confirmed})
    close_task(tx, REVIEW, str(draft["id"]), at=desk.bench.now, actor=request.actor, outcome="submitted", reason=number)
    return number


def confirmed_by(origins: Origins, actor: str, at: datetime) -> Origins:
    """Return *origins* with who confirmed each field that was read, where nobody did or corrected it before."""
    mark = {"confirmed_by": actor, "confirmed_at": iso(at)}
    return {
        path: {**mark, **origin} if origin["origin"] == "read" and "corrected_by" not in origin else origin
        for path, origin in origins.items()
    }
