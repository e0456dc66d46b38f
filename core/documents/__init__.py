"""Canonical documents: what an order, an answer, a despatch advice and an invoice say, in no format's words.

They cross the border between adapters and core in both directions and are immutable. Headers are frozen
dataclasses, lines are NamedTuples (a frozen dataclass per line costs seven times as much to make).
Quantities and amounts are ``Decimal``; a field that the sender left out is ``None`` or "".
"""

from core.documents.acknowledgements import Acknowledgement, MessageAcknowledgement
from core.documents.billing import Invoice, InvoiceLine, TaxTotal
from core.documents.logistics import DespatchAdvice, PackageNotice, PackedItem
from core.documents.ordering import LineAnswer, Order, OrderLine, OrderResponse, ResponseLine
from core.documents.party import Party

#: what a decoder makes of a message
Inbound = Order | Acknowledgement | Invoice
#: what an encoder writes
Outbound = Acknowledgement | OrderResponse | DespatchAdvice | Invoice

__all__ = [
    "Acknowledgement",
    "DespatchAdvice",
    "Inbound",
    "Invoice",
    "InvoiceLine",
    "LineAnswer",
    "MessageAcknowledgement",
    "Order",
    "OrderLine",
    "OrderResponse",
    "Outbound",
    "PackageNotice",
    "PackedItem",
    "Party",
    "ResponseLine",
    "TaxTotal",
]
