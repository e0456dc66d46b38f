"""Alerts: one a cause while it lasts, counted, closed when healed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from core.store.alerts import close_alert, close_alerts_of_document, open_alerts, raise_alert
from core.store.engine import Store, Tx
from core.store.tables.intake import alerts

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def park(tx: Tx, at: datetime = NOW, words: str = "first", document_id: int | None = None) -> bool:
    return raise_alert(tx, "partner.unknown", "4012345000009", words, at=at, partner="ACME", document_id=document_id)


def test_a_cause_is_told_once_and_counted(each_store: Store) -> None:
    assert each_store.write(park) is True
    assert each_store.write(lambda tx: park(tx, LATER, "second")) is False
    (row,) = each_store.read(open_alerts)
    assert (row["count"], row["opened_at"], row["last_seen_at"], row["message"]) == (2, NOW, LATER, "second")
    assert (row["kind"], row["subject"], row["partner"]) == ("partner.unknown", "4012345000009", "ACME")


def test_causes_differ_by_kind_and_subject(store: Store) -> None:
    def work(tx: Tx) -> list[bool]:
        causes = [("delivery.failed", "a"), ("delivery.failed", "b"), ("folder.vanished", "a")]
        return [raise_alert(tx, kind, subject, "x", at=NOW) for kind, subject in causes]

    assert store.write(work) == [True, True, True]


def test_a_healed_cause_that_comes_back_is_a_new_alert(each_store: Store) -> None:
    each_store.write(park)
    assert each_store.write(lambda tx: close_alert(tx, "partner.unknown", "4012345000009", at=LATER)) is True
    assert each_store.write(lambda tx: close_alert(tx, "partner.unknown", "4012345000009", at=LATER)) is False
    assert each_store.read(open_alerts) == []
    assert each_store.write(park) is True
    assert each_store.read(lambda tx: tx.execute(select(func.count()).select_from(alerts)).scalar_one()) == 2


def test_what_a_document_raised_is_closed_with_it(store: Store) -> None:
    store.write(lambda tx: park(tx, document_id=7))
    store.write(lambda tx: raise_alert(tx, "order.number_reused", "ACME/PO-1", "x", at=NOW, document_id=8))
    store.write(lambda tx: close_alerts_of_document(tx, 7, at=LATER))
    assert [row["kind"] for row in store.read(open_alerts)] == ["order.number_reused"]


def test_the_latest_comes_first(store: Store) -> None:
    def work(tx: Tx) -> None:
        for place, minutes in enumerate((1, 3, 2)):
            raise_alert(tx, "x", str(place), "x", at=NOW + timedelta(minutes=minutes))

    store.write(work)
    assert [row["subject"] for row in store.read(open_alerts)] == ["1", "2", "0"]


def test_long_words_are_cut_to_what_is_kept(each_store: Store) -> None:
    subject, words = "s" * 500, "w" * 5000
    each_store.write(lambda tx: raise_alert(tx, "x", subject, words, at=NOW))
    assert each_store.write(lambda tx: raise_alert(tx, "x", subject, words, at=NOW)) is False
    (row,) = each_store.read(open_alerts)
    assert (len(row["subject"]), len(row["message"])) == (200, 1000)
    assert each_store.write(lambda tx: close_alert(tx, "x", subject, at=NOW)) is True


def test_two_workers_that_meet_the_same_cause_make_one_alert(each_store: Store) -> None:
    meet = threading.Barrier(2)

    def work(tx: Tx) -> bool:
        # On SQLite the writer is alone: the second one starts when the first has committed.
        if not tx.is_sqlite:
            meet.wait(10)
        return park(tx)

    with ThreadPoolExecutor(2) as pool:
        new = [future.result(20) for future in [pool.submit(each_store.write, work) for _ in range(2)]]
    assert sorted(new) == [False, True]
    (row,) = each_store.read(open_alerts)
    assert row["count"] == 2
