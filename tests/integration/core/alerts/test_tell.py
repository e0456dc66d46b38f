"""What sinks are told: once a cause, held back in quiet hours, told again, closed; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlalchemy import select

from core.alerts.sinks import QuietHours, Sink
from core.alerts.tell import is_due, tell_news, tell_test
from core.errors import Conflict, NotFound
from core.store.alerts import close_alert, close_by_hand, open_alerts, raise_alert
from core.store.engine import Store, Tx
from core.store.tables.messaging import outbox

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALL = Sink("all", "mail")
SLEEPY = Sink("sleepy", "mail", quiet=QuietHours(time(22), time(6), ZoneInfo("UTC")), urgent=("outbox.*",))


def opens(store: Store, kind: str = "file.refused", subject: str = "a.edi", at: datetime = NOON) -> None:
    store.write(lambda tx: raise_alert(tx, kind, subject, "why", at=at, partner="ACME"))


def heals(store: Store, kind: str = "file.refused", subject: str = "a.edi", at: datetime = NOON) -> None:
    store.write(lambda tx: close_alert(tx, kind, subject, at=at))


def tell(store: Store, at: datetime = NOON, *, sinks: Sequence[Sink] = (ALL,)) -> int:
    return store.write(lambda tx: tell_news(tx, sinks, at))


def told(store: Store) -> list[dict[str, Any]]:
    def read(tx: Tx) -> list[dict[str, Any]]:
        found = tx.execute(select(outbox.c.payload).order_by(outbox.c.id)).scalars()
        return [one if isinstance(one, dict) else orjson.loads(one) for one in found]

    return store.read(read)


def brief(store: Store) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    return [
        (one["sink"], one["what"], [(alert["subject"], alert["state"], alert["count"]) for alert in one["alerts"]])
        for one in told(store)
    ]


def test_a_cause_is_told_when_it_opens_and_when_it_heals_with_its_count(each_store: Store) -> None:
    assert not each_store.read(lambda tx: is_due(tx, NOON))
    opens(each_store)
    assert each_store.read(lambda tx: is_due(tx, NOON))
    assert tell(each_store) == 1
    for minutes in (1, 2):
        opens(each_store, at=NOON + minutes * MINUTE)
    assert tell(each_store) == 0
    assert not each_store.read(lambda tx: is_due(tx, NOON))
    heals(each_store, at=NOON + 3 * MINUTE)
    assert tell(each_store, NOON + 3 * MINUTE) == 1
    assert brief(each_store) == [
        ("all", "opened", [("a.edi", "open", 1)]),
        ("all", "closed", [("a.edi", "closed", 3)]),
    ]


def test_what_opened_and_healed_between_two_looks_is_told_once(each_store: Store) -> None:
    opens(each_store)
    heals(each_store)
    assert tell(each_store) == 1
    assert tell(each_store) == 0
    assert brief(each_store) == [("all", "closed", [("a.edi", "closed", 1)])]


def test_a_cause_that_comes_back_is_told_anew(store: Store) -> None:
    for _ in range(2):
        opens(store)
        tell(store)
        heals(store)
        tell(store)
    assert [what for _, what, _ in brief(store)] == ["opened", "closed"] * 2


def test_the_night_is_one_message_in_the_morning(each_store: Store) -> None:
    def look(at: datetime) -> int:
        return tell(each_store, at, sinks=[SLEEPY])

    opens(each_store, subject="a.edi", at=NIGHT)
    opens(each_store, subject="b.edi", at=NIGHT)
    assert look(NIGHT) == 0
    heals(each_store, subject="a.edi", at=NIGHT + MINUTE)
    opens(each_store, subject="b.edi", at=NIGHT + MINUTE)
    assert look(NIGHT + MINUTE) == 0
    assert look(MORNING - timedelta(seconds=1)) == 0
    assert look(MORNING) == 1
    assert brief(each_store) == [("sleepy", "summary", [("a.edi", "closed", 1), ("b.edi", "open", 2)])]
    heals(each_store, subject="b.edi", at=MORNING)
    assert look(MORNING) == 1
    assert brief(each_store)[1:] == [("sleepy", "closed", [("b.edi", "closed", 2)])]


def test_one_alert_of_the_night_is_told_as_what_it_is(store: Store) -> None:
    opens(store, at=NIGHT)
    tell(store, NIGHT, sinks=[SLEEPY])
    tell(store, MORNING, sinks=[SLEEPY])
    assert brief(store) == [("sleepy", "opened", [("a.edi", "open", 1)])]


def test_an_urgent_cause_is_told_at_night(store: Store) -> None:
    opens(store, "outbox.stale", "ordergate", NIGHT)
    assert tell(store, NIGHT, sinks=[SLEEPY]) == 1


@pytest.mark.parametrize(("count", "messages"), [(5, 5), (6, 1)])
def test_many_at_once_are_one_message(store: Store, count: int, messages: int) -> None:
    for number in range(count):
        opens(store, subject=f"{number}.edi")
    assert tell(store) == messages
    assert sum(len(one["alerts"]) for one in told(store)) == count


def test_what_stays_open_is_told_again_until_it_heals(each_store: Store) -> None:
    daily = Sink("daily", "mail", again=timedelta(hours=24))
    opens(each_store)
    assert tell(each_store, sinks=[daily]) == 1
    due = NOON + timedelta(hours=24)
    assert tell(each_store, due - timedelta(seconds=1), sinks=[daily]) == 0
    assert tell(each_store, due, sinks=[daily]) == 1
    assert tell(each_store, due, sinks=[daily]) == 0
    heals(each_store, at=due + MINUTE)
    assert tell(each_store, due + MINUTE, sinks=[daily]) == 1
    assert tell(each_store, due + timedelta(hours=24), sinks=[daily]) == 0
    assert [what for _, what, _ in brief(each_store)] == ["opened", "again", "closed"]


def test_a_sink_that_is_new_hears_neither_of_what_is_old_nor_of_its_end(store: Store) -> None:
    opens(store)
    tell(store)
    both = [ALL, Sink("new", "mail")]
    heals(store)
    tell(store, sinks=both)
    assert [sink for sink, _, _ in brief(store)] == ["all", "all"]
    opens(store, subject="old.edi")
    assert tell(store, NOON + timedelta(hours=24, seconds=1), sinks=both) == 0
    opens(store, subject="young.edi")
    assert tell(store, NOON + timedelta(hours=24), sinks=both) == 2


def test_each_hears_of_its_own_causes_and_partners(store: Store) -> None:
    sinks = [Sink("hooks", "webhook", ("hook.*",)), Sink("other", "mail", (), ("OTHER",))]
    opens(store)
    opens(store, "hook.dead", "shop")
    assert tell(store, sinks=sinks) == 1
    assert brief(store) == [("hooks", "opened", [("shop", "open", 1)])]


def test_a_message_that_is_not_committed_was_not_told(each_store: Store) -> None:
    opens(each_store)

    def dies(tx: Tx) -> None:
        tell_news(tx, [ALL], NOON)
        raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError, match="ends here"):
        each_store.write(dies)
    assert told(each_store) == []
    assert tell(each_store) == 1


def test_two_processes_tell_it_once(each_store: Store) -> None:
    for number in range(5):
        opens(each_store, subject=f"{number}.edi")
    start = threading.Barrier(2)

    def look(_: int) -> int:
        start.wait()
        return tell(each_store)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(look, range(2))) == 5
    assert len(told(each_store)) == 5


def test_a_person_closes_an_alert_once_and_says_why(each_store: Store) -> None:
    opens(each_store)
    tell(each_store)
    (row,) = each_store.read(open_alerts)

    def close(tx: Tx) -> dict[str, Any]:
        return close_by_hand(tx, row["id"], by="anna", reason="a new file came", at=NOON + MINUTE)

    assert each_store.write(close)["closed_at"] == NOON + MINUTE
    with pytest.raises(Conflict, match="closed already"):
        each_store.write(close)
    with pytest.raises(NotFound, match="no alert 1"):
        each_store.write(lambda tx: close_by_hand(tx, 1, by="anna", reason="x", at=NOON))
    assert tell(each_store, NOON + MINUTE) == 1
    (alert,) = told(each_store)[1]["alerts"]
    assert (alert["closed_by"], alert["close_reason"]) == ("anna", "a new file came")


def test_a_test_is_told_at_night(store: Store) -> None:
    store.write(lambda tx: tell_test(tx, SLEEPY, NIGHT))
    assert brief(store) == [("sleepy", "test", [])]
