"""Takes an order that came as a canonical document already: the API's door, answered in the same breath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.documents import Order
from core.errors import Conflict, Forbidden, NotFound, ValidationFailed, ValueOutOfRange
from core.intake.body import Body, Outcome, enter_body, enter_outcome
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates, beyond_what_is_kept, implausible_fields
from core.ordering.place import Arrival, apply_plans
from core.ordering.plan import Plan, Snapshot, plan_order
from core.ordering.snapshot import take_snapshot
from core.partners.model import Partner
from core.provenance import Violation
from core.review.violations import pointer_of, violation_of
from core.store.engine import Tx
from core.store.lookup import our_company, partner_by_id, partner_id_by_code


@dataclass(frozen=True, slots=True)
class DirectOrder:
    """An order from a caller who waits: its body's hash and size, who sent it, through which channel."""

    order: Order
    partner: str
    channel: str
    actor: str
    origin: str
    sha256: str
    size: int
    #: the business units that the caller may order from; None for all
    units: frozenset[str] | None = None


class Judged(NamedTuple):
    """What would become of an order, and all that is wrong with it; no plan where a value is beyond what is kept."""

    snapshot: Snapshot
    plan: Plan | None
    faults: list[Violation]


def judge_direct(tx: Tx, bench: Bench, request: DirectOrder, dates: PlausibleDates) -> Judged:
    """Plan the order as far as it goes, whatever is wrong with it; writes nothing.

    Raises:
        NotFound: no such partner.
        Forbidden: the caller may not order from its business unit.
    """
    bench.cache.refresh(tx)
    partner_id = partner_id_by_code(tx, request.partner)
    if partner_id is None:
        raise NotFound(f"there is no partner {request.partner}")
    partner = partner_by_id(tx, bench.cache, partner_id)
    if request.units is not None:
        _permit_unit(request.order, partner, request.units)
    today = bench.now.astimezone(ZoneInfo(our_company(tx, bench.cache).timezone)).date()
    faults = [
        one.violation._replace(tag=pointer_of(one.field)) for one in implausible_fields(request.order, today, dates)
    ]
    snapshot = take_snapshot(
        tx,
        bench.cache,
        partner,
        [request.order],
        channel=request.channel,
        now=bench.now,
        test=False,
    )
    try:
        plan = plan_order(snapshot, request.order, test=False)
    except ValueOutOfRange as error:
        return Judged(snapshot, None, [*faults, beyond_what_is_kept(error)])
    return Judged(snapshot, plan, [*faults, *(violation_of(one) for one in plan.faults)])


def _permit_unit(order: Order, partner: Partner, units: frozenset[str]) -> None:
    """Refuse an order from a business unit that is none of *units*: the one that it names, else the customer's own."""
    named = order.supplier and (order.supplier.gln or order.supplier.code)
    unit = named or partner.business_unit
    if unit not in units:
        raise Forbidden(
            f"you may not order from the business unit {unit or '(none)'}",
            hint=f"Yours: {', '.join(sorted(units))}.",
            inputs={"business_unit": unit},
        )


def plan_direct(tx: Tx, bench: Bench, request: DirectOrder, dates: PlausibleDates) -> tuple[Snapshot, Plan]:
    """Plan the order; writes nothing (this is also the dry run).

    Raises:
        NotFound: no such partner.
        Forbidden: the caller may not order from its business unit.
        ValidationFailed: every violation at once.
        Conflict: the buyer reference was used before with other content.
    """
    snapshot, plan, faults = judge_direct(tx, bench, request, dates)
    if faults or plan is None:
        raise ValidationFailed(faults)
    if plan.verdict == "parked" and plan.repeats is not None:
        raise Conflict(
            f"{request.order.buyer_reference} is the reference of {plan.repeats.number}, which has other content",
            hint="Send a change of that order, or another reference.",
            inputs={"number": plan.repeats.number},
        )
    return snapshot, plan


def place_direct(tx: Tx, bench: Bench, request: DirectOrder, dates: PlausibleDates, *, worker_id: int) -> str:
    """Enter the body as a source with one document, place the order and return its number.

    The same content again returns the number that it got and is entered as a duplicate.

    Raises:
        StockShort: another writer took planned stock; try again.
        NotFound, Forbidden, ValidationFailed, Conflict: as :func:`plan_direct`.
    """
    snapshot, plan = plan_direct(tx, bench, request, dates)
    body = Body(
        request.sha256, request.size, request.channel, request.origin, snapshot.partner.id, bench.now, worker_id
    )
    source_id = enter_body(tx, body)
    document_id = tx.ids.next()
    if plan.repeats is not None:
        order_id, number = plan.repeats.order_id, plan.repeats.number
    else:
        arrival = Arrival(
            source_id=source_id,
            interchange_id=None,
            received_at=bench.now,
            actor=request.actor,
            respond="none",
            reply_with=None,
        )
        placed = apply_plans(tx, snapshot, arrival, [(plan, document_id)])[0]
        order_id, number = placed.order_id, placed.number
    outcome = Outcome("ORDERS", plan.order.buyer_reference, plan.verdict, plan.reason or None, order_id)
    enter_outcome(tx, body, source_id, document_id, outcome)
    return number
