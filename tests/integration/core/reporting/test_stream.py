from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from sqlalchemy import update

from core.clock import from_micros
from core.reporting import views
from core.store import alerts, events
from core.store.engine import Store, Tx
from core.store.tables.intake import documents
from core.store.tables.messaging import transmissions

RECEIVED = from_micros(1_772_438_400_000_000)  # 2026-03-02T08:00Z, the clock of these tests

#: what differs between the databases is tested elsewhere in this file on both
on_one_database = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)


def test_the_stream_holds_sealed_events_only(store: Store, take, clean: bytes) -> None:
    take(clean)
    assert store.read(views.stream_head) == 0
    assert store.read(lambda tx: views.stream(tx, 0, 10)) == []
    store.write(lambda tx: events.seal_some(tx, 2))
    store.write(lambda tx: events.seal_some(tx, 10))
    assert store.read(views.stream_head) == 4
    told = store.read(lambda tx: views.stream(tx, 0, 10))
    (received,) = store.read(lambda tx: views.documents(tx, direction="in"))["items"]
    assert told[0] == {
        "id": 1,
        "at": "2026-03-02T08:00:00.000000Z",
        "event": "order.received",
        "partner": "ALPINA",
        "number": "2026-ED-000001",
        "channel": "ED",
        "document_id": received["id"],
        "summary": told[0]["summary"],
    }
    assert [event["id"] for event in told] == [1, 2, 3, 4]
    assert store.read(lambda tx: views.stream(tx, 1, 1)) == told[1:2]
    assert store.read(lambda tx: views.stream(tx, 4, 10)) == []


@on_one_database
def test_alerts_are_told_with_their_cause(store: Store, take) -> None:
    take(
        b"UNB+UNOC:3+9999999999994:14+4012345000009:14+260302:0900+A1'"
        b"UNH+1+ORDERS:D:96A:UN'BGM+220+X+9'UNT+3+1'UNZ+1+A1'"
    )
    (alert,) = store.read(views.alerts)
    (document,) = store.read(views.documents)["items"]
    assert (document["outcome"], document["reason"]) == ("parked", "partner.unknown")
    assert alert["kind"] == "partner.unknown"
    assert alert["document_id"] == document["id"]
    assert (alert["opened_at"], alert["count"]) == ("2026-03-02T08:00:00.000000Z", 1)
    store.write(lambda tx: alerts.close_alert(tx, alert["kind"], alert["subject"], at=RECEIVED))
    assert store.read(views.alerts) == []


def test_the_pulse_beats_with_every_change_and_only_then(store: Store, take, clean: bytes, truncated: bytes) -> None:
    def raise_alert(tx: Tx) -> object:
        return alerts.raise_alert(tx, "folder.vanished", "ALPINA", "gone", at=RECEIVED)

    changes: list[Callable[[], object]] = [
        lambda: take(clean),
        lambda: take(truncated),
        lambda: store.write(lambda tx: events.seal_some(tx, 100)),
        lambda: store.write(raise_alert),
        lambda: store.write(raise_alert),
        lambda: store.write(lambda tx: alerts.close_alert(tx, "folder.vanished", "ALPINA", at=RECEIVED)),
        lambda: store.write(lambda tx: tx.execute(update(transmissions).values(state="queued"))),
    ]
    beats = [store.read(views.pulse)]
    for change in changes:
        assert store.read(views.pulse) == beats[-1]
        change()
        beats.append(store.read(views.pulse))
    assert all(before != after for before, after in pairwise(beats))


@on_one_database
def test_one_alert_for_another_is_a_change(store: Store) -> None:
    def raise_alert(subject: str) -> None:
        store.write(lambda tx: alerts.raise_alert(tx, "folder.vanished", subject, "gone", at=RECEIVED))

    raise_alert("ALPINA")
    before = store.read(views.pulse)
    store.write(lambda tx: alerts.close_alert(tx, "folder.vanished", "ALPINA", at=RECEIVED))
    raise_alert("OTHER")
    assert store.read(views.pulse) != before


@on_one_database
def test_a_smaller_id_that_is_committed_later_is_a_change(store: Store, take, truncated: bytes) -> None:
    """Workers on several hosts: the slower one's document has the smaller id."""
    take(truncated)
    before = store.read(views.pulse)
    newest = store.read(lambda tx: tx.execute(documents.select()).mappings().one())
    slower = {**newest, "id": newest["id"] - (1_000 << 22), "ordinal": 1}
    store.write(lambda tx: tx.execute(documents.insert().values(**slower)))
    assert store.read(views.pulse) != before
