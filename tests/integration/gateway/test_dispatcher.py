"""Outwards: rendered once, sent until it arrived, in order, one at a time; told when it does not arrive."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.edi.adapter import ADAPTER
from core.documents import Outbound
from core.errors import DeliveryFailed, DeliveryRefused, OrdergateError, StoreUnavailable
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.ports import Envelope
from core.store import outbox
from core.store.engine import Tx
from core.store.lookup import MasterCache
from core.store.master import partner_codes
from core.store.outbox import queue
from core.store.tables.messaging import outbox as outbox_rows
from core.store.tables.messaging import transmissions
from core.testing.edifact import OrdersLine
from core.testing.sender import MemorySender
from core.testing.trade import CUP, GTINS, MONDAY, Trade, an_order, partner_row, place

OUT = "folders/ACME/out"
HELD = OrdersLine(GTINS[CUP], price="99.00")


def answer(works, *references: str) -> None:
    """Confirm orders whose answers are rendered alone."""
    works.store.write(lambda tx: place(tx, [an_order(reference) for reference in references]))


def assigned(works) -> list[int | None]:
    statement = select(outbox_rows.c.transmission_id).order_by(outbox_rows.c.id)
    return works.store.read(lambda tx: list(tx.execute(statement).scalars()))


def test_one_interchange_a_message_type_for_all_of_a_file(each_works, file, message) -> None:
    works = each_works
    works.take(file("R1", *(message(f"PO-{number}", OrdersLine(GTINS[CUP], "1")) for number in range(12))))
    assert works.names() == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]
    (answers,) = works.content("ORDRSP")
    assert answers.count("UNH+") == 12
    assert works.states() == ["sent", "sent"]
    assert works.dispatcher.run_once() == 0


def test_a_released_order_is_answered_alone_under_the_envelope_it_came_in(works, file, message) -> None:
    works.take(file("R1", message("PO-1", HELD), message("PO-2", HELD)))
    assert works.names() == ["CONTRL_000001.edi"]
    desk = Desk(MasterCache(), "user:eve", MONDAY)
    for number in ("2026-ED-000001", "2026-ED-000002"):
        works.store.write(lambda tx, number=number: release_holds(tx, desk, number))
    assert works.dispatcher.run_once() == 2
    assert works.names()[1:] == ["ORDRSP_000002.edi", "ORDRSP_000003.edi"]
    assert all("UNB+UNOC:3+4054321000009:14+4012345000009:14" in one for one in works.content("ORDRSP"))
    works.store.write(lambda tx: cancel_order(tx, desk, "2026-ED-000001", reason="gone"))
    assert works.dispatcher.run_once() == 1
    assert "BGM+231+2026-ED-000001+27'" in works.content("ORDRSP")[2].replace("\n", "")


def test_a_failure_waits_longer_each_time_and_keeps_the_bytes(works) -> None:
    answer(works, "PO-1")
    works.sender.fail_next(DeliveryFailed("no route"), DeliveryFailed("still no route"))
    assert works.dispatcher.run_once() == 0
    assert (works.states(), works.alerts()) == (["queued"], [("delivery.failed", OUT, 1)])
    assert works.dispatcher.run_once() == 0
    assert len(works.sender.attempts) == 1  # not due yet
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 0
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 0
    assert len(works.sender.attempts) == 2
    assert works.alerts() == [("delivery.failed", OUT, 2)]  # once per cause, counted
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 1
    assert len(set(works.sender.attempts)) == 1  # the same name and bytes at every try
    assert (works.states(), works.alerts()) == (["sent"], [])  # healed


def test_nothing_overtakes_what_waits_for_its_next_try(works) -> None:
    answer(works, "PO-1", "PO-2", "PO-3")
    works.sender.fail_next(DeliveryFailed("no route"))
    assert works.dispatcher.run_once() == 0
    assert works.states() == ["queued"] * 3
    answer(works, "PO-4")
    assert works.dispatcher.run_once() == 0
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 4
    assert works.names() == [f"ORDRSP_{serial:06}.edi" for serial in (1, 2, 3, 4)]


def test_what_is_refused_ends_and_a_person_is_called(works) -> None:
    answer(works, "PO-1", "PO-2")
    works.sender.fail_next(DeliveryRefused("the partner said no"))
    works.dispatcher.run_once()
    assert works.states() == ["refused", "sent"]
    assert works.alerts() == [("delivery.refused", OUT, 1)]
    error = select(transmissions.c.last_error).where(transmissions.c.state == "refused")
    assert works.store.read(lambda tx: tx.execute(error).scalar_one()) == "the partner said no"
    works.pass_seconds(3600)
    assert works.dispatcher.run_once() == 0


def test_something_else_under_our_name_is_never_overwritten(works) -> None:
    works.sender.received[OUT]["ORDRSP_000001.edi"] = b"somebody else's"
    answer(works, "PO-1")
    works.dispatcher.run_once()
    assert works.states() == ["refused"]
    assert works.sender.received[OUT]["ORDRSP_000001.edi"] == b"somebody else's"


def test_replies_of_repeated_bytes_go_again_as_they_were(works, file, message) -> None:
    content = file("R1", message("PO-1"))
    works.take(content)
    before = dict(works.sender.received[OUT])
    works.sender.received[OUT].clear()  # the partner took them
    taken = works.take(content)
    works.pipeline.see_off(taken)
    assert works.sender.received[OUT] == before
    assert works.outcomes(taken.source_id) == [("duplicate", "source.repeated")]
    assert works.states() == ["sent", "sent"]


def test_a_partner_without_edi_gets_no_message(works_with) -> None:
    unreachable = {"name": "Purchasing", "phone": "+49 30 1", "email": "by fax"}  # so that there is no notice either
    works = works_with(Trade(edi=[], partners=[partner_row(contact=unreachable)]))
    answer(works, "PO-1")
    assert works.dispatcher.run_once() == 0
    assert assigned(works) == [0]  # it has nowhere to go, and does not wait for ever
    assert (works.states(), works.sender.attempts) == ([], [])
    assert works.store.read(lambda tx: outbox.waiting(tx, 10)) == []


def test_a_source_is_answered_only_when_all_of_it_is_judged(works) -> None:
    def work(tx: Tx) -> None:
        partner_id = partner_codes(tx)["ACME"]
        queue(tx, partner_id=partner_id, type="ORDRSP", order_id=None, payload={}, at=MONDAY, source_id=4711)

    works.store.write(work)
    assert works.dispatcher.run_once() == 0
    assert works.store.write(lambda tx: works.dispatcher.render_source(tx, 4711)) == []
    assert assigned(works) == [None]


# processes that end in the middle


def test_the_attempt_of_a_dead_process_goes_out_again_at_once(works) -> None:
    gone = works.dead_worker()
    answer(works, "PO-1", "PO-2")
    works.another_dispatcher(worker_id=gone).render_waiting()
    assert works.states() == ["attempting", "queued"]  # it died before sending
    assert works.dispatcher.run_once() == 2
    assert works.states() == ["sent", "sent"]
    assert works.names() == ["ORDRSP_000001.edi", "ORDRSP_000002.edi"]


def test_the_attempt_of_a_living_process_is_left_to_it(works) -> None:
    answer(works, "PO-1")
    other = works.another_dispatcher()
    rendered = other.render_waiting()
    assert works.dispatcher.run_once() == 0
    assert other.deliver(rendered) == 1


def test_a_receipt_that_could_not_be_kept_is_made_up_for(works, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are there, the database failed: they go out again, which the folder recognises."""
    answer(works, "PO-1", "PO-2")
    rendered = works.dispatcher.render_waiting()
    write = works.store.write
    refuse = threading.Event()

    def unlucky(job: Any) -> Any:
        if works.sender.attempts and not refuse.is_set():
            refuse.set()
            raise StoreUnavailable
        return write(job)

    monkeypatch.setattr(works.store, "write", unlucky)
    with pytest.raises(StoreUnavailable):
        works.dispatcher.deliver(rendered)
    assert works.states() == ["attempting", "queued"]
    assert works.dispatcher.run_once() == 0  # its turn comes after a pause
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 2
    assert works.states() == ["sent", "sent"]
    assert works.names() == ["ORDRSP_000001.edi", "ORDRSP_000002.edi"]


def test_a_sender_that_breaks_does_not_block_its_lane_for_ever(works) -> None:
    answer(works, "PO-1")
    works.sender.fail_next(ZeroDivisionError("a bug in the sender"))
    with pytest.raises(ZeroDivisionError):
        works.dispatcher.run_once()
    works.dispatcher.run_once()
    works.pass_seconds(1)
    assert works.dispatcher.run_once() == 1
    assert works.states() == ["sent"]


def test_threads_send_each_interchange_once_and_in_order(each_works) -> None:
    works = each_works
    answer(works, *(f"PO-{number}" for number in range(8)))
    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(lambda _number: works.dispatcher.run_once(), range(4)))
    works.dispatcher.run_once()
    assert works.states() == ["sent"] * 8
    assert works.names() == [f"ORDRSP_{serial:06}.edi" for serial in range(1, 9)]
    assert sent == len(works.sender.attempts) == 8


def test_several_processes_send_each_interchange_once(each_works) -> None:
    works = each_works
    others = [works.another_dispatcher() for _ in range(3)]
    answer(works, *(f"PO-{number}" for number in range(8)))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.run_once(), others))
    while works.dispatcher.run_once():
        pass
    assert works.states() == ["sent"] * 8
    assert len(works.sender.attempts) == 8
    names = works.names()
    assert names == sorted(names)


# seeing replies off


def test_see_off_returns_when_everything_has_left(works, file, message) -> None:
    taken = works.take(file("R1", message("PO-1")))
    assert works.dispatcher.see_off([taken.source_id]) is True
    assert works.states() == ["sent", "sent"]


def test_see_off_does_not_wait_for_a_next_try(works, file, message) -> None:
    works.sender.fail_next(DeliveryFailed("no route"))
    taken = works.take(file("R1", message("PO-1")))
    assert works.dispatcher.see_off([taken.source_id]) is False
    works.pass_seconds(1)
    assert works.dispatcher.see_off([taken.source_id]) is True


def test_see_off_is_patient_with_another_process_but_not_for_ever(works, file, message) -> None:
    taken = works.take(file("R1", message("PO-1")))
    other = works.register()
    held = update(transmissions).values(state="attempting", worker_id=other)
    works.store.write(lambda tx: tx.execute(held))
    assert works.dispatcher.see_off([taken.source_id], patience=0.1) is False


# what cannot be rendered


class Picky:
    """Encodes everything but the answer to PO-2."""

    id = "picky"

    def encode(self, envelope: Envelope, documents: Sequence[Outbound]) -> bytes:
        if any(getattr(one, "buyer_reference", "") == "PO-2" for one in documents):
            raise OrdergateError("no code for that")
        return ADAPTER.encoder.encode(envelope, documents)


def test_one_reply_that_cannot_be_rendered_keeps_no_other_back(each_works) -> None:
    works = each_works
    dispatcher = works.another_dispatcher(encoder=Picky())
    answer(works, "PO-1", "PO-2", "PO-3")
    assert dispatcher.run_once() == 2
    assert works.names() == ["ORDRSP_000001.edi", "ORDRSP_000002.edi"]  # and no reference is lost
    (alert,) = works.alerts()
    assert (alert[0], alert[2]) == ("reply.failed", 1)
    assert dispatcher.run_once() == 0
    assert works.alerts() == [alert]  # told once, not at every look
    assert works.another_dispatcher().run_once() == 1  # the next start tries again


def test_a_type_that_nobody_knows_is_told(works) -> None:
    def work(tx: Tx) -> None:
        queue(tx, partner_id=partner_codes(tx)["ACME"], type="SLSRPT", order_id=None, payload={}, at=MONDAY)

    works.store.write(work)
    assert works.dispatcher.run_once() == 0
    assert [kind for kind, _, _ in works.alerts()] == ["reply.failed"]


def test_an_endpoint_that_is_not_there_is_tried_later(works) -> None:
    answer(works, "PO-1")
    dispatcher = works.another_dispatcher(sender=MemorySender())
    assert dispatcher.run_once() == 0
    assert works.states() == ["queued"]
    assert works.alerts()[0][:2] == ("delivery.failed", OUT)
