"""Takes a change of an order that came as a canonical document already: the API's door, answered in the same breath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from core.documents import OrderChange
from core.errors import Conflict, NotFound, ValidationFailed, ValueOutOfRange
from core.intake.body import Body, Outcome, enter_body, enter_outcome
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates, beyond_what_is_kept, implausible_fields
from core.ordering.amend import Request, amend, decide, standing_of
from core.ordering.change import Decision
from core.ordering.confirm import Desk
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import our_company


@dataclass(frozen=True, slots=True)
class DirectChange:
    """A change from a caller who waits: its body's hash and size, who sent it, and why.

    ``partner`` is the code of the only partner whose orders the caller may see, None for the house.
    """

    number: str
    change: OrderChange
    actor: str
    origin: str
    sha256: str
    size: int
    partner: str | None = None
    reason: str = ""


def plan_direct_change(tx: Tx, bench: Bench, request: DirectChange, dates: PlausibleDates) -> Decision:
    """Decide on the change; writes nothing (this is the dry run).

    Raises:
        NotFound: no such order, or it is another partner's.
        ValidationFailed: every violation at once.
        Conflict: the order cannot be changed so; the reason says why.
    """
    order = _order(tx, bench, request, dates)
    desk = Desk(bench.cache, request.actor, bench.now)
    change = _addressed(request, order)
    try:
        _, decision = decide(tx, desk, standing_of(tx, order), change)
    except ValueOutOfRange as error:
        raise ValidationFailed([beyond_what_is_kept(error)]) from error
    return _agreed(order, decision)


def change_direct(tx: Tx, bench: Bench, request: DirectChange, dates: PlausibleDates, *, worker_id: int) -> None:
    """Enter the body as a source with one document and change the order.

    The same change again under its own number is entered as a duplicate.

    Raises:
        StockShort: another writer took stock or credit meanwhile; try again.
        NotFound, ValidationFailed, Conflict: as :func:`plan_direct_change`; then nothing is kept.
    """
    order = _order(tx, bench, request, dates)
    body = Body(request.sha256, request.size, "SR", request.origin, order["partner_id"], bench.now, worker_id)
    source_id = enter_body(tx, body)
    document_id = tx.ids.next()
    asked = Request(_addressed(request, order), document_id, reason=request.reason)
    try:
        decision = _agreed(order, amend(tx, Desk(bench.cache, request.actor, bench.now), order, asked))
    except ValueOutOfRange as error:
        raise ValidationFailed([beyond_what_is_kept(error)]) from error
    repeated = decision.verdict == "repeated"
    outcome, reason = ("duplicate", "change.repeated") if repeated else ("changed", None)
    told = Outcome("ORDCHG", request.change.number, outcome, reason, order["id"])
    enter_outcome(tx, body, source_id, document_id, told)


def _order(tx: Tx, bench: Bench, request: DirectChange, dates: PlausibleDates) -> dict[str, Any]:
    """Return the locked row of the order that the caller may change, once the body has no fault."""
    bench.cache.refresh(tx)
    order = order_rows.by_number(tx, request.number, lock=True)
    if request.partner not in (None, order["partner"]):
        raise NotFound(f"there is no order {request.number}", hint="`ordergate orders` lists them.")
    today = bench.now.astimezone(ZoneInfo(our_company(tx, bench.cache).timezone)).date()
    faults = implausible_fields(request.change, today, dates)
    if faults:
        raise ValidationFailed([one.violation._replace(tag=one.field) for one in faults])
    return order


def _addressed(request: DirectChange, order: Mapping[str, Any]) -> OrderChange:
    """Return the change with the number that the buyer gave the order: the caller knows ours."""
    return replace(request.change, buyer_reference=order["buyer_reference"], order_number=order["number"])


def _agreed(order: Mapping[str, Any], decision: Decision) -> Decision:
    """Return *decision* unless it refuses the change."""
    if decision.verdict == "refused":
        raise Conflict(
            f"{order['number']} stays as it is: {decision.reason}",
            hint="An order is changed until the warehouse picks it.",
            inputs={"state": order["state"], "revision": order["revision"]},
        )
    if decision.verdict == "reused":
        raise Conflict(
            f"{decision.change.number} is the reference of another change of {order['number']}",
            hint="Send another reference, or a later date.",
        )
    return decision
