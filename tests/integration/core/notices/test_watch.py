"""What notices wait for, on both sides of each moment: eyes, the day before a delivery, a payment that is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.notices import watch
from core.notices.logistics import tell_completed, tell_issued, tell_shipped
from core.store import arrivals, billing, notices, orders, shipping, tasks
from core.store.billing import InvoiceRow
from core.store.engine import Tx
from core.store.tables.messaging import outbox, transmissions
from core.store.transmissions import add
from core.testing.trade import MONDAY

from .conftest import NoticeDesk

SECOND = timedelta(seconds=1)
#: clean orders are promised for Monday 9 March; the morning before in Berlin, in winter
PROMISED = date(2026, 3, 9)
EVE = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def send(desk: NoticeDesk, notice_id: int, at: datetime) -> None:
    """Let a notice have left *at* that moment."""

    def work(tx: Tx) -> None:
        sent = add(
            tx, content=b"x", held_by=None, at=at, partner_id=1, endpoint="mail/ACME", type="NOTICE",
            control_reference=str(notice_id), filename="x.eml", source_id=None, test=False,
        )  # fmt: skip
        tx.execute(transmissions.update().where(transmissions.c.id == sent).values(state="sent", sent_at=at))
        tx.execute(outbox.update().where(outbox.c.id == notice_id).values(transmission_id=sent))

    desk.act(work)


def ship(desk: NoticeDesk, order_id: int, at: datetime) -> int:
    """Let an order leave *at* that moment, as fulfilment does, and return its shipment."""

    def work(tx: Tx) -> int:
        shipment_id = tx.ids.next()
        row = shipping.ShipmentRow(
            shipment_id, f"S-{shipment_id}", order_id, desk.partner().id, "sandbox", "shipped", f"B-{shipment_id}",
            "TRACK-1", at, at, None, None,
        )  # fmt: skip
        shipping.insert_shipment(tx, row)
        orders.set_state(tx, order_id, "shipped")
        tell_shipped(tx, desk.partner(), row, promised=orders.by_id(tx, order_id)["promised_date"], now=at)
        return shipment_id

    desk.now = at
    return int(desk.act(work))


def open_tasks(desk: NoticeDesk, order_id: int) -> list[tuple[str, str]]:
    return [(row["kind"], row["role"]) for row in desk.store.read(lambda tx: tasks.open_of_order(tx, order_id))]


def test_a_confirmation_that_nobody_has_seen_24_hours_after_it_left_becomes_one_task(each_desk: NoticeDesk) -> None:
    """CNF-10."""
    desk = each_desk
    (order_id,) = desk.place("PO-1")
    notice = desk.rows(order_id)[0]
    send(desk, notice["id"], MONDAY + timedelta(hours=1))
    day_after = MONDAY + timedelta(hours=25)
    assert desk.pass_until(day_after - SECOND) == 0
    assert open_tasks(desk, order_id) == []
    assert desk.pass_until(day_after) == 1
    assert open_tasks(desk, order_id) == [("confirmation.unseen", "customer_service")]
    assert desk.pass_until(day_after + timedelta(days=3)) == 0


def test_a_confirmation_that_was_seen_needs_nobody(desk: NoticeDesk) -> None:
    """CNF-10."""
    (order_id,) = desk.place("PO-1")
    notice = desk.rows(order_id)[0]
    send(desk, notice["id"], MONDAY)
    desk.act(lambda tx: watch.see(tx, notice["id"], "page", MONDAY + timedelta(hours=23)))
    assert desk.pass_until(MONDAY + timedelta(hours=30)) == 0
    assert open_tasks(desk, order_id) == []
    kept = desk.rows(order_id)[0]
    assert (kept["seen_by"], kept["seen_at"]) == ("page", MONDAY + timedelta(hours=23))


def test_what_is_seen_late_closes_the_task_and_the_first_look_counts(desk: NoticeDesk) -> None:
    (order_id,) = desk.place("PO-1")
    notice_id = desk.rows(order_id)[0]["id"]
    send(desk, notice_id, MONDAY)
    assert desk.pass_until(MONDAY + timedelta(hours=24)) == 1
    desk.act(lambda tx: watch.see_all(tx, order_id, "change", MONDAY + timedelta(hours=25)))
    assert open_tasks(desk, order_id) == []
    assert not desk.act(lambda tx: watch.see(tx, notice_id, "page", MONDAY + timedelta(hours=26)))
    assert desk.rows(order_id)[0]["seen_by"] == "change"


def test_a_confirmation_that_could_not_be_sent_is_followed_up_as_unseen(desk: NoticeDesk) -> None:
    (order_id,) = desk.place("PO-1")
    send(desk, desk.rows(order_id)[0]["id"], MONDAY)
    desk.act(lambda tx: tx.execute(transmissions.update().values(state="refused", sent_at=None)))
    assert desk.pass_until(MONDAY + timedelta(hours=24)) == 1


def test_the_reminder_of_a_delivery_comes_once_on_the_morning_before(each_desk: NoticeDesk) -> None:
    """CNF-12."""
    desk = each_desk
    (order_id,) = desk.place("PO-1")
    ship(desk, order_id, MONDAY + timedelta(days=2))
    assert desk.told(order_id) == ["order.confirmed", "order.shipped"]
    desk.pass_until(EVE - SECOND)
    assert "delivery.tomorrow" not in desk.told(order_id)
    desk.pass_until(EVE)
    assert desk.told(order_id).count("delivery.tomorrow") == 1
    desk.pass_until(EVE + timedelta(days=5))
    assert desk.told(order_id).count("delivery.tomorrow") == 1


def test_the_reminder_moves_with_the_day_of_arrival_and_a_later_day_is_told_at_once(each_desk: NoticeDesk) -> None:
    """CNF-12, CNF-13."""
    desk = each_desk
    (order_id,) = desk.place("PO-1")
    shipment_id = ship(desk, order_id, MONDAY + timedelta(days=2))

    def expect(day: date) -> bool:
        at = desk.now
        return bool(
            desk.act(
                lambda tx: watch.expect_arrival(
                    tx, desk.cache, shipment_id, day, actor="carrier:sandbox", reason="snow", now=at
                )
            )
        )

    assert not expect(PROMISED)  # that is what was known
    assert expect(PROMISED + timedelta(days=2))
    assert desk.told(order_id)[-1] == "delivery.delayed"
    said = desk.store.read(lambda tx: notices.said_by(tx, desk.rows(order_id)[-1]["id"]))
    assert said["delivery"] == {"promised_date": "2026-03-09", "expected_date": "2026-03-11", "reason": "snow"}
    assert expect(PROMISED + timedelta(days=1))
    assert desk.told(order_id).count("delivery.delayed") == 1  # earlier than was told last
    assert desk.pass_until(EVE) == 0
    desk.pass_until(EVE + timedelta(days=1))
    assert desk.told(order_id).count("delivery.tomorrow") == 1
    assert desk.store.read(lambda tx: arrivals.expected_on(tx, shipment_id)) == PROMISED + timedelta(days=1)


def test_goods_that_left_too_late_are_told_late_when_they_leave(desk: NoticeDesk) -> None:
    """CNF-13."""
    (order_id,) = desk.place("PO-1")
    ship(desk, order_id, datetime(2026, 3, 9, 22, 59, tzinfo=UTC))  # still the 9th in Berlin
    assert "delivery.delayed" not in desk.told(order_id)
    other = desk.place("PO-2")[0]
    ship(desk, other, datetime(2026, 3, 17, 23, 0, tzinfo=UTC))
    assert desk.told(other)[-1] == "delivery.delayed"


def test_an_order_that_has_not_left_on_its_day_is_told_late_before_the_customer_asks(desk: NoticeDesk) -> None:
    """CNF-13."""
    (order_id,) = desk.place("PO-1")
    desk.pass_until(EVE)
    desk.pass_until(EVE + timedelta(days=1) - SECOND)
    assert [one for one in desk.told(order_id) if one.startswith("delivery")] == []
    desk.pass_until(EVE + timedelta(days=1))
    assert [one for one in desk.told(order_id) if one.startswith("delivery")] == ["delivery.delayed"]


def test_a_delivered_order_is_told_complete_and_no_longer_looked_after(desk: NoticeDesk) -> None:
    """CNF-15."""
    (order_id,) = desk.place("PO-1")
    shipment_id = ship(desk, order_id, MONDAY + timedelta(days=2))
    row = desk.store.read(lambda tx: shipping.shipment_row(tx, shipment_id))
    desk.act(lambda tx: tell_completed(tx, desk.partner(), row, now=desk.now))
    assert desk.told(order_id)[-1] == "order.completed"
    desk.pass_until(EVE + timedelta(days=5))
    assert [one for one in desk.told(order_id) if one.startswith("delivery")] == []


@pytest.fixture
def invoice(desk: NoticeDesk) -> InvoiceRow:
    order_id = desk.place("PO-1")[0]
    row = InvoiceRow(
        5, "I-1", order_id, 6, desk.partner().id, MONDAY, date(2026, 3, 20), "EUR", Decimal(100), Decimal(19),
        Decimal(119), "issued", "rule",
    )  # fmt: skip

    def work(tx: Tx) -> None:
        billing.insert_invoice(
            tx, row, [billing.InvoiceLineRow(1, Decimal(1), Decimal(100), Decimal(100), Decimal(19))]
        )
        tell_issued(tx, desk.partner(), row, timezone="Europe/Berlin")

    desk.act(work)
    return row


def test_an_invoice_is_told_and_reminded_of_once_a_step_while_it_is_open(desk: NoticeDesk, invoice: InvoiceRow) -> None:
    """CNF-15."""

    def reminders() -> int:
        return desk.told(invoice.order_id).count("payment.reminder")

    assert "invoice.issued" in desk.told(invoice.order_id)
    first = datetime(2026, 3, 21, 7, 0, tzinfo=UTC)
    desk.pass_until(first - SECOND)
    assert reminders() == 0
    desk.pass_until(first)
    assert reminders() == 1
    desk.pass_until(datetime(2026, 3, 27, 6, 59, 59, tzinfo=UTC))
    assert reminders() == 1
    desk.pass_until(datetime(2026, 4, 30, tzinfo=UTC))
    assert reminders() == 3  # one a step: 1, 7 and 14 days after it was due
    said = [desk.store.read(lambda tx, row=row: notices.said_by(tx, row["id"])) for row in desk.rows(invoice.order_id)]
    assert [one["step"] for one in said if "step" in one] == [1, 2, 3]


def test_an_invoice_that_was_paid_is_not_reminded_of(desk: NoticeDesk, invoice: InvoiceRow) -> None:
    """CNF-15."""
    paid = "UPDATE open_invoices SET paid = amount"
    desk.act(lambda tx: tx.connection.exec_driver_sql(paid))
    desk.pass_until(datetime(2026, 4, 30, tzinfo=UTC))
    assert "payment.reminder" not in desk.told(invoice.order_id)
