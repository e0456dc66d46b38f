"""Every notice is written from its real facts by the templates that come along, in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

import pytest

from adapters.documents.adapter import ADAPTER as DOCUMENTS
from core.notices import rounds
from core.notices.logistics import tell_completed, tell_issued, tell_shipped
from core.notices.rules import NoticeRules
from core.notices.tell import PAPER_QUESTION, REFUSED, REMINDER, TOMORROW, tell
from core.notices.watch import tell_delay
from core.partners.notices import Preference
from core.ports import NOTICES
from core.store import billing, notices, orders, shipping
from core.store.alerts import raise_alert
from core.store.billing import InvoiceLineRow, InvoiceRow
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.notices import NoticeRow
from core.store.tables.master import users
from core.testing.sender import MemorySender
from core.testing.trade import MONDAY
from gateway.dispatcher import Dispatcher
from gateway.notice_rendering import NoticeRenderer, Sending
from gateway.templates import TemplateDesk

from .test_notices import NoticeWorks, notice_works

__all__ = ["notice_works"]

SHIPPED = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def tell_everything(tx: Tx, order_id: int) -> None:
    """Let everything happen to an order that a partner, and our own people, are told of."""
    partner = partner_by_id(tx, MasterCache(), orders.by_id(tx, order_id)["partner_id"])
    shipment = shipping.ShipmentRow(
        9, "S-9", order_id, partner.id, "sandbox", "shipped", "B-9", "TRACK-42", SHIPPED, SHIPPED, None, None
    )
    shipping.insert_shipment(tx, shipment)
    tell_shipped(tx, partner, shipment, promised=date(2026, 3, 9), now=SHIPPED)
    tell_completed(tx, partner, shipment, now=SHIPPED)
    invoice = InvoiceRow(
        5, "I-5", order_id, 9, partner.id, SHIPPED, date(2026, 4, 3), "EUR", Decimal(125), Decimal("23.75"),
        Decimal("148.75"), "issued", "rule",
    )  # fmt: skip
    billing.insert_invoice(tx, invoice, [InvoiceLineRow(1, Decimal(10), Decimal("12.50"), Decimal(125), Decimal(19))])
    tell_issued(tx, partner, invoice, timezone="Europe/Berlin")
    tell_delay(
        tx, partner, order_id, promised=date(2026, 3, 9), expected=date(2026, 3, 11), reason="snow", at=SHIPPED,
        shipment_id=9,
    )  # fmt: skip
    for event, said in (
        (TOMORROW, {"shipment_id": 9}),
        (REMINDER, {"invoice_id": 5, "step": 1}),
        (REFUSED, {"reason": "no longer made"}),
        ("order.question", {"question": {"text": "Which colour?", "code": "line.unclear"}}),
        ("order.changed", {"function": "29", "revision": 1, "change": "C-1"}),
    ):
        tell(tx, partner, event, said, order_id=order_id, at=SHIPPED)
    asked = [{"line": 2, "code": "paper.item_unknown", "fields": [{"field": "sku", "said": "XX-9", "candidates": []}]}]
    notice_id = tx.ids.next()
    question = NoticeRow(notice_id, partner.id, None, PAPER_QUESTION, *partner.told_of("order.question")[0])
    said = {"source_id": 8, "token": "t0k3n", "asked": [{"draft": "7", "reference": "PO-8", "questions": asked}]}
    notices.add(tx, [(question, said)], SHIPPED)
    tx.execute(users.insert().values(name="Ada", roles=["operations"], email="ada@us.example"))
    raise_alert(tx, "folder.gone", "ACME", "the folder is gone", at=SHIPPED)
    rounds.tell_staff(tx, NoticeRules(staff={"*": "operations"}), SHIPPED + timedelta(seconds=1))


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_every_notice_is_written_from_its_facts(notice_works: NoticeWorks, language: str) -> None:
    """CNF-11, CNF-15, LNG-02: the day it ships, tracking number and expected arrival are told."""
    works = notice_works
    order_id = works.place(Preference("*", "mail", language=language))
    works.store.write(lambda tx: tell_everything(tx, order_id))
    sender = MemorySender("mail/ACME", "mail/house")
    templates = TemplateDesk(lambda: DOCUMENTS.writer(None), works.blobs)
    sending = Sending("orders@us.example", public_url="https://us.example")
    renderer = NoticeRenderer(templates, clock=works.clock, sending=sending)
    dispatcher = Dispatcher(works.store, renderer=renderer, sender=sender, clock=works.clock, worker_id=works.worker_id)
    dispatcher.run_once()
    assert works.alerts() == [("folder.gone", "ACME", 1)]  # nothing that could not be written
    mails = {
        name.partition("_")[0]: message_from_bytes(content, policy=default)
        for lane in ("mail/ACME", "mail/house")
        for name, content in sender.received[lane].items()
    }
    assert sorted(mails) == sorted(NOTICES)

    def text(notice: str) -> str:
        body = mails[notice].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    assert "TRACK-42" in text("order.shipped")
    assert "2026" in text("order.shipped")
    assert "snow" in text("delivery.delayed")
    assert "I-5" in text("payment.reminder")
    assert "Which colour?" in text("order.question")
    assert "XX-9" in text("paper.question")
    assert "question-" in mails["paper.question"]["Message-ID"]
    assert "no longer made" in text("order.refused")
    assert "the folder is gone" in text("exception.raised")
    assert mails["exception.raised"]["To"] == "ada@us.example"
    told = {row["notice"]: row["created_at"] for row in works.told(order_id)}
    assert told["order.confirmed"] == MONDAY
    assert told["order.shipped"].date() == SHIPPED.date()
