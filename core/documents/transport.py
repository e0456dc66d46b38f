"""What a carrier is told to move, and what is told of its progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class GoodsItem(NamedTuple):
    """A line of goods: packages of one type (UN data element 7065), weighed in all, each with its SSCC where known.

    The dimensions are those of one package, in millimetres.
    """

    pieces: int
    package_type: str = ""
    description: str = ""
    weight_kg: Decimal | None = None
    net_weight_kg: Decimal | None = None
    volume_m3: Decimal | None = None
    length_mm: Decimal | None = None
    width_mm: Decimal | None = None
    height_mm: Decimal | None = None
    ssccs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransportInstruction:
    """The order to a carrier to move a shipment (IFTMIN, BGM 610).

    ``number`` is our reference of the booking. ``pickup_from`` and ``pickup_until`` are the window at the consignor,
    ``deliver_from`` and ``deliver_until`` that at the consignee. ``service`` is the carrier's own code of its service;
    ``charges`` says who pays (UN 4215: PP prepaid, CC collect), ``delivery_terms`` is an Incoterm and
    ``delivery_terms_place`` the place that it names.
    """

    number: str
    issued_at: datetime
    consignor: Party
    consignee: Party
    goods: tuple[GoodsItem, ...]
    function: str = "9"
    order_number: str = ""
    buyer_reference: str = ""
    shipment_number: str = ""
    carrier: str = ""
    carrier_name: str = ""
    freight_payer: Party | None = None
    pickup_from: datetime | None = None
    pickup_until: datetime | None = None
    delivery_date: date | None = None
    deliver_from: datetime | None = None
    deliver_until: datetime | None = None
    service: str = ""
    transport_mode: str = ""
    charges: str = ""
    delivery_terms: str = ""
    delivery_terms_place: str = ""
    notes: tuple[str, ...] = ()


class StatusEvent(NamedTuple):
    """One fact about a consignment, in the words of our tracking.

    ``status`` is picked_up, in_transit, out_for_delivery, delivered, exception, or ``unknown`` where ``code`` (UN
    recommendation 24) comes to none of them. ``at`` None: the time of the report stands for it. ``id`` is the same
    whenever the same fact is told again, by whatever message. ``package`` is the SSCC or number of the only package
    that it is about.
    """

    id: str
    status: str
    at: datetime | None = None
    code: str = ""
    reason: str = ""
    place: str = ""
    text: str = ""
    signed_by: str = ""
    package: str = ""


class ConsignmentStatus(NamedTuple):
    """What happened to one consignment: the carrier's number of it, ours, and the orders that it serves."""

    tracking_number: str
    events: tuple[StatusEvent, ...]
    reference: str = ""
    despatch_number: str = ""
    order_number: str = ""
    buyer_reference: str = ""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A carrier's report, or ours to a buyer, of the progress of consignments (IFTSTA, BGM 77)."""

    number: str
    reported_at: datetime | None
    consignments: tuple[ConsignmentStatus, ...]
    code: str = "77"
    function: str = "9"
    carrier: Party | None = None
    consignor: Party | None = None
    consignee: Party | None = None
