"""The desks of a gateway in memory, each of them a fake of its own."""

from __future__ import annotations

from datetime import datetime

from gateway.web.testing_access import MemoryAccessDesk
from gateway.web.testing_alerts import MemoryAlertDesk
from gateway.web.testing_approvals import MemoryApprovalDesk
from gateway.web.testing_confirmation import MemoryConfirmationDesk
from gateway.web.testing_credit import MemoryCreditDesk
from gateway.web.testing_entry import MemoryEntryDesk
from gateway.web.testing_idempotency import MemoryIdempotencyDesk
from gateway.web.testing_notices import MemoryNoticeDesk
from gateway.web.testing_papers import MemoryPaperDesk
from gateway.web.testing_queue import MemoryQueueDesk
from gateway.web.testing_reports import MemoryReportDesk
from gateway.web.testing_samples import MemorySampleDesk
from gateway.web.testing_shop_news import MemoryShopNewsDesk
from gateway.web.testing_shops import MemoryDeliveryDesk, MemoryHookDoor
from gateway.web.testing_stock import MemoryStockDesk
from gateway.web.testing_subscriptions import MemorySubscriptionDesk
from gateway.web.testing_tasks import MemoryTaskDesk
from gateway.web.testing_validation import MemoryValidationDesk


class MemoryDesks:
    """One desk a subject; a test puts into each what it is to answer."""

    def __init__(self, now: datetime) -> None:
        self.alert_desk = MemoryAlertDesk()
        self.access_desk = MemoryAccessDesk()
        self.approval_desk = MemoryApprovalDesk()
        self.confirmation_desk = MemoryConfirmationDesk()
        self.credit_desk = MemoryCreditDesk(now)
        self.entry_desk = MemoryEntryDesk(now)
        self.delivery_desk = MemoryDeliveryDesk()
        self.hook_door = MemoryHookDoor()
        self.idempotency_desk = MemoryIdempotencyDesk()
        self.notice_desk = MemoryNoticeDesk()
        self.paper_desk = MemoryPaperDesk()
        self.queue_desk = MemoryQueueDesk()
        self.report_desk = MemoryReportDesk()
        self.sample_desk = MemorySampleDesk()
        self.stock_desk = MemoryStockDesk(now.date())
        self.shop_news_desk = MemoryShopNewsDesk()
        self.subscription_desk = MemorySubscriptionDesk()
        self.task_desk = MemoryTaskDesk()
        self.validation_desk = MemoryValidationDesk()
