"""From bytes to outcomes, whatever breaks off in between: kept, judged once, answered once."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core.errors import StorageFull, StoreUnavailable, SystemFailed
from core.intake import judge
from core.intake.receive import Door
from core.reporting import views
from core.store import intake as rows
from core.store.orders import StockShort
from core.store.tables.intake import documents, sources
from core.store.tables.messaging import workers as worker_rows
from core.store.tables.ordering import orders
from core.testing.edifact import OrdersLine, place_of
from core.testing.trade import CRATE, CUP, GTINS, LAMP, MONDAY
from gateway import pipeline as pipelines

ONE = OrdersLine(GTINS[LAMP], "1")
CLAIM = Door("ED", "folder", "folders/ACME/in/a.edi", claim_id="w1-1")


def numbers(works) -> list[str]:
    return works.store.read(lambda tx: list(tx.execute(select(orders.c.number).order_by(orders.c.number)).scalars()))


def settled(works) -> list[bool]:
    return works.store.read(lambda tx: list(tx.execute(select(sources.c.settled)).scalars()))


def explained(works) -> bool:
    return works.store.read(views.reconciliation)["unexplained"] == 0


def broken_off(
    works, content: bytes, monkeypatch: pytest.MonkeyPatch, *, after_batches: int = 0, door: Door = CLAIM
) -> None:
    """Take *content* in a process that dies after that many batches."""
    seen: list[int] = []
    work = pipelines.Pipeline._work

    def dying(self, *args: Any, **how: Any) -> Any:
        seen.append(1)
        if len(seen) > after_batches:
            raise StoreUnavailable
        return work(self, *args, **how)

    with monkeypatch.context() as patch:
        patch.setattr(pipelines.Pipeline, "_work", dying)
        with pytest.raises(StoreUnavailable):
            works.pipeline.take(content, door)


def test_a_file_is_kept_judged_and_answered(each_works, file, message) -> None:
    works = each_works
    content = file("R1", message("PO-1"), message("PO-2", OrdersLine(GTINS[CUP], "0")))
    taken = works.take(content)
    assert works.outcomes(taken.source_id)[0] == ("accepted", None)
    assert works.outcomes(taken.source_id)[1][0] == "rejected"
    assert (taken.judged, taken.again, numbers(works)) == (2, False, ["2026-ED-000001"])
    source = works.store.read(lambda tx: rows.source(tx, taken.source_id))
    assert works.blobs.get(source["sha256"]) == content
    assert works.names() == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]
    assert explained(works)


def test_the_bytes_are_kept_before_anything_is_entered(works, file, message, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        works.take(file("R1", message("PO-1")))
    monkeypatch.undo()
    assert works.store.read(lambda tx: tx.execute(select(func.count()).select_from(sources)).scalar_one()) == 0
    assert works.take(file("R1", message("PO-1"))).judged == 1


def test_the_same_claim_again_is_never_entered_twice(works, file, message) -> None:
    content = file("R1", message("PO-1"))
    first = works.pipeline.take(content, CLAIM)
    again = works.pipeline.take(content, CLAIM)
    assert (again.source_id, again.again) == (first.source_id, True)
    assert (len(works.names()), numbers(works)) == (2, ["2026-ED-000001"])


def test_what_broke_off_before_the_first_batch_is_gone_on_with(
    each_works, file, message, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = each_works
    content = file("R1", message("PO-1"))
    broken_off(works, content, monkeypatch)
    assert settled(works) == [False]
    again = works.pipeline.take(content, CLAIM)
    assert again.again
    assert (settled(works), numbers(works), len(works.names())) == ([True], ["2026-ED-000001"], 2)


def test_a_commit_whose_answer_is_lost_is_gone_on_with(works, file, message, monkeypatch: pytest.MonkeyPatch) -> None:
    content = file("R1", message("PO-1"))
    write = works.store.write

    def committed_and_lost(job: Any) -> Any:
        monkeypatch.undo()
        write(job)
        raise StoreUnavailable

    monkeypatch.setattr(works.store, "write", committed_and_lost)
    with pytest.raises(StoreUnavailable):
        works.pipeline.take(content, CLAIM)
    again = works.pipeline.take(content, CLAIM)
    assert again.again
    assert (settled(works), numbers(works), len(works.names())) == ([True], ["2026-ED-000001"], 2)


def test_a_long_file_goes_on_after_its_last_judged_document(
    works, file, message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines, "BATCH", 4)
    content = file("R1", *(message(f"PO-{number}", ONE) for number in range(10)))
    broken_off(works, content, monkeypatch, after_batches=2)
    assert len(numbers(works)) == 8
    seen: list[tuple[int, int]] = []
    taken = works.pipeline.resume(works.store.read(rows.unsettled_sources)[0].id, lambda *step: seen.append(step))
    assert taken.judged == 2
    assert seen == [(2, 10)]
    assert numbers(works) == [f"2026-ED-{serial:06}" for serial in range(1, 11)]
    assert works.names() == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]
    assert works.content("ORDRSP")[0].count("UNH+") == 10
    assert explained(works)


def test_progress_is_told_batch_by_batch(works, file, message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines, "BATCH", 2)
    seen: list[tuple[int, int]] = []
    content = file("R1", *(message(f"PO-{number}", ONE) for number in range(5)))
    works.pipeline.take(content, CLAIM, lambda *step: seen.append(step))
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_several_interchanges_in_one_file(works, file, message) -> None:
    content = file("R1", message("PO-1", ONE)) + file("R2", message("PO-2", ONE), message("PO-3", ONE))
    taken = works.take(content)
    assert works.outcomes(taken.source_id) == [("accepted", None)] * 3
    kinds = sorted(name.partition("_")[0] for name in works.names())
    assert kinds == ["CONTRL", "CONTRL", "ORDRSP", "ORDRSP"]


def test_a_date_that_cannot_be_meant_is_rejected_at_its_place(works, file, message) -> None:
    content = file("R1", message("PO-1", requested_date=MONDAY.date() + timedelta(days=6 * 366)))
    taken = works.take(content)
    assert works.outcomes(taken.source_id) == [("rejected", "date.too_far")]
    (row,) = works.store.read(lambda tx: rows.documents_of_source(tx, taken.source_id))
    (fault,) = row["violations"]
    place = place_of(content, "DTM+2")
    assert (fault["segment"], fault["tag"], fault["element"], fault["component"]) == (place.segment, "DTM", 1, 2)
    assert fault["value"] == "20320306"
    assert content[fault["offset"] :].startswith(b"20320306")


# one document that fails harms no other


class Stubborn:
    """Raises at the first calls of ``apply_plans``; afterwards it works."""

    def __init__(self, failure: type[Exception], times: int, reference: str = "") -> None:
        self.failure, self.left, self.reference = failure, times, reference
        self.apply = judge.apply_plans

    def __call__(self, tx: Any, snapshot: Any, arrival: Any, plans: Any) -> Any:
        concerned = not self.reference or any(plan.order.buyer_reference == self.reference for plan, _ in plans)
        if concerned and self.left:
            self.left -= 1
            raise self.failure
        return self.apply(tx, snapshot, arrival, plans)


@pytest.mark.parametrize("failure", [StockShort, ZeroDivisionError])
def test_a_batch_that_fails_is_judged_one_by_one(
    works, file, message, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    monkeypatch.setattr(judge, "apply_plans", Stubborn(failure, 1))
    taken = works.take(file("R1", *(message(f"PO-{number}", ONE) for number in range(3))))
    assert works.outcomes(taken.source_id) == [("accepted", None)] * 3
    assert numbers(works) == [f"2026-ED-{serial:06}" for serial in (1, 2, 3)]
    assert works.content("ORDRSP")[0].count("UNH+") == 3


def test_stock_that_moves_at_every_try_calls_a_person(works, file, message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "apply_plans", Stubborn(StockShort, 10**6, "PO-1"))
    taken = works.take(file("R1", *(message(f"PO-{number}", ONE) for number in range(3))))
    assert works.outcomes(taken.source_id) == [("accepted", None), ("parked", "system.failed"), ("accepted", None)]
    assert [kind for kind, _, _ in works.alerts()] == ["system.failed"]
    assert numbers(works) == ["2026-ED-000001", "2026-ED-000002"]
    assert explained(works)


def test_a_poison_document_is_parked_and_its_neighbours_are_not(
    works, file, message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "apply_plans", Stubborn(ZeroDivisionError, 10**6, "PO-2"))
    taken = works.take(file("R1", *(message(f"PO-{number}", ONE) for number in range(3))))
    assert works.outcomes(taken.source_id)[2] == ("parked", "system.failed")
    assert len(works.names()) == 2
    assert explained(works)


# other threads, other processes


def test_what_a_dead_process_left_is_taken_over_and_what_a_living_one_does_is_not(
    works, file, message, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(works, file("R1", message("PO-1")), monkeypatch)
    other = works.another_pipeline(works.another_dispatcher(), worker_id=works.register())
    assert other.take_over() == 0  # its process lives
    (source,) = works.store.read(rows.unsettled_sources)
    with pytest.raises(SystemFailed, match="Another process is at work"):
        other.resume(source.id)
    gone = update(worker_rows).where(worker_rows.c.id == works.worker_id).values(started="long ago")
    works.store.write(lambda tx: tx.execute(gone))
    assert other.take_over() == 1
    assert (settled(works), len(works.names())) == ([True], 2)
    assert other.take_over() == 0


def test_what_failed_in_this_process_is_gone_on_with_by_its_loop(
    works, file, message, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(works, file("R1", message("PO-1")), monkeypatch)
    assert works.pipeline.take_over() == 1
    assert numbers(works) == ["2026-ED-000001"]


def test_bytes_that_are_lost_call_a_person_once(works, file, message, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(works, file("R1", message("PO-1")), monkeypatch)
    (blob,) = works.blobs.root.glob("*/*")
    content = blob.read_bytes()
    blob.unlink()
    assert [works.pipeline.take_over() for _ in range(2)] == [0, 0]
    ((kind, _, count),) = works.alerts()
    assert (kind, count) == ("source.broken", 1)
    works.blobs.put(content)
    again = works.another_pipeline(works.dispatcher)  # the next start
    assert again.take_over() == 1


def test_a_thread_waits_for_the_one_that_is_at_work(works, file, message, monkeypatch: pytest.MonkeyPatch) -> None:
    content = file("R1", message("PO-1"))
    entered, go_on = threading.Event(), threading.Event()
    decode = pipelines.Pipeline.decode

    def slow(self, *args: Any) -> Any:
        entered.set()
        assert go_on.wait(10)
        return decode(self, *args)

    monkeypatch.setattr(pipelines.Pipeline, "decode", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(works.pipeline.take, content, CLAIM)
        assert entered.wait(10)
        assert works.pipeline.take_over() == 0  # in hand: nobody else goes on with it
        second = pool.submit(works.pipeline.take, content, CLAIM)
        go_on.set()
        assert first.result(10).source_id == second.result(10).source_id
    assert (numbers(works), len(works.names())) == (["2026-ED-000001"], 2)


def test_without_claims_the_same_bytes_resume_what_was_broken_off(
    works, file, message, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = file("R1", message("PO-1"))
    broken_off(works, content, monkeypatch, door=Door("ED", "cli", "a.edi"))
    assert works.take(content).again
    assert settled(works) == [True]


def test_two_workers_with_files_of_one_partner_leave_no_gap(each_works, file, message) -> None:
    works = each_works
    pipes = [works.another_pipeline(works.another_dispatcher(), worker_id=works.register()) for _ in range(2)]

    def take(number: int) -> None:
        content = file(
            f"R{number}", *(message(f"PO-{number}-{place}", OrdersLine(GTINS[CRATE], "9")) for place in "ab")
        )
        pipes[number % 2].take(content, Door("ED", "cli", f"{number}.edi"))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, range(8)))
    works.dispatcher.run_once()
    assert numbers(works) == [f"2026-ED-{serial:06}" for serial in range(1, 17)]
    outcomes = works.store.read(lambda tx: list(tx.execute(select(documents.c.outcome)).scalars()))
    assert outcomes == ["accepted"] * 16
    states = works.store.read(lambda tx: sorted(tx.execute(select(orders.c.state)).scalars()))
    assert states == ["confirmed"] * 11 + ["in_review"] * 5  # 99 of 100 crates
    assert explained(works)


def test_the_same_file_at_two_doors_at_once_is_taken_once(each_works, file, message) -> None:
    works = each_works
    content = file("R1", message("PO-1"))
    meet = threading.Barrier(2)

    def take(number: int) -> int:
        meet.wait(10)
        pipe = works.another_pipeline(works.dispatcher)
        return pipe.take(content, Door("ED", "folder", "a.edi", claim_id=f"c{number}")).source_id

    with ThreadPoolExecutor(2) as pool:
        taken = sorted(pool.map(take, range(2)))
    assert sorted(outcome for one in taken for outcome, _ in works.outcomes(one)) == ["accepted", "duplicate"]
    assert numbers(works) == ["2026-ED-000001"]


def test_an_interchange_without_messages_is_a_document_with_an_outcome(works, file) -> None:
    taken = works.take(file("R1"))
    assert [outcome for outcome, _ in works.outcomes(taken.source_id)] == ["rejected"]
    assert settled(works) == [True]
    assert explained(works)
