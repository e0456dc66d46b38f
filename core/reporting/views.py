"""The read models in one place: what API, console and command line show.

Every function takes a read transaction first and returns JSON-ready values in the shapes of the public contracts.
Where there is a ``partner``, it is a partner's code that sees only its own: others' orders and documents are not
found, others' rows are left out of lists; None sees everything. Lists are ``{"items": [...], "next": cursor | None}``.
"""

from core.reporting.changes import change, changes
from core.reporting.documents import document, documents, documents_of, source
from core.reporting.evidence import checks, reconciliation, timeline
from core.reporting.masters import holds, invoices, items, partners, shipments
from core.reporting.numbering import numbering_proof
from core.reporting.orders import brief_orders, order, order_by_any, orders
from core.reporting.stock import stock
from core.reporting.stream import alerts, pulse, stream, stream_head

__all__ = [
    "alerts", "brief_orders", "change", "changes", "checks", "document", "documents", "documents_of", "holds",
    "invoices", "items", "numbering_proof", "order", "order_by_any", "orders", "partners", "pulse", "reconciliation",
    "shipments", "source", "stock", "stream", "stream_head", "timeline",
]  # fmt: skip
