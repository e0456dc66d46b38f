"""Tells a partner of a fact: its notices are queued in the transaction of the fact, by the partner's preferences.

A partner that wants EDI alone costs one look at its preferences, which are kept with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from core.notices.rules import NoticeRules
from core.paper.thread import sender_to_answer
from core.partners.model import Partner
from core.partners.notices import Route
from core.store import notices, papers, timers
from core.store.engine import Tx
from core.store.notices import NoticeRow

CONFIRMED: Final = "order.confirmed"
CHANGED: Final = "order.changed"
REFUSED: Final = "order.refused"
QUESTION: Final = "order.question"
SHIPPED: Final = "order.shipped"
COMPLETED: Final = "order.completed"
TOMORROW: Final = "delivery.tomorrow"
DELAYED: Final = "delivery.delayed"
ISSUED: Final = "invoice.issued"
REMINDER: Final = "payment.reminder"
PAPER_QUESTION: Final = "paper.question"
RAISED: Final = "exception.raised"
#: what a customer should have seen (CNF-10)
CONFIRMATIONS: Final = (CONFIRMED, CHANGED)
#: what answers the mail that an order came by, in its thread
ANSWERS: Final = (CONFIRMED, CHANGED, REFUSED, QUESTION)

#: timers; their subjects are the notice, the order and the invoice
UNSEEN: Final = "notice.unseen"
DELIVERY_WATCH: Final = "notice.delivery"
PAYMENT_WATCH: Final = "notice.payment"


def tell(
    tx: Tx, partner: Partner, event: str, said: Mapping[str, Any], *, order_id: int, at: datetime, test: bool = False
) -> list[int]:
    """Queue what tells *partner* of *event* and return the ids of the notices; nothing of a test order.

    Args:
        tx: the transaction of the fact.
        partner: whom to tell.
        event: one of ``core.ports.NOTICES``.
        said: what :func:`core.notices.facts.facts_of` needs to find the facts again.
        order_id: the order that it is about.
        at: when it happened.
        test: whether the order is a test.
    """
    routes = () if test else _routes(tx, partner, event, order_id)
    if not routes:
        return []
    return _queue(tx, partner.id, [(event, route, order_id, said) for route in routes], at)


class Placed(NamedTuple):
    """An order that was confirmed as it came: its id, the payload of its ORDRSP and the day that it is promised for."""

    order_id: int
    said: Mapping[str, Any]
    promised: date | None


def tell_placed(
    tx: Tx, partner: Partner, rules: NoticeRules, orders: Sequence[Placed], *, paper: int | None, at: datetime,
    timezone: str,
) -> None:  # fmt: skip
    """Tell *partner* of the orders of one batch that were confirmed as they came; *paper* is their mail or fax."""
    routes = partner.told_of(CONFIRMED) if paper is None else _routes_of_paper(tx, partner, CONFIRMED, paper)
    if routes:
        wanted = [(CONFIRMED, route, order.order_id, order.said) for order in orders for route in routes]
        _await_eyes(tx, rules, _queue(tx, partner.id, wanted, at), at)
    if partner.told_of(TOMORROW) or partner.told_of(DELAYED):
        for order in orders:
            watch_delivery(tx, rules, order.order_id, order.promised, at=at, timezone=timezone)


def tell_confirmed(
    tx: Tx,
    partner: Partner,
    rules: NoticeRules,
    order: Mapping[str, Any],
    said: Mapping[str, Any],
    *,
    promised: date | None,
    at: datetime,
    timezone: str,
) -> None:
    """Tell *partner* what was confirmed of *order*, with the payload of its ORDRSP; a change is told as one."""
    if order["test"]:
        return
    event = CHANGED if said["revision"] > 1 else CONFIRMED
    _await_eyes(tx, rules, tell(tx, partner, event, said, order_id=order["id"], at=at), at)
    if partner.told_of(TOMORROW) or partner.told_of(DELAYED):
        watch_delivery(tx, rules, order["id"], promised, at=at, timezone=timezone)


def _routes(tx: Tx, partner: Partner, event: str, order_id: int) -> tuple[Route, ...]:
    """Return how *partner* is told of *event*: where it answers a mail, the sender of that."""
    if event in ANSWERS and (found := papers.letter_of_order(tx, order_id)) is not None:
        return partner.told_by_letter(event, sender_to_answer(tx, found[1], partner.code))
    return partner.told_of(event)


def _routes_of_paper(tx: Tx, partner: Partner, event: str, paper: int) -> tuple[Route, ...]:
    letter = (papers.source(tx, paper) or {}).get("letter")
    return partner.told_by_letter(event, sender_to_answer(tx, letter, partner.code))


def watch_delivery(tx: Tx, rules: NoticeRules, order_id: int, day: date | None, *, at: datetime, timezone: str) -> None:
    """Look after the delivery of an order that is expected on *day*: the morning before, in our own time zone."""
    timers.cancel(tx, DELIVERY_WATCH, order_id)
    if day is not None:
        due = max(at, morning(rules, day - timedelta(days=1), timezone))
        timers.schedule(tx, DELIVERY_WATCH, order_id, due, {"day": day.isoformat()})


def watch_payment(
    tx: Tx, partner: Partner, rules: NoticeRules, invoice_id: int, due: date, *, step: int, timezone: str
) -> None:
    """Look after an invoice when reminder number *step* (from 1) falls due, where the partner is to be reminded."""
    if step <= len(rules.reminder_days) and partner.told_of(REMINDER):
        day = due + timedelta(days=rules.reminder_days[step - 1])
        timers.schedule(tx, PAYMENT_WATCH, invoice_id, morning(rules, day, timezone), {"step": step})


def morning(rules: NoticeRules, day: date, timezone: str) -> datetime:
    """Return when the reminders of *day* go out."""
    return datetime.combine(day, time(rules.hour), ZoneInfo(timezone))


def _await_eyes(tx: Tx, rules: NoticeRules, notice_ids: Sequence[int], at: datetime) -> None:
    for notice_id in notice_ids:
        timers.schedule(tx, UNSEEN, notice_id, at + timedelta(hours=rules.unseen_hours))


def _queue(
    tx: Tx, partner_id: int, wanted: Sequence[tuple[str, Route, int, Mapping[str, Any]]], at: datetime
) -> list[int]:
    ids = tx.ids.take(len(wanted))
    rows = [
        (NoticeRow(notice_id, partner_id, order_id, event, *route), said)
        for notice_id, (event, route, order_id, said) in zip(ids, wanted, strict=True)
    ]
    notices.add(tx, rows, at)
    return ids
