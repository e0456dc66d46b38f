"""A hold that the customer can mend becomes a question: sent, followed up, settled with the hold (REV-04)."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict
from core.ordering.confirm import Desk
from core.ordering.question import ask_customer
from core.ordering.release import release_holds
from core.reporting.tasks import tasks
from core.store import events, notices
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.testing.trade import LAMP, MONDAY, Trade, a_line, an_order, edi_row, place, waiting_of_order


def held(store: Store, *, trade: Trade) -> Any:
    """Place an order whose price differs."""
    store.write(trade.load)
    return store.write(lambda tx: place(tx, [an_order("PO-1", a_line(LAMP, 20, "1.00"))]))[0]


def ask(store: Store, number: str, code: str = "price.mismatch") -> dict[str, Any]:
    desk = Desk(MasterCache(), "ann", MONDAY)
    asked = store.write(lambda tx: ask_customer(tx, desk, number, code=code, question="Is 1.00 meant?"))
    assert isinstance(asked, dict)
    return asked


def waiting(store: Store) -> list[dict[str, Any]]:
    return list(store.read(lambda tx: tasks(tx, now=MONDAY))["items"])


def test_a_question_is_sent_and_awaited_until_the_hold_is_lifted(store: Store) -> None:
    """REV-04: by mail to a partner without EDI; the role that releases the hold looks after it."""
    order = held(store, trade=Trade(edi=[]))
    asked = ask(store, order.number)
    (notice,) = store.read(lambda tx: notices.of_order(tx, order.order_id))
    assert asked["notices"] == [str(notice["id"])]
    assert (notice["notice"], notice["channel"], notice["to"]) == ("order.question", "mail", ["po@acme.example"])
    said = store.read(lambda tx: notices.said_by(tx, notice["id"]))
    assert said["question"] == {"text": "Is 1.00 meant?", "code": "price.mismatch"}
    (task,) = waiting(store)
    assert (task["id"], task["role"], task["kind"]) == (asked["task"], "sales", "customer.question")
    assert task["words"].startswith(f"{order.number}: await the answer on price.mismatch")
    store.write(lambda tx: release_holds(tx, Desk(MasterCache(), "ann", MONDAY), order.number, reason="meant"))
    assert waiting(store) == []
    told = [row["event"] for row in store.read(lambda tx: events.of_order(tx, order.order_id))]
    of_it = [event for event in told if event.startswith(("task.", "hold.", "order."))]
    assert of_it[-5:] == ["task.opened", "order.question", "task.done", "hold.released", "order.confirmed"]


def test_who_wants_no_such_notice_is_called(store: Store) -> None:
    """REV-04: a partner who hears by EDI alone; a second question finds the task open."""
    order = held(store, trade=Trade())
    first = ask(store, order.number)
    assert (first["notices"], waiting(store)[0]["words"]) == (
        [], f"{order.number}: call the customer about price.mismatch: Is 1.00 meant?",
    )  # fmt: skip
    assert ask(store, order.number)["task"] is None
    assert len(waiting(store)) == 1


@pytest.mark.parametrize(("channel", "message", "words"), [("ED", "ORDRSP", "await the answer on"),
                                                          ("SR", None, "call the customer about")])  # fmt: skip
def test_who_hears_what_is_pending_is_asked_by_message(
    store: Store, channel: str, message: str | None, words: str
) -> None:
    """REV-04: by ORDRSP 12 with the question, where the order came by EDI and the agreement has ``tell_pending``."""
    store.write(Trade(edi=[edi_row(exchange={"tell_pending": True})]).load)
    orders = [an_order("PO-1", a_line(LAMP, 20, "1.00"))]
    (order,) = store.write(lambda tx: place(tx, orders, channel=channel))
    asked = ask(store, order.number)
    assert (asked["message"], asked["notices"]) == (message, [])
    assert waiting(store)[0]["words"].startswith(f"{order.number}: {words} price.mismatch")
    rows = store.read(lambda tx: waiting_of_order(tx, order.order_id))
    said = [(row.type, row.said) for row in rows]
    question = ("ORDRSP", {"function": "12", "revision": 1, "notes": ["Is 1.00 meant?"]})
    assert said == ([question] if message else [])


def test_there_is_nothing_to_ask_without_a_hold(store: Store) -> None:
    order = held(store, trade=Trade())
    with pytest.raises(Conflict, match=r"has no hold credit\.limit to ask about"):
        ask(store, order.number, "credit.limit")
