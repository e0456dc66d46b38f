"""Rendered bytes on their way out: one under way per lane, the oldest first, the same bytes at every try."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.store import transmissions
from core.store.counters import next_in_sequence
from core.store.engine import Store, Tx
from core.store.outbox import assign, queue
from core.store.sent import documents_in
from core.store.tables.messaging import attempts
from core.store.tables.messaging import transmissions as rows
from core.testing.trade import MONDAY

ACME, OUT = 1, "folders/ACME/out"
ONE_SECOND = timedelta(seconds=1)
OURS, THEIRS = 7, 8


def add(tx: Tx, reference: str, *, held_by: int | None = None, **changes: Any) -> int:
    values: dict[str, Any] = {
        "partner_id": ACME, "endpoint": OUT, "type": "CONTRL", "control_reference": reference,
        "filename": f"CONTRL_{reference}.edi", "source_id": 5, "test": False,
    }  # fmt: skip
    content = f"bytes of {reference}".encode()
    return transmissions.add(tx, content=content, held_by=held_by, at=MONDAY, **(values | changes))


def added(store: Store, *references: str, **changes: Any) -> list[int]:
    return store.write(lambda tx: [add(tx, reference, **changes) for reference in references])


def claim(store: Store, at=MONDAY, worker: int = OURS, endpoint: str = OUT) -> dict[str, Any] | None:
    return store.write(lambda tx: transmissions.claim_next(tx, ACME, endpoint, worker, at))


def states(store: Store, source_id: int = 5) -> list[str]:
    of_source = select(rows.c.state).where(rows.c.source_id == source_id).order_by(rows.c.id)
    return store.read(lambda tx: list(tx.execute(of_source).scalars()))


def fail(store: Store, row: dict[str, Any], retry_at) -> bool:
    return store.write(
        lambda tx: transmissions.fail(tx, row["id"], row["attempts"], MONDAY, error="no route", retry_at=retry_at)
    )


def finish(store: Store, *rows: dict[str, Any]) -> None:
    sent = [(row["id"], row["attempts"]) for row in rows]
    store.write(lambda tx: transmissions.finish(tx, sent, MONDAY))


def tries(store: Store) -> list[tuple[int, str | None, str | None]]:
    def work(tx: Tx) -> list[tuple[int, str | None, str | None]]:
        found = tx.execute(select(attempts).order_by(attempts.c.transmission_id, attempts.c.number)).all()
        return [(row.number, row.outcome, row.detail) for row in found]

    return store.read(work)


def test_the_oldest_goes_first_and_alone(each_store: Store) -> None:
    first, second = added(each_store, "1", "2")
    row = claim(each_store)
    assert row is not None
    assert (row["id"], row["attempts"], row["content"]) == (first, 1, b"bytes of 1")
    assert claim(each_store) is None  # one under way
    finish(each_store, row)
    following = claim(each_store)
    assert following is not None
    assert following["id"] == second
    assert states(each_store) == ["sent", "attempting"]
    assert tries(each_store) == [(1, "sent", None), (1, None, None)]


def test_lanes_do_not_wait_for_each_other(store: Store) -> None:
    added(store, "1")
    added(store, "2", endpoint="as2/ACME")
    assert claim(store) is not None
    assert claim(store, endpoint="as2/ACME") is not None
    assert store.read(lambda tx: transmissions.open_lanes(tx, MONDAY)) == []


def test_a_failed_one_keeps_its_place_until_it_is_due(store: Store) -> None:
    added(store, "1", "2")
    row = claim(store)
    assert row is not None
    assert fail(store, row, MONDAY + ONE_SECOND) is True

    def asked(at) -> tuple[bool, bool, list[tuple[int, str]]]:
        return store.read(
            lambda tx: (
                transmissions.is_due(tx, ACME, OUT, at),
                transmissions.waits_for_retry(tx, ACME, OUT, at),
                transmissions.open_lanes(tx, at),
            )
        )

    assert claim(store) is None  # nobody overtakes it
    assert asked(MONDAY)[:2] == (False, True)
    due = MONDAY + ONE_SECOND
    assert asked(due) == (True, False, [(ACME, OUT)])
    again = claim(store, at=due)
    assert again is not None
    assert (again["id"], again["attempts"], again["content"]) == (row["id"], 2, row["content"])
    assert tries(store) == [(1, "failed", "no route"), (2, None, None)]


def test_a_refused_one_ends_and_the_next_goes_on(store: Store) -> None:
    _, second = added(store, "1", "2")
    row = claim(store)
    assert row is not None
    assert fail(store, row, None)
    assert states(store) == ["refused", "queued"]
    following = claim(store)
    assert following is not None
    assert following["id"] == second


def test_the_first_attempt_may_be_entered_with_the_bytes(store: Store) -> None:
    assert store.read(lambda tx: transmissions.is_free(tx, ACME, OUT))
    (first,) = added(store, "1", held_by=OURS)
    assert not store.read(lambda tx: transmissions.is_free(tx, ACME, OUT))
    assert claim(store, worker=THEIRS) is None
    assert [tuple(row) for row in store.read(transmissions.under_way)] == [(first, 1, OURS)]
    store.write(lambda tx: transmissions.finish(tx, [(first, 1)], MONDAY))
    assert (states(store), tries(store)) == (["sent"], [(1, "sent", None)])
    assert store.read(lambda tx: transmissions.is_free(tx, ACME, OUT))


def test_attempts_that_were_not_made_are_put_back(store: Store) -> None:
    ids = added(store, "1", "2", held_by=OURS)
    store.write(lambda tx: transmissions.put_back(tx, ids, MONDAY))
    assert states(store) == ["queued", "queued"]
    row = claim(store)
    assert row is not None
    assert (row["id"], row["attempts"]) == (ids[0], 2)


def test_who_was_taken_for_dead_cannot_undo_what_another_does(store: Store) -> None:
    (first,) = added(store, "1", held_by=THEIRS)
    row = {"id": first, "attempts": 1}
    assert fail(store, row, MONDAY)  # freed because its process seemed dead
    again = claim(store)
    assert again is not None
    assert fail(store, row, None) is False  # it lived, failed, and comes too late
    assert states(store) == ["attempting"]
    finish(store, again)
    assert fail(store, again, MONDAY) is False
    assert states(store) == ["sent"]


def test_what_was_sent_goes_out_again_as_it_was(each_store: Store) -> None:
    added(each_store, "1", "2")
    for _ in range(2):
        row = claim(each_store)
        assert row is not None
        finish(each_store, row)
    stored = each_store.read(lambda tx: transmissions.to_send_again(tx, 5))
    assert [(one["filename"], one["content"]) for one in stored] == [
        ("CONTRL_1.edi", b"bytes of 1"),
        ("CONTRL_2.edi", b"bytes of 2"),
    ]
    assert each_store.write(lambda tx: transmissions.send_again(tx, 5, MONDAY)) == [(ACME, OUT)]
    assert each_store.write(lambda tx: transmissions.send_again(tx, 5, MONDAY)) == []  # queued once
    assert states(each_store) == ["queued", "queued"]
    again = claim(each_store)
    assert again is not None
    assert (again["attempts"], again["content"]) == (2, b"bytes of 1")
    assert each_store.read(lambda tx: transmissions.open_of_sources(tx, [5, 6])) == [(ACME, OUT)]
    assert each_store.read(lambda tx: transmissions.open_of_sources(tx, [6])) == []


def test_a_partners_contrl_finds_the_latest_of_its_reference(store: Store) -> None:
    (old,) = added(store, "1")
    (new,) = added(store, "1")
    found = store.read(lambda tx: transmissions.by_reference(tx, ACME, "1"))
    assert found is not None
    assert found["id"] == new > old
    assert store.read(lambda tx: transmissions.by_reference(tx, ACME + 1, "1")) is None
    store.write(lambda tx: transmissions.acknowledge(tx, new, "refused", "12, 39", {"type": "CONTRL"}))
    found = store.read(lambda tx: transmissions.by_reference(tx, ACME, "1"))
    assert found is not None
    assert (found["state"], found["last_error"], found["answer"]) == ("refused", "12, 39", {"type": "CONTRL"})
    assert states(store) == ["queued", "refused"]


def test_a_transmission_knows_its_orders_and_a_document_its_transmission(store: Store) -> None:
    (sent,) = added(store, "1")

    def tell(tx: Tx) -> list[int]:
        return [
            queue(tx, partner_id=ACME, type="ORDRSP", order_id=order_id, payload={}, at=MONDAY)
            for order_id in (30, None, 10)
        ]

    rows = store.write(tell)
    store.write(lambda tx: assign(tx, sent, rows))
    documents = store.read(lambda tx: documents_in(tx, sent))
    assert [(row.id, row.order_id) for row in documents] == list(zip(rows, (30, None, 10), strict=True))
    carried = store.read(lambda tx: transmissions.carrying(tx, rows[0]))
    assert carried is not None
    assert carried["id"] == sent
    assert store.read(lambda tx: transmissions.carrying(tx, 999)) is None


def test_workers_that_ask_at_the_same_time_get_one_between_them(each_store: Store) -> None:
    added(each_store, *(str(number) for number in range(12)))
    sent: list[int] = []
    under_way = threading.Lock()

    def work(worker: int) -> None:
        for _ in range(40):
            row = claim(each_store, worker=worker)
            if row is None:
                if len(sent) == 12:
                    return
                continue
            assert under_way.acquire(blocking=False), "two under way in one lane"
            sent.append(row["id"])
            under_way.release()
            finish(each_store, row)

    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(work, worker) for worker in (1, 2, 3)]:
            future.result()
    while row := claim(each_store):
        sent.append(row["id"])
        finish(each_store, row)
    assert sent == sorted(sent)
    assert len(set(sent)) == 12


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_renderers_of_one_partner_hold_one_first_attempt(each_store: Store) -> None:
    """The sequence of control references, taken before, lets them pass one after the other."""
    meet = threading.Barrier(2)

    def render(worker: int) -> int:
        def work(tx: Tx) -> int:
            meet.wait(10)
            reference = next_in_sequence(tx, "control-reference:1")
            free = transmissions.is_free(tx, ACME, OUT)
            return add(tx, str(reference), held_by=worker if free else None)

        return each_store.write(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(render, (1, 2)))
    assert sorted(states(each_store)) == ["attempting", "queued"]
