"""What is packed and despatched, and what the other side says it received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.documents.party import Party


class Batch(NamedTuple):
    """What of an item is of one batch, with its dates; ``quantity`` None is all of it.

    ``number`` is "" only where dates are told without a batch, and then it is the only one of its item.
    """

    number: str = ""
    quantity: Decimal | None = None
    best_before: date | None = None
    expires: date | None = None
    produced: date | None = None


class Variance(NamedTuple):
    """A quantity that is not the agreed one: signed difference, kind (UN 4221) and reason (UN 4295 or words).

    ``basis`` says which quantity it differs from (UN 6063: 21 ordered, 12 despatched).
    """

    quantity: Decimal | None = None
    code: str = ""
    reason: str = ""
    basis: str = ""


class Mark(NamedTuple):
    """A further number on a package: its kind (UN 7405: ML label, BJ SSCC, BN serial); a range goes to ``last``."""

    kind: str
    number: str
    last: str = ""


class PackedItem(NamedTuple):
    """A quantity of one order line inside one package.

    ``line`` is the line of the buyer's order, 0 where it was not told. ``order`` and ``order_number`` name that order,
    by the buyer and by the supplier, where it is not the one of the header.
    """

    line: int
    quantity: Decimal
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""
    ordered: Decimal | None = None
    order: str = ""
    order_number: str = ""
    batches: tuple[Batch, ...] = ()
    variances: tuple[Variance, ...] = ()


class PackageNotice(NamedTuple):
    """A package of a shipment: its SSCC-18, package type (UN data element 7065) and content.

    ``packages`` lie inside it: the cartons of a pallet. With ``pieces`` above 1 one notice tells of as many alike,
    whose further numbers are ``marks``. Lengths are in millimetres, weights in kilograms, the volume in cubic metres.
    """

    sscc: str
    items: tuple[PackedItem, ...]
    type: str = "CT"
    weight_kg: Decimal | None = None
    packages: tuple[PackageNotice, ...] = ()
    pieces: int = 1
    marks: tuple[Mark, ...] = ()
    net_weight_kg: Decimal | None = None
    volume_m3: Decimal | None = None
    length_mm: Decimal | None = None
    width_mm: Decimal | None = None
    height_mm: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DespatchAdvice:
    """What left the sender's door (DESADV, BGM 351): ours to a buyer, or a supplier's to us.

    ``items`` lie in no package that is told of. ``consignee`` is the last receiver behind ``ship_to`` (UC: cross
    docking).
    """

    number: str
    order_number: str
    buyer_reference: str
    despatched_at: datetime | None
    packages: tuple[PackageNotice, ...]
    expected_date: date | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    carrier: str = ""
    carrier_name: str = ""
    tracking_number: str = ""
    document_date: datetime | None = None
    code: str = "351"
    function: str = "9"
    delivery_note: str = ""
    ship_from: Party | None = None
    consignee: Party | None = None
    transport_mode: str = ""
    vehicle: str = ""
    delivery_terms: str = ""
    weight_kg: Decimal | None = None
    items: tuple[PackedItem, ...] = ()


class Condition(NamedTuple):
    """How something was found on receipt: state (UN 7007: 2 missing, 4 damaged) or words, and what to do about it.

    ``instruction`` is UN 4401 or the words beside it, ``action`` UN 1229.
    """

    state: str = ""
    text: str = ""
    instruction: str = ""
    action: str = ""


class ReceivedItem(NamedTuple):
    """What was received of one order line. Quantities that were not told are None; those told are not below 0.

    ``received`` came in; of it ``accepted`` is kept, ``returned`` and ``destroyed`` are not accepted (UN 6063 194 to
    196). ``missing`` and ``surplus`` were short or over against the despatch advice, ``damaged`` is what it says.
    """

    line: int
    received: Decimal | None = None
    gtin: str = ""
    sku: str = ""
    buyer_code: str = ""
    description: str = ""
    unit: str = ""
    accepted: Decimal | None = None
    returned: Decimal | None = None
    destroyed: Decimal | None = None
    damaged: Decimal | None = None
    missing: Decimal | None = None
    surplus: Decimal | None = None
    despatched: Decimal | None = None
    ordered: Decimal | None = None
    order: str = ""
    order_number: str = ""
    batches: tuple[Batch, ...] = ()
    variances: tuple[Variance, ...] = ()
    conditions: tuple[Condition, ...] = ()


class ReceivedPackage(NamedTuple):
    """A package as it was received; the fields are those of ``PackageNotice``."""

    sscc: str
    items: tuple[ReceivedItem, ...]
    type: str = ""
    packages: tuple[ReceivedPackage, ...] = ()
    pieces: int = 1
    marks: tuple[Mark, ...] = ()
    variances: tuple[Variance, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptAdvice:
    """What the receiver found of a shipment (RECADV, BGM 632). ``items`` lie in no package that is told of."""

    number: str
    despatch_number: str
    order_number: str
    buyer_reference: str
    packages: tuple[ReceivedPackage, ...] = ()
    items: tuple[ReceivedItem, ...] = ()
    received_at: datetime | None = None
    document_date: datetime | None = None
    code: str = "632"
    function: str = "9"
    delivery_note: str = ""
    tracking_number: str = ""
    buyer: Party | None = None
    supplier: Party | None = None
    ship_to: Party | None = None
    conditions: tuple[Condition, ...] = ()
