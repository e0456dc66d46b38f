"""Deadlines of acknowledgements on both databases: they count from sending, fire once and end with the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.documents import Acknowledgement, GroupAcknowledgement, MessageAcknowledgement
from core.messaging import answers
from core.messaging.deadlines import ACKNOWLEDGEMENT_DUE, OVERDUE, await_answer, fire
from core.store import timers, transmissions
from core.store.alerts import open_alerts
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, partner_by_id, partner_id_by_code
from core.store.outbox import assign, queue
from core.testing.trade import BUYER_GLN, MONDAY, OUR_GLN, Trade

HOURS = timedelta(hours=1)


class Sent:
    """One transmission of two documents to ACME, that is waited for four hours long."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.write(Trade().load)
        self.id, self.documents = store.write(self._add)

    def _add(self, tx: Tx) -> tuple[int, list[int]]:
        partner_id = partner_id_by_code(tx, "ACME")
        assert partner_id is not None
        sent_id = transmissions.add(
            tx, content=b"x", held_by=1, at=MONDAY, partner_id=partner_id, endpoint="o", type="DESADV",
            control_reference="000007", filename="o", source_id=None, test=False,
        )  # fmt: skip
        rows = [queue(tx, partner_id=partner_id, type="DESADV", order_id=None, payload={}, at=MONDAY) for _ in range(2)]
        assign(tx, sent_id, rows)
        await_answer(tx, sent_id, 4 * HOURS, MONDAY)
        return sent_id, rows

    def leave(self, at: datetime) -> None:
        self.store.write(lambda tx: transmissions.finish(tx, [(self.id, 1)], at))

    def due(self) -> datetime | None:
        return self.store.read(lambda tx: timers.next_due(tx, [ACKNOWLEDGEMENT_DUE]))

    def fire(self, at: datetime) -> list[bool]:
        found = self.store.read(lambda tx: timers.due(tx, at, [ACKNOWLEDGEMENT_DUE], 10))
        return [self.store.write(lambda tx, timer=timer: fire(tx, timer, at)) for timer in found]

    def answer(self, *messages: MessageAcknowledgement, at: datetime = MONDAY, **changes: object) -> None:
        said = Acknowledgement("000007", OUR_GLN, "14", BUYER_GLN, "14", "7", messages=messages, **changes)

        def work(tx: Tx) -> bool:
            partner = partner_by_id(tx, MasterCache(), self.row()["partner_id"])
            return answers.receive(tx, partner, said, document_id=1, at=at)

        assert self.store.write(work)

    def row(self) -> dict[str, object]:
        return self.store.read(lambda tx: transmissions.by_id(tx, self.id))

    def alerts(self) -> list[str]:
        return [row["subject"] for row in self.store.read(open_alerts) if row["kind"] == OVERDUE]


@pytest.fixture
def sent(each_store: Store) -> Sent:
    return Sent(each_store)


def ucm(reference: str, *faults: tuple[str, int | None, int | None, int | None]) -> MessageAcknowledgement:
    return MessageAcknowledgement(reference, "DESADV", "D", "96A", "UN", "", "4", faults)


def test_what_has_not_left_is_waited_for_further(sent: Sent) -> None:
    assert sent.due() == MONDAY + 4 * HOURS
    assert sent.fire(MONDAY + 5 * HOURS) == [True]
    assert sent.due() == MONDAY + 9 * HOURS
    assert sent.alerts() == []


def test_the_time_counts_from_sending(sent: Sent) -> None:
    sent.leave(MONDAY + 3 * HOURS)
    sent.fire(MONDAY + 4 * HOURS)
    assert (sent.due(), sent.row()["state"]) == (MONDAY + 7 * HOURS, "sent")
    sent.fire(MONDAY + 7 * HOURS)
    assert (sent.due(), sent.row()["state"]) == (None, "expired")
    assert sent.alerts() == ["ACME/DESADV/000007"]


def test_a_timer_fires_once(sent: Sent) -> None:
    (timer,) = sent.store.read(lambda tx: timers.due(tx, MONDAY + 9 * HOURS, [ACKNOWLEDGEMENT_DUE], 10))
    sent.leave(MONDAY)
    assert sent.store.write(lambda tx: fire(tx, timer, MONDAY + 9 * HOURS))
    assert not sent.store.write(lambda tx: fire(tx, timer, MONDAY + 9 * HOURS))


def test_an_answer_ends_the_wait(sent: Sent) -> None:
    sent.leave(MONDAY)
    sent.answer()
    assert (sent.due(), sent.row()["state"]) == (None, "acknowledged")


def test_a_late_answer_closes_the_alert_and_says_that_it_is_late(sent: Sent) -> None:
    sent.leave(MONDAY)
    sent.fire(MONDAY + 4 * HOURS)
    sent.answer(at=MONDAY + 6 * HOURS)
    assert sent.alerts() == []
    row = sent.row()
    assert (row["state"], row["answer"]["late"]) == ("acknowledged", True)


def test_the_faults_of_a_message_are_kept_with_its_document(sent: Sent) -> None:
    sent.leave(MONDAY)
    sent.answer(ucm("2", ("15", 4, None, None), ("12", 4, 1, 2)))
    answer = sent.row()["answer"]
    second = sent.documents[1]
    assert answer["refused"] == [second]
    assert answer["faults"] == [[second, "15", 4, None, None], [second, "12", 4, 1, 2]]
    assert (sent.row()["state"], sent.row()["last_error"]) == ("refused", "15, 12")


def test_a_refused_group_refuses_everything(sent: Sent) -> None:
    sent.leave(MONDAY)
    sent.answer(groups=(GroupAcknowledgement("G", "A", "", "B", "", "4", "29"),))
    assert (sent.row()["answer"]["refused"], sent.row()["last_error"]) == (sent.documents, "29")


def test_the_fault_that_ucm_tells_stands_in_unh(sent: Sent) -> None:
    sent.leave(MONDAY)
    sent.answer(ucm("1", ("3", None, None, None))._replace(segment_tag="UNH", element=2))
    assert sent.row()["answer"]["faults"] == [[sent.documents[0], "3", 1, 2, None]]


def test_a_later_answer_replaces_the_first(sent: Sent) -> None:
    sent.leave(MONDAY)
    sent.answer(ucm("1", ("12", None, None, None)))
    assert sent.row()["state"] == "refused"
    sent.answer()
    assert (sent.row()["state"], sent.row()["answer"]["refused"]) == ("acknowledged", [])
