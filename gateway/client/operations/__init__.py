# Made by `make reference` from the OpenAPI document. Do not edit.
"""Every operation of the API, by its name in the OpenAPI document."""

from __future__ import annotations

from gateway.client.operations.access import AccessCalls
from gateway.client.operations.alerts import AlertsCalls
from gateway.client.operations.approvals import ApprovalsCalls
from gateway.client.operations.confirmations import ConfirmationsCalls
from gateway.client.operations.credit import CreditCalls
from gateway.client.operations.customers import CustomersCalls
from gateway.client.operations.documents import DocumentsCalls
from gateway.client.operations.drafts import DraftsCalls
from gateway.client.operations.evidence import EvidenceCalls
from gateway.client.operations.health import HealthCalls
from gateway.client.operations.imports import ImportsCalls
from gateway.client.operations.invoice_drafts import InvoiceDraftsCalls
from gateway.client.operations.lists import ListsCalls
from gateway.client.operations.notices import NoticesCalls
from gateway.client.operations.order_templates import OrderTemplatesCalls
from gateway.client.operations.orders import OrdersCalls
from gateway.client.operations.papers import PapersCalls
from gateway.client.operations.prices import PricesCalls
from gateway.client.operations.queue import QueueCalls
from gateway.client.operations.reports import ReportsCalls
from gateway.client.operations.returns import ReturnsCalls
from gateway.client.operations.sandbox import SandboxCalls
from gateway.client.operations.shops import ShopsCalls
from gateway.client.operations.stock import StockCalls
from gateway.client.operations.subscriptions import SubscriptionsCalls
from gateway.client.operations.tasks import TasksCalls
from gateway.client.operations.validation import ValidationCalls
from gateway.client.stream import EventCalls


class Operations(
    OrdersCalls,
    ImportsCalls,
    ConfirmationsCalls,
    DraftsCalls,
    OrderTemplatesCalls,
    PricesCalls,
    QueueCalls,
    NoticesCalls,
    TasksCalls,
    ApprovalsCalls,
    InvoiceDraftsCalls,
    PapersCalls,
    DocumentsCalls,
    EvidenceCalls,
    ListsCalls,
    CustomersCalls,
    StockCalls,
    CreditCalls,
    ReportsCalls,
    ReturnsCalls,
    ValidationCalls,
    SubscriptionsCalls,
    ShopsCalls,
    AlertsCalls,
    AccessCalls,
    HealthCalls,
    SandboxCalls,
    EventCalls,
):
    """Every operation."""
