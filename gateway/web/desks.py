"""The desks that the web asks: each speaks of one subject, in a port of its own."""

from __future__ import annotations

from typing import Protocol

from gateway.web.access_port import AccessDesk
from gateway.web.alerts_port import AlertDesk
from gateway.web.approvals_port import ApprovalDesk
from gateway.web.confirmation_port import ConfirmationDesk
from gateway.web.credit_port import CreditDesk
from gateway.web.customer_port import CustomerDesk
from gateway.web.entry_port import EntryDesk
from gateway.web.idempotency_port import IdempotencyDesk
from gateway.web.import_port import ImportDesk
from gateway.web.lifecycle_port import LifeCycleDesk
from gateway.web.notices_port import NoticeDesk
from gateway.web.paper_port import PaperDesk
from gateway.web.queue_port import QueueDesk
from gateway.web.report_port import ReportDesk
from gateway.web.return_port import ReturnDesk
from gateway.web.sample_port import SampleDesk
from gateway.web.shop_news_port import ShopNewsDesk
from gateway.web.shop_port import DeliveryDesk, HookDoor
from gateway.web.stock_port import StockDesk
from gateway.web.subscription_port import SubscriptionDesk
from gateway.web.tasks_port import TaskDesk
from gateway.web.validation_port import ValidationDesk


class Desks(Protocol):
    """What :class:`gateway.web.ports.Operations` has besides its acts."""

    @property
    def access_desk(self) -> AccessDesk:
        """Keys, and calls that were refused."""
        ...

    @property
    def validation_desk(self) -> ValidationDesk:
        """What is asked of the fields of an order, and where it differs from the master data."""
        ...

    @property
    def entry_desk(self) -> EntryDesk:
        """Drafts and templates of orders."""
        ...

    @property
    def paper_desk(self) -> PaperDesk:
        """What came by mail and fax."""
        ...

    @property
    def sample_desk(self) -> SampleDesk:
        """Papers that are read once more, blindly."""
        ...

    @property
    def import_desk(self) -> ImportDesk:
        """Files of orders that are placed in the background, and maps of their columns."""
        ...

    @property
    def idempotency_desk(self) -> IdempotencyDesk:
        """The answers of acts by their key."""
        ...

    @property
    def notice_desk(self) -> NoticeDesk:
        """What partners want to be told of, were told, and what a link opens."""
        ...

    @property
    def confirmation_desk(self) -> ConfirmationDesk:
        """The confirmation of an order, as told or as it would be."""
        ...

    @property
    def queue_desk(self) -> QueueDesk:
        """What is to be done next, and the way of each type of order."""
        ...

    @property
    def customer_desk(self) -> CustomerDesk:
        """Partners, and what is known of them."""
        ...

    @property
    def report_desk(self) -> ReportDesk:
        """What happened over a period, in figures."""
        ...

    @property
    def lifecycle_desk(self) -> LifeCycleDesk:
        """How far an order has come by its calendar, and its end."""
        ...

    @property
    def return_desk(self) -> ReturnDesk:
        """What is asked to come back."""
        ...

    @property
    def stock_desk(self) -> StockDesk:
        """What can be promised, and the ledger of stock."""
        ...

    @property
    def approval_desk(self) -> ApprovalDesk:
        """What several people approve, and who stands in for whom."""
        ...

    @property
    def delivery_desk(self) -> DeliveryDesk:
        """What e-commerce stores delivered."""
        ...

    @property
    def hook_door(self) -> HookDoor:
        """The webhooks of e-commerce stores."""
        ...

    @property
    def shop_news_desk(self) -> ShopNewsDesk:
        """What shops are told of their orders."""
        ...

    @property
    def subscription_desk(self) -> SubscriptionDesk:
        """Who is told of events, and what was told."""
        ...

    @property
    def alert_desk(self) -> AlertDesk:
        """What a person should see to, and who is told of it."""
        ...

    @property
    def task_desk(self) -> TaskDesk:
        """What waits for a person."""
        ...

    @property
    def credit_desk(self) -> CreditDesk:
        """How partners stand, what they paid and what is granted to them for a time."""
        ...
