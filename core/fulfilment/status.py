"""The progress of a shipment as we tell it to a buyer, whichever carrier it came from (IFTSTA; SHP-08)."""

from __future__ import annotations

from datetime import datetime

from core.documents import ConsignmentStatus, Party, StatusEvent, StatusReport
from core.fulfilment.orders import order_head
from core.fulfilment.parties import parties_of
from core.fulfilment.tracking import fold
from core.store.engine import Tx
from core.store.shipping import TrackingFact, shipment_row, tracking_facts


def status_report(tx: Tx, shipment_id: int, *, now: datetime) -> StatusReport | None:
    """Return all that is known of a shipment's way, None where nothing is yet.

    Raises:
        NotFound: there is no such shipment, or no company is loaded.
    """
    shipment = shipment_row(tx, shipment_id)
    facts = tracking_facts(tx, shipment_id)
    if not facts:
        return None
    order = order_head(tx, shipment.order_id)
    parties = parties_of(tx, order)
    delivery = fold(facts).delivery
    signed_by = shipment.signed_by or ""
    events = tuple(_event(fact, signed_by if fact == delivery else "") for fact in facts)
    return StatusReport(
        # a report tells everything so far: as many events, as many reports before it at most
        number=f"{shipment.number}-{len(facts)}",
        reported_at=now,
        consignments=(
            ConsignmentStatus(
                tracking_number=shipment.tracking_number or "",
                events=events,
                reference=shipment.number,
                despatch_number=shipment.number,
                order_number=order.number,
                buyer_reference=order.buyer_reference,
            ),
        ),
        carrier=Party("CA", code=shipment.carrier),
        consignor=parties.supplier._replace(role="CZ"),
        consignee=parties.ship_to._replace(role="CN"),
    )


def _event(fact: TrackingFact, signed_by: str) -> StatusEvent:
    return StatusEvent(
        id=fact.event_id,
        status=fact.status,
        at=fact.at,
        place=fact.place,
        text=fact.detail,
        signed_by=signed_by,
    )
