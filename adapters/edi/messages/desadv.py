"""DESADV: what left our door, package by package, segments in the order of the message table of D.96A."""

from __future__ import annotations

from adapters.edi.fields import day, item_segments, line_count, line_item, minute, quantity, reference
from adapters.edi.nad import party_group
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import CODE, NAME, Style, cut, fit_code
from core.documents import DespatchAdvice, PackageNotice, PackedItem, Party
from core.values import text

#: 4233 of GS1: the package is marked with an SSCC
_MARKED_WITH_SSCC = "33E"


def desadv_segments(advice: DespatchAdvice, style: Style) -> list[OutboundSegment]:
    """Return the body of DESADV.

    The packing hierarchy has two levels: CPS 1 is the shipment with the number of its packages, CPS 2 and on are
    the packages, each with its SSCC (PCI 33E, GIN BJ) and content. LIN counts on over the whole message, because
    one order line may lie in several packages; RFF ON of a line names the buyer's line.
    """
    segments = [
        OutboundSegment("BGM", "351", cut(advice.number, NAME), "9"),
        minute("137", advice.despatched_at),
        minute("11", advice.despatched_at),
    ]
    if advice.expected_date is not None:
        segments.append(day("17", advice.expected_date))
    segments.append(reference("ON", advice.buyer_reference, style))
    segments.append(reference("VN", advice.order_number, style))
    if advice.tracking_number:
        segments.append(reference("CN", advice.tracking_number, style))
    segments += party_group("BY", advice.buyer, style)
    segments += party_group("SU", advice.supplier, style, contact=True)
    segments += party_group("DP", advice.ship_to, style, contact=True)
    if advice.carrier or advice.carrier_name:
        segments += _carrier_segments(advice.carrier, advice.carrier_name, style)
    segments.append(OutboundSegment("CPS", "1"))
    segments.append(OutboundSegment("PAC", str(len(advice.packages))))
    lines = 0
    for level, package in enumerate(advice.packages, start=2):
        segments += _package_segments(package, str(level))
        for item in package.items:
            lines += 1
            segments += _item_segments(item, lines, advice.buyer_reference, style)
    segments.append(line_count(lines))
    return segments


def _carrier_segments(carrier: str, name: str, style: Style) -> list[OutboundSegment]:
    """Return NAD CA and TDT 20 (main carriage): the carrier once as a party, once at its leg."""
    return [
        *party_group("CA", Party(role="CA", code=carrier, name=name), style),
        OutboundSegment("TDT", "20", "", "", "", [fit_code(carrier, CODE), "", "", cut(name, NAME)]),
    ]


def _package_segments(package: PackageNotice, level: str) -> list[OutboundSegment]:
    """Return CPS below the shipment, PAC, the gross weight in kilograms and the SSCC of one package."""
    segments = [
        OutboundSegment("CPS", level, "1"),
        OutboundSegment("PAC", "1", "", fit_code(package.type, CODE)),
    ]
    if package.weight_kg is not None:
        segments.append(OutboundSegment("MEA", "PD", "AAB", ["KGM", text(package.weight_kg)]))
    if package.sscc:
        segments.append(OutboundSegment("PCI", _MARKED_WITH_SSCC))
        segments.append(OutboundSegment("GIN", "BJ", package.sscc))
    return segments


def _item_segments(item: PackedItem, line: int, buyer_reference: str, style: Style) -> list[OutboundSegment]:
    """Return LIN of a packed quantity with QTY 12 (despatched) and the buyer's order line."""
    return [
        line_item(line, "", item.gtin, style),
        *item_segments(item.gtin, item.sku, item.buyer_code, item.description, style),
        quantity("12", item.quantity, item.unit, style),
        reference("ON", buyer_reference, style, item.line),
    ]
