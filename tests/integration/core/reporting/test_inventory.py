"""The inventory report from the rows of the ledger (INV-25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from core.reporting.reports import report
from core.store.engine import Store
from core.store.stock import Move, post
from core.testing.trade import CUP, LAMP, MAIN, MONDAY, NORTH, Trade, stock_row

D = Decimal


def test_turnover_and_age_of_each_item_and_warehouse(each_store: Store) -> None:
    """INV-25: 100 came 100 days ago, 20 came ten days ago; 30 left and 5 came back, 10 went north."""
    counted = replace(Trade(), stock=[stock_row(CUP, 100), stock_row(LAMP, 7)])
    each_store.write(lambda tx: counted.load(tx, MONDAY - timedelta(days=100)))
    moves = [
        (10, Move(CUP, MAIN, "receipt", D(20), "B-1", "ann")),
        (5, Move(CUP, MAIN, "issue", D(-30), "", "")),
        (2, Move(CUP, MAIN, "return", D(5), "", "")),
        (1, Move(CUP, MAIN, "transfer", D(-10), "shop opens", "ann")),
        (1, Move(CUP, NORTH, "transfer", D(10), "shop opens", "ann")),
    ]
    for ago, move in moves:
        at = MONDAY - timedelta(days=ago)
        each_store.write(lambda tx, at=at, move=move: post(tx, [move], at))
    first, last = date(2026, 2, 1), date(2026, 3, 2)
    found = each_store.read(lambda tx: report(tx, "inventory", first=first, last=last, now=MONDAY))
    main, north, lamps = found["rows"]
    told = ("opening", "received", "adjusted", "issued", "closing", "mean", "turnover", "days_of_stock")
    # 19 days of 100, 5 of 120, 3 of 90, 1 of 95, 2 of 85
    assert [main[name] for name in told] == ["100", "20", "-10", "25", "85", "101.17", "0.25", "121.4"]
    assert [main[name] for name in ("age_30", "age_60", "age_90", "age_older")] == ["25", "0", "0", "60"]
    assert (main["last_issue"], main["share_percent"]) == ("2026-02-25", "100.00")
    assert [north[name] for name in ("warehouse", "opening", "adjusted", "closing", "age_30")] == [
        NORTH, "0", "10", "10", "10",
    ]  # fmt: skip
    assert [lamps[name] for name in ("sku", "issued", "turnover", "age_older", "last_issue")] == [
        LAMP, "0", None, "7", None,
    ]  # fmt: skip


def test_the_end_of_the_period_is_a_boundary(each_store: Store) -> None:
    each_store.write(lambda tx: replace(Trade(), stock=[stock_row(CUP, 100)]).load(tx, MONDAY - timedelta(days=40)))
    leaves = Move(CUP, MAIN, "issue", D(-1), "", "")
    for hours in (-9, -8.999, 15, 14.999):  # of the 2nd of March in Berlin: its first and last instants
        at = MONDAY + timedelta(hours=hours)
        each_store.write(lambda tx, at=at: post(tx, [leaves], at))
    day = date(2026, 3, 2)
    (row,) = each_store.read(lambda tx: report(tx, "inventory", first=day, last=day, now=MONDAY))["rows"]
    assert (row["opening"], row["issued"], row["closing"]) == ("100", "3", "97")


def test_what_turned_not_once_is_told_as_nothing_and_never_as_a_number(each_store: Store) -> None:
    """Issues of a moment leave a turnover that rounds to zero; a report is made of texts, which JSON can hold."""
    each_store.write(lambda tx: replace(Trade(), stock=[stock_row(CUP, 100_000)]).load(tx, MONDAY - timedelta(days=40)))
    leaves = Move(CUP, MAIN, "issue", D(-1), "", "")
    each_store.write(lambda tx: post(tx, [leaves], MONDAY - timedelta(days=1)))
    first, last = date(2026, 2, 1), date(2026, 3, 2)
    (row,) = each_store.read(lambda tx: report(tx, "inventory", first=first, last=last, now=MONDAY))["rows"]
    assert row["turnover"] == "0"
    assert isinstance(row["days_of_stock"], str)
