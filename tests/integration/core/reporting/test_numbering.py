"""Every serial of a year and channel is accounted for, and a proof of it shows each edit (NUM-01, NUM-03, NUM-09)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from core.audit.numbering import verify_proof
from core.errors import Conflict, NotFound, UsageError
from core.ordering.void import void_serial
from core.reporting import views
from core.store.engine import Store
from core.store.tables.ordering import counters, events, orders
from gateway import demo
from gateway.pipeline import Pipeline
from gateway.web.shapes.evidence import NumberingProof

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NUMBER = "2026-ED-000001"

Json = dict[str, Any]

#: what differs between the databases is tested elsewhere in this file on both
on_one_database = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)


def proof(store: Store, year: int = 2026, channel: str = "ED") -> Json:
    """Return the proof, which keeps its contract and which the verifier judges as the database does."""
    found = store.read(lambda tx: views.numbering_proof(tx, year, channel))
    NumberingProof.model_validate(found)
    verdict = verify_proof(found)
    for name in ("ok", "last", "voids", "gaps", "doubles", "strays", "faults", "digest"):
        assert verdict[name] == found[name], name
    assert verdict["edits"] == []
    return found


def unexplained(store: Store) -> int:
    return int(store.read(views.reconciliation)["unexplained"])


def void(store: Store, serial: int, reason: str = "lost with the disk") -> str:
    return store.write(lambda tx: void_serial(tx, 2026, "ED", serial, reason=reason, actor="cli:ada", at=NOW))


def test_a_lost_order_is_a_gap(store: Store, take, clean: bytes, price_off: bytes) -> None:
    """NUM-09: missing serials are accounted for."""
    take(clean)
    take(price_off)
    found = proof(store)
    summary = {name: value for name, value in found.items() if name not in ("entries", "digest")}
    assert summary == {
        "year": 2026, "channel": "ED", "ok": True, "last": 2, "orders": 2, "voids": 0, "gaps": [], "doubles": [],
        "strays": [], "faults": 0,
    }  # fmt: skip
    assert [entry["number"] for entry in found["entries"]] == [NUMBER, "2026-ED-000002"]
    store.write(lambda tx: tx.execute(delete(orders).where(orders.c.number == NUMBER)))
    found = proof(store)
    assert (found["ok"], found["gaps"], found["orders"], found["faults"]) == (False, [1], 1, 1)
    assert unexplained(store) == 2  # the serial, and the document whose order is gone


@on_one_database
def test_a_number_that_the_counter_never_gave(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    second = select(orders.c.id).where(orders.c.number == "2026-ED-000002")
    order_id = store.read(lambda tx: tx.execute(second).scalar_one())
    for number, doubles in (("2026-ED-1", [1]), ("2026-ED-000009", []), ("2026-ED-zero", []), ("2026-ED-", [])):
        change = update(orders).where(orders.c.id == order_id).values(number=number)
        store.write(lambda tx, change=change: tx.execute(change))
        found = proof(store)
        assert (found["ok"], found["gaps"], found["faults"]) == (False, [2], 2)
        assert (found["doubles"], found["strays"]) == (doubles, [] if doubles else [number])


def test_a_longer_serial_is_a_later_one(store: Store, take, clean: bytes) -> None:
    """NUM-01: at least six digits; the millionth order is not a stray."""
    take(clean)
    store.write(lambda tx: tx.execute(update(orders).values(number="2026-ED-1000000")))
    store.write(lambda tx: tx.execute(update(counters).values(n=1_000_000)))
    found = proof(store)
    assert (found["last"], found["strays"], found["faults"]) == (1_000_000, [], 999_999)
    assert found["gaps"] == list(range(1, 1001))
    assert unexplained(store) == 999_999


def test_series_are_told_apart(store: Store, take, clean: bytes) -> None:
    """NUM-03: the serial runs per year and per channel."""
    take(clean)
    store.write(lambda tx: tx.execute(insert(counters).values(year=2026, channel="EDX", n=1)))
    assert proof(store)["ok"]
    assert proof(store, channel="EDX")["gaps"] == [1]
    assert proof(store, year=2025) == {**proof(store, channel="EC"), "year": 2025, "channel": "ED"}
    assert proof(store, year=2025)["ok"]


@on_one_database
def test_a_series_begins_anew_with_the_year_of_the_company(
    store: Store, pipeline: Pipeline, take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NUM-03: the year ends at midnight where we are, an hour before UTC."""
    for at in (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC)):
        monkeypatch.setattr(pipeline._clock, "now", lambda at=at: at)
        clean = next(content for name, content in demo.orders(at).items() if "clean" in name)
        take(clean)
    for year in (2026, 2027):
        assert [entry["number"] for entry in proof(store, year=year)["entries"]] == [f"{year}-ED-000001"]


@on_one_database
def test_the_millionth_number_has_seven_digits(store: Store, take, clean: bytes, price_off: bytes) -> None:
    """NUM-01: both sides of 999,999."""
    store.write(lambda tx: tx.execute(insert(counters).values(year=2026, channel="ED", n=999_998)))
    take(clean)
    take(price_off)
    numbers = [entry["number"] for entry in proof(store)["entries"]]
    assert numbers == ["2026-ED-999999", "2026-ED-1000000"]


def test_a_void_serial_is_accounted_for_with_its_reason(store: Store, take, clean: bytes, price_off: bytes) -> None:
    """NUM-09."""
    take(clean)
    take(price_off)
    store.write(lambda tx: tx.execute(delete(orders).where(orders.c.number == NUMBER)))
    before = unexplained(store)
    assert void(store, 1) == NUMBER
    found = proof(store)
    assert (found["ok"], found["orders"], found["voids"], found["gaps"]) == (True, 1, 1, [])
    assert found["entries"][0]["void"] == {
        "reason": "lost with the disk", "actor": "cli:ada", "at": "2026-03-02T08:00:00.000000Z",
    }  # fmt: skip
    assert found["entries"][0]["received"] is None
    assert unexplained(store) == before - 1
    with pytest.raises(Conflict, match="void already"):
        void(store, 1)


@on_one_database
def test_only_a_given_serial_without_an_order_can_be_void(store: Store, take, clean: bytes) -> None:
    """NUM-09."""
    take(clean)
    with pytest.raises(Conflict, match=f"{NUMBER} is an order"):
        void(store, 1)
    for serial in (0, 2):
        with pytest.raises(NotFound, match="never given"):
            void(store, serial)
    with pytest.raises(UsageError, match="reason"):
        void(store, 1, reason=" ")
    assert proof(store)["voids"] == 0


@on_one_database
def test_an_order_without_its_first_event_is_a_stray(store: Store, take, clean: bytes) -> None:
    take(clean)
    store.write(lambda tx: tx.execute(delete(events).where(events.c.seq == 1)))
    found = proof(store)
    assert (found["ok"], found["strays"], found["gaps"]) == (False, [NUMBER], [1])


def remove_one(tampered: Json) -> None:
    del tampered["entries"][1]


def add_one_twice(tampered: Json) -> None:
    tampered["entries"].insert(1, tampered["entries"][1])


def give_another_hash(tampered: Json) -> None:
    tampered["entries"][1]["received"] = "00" * 32


def call_an_order_void(tampered: Json) -> None:
    tampered["entries"][1] |= {"received": None, "void": {"reason": "typing error", "actor": "ada", "at": "now"}}


def change_the_reason_of_a_void(tampered: Json) -> None:
    tampered["entries"][2]["void"]["reason"] = "never mind"


def give_another_number(tampered: Json) -> None:
    tampered["entries"][1]["number"] = "2026-ED-000007"


def claim_more(tampered: Json) -> None:
    tampered["last"] += 1


def cut_the_end(tampered: Json) -> None:
    del tampered["entries"][2]


def say_another_sum(tampered: Json) -> None:
    tampered["orders"] = 9


@pytest.fixture
def real(store: Store, take, clean: bytes, price_off: bytes) -> Json:
    """The proof of two orders and a void serial, as it leaves by the API."""
    take(clean)
    take(price_off)
    store.write(lambda tx: tx.execute(update(counters).values(n=3)))
    void(store, 3)
    return json.loads(json.dumps(proof(store)))


@on_one_database
@pytest.mark.parametrize(
    ("tamper", "gaps", "doubles", "edited"),
    [
        (remove_one, [2], [], [3, None]),
        (add_one_twice, [], [2], [2, None, None]),
        (give_another_hash, [], [], [2]),
        (call_an_order_void, [], [], [2, None, None]),
        (change_the_reason_of_a_void, [], [], [3]),
        (give_another_number, [], [], [2]),
        (claim_more, [4], [], [None]),
        (cut_the_end, [3], [], [None, None, None]),
        (say_another_sum, [], [], [None]),
    ],
)
def test_a_proof_that_was_tampered_with_does_not_hold(
    real: Json, tamper: Callable[[Json], None], gaps: list[int], doubles: list[int], edited: list[int | None]
) -> None:
    """NUM-09: a planted gap, double and edit are found without the database, each at its place."""
    assert verify_proof(real)["ok"]
    tamper(real)
    verdict = verify_proof(real)
    assert not verdict["ok"]
    assert (verdict["gaps"], verdict["doubles"]) == (gaps, doubles)
    found = [edit["serial"] for edit in verdict["edits"]]
    assert (found[0], set(found)) == (edited[0], set(edited)), verdict["edits"]
    assert verdict["faults"] == len(gaps) + len(doubles) + len(found)


@on_one_database
def test_a_kept_proof_finds_what_was_written_anew_as_a_whole(store: Store, real: Json, take) -> None:
    """NUM-09: who can write the database can make a whole chain; one that was kept stands against it."""
    first = select(orders.c.id).where(orders.c.number == NUMBER)
    order_id = store.read(lambda tx: tx.execute(first).scalar_one())
    other = update(events).where(events.c.order_id == order_id, events.c.seq == 1).values(hash=b"x" * 32)
    store.write(lambda tx: tx.execute(other))
    later = proof(store)
    assert verify_proof(later)["ok"], "by itself it holds"
    verdict = verify_proof(later, real)
    assert (verdict["ok"], [edit["serial"] for edit in verdict["edits"]]) == (False, [1])


@on_one_database
def test_a_later_proof_goes_on_where_a_kept_one_ended(store: Store, real: Json, take) -> None:
    """NUM-09."""
    another = next(
        content for name, content in demo.orders(datetime(2026, 3, 3, tzinfo=UTC)).items() if "clean" in name
    )
    take(another)
    later = proof(store)
    assert later["last"] == 4
    assert verify_proof(later, real)["ok"]
    shorter = verify_proof(real, later)
    assert [edit["what"] for edit in shorter["edits"]] == ["the earlier proof went up to 4"]
    other = verify_proof(proof(store, channel="EC"), real)
    assert [edit["what"] for edit in other["edits"]] == ["the earlier proof is of another year or channel"]
