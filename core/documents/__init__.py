"""Canonical documents: what an order, an answer, a despatch advice and an invoice say, in no format's words.

They cross the border between adapters and core in both directions and are immutable. Headers are frozen
dataclasses, lines are NamedTuples (a frozen dataclass per line costs seven times as much to make).
Quantities and amounts are ``Decimal``; a field that the sender left out is ``None`` or "".
"""

from core.documents.acknowledgements import Acknowledgement, GroupAcknowledgement, MessageAcknowledgement
from core.documents.application import ApplicationReport, ReportedFault
from core.documents.billing import Allowance, CashDiscount, Invoice, InvoiceLine, TaxTotal
from core.documents.catalogue import ListPrice, PriceList, PriceListItem
from core.documents.changes import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.documents.charges import ChargeKind, LineTax, OrderCharge
from core.documents.commerce import (
    ShopCharge,
    ShopDestination,
    ShopEvent,
    ShopEventKind,
    ShopOrder,
    ShopPayment,
    ShopRefund,
    ShopState,
    ShopSums,
    ShopTax,
    line_numbers,
    renumbered,
)
from core.documents.inventory import InventoryReport, StockKind, StockLevel
from core.documents.logistics import (
    Batch,
    Condition,
    DespatchAdvice,
    Mark,
    PackageNotice,
    PackedItem,
    ReceiptAdvice,
    ReceivedItem,
    ReceivedPackage,
    Variance,
)
from core.documents.ordering import (
    DropShipOrder,
    LineAnswer,
    Order,
    OrderLine,
    OrderResponse,
    ResponseLine,
    ScheduleLine,
    TradeTerms,
)
from core.documents.party import Party
from core.documents.payments import Deduction, RemittanceAdvice, SettledDocument
from core.documents.reference import DocumentReference
from core.documents.reports import Sale, SalesReport
from core.documents.transport import ConsignmentStatus, GoodsItem, StatusEvent, StatusReport, TransportInstruction

#: what a decoder makes of a message
Inbound = (
    Order
    | OrderChange
    | OrderResponse
    | ApplicationReport
    | Acknowledgement
    | Invoice
    | RemittanceAdvice
    | PriceList
    | SalesReport
    | DespatchAdvice
    | ReceiptAdvice
    | InventoryReport
    | StatusReport
)
#: what an encoder writes
Outbound = (
    Acknowledgement
    | ApplicationReport
    | DropShipOrder
    | OrderResponse
    | DespatchAdvice
    | Invoice
    | TransportInstruction
    | StatusReport
    | InventoryReport
)

__all__ = [
    "Acknowledgement",
    "Allowance",
    "ApplicationReport",
    "Batch",
    "CashDiscount",
    "ChangeFunction",
    "ChangedLine",
    "ChargeKind",
    "Condition",
    "ConsignmentStatus",
    "Deduction",
    "DespatchAdvice",
    "DocumentReference",
    "DropShipOrder",
    "GoodsItem",
    "GroupAcknowledgement",
    "Inbound",
    "InventoryReport",
    "Invoice",
    "InvoiceLine",
    "LineAction",
    "LineAnswer",
    "LineTax",
    "ListPrice",
    "Mark",
    "MessageAcknowledgement",
    "Order",
    "OrderChange",
    "OrderCharge",
    "OrderLine",
    "OrderResponse",
    "Outbound",
    "PackageNotice",
    "PackedItem",
    "Party",
    "PriceList",
    "PriceListItem",
    "ReceiptAdvice",
    "ReceivedItem",
    "ReceivedPackage",
    "RemittanceAdvice",
    "ReportedFault",
    "ResponseLine",
    "Sale",
    "SalesReport",
    "ScheduleLine",
    "SettledDocument",
    "ShopCharge",
    "ShopDestination",
    "ShopEvent",
    "ShopEventKind",
    "ShopOrder",
    "ShopPayment",
    "ShopRefund",
    "ShopState",
    "ShopSums",
    "ShopTax",
    "StatusEvent",
    "StatusReport",
    "StockKind",
    "StockLevel",
    "TaxTotal",
    "TradeTerms",
    "TransportInstruction",
    "Variance",
    "line_numbers",
    "renumbered",
]
