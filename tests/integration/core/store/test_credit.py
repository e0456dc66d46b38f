"""What a partner owes and may owe, read as the credit check needs it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from core.store import credit
from core.store.engine import Store
from core.store.master import partner_codes
from core.store.orders import commit_credit
from core.store.tables.credit import credit_adjustments
from core.testing.trade import MONDAY, Trade

TODAY = MONDAY.date()


def loaded(store: Store, trade: Trade) -> int:
    store.write(trade.load)
    return store.read(partner_codes)["ACME"]


def test_what_a_partner_owes(each_store: Store) -> None:
    months = [f"2025-{month:02}" for month in range(1, 13)] + ["2026-01", "2026-02", "2026-03"]
    trade = Trade(
        sales_history=[
            {"partner": "ACME", "month": month, "amount": Decimal(number)} for number, month in enumerate(months)
        ],
        open_invoices=[
            {"partner": "ACME", "number": number, "due": due, "amount": Decimal(amount)}
            for number, due, amount in (
                ("R-1", date(2026, 3, 1), "10.50"),
                ("R-2", TODAY, "1"),
                ("R-3", date(2026, 4, 1), "0.25"),
            )
        ],
    )
    acme = loaded(each_store, trade)
    each_store.write(
        lambda tx: tx.connection.exec_driver_sql("UPDATE credit_accounts SET committed = 1234567, prepaid = 10000")
    )
    position = each_store.read(lambda tx: credit.credit_position(tx, acme, TODAY, MONDAY))
    assert position.prepaid == 1
    assert (position.committed, position.open_amount) == (Decimal("123.4567"), Decimal("11.75"))
    assert position.overdue == [("R-1", date(2026, 3, 1), Decimal("10.5"))]  # due today is not overdue
    assert position.volumes == [Decimal(number) for number in range(13, 1, -1)]  # twelve closed months, the last first
    stranger = each_store.read(lambda tx: credit.credit_position(tx, 1, TODAY, MONDAY))
    assert (stranger.committed, stranger.open_amount, stranger.overdue, stranger.volumes) == (0, 0, [], [])


@pytest.mark.parametrize(
    ("before_us", "invoiced", "volumes"),
    [
        ({"2026-02": 100}, {}, [100]),
        ({"2025-12": 90}, {"2026-02": 30, "2026-03": 5}, [30, 0, 90]),  # a month without sales counts, the open not
        ({"2026-01": 10, "2026-02": 20}, {"2026-02": 1}, [21, 10]),
        ({"2020-01": 7, "2026-02": 12}, {}, [12] + [0] * 11),  # older than twelve months: all twelve count
        ({"2026-03": 7}, {}, []),
    ],
)
def test_the_mean_is_of_twelve_closed_months_or_those_since_the_first_sale(
    store: Store, before_us: dict[str, int], invoiced: dict[str, int], volumes: list[int]
) -> None:
    """CUS-06, decision D7: months since the first order if fewer."""
    history = [{"partner": "ACME", "month": month, "amount": Decimal(net)} for month, net in before_us.items()]
    acme = loaded(store, Trade(sales_history=history))
    for month, net in invoiced.items():
        for part in (net - 1, 1):
            day = date.fromisoformat(f"{month}-17")
            store.write(lambda tx, day=day, part=part: credit.count_invoiced(tx, acme, day, Decimal(part)))
    assert store.read(lambda tx: credit.credit_position(tx, acme, TODAY, MONDAY)).volumes == volumes


@pytest.mark.parametrize(
    ("ordered", "before_us", "volumes"),
    [
        (["2026-01"], {"2026-02": 30}, [30, 0]),  # ordered before the first sale: both months count
        (["2026-02"], {"2026-02": 30}, [30]),
        (["2026-03"], {"2026-01": 30}, [0, 30]),  # sold before us, ordered later: from the first sale
        (["2025-12", "2026-02"], {"2026-02": 30}, [30, 0, 0]),  # the first order stays the first
        (["2025-03"], {"2026-02": 24}, [24] + [0] * 11),  # twelve closed months, and never more
        (["2025-02"], {"2026-02": 24}, [24] + [0] * 11),
        (["2025-04"], {"2026-02": 24}, [24] + [0] * 10),
        (["2026-01"], {}, []),  # never invoiced: no history
    ],
)
def test_the_mean_counts_from_the_first_order_or_sale(
    each_store: Store, ordered: list[str], before_us: dict[str, int], volumes: list[int]
) -> None:
    """CUS-06, decision D7: months since the first order if fewer than twelve."""
    history = [{"partner": "ACME", "month": month, "amount": Decimal(net)} for month, net in before_us.items()]
    acme = loaded(each_store, Trade(sales_history=history))
    for month in ordered:
        each_store.write(lambda tx, month=month: commit_credit(tx, acme, 10_000, month=month))
        each_store.write(lambda tx: commit_credit(tx, acme, -10_000))
    assert each_store.read(lambda tx: credit.credit_position(tx, acme, TODAY, MONDAY)).volumes == volumes


def test_what_is_granted_ends_by_the_clock(each_store: Store) -> None:
    """CUS-10: to the microsecond; what is only requested, or declined, never counts."""
    acme = loaded(each_store, Trade())
    rows = [
        ("limit", 100, "approved", MONDAY),
        ("limit", 20, "approved", MONDAY + timedelta(microseconds=1)),
        ("guarantee", 3, "approved", MONDAY + timedelta(days=1)),
        ("payment_plan", 7, "approved", MONDAY + timedelta(days=1)),
        ("limit", 1000, "requested", MONDAY + timedelta(days=1)),
        ("limit", 2000, "declined", MONDAY + timedelta(days=1)),
    ]
    for number, (kind, amount, state, expires_at) in enumerate(rows):
        row = {
            "id": number, "partner_id": acme, "kind": kind, "amount": Decimal(amount), "reason": "season",
            "valid_to": TODAY, "expires_at": expires_at, "state": state, "release_role": "cfo", "rule_version": "1",
            "requested_by": "anna", "requested_at": MONDAY,
        }  # fmt: skip
        each_store.write(lambda tx, row=row: tx.execute(insert(credit_adjustments), row))

    def granted(at: datetime) -> tuple[Decimal, Decimal]:
        position = each_store.read(lambda tx: credit.credit_position(tx, acme, TODAY, at))
        return position.raised, position.deferred

    assert granted(MONDAY - timedelta(microseconds=1)) == (123, 7)
    assert granted(MONDAY) == (23, 7)
    assert granted(MONDAY + timedelta(microseconds=1)) == (3, 7)
    assert granted(MONDAY + timedelta(days=1)) == (0, 0)
