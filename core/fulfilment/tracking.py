"""Carrier events become the state of shipment and order: once each, in whatever order they come (SHP-08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from core.audit.record import record
from core.billing.auto import invoice_on_delivery
from core.clock import iso
from core.fulfilment.orders import OrderHead, move, order_head
from core.notices.logistics import tell_completed
from core.ports import TrackingEvent
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.orders import set_lines_state
from core.store.shipping import (
    ShipmentRow,
    TrackingFact,
    change_shipment,
    insert_tracking,
    shipment_row,
    shipments_of,
    tracking_facts,
)

_MOVED: Final = frozenset({"picked_up", "in_transit", "out_for_delivery"})
_PLACE, _DETAIL, _SIGNATURE, _EVENT_ID = 100, 300, 100, 80


class Progress(NamedTuple):
    """What all events of a shipment say together. ``state`` is shipped, in_transit, exception or delivered."""

    state: str
    last: TrackingFact | None = None
    delivery: TrackingFact | None = None


def fold(facts: Iterable[TrackingFact]) -> Progress:
    """Return the progress that *facts* tell; their order does not matter.

    A delivery is final, the first one counts. Before it, the latest event decides; events of one instant are taken in
    the order of their ids.
    """
    ordered = sorted(facts, key=_when)
    if not ordered:
        return Progress("shipped")
    delivery = next((fact for fact in ordered if fact.status == "delivered"), None)
    if delivery is not None:
        return Progress("delivered", ordered[-1], delivery)
    if ordered[-1].status == "exception":
        return Progress("exception", ordered[-1])
    return Progress("in_transit" if ordered[-1].status in _MOVED else "shipped", ordered[-1])


def unseen(tx: Tx, shipment_id: int, events: Sequence[TrackingEvent]) -> list[TrackingEvent]:
    """Return those of *events* that have not been taken in, each once."""
    known = {fact.event_id for fact in tracking_facts(tx, shipment_id)}
    return [
        event
        for event in {event.id[:_EVENT_ID]: event for event in events}.values()
        if event.id[:_EVENT_ID] not in known
    ]


def record_tracking(
    tx: Tx, shipment_id: int, events: Sequence[TrackingEvent], *, document_id: int, now: datetime
) -> Progress:
    """Take carrier events in and move shipment and order to where they say; known ones change nothing.

    ``delivered`` of an ``auto`` partner's order is invoiced at once.

    Raises:
        NotFound: there is no such shipment.
    """
    order_head(tx, shipment_row(tx, shipment_id).order_id, lock=True)
    news = unseen(tx, shipment_id, events)
    if news:
        insert_tracking(tx, shipment_id, [_fact(event) for event in news], document_id)
        _keep_signature(tx, shipment_id, news)
    return apply_tracking(tx, shipment_id, now=now, document_id=document_id)


def apply_tracking(tx: Tx, shipment_id: int, *, now: datetime, document_id: int | None = None) -> Progress:
    """Move a shipment that has left, and its order, to where its events say; repeating it changes nothing."""
    shipment = shipment_row(tx, shipment_id)
    progress = fold(tracking_facts(tx, shipment_id))
    if shipment.shipped_at is None or progress.last is None:
        return progress
    order = order_head(tx, shipment.order_id, lock=True)
    before = shipment.state
    delivered_at = progress.delivery.at if progress.delivery else None
    if (before, shipment.delivered_at) != (progress.state, delivered_at):
        shipment = change_shipment(tx, shipment, state=progress.state, delivered_at=delivered_at)
    actor = f"carrier:{shipment.carrier}"
    if order.state == "shipped" and any(fact.status in _MOVED for fact in tracking_facts(tx, shipment_id)):
        order = move(
            tx,
            order,
            "move",
            at=now,
            actor=actor,
            summary=f"{shipment.number} is on its way",
            inputs=_told(shipment, progress.last),
            document_id=document_id,
        )
    if progress.state == "exception" and before != "exception":
        record(
            tx,
            order.id,
            "shipment.exception",
            at=now,
            actor=actor,
            summary=f"{shipment.number}: {progress.last.detail or 'the carrier reports an exception'}",
            inputs=_told(shipment, progress.last),
            document_id=document_id,
        )
    if progress.delivery is not None and before != "delivered":
        _deliver(tx, order, shipment, progress.delivery, now=now, document_id=document_id)
    return progress


def _deliver(
    tx: Tx,
    order: OrderHead,
    shipment: ShipmentRow,
    delivery: TrackingFact,
    *,
    now: datetime,
    document_id: int | None,
) -> None:
    nothing_to_come = order.state in ("shipped", "in_transit")
    if nothing_to_come and all(other.state == "delivered" for other in shipments_of(tx, order.id)):
        set_lines_state(tx, order.id, "delivered", where=["shipped"])
        signed = f", signed by {shipment.signed_by}" if shipment.signed_by else ""
        move(
            tx,
            order,
            "deliver",
            at=now,
            actor=f"carrier:{shipment.carrier}",
            summary=f"{shipment.number} delivered{signed}",
            inputs={**_told(shipment, delivery), "signed_by": shipment.signed_by or ""},
            document_id=document_id,
        )
        tell_completed(tx, partner_by_id(tx, MasterCache(), order.partner_id), shipment, now=now)
    invoice_on_delivery(tx, shipment.id, now=now)


def end_delivery(tx: Tx, order: OrderHead, *, actor: str, now: datetime) -> None:
    """Deliver an order of which nothing more is to come, if all that was shipped has arrived by now."""
    sent = shipments_of(tx, order.id)
    if all(shipment.state == "delivered" for shipment in sent):
        set_lines_state(tx, order.id, "delivered", where=["shipped"])
        numbers = [shipment.number for shipment in sent]
        inputs = {"shipments": numbers}
        move(tx, order, "deliver", at=now, actor=actor, summary=f"{', '.join(numbers)} delivered", inputs=inputs)
        tell_completed(tx, partner_by_id(tx, MasterCache(), order.partner_id), sent[-1], now=now)


def record_unknown_number(tx: Tx, shipment_id: int, reason: str, *, now: datetime) -> None:
    """Tell that the carrier does not know the tracking number that we hold (SHP-06)."""
    shipment = shipment_row(tx, shipment_id)
    record(
        tx,
        shipment.order_id,
        "shipment.tracking_unknown",
        at=now,
        actor=f"carrier:{shipment.carrier}",
        summary=f"{shipment.number}: {reason}",
        inputs={"shipment": shipment.number, "tracking_number": shipment.tracking_number},
    )


def _keep_signature(tx: Tx, shipment_id: int, news: Sequence[TrackingEvent]) -> None:
    """Keep who signed the delivery that counts, if it is among *news*."""
    delivery = fold(tracking_facts(tx, shipment_id)).delivery
    proof = next((event for event in news if delivery and event.id[:_EVENT_ID] == delivery.event_id), None)
    if proof is not None:
        change_shipment(tx, shipment_row(tx, shipment_id), signed_by=proof.signed_by[:_SIGNATURE])


def _fact(event: TrackingEvent) -> TrackingFact:
    return TrackingFact(event.id[:_EVENT_ID], event.status, event.at, event.place[:_PLACE], event.text[:_DETAIL])


def _told(shipment: ShipmentRow, fact: TrackingFact) -> dict[str, str]:
    return {
        "shipment": shipment.number,
        "event_id": fact.event_id,
        "status": fact.status,
        "at": iso(fact.at),
        "place": fact.place,
    }


def _when(fact: TrackingFact) -> tuple[datetime, str]:
    return fact.at, fact.event_id
