"""Release and pack: the order is handed to the warehouse, its reserved goods become packages with an SSCC each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.errors import Conflict, ValidationFailed
from core.fulfilment.numbering import DESPATCH_ADVICE, local_day, take_number, take_ssccs
from core.fulfilment.orders import OrderHead, lines_of, move, order_head, refuse_held, refuse_test
from core.fulfilment.packing import PickedLine, plan_packages
from core.ordering.states import advance
from core.provenance import fault
from core.store import promises
from core.store.engine import Tx
from core.store.fulfilment import active_reservations, unit_weights
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.orders import set_line
from core.store.shipping import PackageRow, ShipmentRow, insert_packages, insert_shipment, shipments_of
from core.values import text

#: the carrier of partners that name none
DEFAULT_CARRIER: Final = "sandbox"


def release_order(tx: Tx, order_id: int, *, actor: str, now: datetime) -> None:
    """Hand a confirmed order over to the warehouse (EXE-09).

    Raises:
        Conflict: a hold on confirm or release blocks, nothing of it is there yet, it is a test or in another state.
    """
    order = order_head(tx, order_id, lock=True)
    refuse_test(order)
    refuse_held(tx, order, "confirm", "release")
    _refuse_unserved(tx, order)
    move(tx, order, "release", at=now, actor=actor, summary="Released to the warehouse")


def _refuse_unserved(tx: Tx, order: OrderHead) -> None:
    """Refuse an order that waits for supply with all its lines, such as a pre-order (glossary, section 6)."""
    waits = promises.of_order(tx, order.id)
    if waits and not active_reservations(tx, order.id):
        due = max(row["day"] for row in waits)
        raise Conflict(
            f"nothing of {order.number} is there yet; it waits for supply that is due on {due}",
            inputs={"lines": sorted({row["line"] for row in waits}), "due": due.isoformat()},
        )


def pack_order(
    tx: Tx,
    order_id: int,
    *,
    actor: str,
    now: datetime,
    quantities: Mapping[int, Decimal] | None = None,
    short_reason: str = "",
) -> int:
    """Pick and pack what is reserved for a released order, or *quantities* of its lines, and return the shipment's id.

    Of an order that left in part, this is its rest.

    The shipment gets its despatch advice number, its booking reference and packages with SSCC-18.

    Raises:
        Conflict: a hold blocks, nothing is reserved, more is wanted than that, a shipment is open, or the state
            does not allow it.
        ValidationFailed: less than reserved is packed and no reason is given (SHP-03).
    """
    order = order_head(tx, order_id, lock=True)
    refuse_test(order)
    refuse_held(tx, order, "confirm", "release")
    if any(shipment.shipped_at is None for shipment in shipments_of(tx, order.id)):
        raise Conflict(f"a shipment of order {order.number} is packed already")
    if order.state in ("released", "part_shipped"):
        order = move(tx, order, "pick", at=now, actor=actor, summary="Picking began")
    advance(order.state, "pack")  # refused before any number is taken

    reserved = _reserved(tx, order)
    packed = _chosen(reserved, quantities, short_reason)
    shipment = _make_shipment(tx, order, packed, now)
    for line in lines_of(tx, order.id):
        if line.line in packed:
            set_line(tx, order.id, line.line, state="packed")
    inputs = {
        "shipment": shipment.number,
        "lines": {str(line): text(quantity) for line, quantity in packed.items()},
        "short_reason": short_reason,
    }
    move(tx, order, "pack", at=now, actor=actor, summary=f"Packed as {shipment.number}", inputs=inputs)
    return shipment.id


def _reserved(tx: Tx, order: OrderHead) -> dict[int, Decimal]:
    reserved: dict[int, Decimal] = {}
    for part in active_reservations(tx, order.id):
        reserved[part.line] = reserved.get(part.line, Decimal(0)) + part.quantity
    if not reserved:
        raise Conflict(f"nothing is reserved for order {order.number}")
    return reserved


def _chosen(
    reserved: Mapping[int, Decimal], quantities: Mapping[int, Decimal] | None, short_reason: str
) -> dict[int, Decimal]:
    """Return what is packed of each line: all that is reserved, or *quantities* within it."""
    if quantities is None:
        return dict(reserved)
    too_much = sorted(line for line, wanted in quantities.items() if not 0 <= wanted <= reserved.get(line, 0))
    if too_much:
        raise Conflict(f"more than reserved is to be packed of lines {too_much}", inputs={"lines": too_much})
    short = sorted(line for line, kept in reserved.items() if quantities.get(line, Decimal(0)) < kept)
    if short and not short_reason.strip():
        raise ValidationFailed([fault("shipment.short_without_reason", {"lines": ", ".join(map(str, short))})])
    chosen = {line: wanted for line, wanted in sorted(quantities.items()) if wanted > 0}
    if not chosen:
        raise Conflict("there is nothing to pack")
    return chosen


def _make_shipment(tx: Tx, order: OrderHead, packed: Mapping[int, Decimal], now: datetime) -> ShipmentRow:
    masters = MasterCache()
    company = our_company(tx, masters)
    partner = partner_by_id(tx, masters, order.partner_id)
    skus = {line.line: line.sku for line in lines_of(tx, order.id) if line.line in packed}
    weights = unit_weights(tx, sorted({sku for sku in skus.values() if sku}))
    plan = plan_packages(
        [PickedLine(line, quantity, weights.get(skus[line] or "")) for line, quantity in sorted(packed.items())]
    )
    shipment_id = tx.ids.next()
    ssccs = take_ssccs(tx, company.gs1_prefix, len(plan))
    number = take_number(tx, DESPATCH_ADVICE, local_day(now, company.timezone).year)
    shipment = ShipmentRow(
        id=shipment_id,
        number=number,
        order_id=order.id,
        partner_id=order.partner_id,
        carrier=partner.carrier or DEFAULT_CARRIER,
        state="packed",
        # the id keeps two installations apart that book at one carrier
        booking_reference=f"{number}-{shipment_id:x}",
        tracking_number=None,
        packed_at=now,
        shipped_at=None,
        delivered_at=None,
        signed_by=None,
    )
    insert_shipment(tx, shipment)
    insert_packages(
        tx,
        shipment.id,
        [
            PackageRow(sscc, ordinal, package.weight_kg, package.content)
            for ordinal, (sscc, package) in enumerate(zip(ssccs, plan, strict=True), 1)
        ],
    )
    return shipment
