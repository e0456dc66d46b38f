"""An order response that the partner does not acknowledge in its agreed time is followed up like an unseen mail."""

from __future__ import annotations

from datetime import timedelta

from core.messaging import deadlines
from core.store import outbox, tasks, timers, transmissions
from core.store.engine import Store, Tx
from core.testing.trade import MONDAY, Trade, an_order, place

from .conftest import NoticeDesk

DAY = timedelta(hours=24)


def test_an_unacknowledged_order_response_becomes_a_task_that_its_late_receipt_closes(each_store: Store) -> None:
    """CNF-10."""
    desk = NoticeDesk(each_store, Trade())
    order_id = each_store.write(lambda tx: place(tx, [an_order()]))[0].order_id

    def send(tx: Tx) -> int:
        (row,) = outbox.of_order(tx, order_id)
        sent = transmissions.add(
            tx, content=b"x", held_by=1, at=MONDAY, partner_id=row["partner_id"], endpoint="o", type="ORDRSP",
            control_reference="000001", filename="o", source_id=None, test=False,
        )  # fmt: skip
        outbox.assign(tx, sent, [row["id"]])
        deadlines.await_answer(tx, sent, DAY, MONDAY)
        transmissions.finish(tx, [(sent, 1)], MONDAY)
        return sent

    sent = each_store.write(send)
    (timer,) = each_store.read(lambda tx: timers.due(tx, MONDAY + DAY, [deadlines.ACKNOWLEDGEMENT_DUE], 10))
    assert each_store.write(lambda tx: deadlines.fire(tx, timer, MONDAY + DAY))
    (task,) = each_store.read(lambda tx: tasks.open_of_order(tx, order_id))
    assert (task["kind"], task["role"]) == ("confirmation.unseen", "customer_service")
    each_store.write(lambda tx: deadlines.met(tx, desk.partner(), transmissions.by_id(tx, sent), MONDAY + 2 * DAY))
    assert each_store.read(lambda tx: tasks.open_of_order(tx, order_id)) == []
