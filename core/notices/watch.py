"""What notices wait for: eyes on a confirmation, the day before a delivery, the day after an invoice was due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.notices.rules import NoticeRules
from core.notices.tell import (
    CONFIRMATIONS,
    DELAYED,
    DELIVERY_WATCH,
    PAYMENT_WATCH,
    REMINDER,
    TOMORROW,
    UNSEEN,
    morning,
    tell,
    watch_delivery,
    watch_payment,
)
from core.partners.model import Partner
from core.store import arrivals, billing, notices, shipping, timers
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.rulebooks import rules_in_force
from core.store.timers import Timer
from core.tasks.desk import TaskDraft, close_task, open_task

#: what this module fires
KINDS: Final = frozenset({UNSEEN, DELIVERY_WATCH, PAYMENT_WATCH})
#: order states in which goods are still to leave, and on their way
_TO_LEAVE: Final = frozenset({"in_review", "confirmed", "released", "picking", "packed", "part_shipped"})
_ON_THE_WAY: Final = frozenset({"shipped", "in_transit"})
_LATE: Final = "not shipped yet"
#: the task of who reaches a customer by other means
UNSEEN_TASK: Final = "confirmation.unseen"
RULE: Final = "rule:notices"


def fire(tx: Tx, cache: MasterCache, timer: Timer, now: datetime) -> bool:
    """Do what *timer* is for and tell whether anything was told; False where another transaction was first."""
    if not timers.take(tx, timer.id):
        return False
    cache.refresh(tx)
    if timer.kind == UNSEEN:
        return _look_for_eyes(tx, cache.rules.book.notices, timer.subject_id, now)
    if timer.kind == DELIVERY_WATCH:
        return _look_after_delivery(tx, cache, timer.subject_id, date.fromisoformat(timer.payload["day"]), now)
    return _look_after_payment(tx, cache, timer.subject_id, timer.payload["step"], now)


def _look_for_eyes(tx: Tx, rules: NoticeRules, notice_id: int, now: datetime) -> bool:
    """Have a person follow up a confirmation that left so many hours ago and that nobody was seen to have."""
    notice = notices.told(tx, notice_id)
    if notices.is_seen(tx, notice["order_id"], notice["created_at"]):
        return False
    if notice["state"] == "refused":
        return _follow_up(tx, notice, rules, now)
    patience = timedelta(hours=rules.unseen_hours)
    due = (notice["sent_at"] or now) + patience
    if due > now:  # not sent yet, or sent later than it was queued: the hours count from there
        timers.schedule(tx, UNSEEN, notice_id, due)
        return False
    return _follow_up(tx, notice, rules, now)


def _follow_up(tx: Tx, notice: Mapping[str, Any], rules: NoticeRules, now: datetime) -> bool:
    """Have customer service reach the customer by another way; one task an order, however many notices it had."""
    number = order_rows.by_id(tx, notice["order_id"])["number"]
    task = TaskDraft(
        kind=UNSEEN_TASK,
        subject=number,
        role=rules.follow_up_role,
        words=f"{number}: nobody was seen to have the confirmation for {', '.join(notice['to'])}; ask otherwise",
        order_id=notice["order_id"],
        inputs={"notice": str(notice["id"]), "channel": notice["channel"], "hours": rules.unseen_hours},
        due_at=now + timedelta(hours=rules.unseen_hours),
    )
    return open_task(tx, task, at=now, actor=RULE) is not None


def follow_up_message(tx: Tx, order_id: int, words: str, now: datetime) -> None:
    """Have customer service follow up an order response that the partner has not acknowledged in its agreed time."""
    rules = rules_in_force(tx).book.notices
    task = TaskDraft(
        kind=UNSEEN_TASK,
        subject=order_rows.by_id(tx, order_id)["number"],
        role=rules.follow_up_role,
        words=words,
        order_id=order_id,
        inputs={"channel": "edi"},
        due_at=now + timedelta(hours=rules.unseen_hours),
    )
    open_task(tx, task, at=now, actor=RULE)


def see(tx: Tx, notice_id: int, by: str, now: datetime) -> bool:
    """Note that the customer has a notice, and end the search for a sign of it; False when that was known."""
    if not notices.seen(tx, notice_id, by, now):
        return False
    notice = notices.notice_row(tx, notice_id)
    if notice["order_id"] is not None and notice["notice"] in CONFIRMATIONS:
        end_follow_up(tx, notice["order_id"], now)
    return True


def end_follow_up(tx: Tx, order_id: int, now: datetime) -> None:
    """Close the task to reach the customer of an order, who was seen to have its confirmation."""
    number = order_rows.by_id(tx, order_id)["number"]
    close_task(tx, UNSEEN_TASK, number, at=now, actor=RULE, outcome="seen")


def see_all(tx: Tx, order_id: int, by: str, now: datetime) -> None:
    """Note that the customer has every confirmation of an order: it answered to one (ORDCHG, a change by the API)."""
    for notice_id in notices.unseen_of_order(tx, order_id, CONFIRMATIONS):
        see(tx, notice_id, by, now)


def _look_after_delivery(tx: Tx, cache: MasterCache, order_id: int, day: date, now: datetime) -> bool:
    """The morning before: tell of the delivery when the goods are on their way. On the day itself: they are late."""
    order = order_rows.by_id(tx, order_id)
    partner = partner_by_id(tx, cache, order["partner_id"])
    company, rules = our_company(tx, cache), cache.rules.book.notices
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    if order["state"] in _ON_THE_WAY:
        if today >= day:
            return False  # it came to our ears too late to be told as tomorrow's
        shipment_id = shipping.shipments_of(tx, order_id)[-1].id
        return bool(tell(tx, partner, TOMORROW, {"shipment_id": shipment_id}, order_id=order_id, at=now))
    if order["state"] not in _TO_LEAVE:
        return False
    if today < day:
        timers.schedule(tx, DELIVERY_WATCH, order_id, morning(rules, day, company.timezone), {"day": day.isoformat()})
        return False
    return tell_delay(tx, partner, order_id, promised=day, expected=None, reason=_LATE, at=now)


def tell_delay(
    tx: Tx, partner: Partner, order_id: int, *, promised: date, expected: date | None, reason: str, at: datetime,
    shipment_id: int | None = None,
) -> bool:  # fmt: skip
    """Tell that what was *promised* for a day comes later, on the day *expected* where somebody knows it."""
    delivery = {
        "promised_date": promised.isoformat(),
        "expected_date": None if expected is None else expected.isoformat(),
        "reason": reason,
    }
    said: dict[str, Any] = {"delivery": delivery}
    if shipment_id is not None:
        said["shipment_id"] = shipment_id
    return bool(tell(tx, partner, DELAYED, said, order_id=order_id, at=at))


def expect_arrival(
    tx: Tx, cache: MasterCache, shipment_id: int, day: date, *, actor: str, reason: str, now: datetime
) -> bool:
    """Take a new estimate of a shipment's day of arrival; return False where it says what was known.

    The reminder of the day before moves with it. A day that is later than what the partner was told last, its promise
    or an estimate, is told at once (CNF-13).
    """
    shipment = shipping.shipment_row(tx, shipment_id)
    order = order_rows.by_id(tx, shipment.order_id, lock=True)
    known = arrivals.expected_on(tx, shipment_id)
    if day == known:
        return False
    arrivals.expect(tx, shipment_id, day, actor=actor, reason=reason, at=now)
    partner = partner_by_id(tx, cache, order["partner_id"])
    told = max(filter(None, (known, order["promised_date"])), default=day)
    if day > told:
        tell_delay(
            tx, partner, order["id"], promised=order["promised_date"] or told, expected=day, reason=reason, at=now,
            shipment_id=shipment_id,
        )  # fmt: skip
    if partner.told_of(TOMORROW):
        rules, company = cache.rules.book.notices, our_company(tx, cache)
        watch_delivery(tx, rules, order["id"], day, at=now, timezone=company.timezone)
    return True


def _look_after_payment(tx: Tx, cache: MasterCache, invoice_id: int, step: int, now: datetime) -> bool:
    """Remind of an invoice that is still open, and look again at the next step."""
    invoice = billing.invoice_row(tx, invoice_id)
    if not billing.open_amount(tx, invoice.partner_id, invoice.number):
        return False
    partner = partner_by_id(tx, cache, invoice.partner_id)
    rules, company = cache.rules.book.notices, our_company(tx, cache)
    watch_payment(tx, partner, rules, invoice_id, invoice.due, step=step + 1, timezone=company.timezone)
    said = {"invoice_id": invoice_id, "step": step}
    return bool(tell(tx, partner, REMINDER, said, order_id=invoice.order_id, at=now))
