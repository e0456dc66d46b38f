"""Notices are rows of the transaction of their fact: who is told of what, and what costs nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange
from core.notices.tell import CONFIRMED, tell
from core.ordering.amend import Request, amend
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.partners.notices import Preference
from core.store import orders, outbox
from core.store.engine import Store, Tx
from core.store.preferences import set_preferences
from core.testing.trade import MONDAY, Trade, a_line, an_order, partner_row, place

from .conftest import NoticeDesk


def test_a_partner_without_edi_is_told_by_mail_in_the_transaction_that_confirms(each_desk: NoticeDesk) -> None:
    """CNF-07."""
    (order_id,) = each_desk.place("PO-1")
    (told,) = each_desk.rows(order_id)
    assert (told["notice"], told["channel"], told["to"]) == (CONFIRMED, "mail", ["po@acme.example"])
    (queued,) = each_desk.store.read(lambda tx: outbox.of_order(tx, order_id))
    assert (queued["id"], queued["type"], queued["payload"]) == (
        told["id"], "NOTICE", {"function": "29", "revision": 1},
    )  # fmt: skip


def test_a_partner_with_edi_alone_gets_no_notice_and_no_timer(store: Store) -> None:
    """CNF-07: a preference for EDI yields ORDRSP."""
    desk = NoticeDesk(store, Trade())
    placed = store.write(lambda tx: place(tx, [an_order()]))
    assert desk.rows(placed[0].order_id) == []
    assert desk.due() == []
    assert [row["type"] for row in store.read(lambda tx: outbox.of_order(tx, placed[0].order_id))] == ["ORDRSP"]


def test_a_preference_adds_a_notice_to_the_edi_message(store: Store) -> None:
    """CNF-08."""
    desk = NoticeDesk(store, Trade())
    wanted = [Preference("order.confirmed", "sms"), Preference("order.confirmed", "push", ("device-1",))]
    store.write(lambda tx: set_preferences(tx, desk.partner().id, wanted))
    placed = store.write(lambda tx: place(tx, [an_order()]))
    told = [(row["channel"], row["to"]) for row in desk.rows(placed[0].order_id)]
    assert told == [("push", ["device-1"])]  # the contact's number is none that a message reaches


def test_nobody_is_told_of_a_test_order(desk: NoticeDesk) -> None:
    order_id = desk.place("PO-1")[0]
    partner = desk.partner()
    queued: Any = desk.act(lambda tx: tell(tx, partner, CONFIRMED, {}, order_id=order_id, at=MONDAY, test=True))
    assert queued == []


def test_a_vip_is_told_with_the_account_manager_in_copy(store: Store) -> None:
    """CNF-19."""
    row = partner_row(vip=True, account_manager="Ada")
    trade = Trade(edi=[], partners=[row])
    trade.users = [{"name": "Ada", "roles": [], "email": "ada@us.example"}]
    desk = NoticeDesk(store, trade)
    (told,) = desk.rows(desk.place("PO-1")[0])
    assert (told["to"], told["cc"]) == (["po@acme.example"], ["ada@us.example"])


def test_a_cancelled_order_is_told_with_its_reason_and_waits_for_no_delivery(desk: NoticeDesk) -> None:
    order_id = desk.place("PO-1")[0]
    number = desk.act(
        lambda tx: cancel_order(tx, Desk(desk.cache, "user:eve", MONDAY), "2026-SR-000001", reason="gone")
    )
    assert number["state"] == "cancelled"
    assert desk.told(order_id) == ["order.confirmed", "order.refused"]
    assert desk.due() == [MONDAY + timedelta(hours=24)]  # eyes on the confirmation alone


def test_an_order_that_is_not_confirmed_is_not_told(desk: NoticeDesk) -> None:
    (order_id,) = desk.place("PO-1", lines=[a_line(price="99.00")])
    state = desk.store.read(lambda tx: [row["type"] for row in outbox.of_order(tx, order_id)])
    assert (desk.told(order_id), state) == ([], [])


@pytest.mark.parametrize("count", [1, 3])
def test_every_order_of_a_batch_is_told_and_looked_after(desk: NoticeDesk, count: int) -> None:
    ids = desk.place(*(f"PO-{number}" for number in range(count)))
    assert [desk.told(order_id) for order_id in ids] == [["order.confirmed"]] * count
    eyes, delivery = MONDAY + timedelta(hours=24), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert desk.due() == [eyes] * count + [delivery] * count


def test_an_answered_change_is_told_as_one_and_shows_that_the_confirmation_was_read(desk: NoticeDesk) -> None:
    """CNF-10, CNF-14."""
    (order_id,) = desk.place("PO-1")
    fewer = ChangedLine(1, LineAction.CHANGE, Decimal(8))
    change = OrderChange("C-1", "PO-1", ChangeFunction.CHANGE, (fewer,))

    def work(tx: Tx) -> None:
        order = orders.by_id(tx, order_id, lock=True)
        amend(tx, Desk(desk.cache, "partner:ACME", MONDAY), order, Request(change, tx.ids.next()))

    desk.act(work)
    assert desk.told(order_id) == ["order.confirmed", "order.changed"]
    assert [row["seen_by"] for row in desk.rows(order_id)] == ["change", None]
