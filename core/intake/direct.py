"""Takes an order that came as a canonical document already: the API's door, answered in the same breath."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.clock import to_micros
from core.documents import Order
from core.errors import Conflict, NotFound, ValidationFailed, ValueOutOfRange
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates, beyond_what_is_kept, implausible_fields
from core.ordering.place import Arrival, apply_plans
from core.ordering.plan import Plan, Snapshot, plan_order
from core.ordering.snapshot import take_snapshot
from core.review.violations import pointer_of, violation_of
from core.store import intake as rows
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


def plan_direct(tx: Tx, bench: Bench, request: DirectOrder, dates: PlausibleDates) -> tuple[Snapshot, Plan]:
    """Plan the order; writes nothing (this is also the dry run).

    Raises:
        NotFound: no such partner.
        ValidationFailed: every violation at once.
        Conflict: the buyer reference was used before with other content.
    """
    bench.cache.refresh(tx)
    partner_id = partner_id_by_code(tx, request.partner)
    if partner_id is None:
        raise NotFound(f"there is no partner {request.partner}")
    partner = partner_by_id(tx, bench.cache, partner_id)
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
        raise ValidationFailed([*faults, beyond_what_is_kept(error)]) from error
    faults += [violation_of(one) for one in plan.faults]
    if faults:
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
        NotFound, ValidationFailed, Conflict: as :func:`plan_direct`.
    """
    snapshot, plan = plan_direct(tx, bench, request, dates)
    source_id = rows.add_source(
        tx,
        sha256=request.sha256,
        size=request.size,
        channel=request.channel,
        transport="api",
        origin=request.origin[:300],
        partner_id=snapshot.partner.id,
        claim_id=None,
        received_at=bench.now,
        decoder="json",
        documents=1,
        settled=True,
        worker_id=worker_id,
    )
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
    document = rows.DocumentRow(
        id=document_id,
        source_id=source_id,
        interchange_id=None,
        ordinal=0,
        type="ORDERS",
        version="",
        association="",
        reference=plan.order.buyer_reference[:35],
        control_reference="",
        partner_id=snapshot.partner.id,
        outcome=plan.verdict,
        reason=plan.reason or None,
        order_id=order_id,
        received_at=to_micros(bench.now),
        violations=None,
    )
    rows.append_documents(tx, [document])
    return number
