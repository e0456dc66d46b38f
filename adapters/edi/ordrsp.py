"""ORDRSP: our answer to an order, segments in the order of the message table of D.96A and its successors."""

from __future__ import annotations

from adapters.edi.fields import (
    amount,
    day,
    free_texts,
    item_segments,
    line_count,
    line_item,
    minute,
    net_price,
    quantity,
    reference,
)
from adapters.edi.nad import party_group
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code
from core.documents import OrderResponse, ResponseLine


def ordrsp_segments(response: OrderResponse, style: Style) -> list[OutboundSegment]:
    """Return the body of ORDRSP.

    BGM carries our order number, RFF ON the buyer's with the date of the order (DTM 171); reasons are FTX AAI.
    """
    segments = [
        OutboundSegment("BGM", "231", cut(response.number, NAME), response.function),
        minute("137", response.answered_at),
    ]
    if response.promised_date is not None:
        segments.append(day("69", response.promised_date))
    segments += free_texts("AAI", response.reasons, style)
    segments.append(reference("ON", response.buyer_reference, style))
    if response.order_date is not None:
        segments.append(day("171", response.order_date))
    segments += party_group("BY", response.buyer, style)
    segments += party_group("SU", response.supplier, style)
    segments += party_group("DP", response.ship_to, style)
    if response.currency:
        segments.append(OutboundSegment("CUX", ["2", fit_code(response.currency, 3), "9"]))
    for line in response.lines:
        segments += _line_segments(line, style)
    segments.append(OutboundSegment("UNS", "S"))
    if response.total is not None:
        segments.append(amount("86", response.total))
    segments.append(line_count(len(response.lines)))
    return segments


def _line_segments(line: ResponseLine, style: Style) -> list[OutboundSegment]:
    """Return LIN and what follows it.

    QTY 21 repeats the quantity that was ordered and QTY 113, quantity to be delivered, is what we promise: the
    pair that EANCOM gives for ORDRSP. Both are always there, so a reader compares them without knowing LIN 1229;
    a refused line promises 0. QTY 83 (backorder) would say that the rest comes later, which the answer does not know.
    """
    segments = [line_item(line.line, line.answer.value, line.gtin, style)]
    segments += item_segments(line.gtin, line.sku, line.buyer_code, line.description, style)
    segments.append(quantity("21", line.ordered, line.unit, style))
    segments.append(quantity("113", line.quantity, line.unit, style))
    if line.promised_date is not None:
        segments.append(day("69", line.promised_date))
    if line.price is not None:
        segments.append(net_price(line.price))
    return segments
