"""IFTMIN: our instruction to a carrier, segments in the order of the message table of D.96A and its successors."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from adapters.edi.fields import day, delivery_terms, free_texts, minute, reference, transport_mode
from adapters.edi.measures import measures
from adapters.edi.nad import party_group
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import CODE, NAME, PLACE, Style, cut, fit_code
from core.documents import GoodsItem, Party, TransportInstruction
from core.values import text

#: 3055: the code is the carrier's own
_BY_CARRIER: Final = "87"
#: repeats of the message table: numbers in a GIN, GIN below a PCI
_NUMBERS: Final = 5
_GINS: Final = 10


def iftmin_segments(instruction: TransportInstruction, style: Style) -> list[OutboundSegment]:
    """Return the body of IFTMIN.

    Dates: DTM 137 issued, 234 and 235 the window at the consignor, 2 the wanted day and 64, 63 the window at the
    consignee. CNT 11 and 7 add up the packages and, where all are known, their weights. RFF CU is our number of the
    shipment: the one that the carrier names in its status reports.
    """
    segments = [
        OutboundSegment("BGM", "610", cut(instruction.number, NAME), instruction.function),
        minute("137", instruction.issued_at),
        *_date_segments(instruction),
        *_service_segments(instruction, style),
        *_totals(instruction.goods),
        *_terms_segments(instruction),
    ]
    references = {"CU": instruction.shipment_number, "VN": instruction.order_number, "ON": instruction.buyer_reference}
    segments += [reference(kind, number, style) for kind, number in references.items() if number]
    if instruction.carrier or instruction.carrier_name or instruction.transport_mode:
        carrier = [fit_code(instruction.carrier, CODE), "", "", cut(instruction.carrier_name, NAME)]
        segments.append(OutboundSegment("TDT", "20", "", transport_mode(instruction.transport_mode), "", carrier))
    segments += party_group("CZ", instruction.consignor, style, contact=True)
    segments += party_group("CN", instruction.consignee, style, contact=True)
    segments += party_group("FP", instruction.freight_payer, style)
    if instruction.carrier or instruction.carrier_name:
        segments += party_group("CA", Party("CA", code=instruction.carrier, name=instruction.carrier_name), style)
    for ordinal, goods in enumerate(instruction.goods, start=1):
        segments += _goods_segments(goods, ordinal, style)
    return segments


def _date_segments(instruction: TransportInstruction) -> Iterator[OutboundSegment]:
    if instruction.delivery_date is not None:
        yield day("2", instruction.delivery_date)
    moments = {
        "234": instruction.pickup_from,
        "235": instruction.pickup_until,
        "64": instruction.deliver_from,
        "63": instruction.deliver_until,
    }
    yield from (minute(kind, moment) for kind, moment in moments.items() if moment is not None)


def _service_segments(instruction: TransportInstruction, style: Style) -> Iterator[OutboundSegment]:
    """Yield TSR with the carrier's code of its service, or FTX TRA where that is longer than a code, and the notes."""
    service = instruction.service
    if service and fit_code(service, 3):
        yield OutboundSegment("TSR", "", [service, "", _BY_CARRIER])
    elif service:
        yield from free_texts("TRA", (service,), style)
    yield from free_texts("AAI", instruction.notes, style)


def _totals(goods: tuple[GoodsItem, ...]) -> Iterator[OutboundSegment]:
    weights = [item.weight_kg for item in goods if item.weight_kg is not None]
    if weights and len(weights) == len(goods):
        yield OutboundSegment("CNT", ["7", text(sum(weights, Decimal(0))), "KGM"])
    yield OutboundSegment("CNT", ["11", str(sum(item.pieces for item in goods))])


def _terms_segments(instruction: TransportInstruction) -> Iterator[OutboundSegment]:
    """Yield TOD with the method of payment and the Incoterm; LOC 1 names the place of the terms."""
    if not (instruction.delivery_terms or instruction.charges):
        return
    terms = delivery_terms(instruction.delivery_terms)
    yield OutboundSegment("TOD", "6", fit_code(instruction.charges, 3), terms)
    if instruction.delivery_terms_place:
        yield OutboundSegment("LOC", "1", ["", "", "", cut(instruction.delivery_terms_place, PLACE)])


def _goods_segments(goods: GoodsItem, ordinal: int, style: Style) -> Iterator[OutboundSegment]:
    """Yield GID with packages, goods (FTX AAA), measures and the SSCC of each package."""
    yield OutboundSegment("GID", str(ordinal), [str(goods.pieces), fit_code(goods.package_type, CODE)])
    if goods.description:
        yield from free_texts("AAA", (goods.description,), style)
    yield from measures("WT", {"weight_kg": goods.weight_kg, "net_weight_kg": goods.net_weight_kg}, total=True)
    yield from measures("VOL", {"volume_m3": goods.volume_m3})
    sides = [goods.length_mm, goods.width_mm, goods.height_mm]
    if any(side is not None for side in sides):
        yield OutboundSegment("DIM", "2", ["MMT", *("" if side is None else text(side) for side in sides)])
    for number in range(0, len(goods.ssccs), _NUMBERS):
        if number % (_NUMBERS * _GINS) == 0:
            yield OutboundSegment("PCI", "33E")
        yield OutboundSegment("GIN", style.sscc, *goods.ssccs[number : number + _NUMBERS])
