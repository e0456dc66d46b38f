"""The queue: open orders by score, promised date and number, whether or not they were ranked yet (EXE-01, ORD-09)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.documents import Party
from core.errors import ValueRefused
from core.ordering import ranking
from core.reporting.queue import queue
from core.store import orders as order_rows
from core.store import timers
from core.store.engine import Store
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, partner_row, place

FAR = date(2026, 3, 20)


@pytest.fixture
def trading(each_store: Store) -> Store:
    each_store.write(Trade(sales_history=[{"partner": "ACME", "month": "2026-01", "amount": Decimal(100)}]).load)
    return each_store


def order(store: Store, reference: str, day: date = FAR, kind: str = "standard", quantity: int = 1) -> Any:
    wanted = an_order(reference, a_line(CUP, quantity), requested_date=day, type=kind)
    return store.write(lambda tx: place(tx, [wanted]))[0]


def rank(store: Store) -> None:
    store.write(lambda tx: ranking.start(tx, MONDAY))
    for timer in store.read(lambda tx: timers.due(tx, MONDAY, ranking.KINDS, 1)):
        assert store.write(lambda tx, timer=timer: ranking.fire(tx, timer, MONDAY))


def listed(store: Store, **asked: Any) -> list[Any]:
    return list(store.read(lambda tx: queue(tx, now=MONDAY, **asked))["items"])


def test_urgent_orders_come_first_then_those_that_are_due(trading: Store) -> None:
    """ORD-09, EXE-01; requirements D, 3: ties go by promised date, then by number."""
    wanted = [
        order(trading, "far"),
        order(trading, "farther", FAR + timedelta(days=1)),
        order(trading, "far again"),
        order(trading, "soon", date(2026, 3, 4)),
        order(trading, "urgent", FAR, "urgent"),
    ]
    far, farther, again, soon, urgent = (one.number for one in wanted)
    for _ in range(2):
        assert [one["number"] for one in listed(trading)] == [urgent, soon, far, again, farther]
        rank(trading)


def test_a_score_is_shown_with_its_parts_and_since_when(trading: Store) -> None:
    """EXE-01: sorted by score with breakdown."""
    order(trading, "PO-1", date(2026, 3, 4))
    (live,) = listed(trading)
    assert (live["score"], live["ranked_at"]) == (65, None)
    rank(trading)
    (found,) = listed(trading)
    assert found == {**live, "ranked_at": "2026-03-02T08:00:00.000000Z"}
    assert found["parts"] == [
        {"name": "type", "points": 50, "why": "the order is of the type standard"},
        {"name": "date", "points": 15, "why": "promised for 2026-03-04, in 2 days"},
    ]
    assert (found["rule"], found["rule_version"], found["promised_date"]) == ("priority.score", "1", "2026-03-04")


@pytest.mark.parametrize("ranked", [0, 3, 7])
def test_pages_join_without_gap_or_double(trading: Store, ranked: int) -> None:
    for number in range(7):
        if number == ranked:
            rank(trading)
        order(trading, f"PO-{number}", FAR + timedelta(days=number % 2), "urgent" if number % 3 else "standard")
    if ranked == 7:
        rank(trading)
    whole = [one["number"] for one in listed(trading)]
    assert len(set(whole)) == 7
    assert all(paged(trading, limit) == whole for limit in (1, 2, 3, 7))


def paged(store: Store, limit: int) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = store.read(lambda tx, cursor=cursor: queue(tx, now=MONDAY, limit=limit, cursor=cursor))
        assert len(page["items"]) <= limit
        found += [one["number"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            return found


def test_one_state_can_be_asked_for(trading: Store) -> None:
    held, confirmed = order(trading, "PO-1", quantity=500), order(trading, "PO-2")
    for _ in range(2):
        assert [one["number"] for one in listed(trading, state="in_review")] == [held.number]
        assert [one["number"] for one in listed(trading, state="confirmed")] == [confirmed.number]
        assert listed(trading, state="picking") == []
        rank(trading)


def test_a_finished_order_is_gone_at_once(trading: Store) -> None:
    one, other = order(trading, "PO-1"), order(trading, "PO-2")
    rank(trading)
    trading.write(lambda tx: order_rows.set_state(tx, one.order_id, "shipped"))
    assert [found["number"] for found in listed(trading)] == [other.number]


def test_test_orders_are_not_in_it(trading: Store) -> None:
    trading.write(lambda tx: place(tx, [an_order("T-1")], test=True))
    assert listed(trading) == []


def test_a_cursor_of_another_list_is_refused(trading: Store) -> None:
    with pytest.raises(ValueRefused):
        listed(trading, cursor="WzFd")


def test_each_order_has_its_class_and_its_place(each_store: Store) -> None:
    """INT-23: a mixed set, each with type, grade and region, and where it stands; places go on from page to page."""
    partners = [partner_row(), partner_row("OTHER", gln="4012345999999", grade=None)]
    each_store.write(Trade(partners=partners).load)
    vienna = Party("DP", street="Ring 1", city="Wien", postal_code="1010", country="AT")
    urgent = order(each_store, "urgent", kind="urgent")
    abroad = each_store.write(lambda tx: place(tx, [an_order("abroad", ship_to=vienna)], partner="OTHER"))[0]
    sample = order(each_store, "sample", kind="sample")
    found = listed(each_store)
    assert [one["position"] for one in found] == [1, 2, 3]
    assert {one["number"]: one["class"] for one in found} == {
        urgent.number: {"type": "urgent", "grade": "A", "region": "DE-BE"},
        abroad.number: {"type": "standard", "grade": None, "region": "AT"},
        sample.number: {"type": "sample", "grade": "A", "region": "DE-BE"},
    }
    first = each_store.read(lambda tx: queue(tx, now=MONDAY, limit=2))
    rest = each_store.read(lambda tx: queue(tx, now=MONDAY, limit=2, cursor=first["next"]))
    assert [one["position"] for one in (*first["items"], *rest["items"])] == [1, 2, 3]
