"""A dry run's order is the stored order but for its number: made by the same functions, shown alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.documents import Order, Party
from core.messaging.replies import OrderResponses
from core.ordering.plan import plan_order
from core.reporting import views
from core.reporting.planned import planned_order, planned_response
from core.review.credit import CreditRules
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.testing.stores import prepared_store
from core.testing.trade import CRATE, CUP, LAMP, MONDAY, Trade, a_line, an_order, place, snapshot_of, waiting_of_order


class _Undone(Exception):
    """Nothing of it is kept."""


@pytest.fixture
def traded(tmp_path) -> Any:
    store = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    store.write(Trade().load)
    yield store
    store.close()


def both(store: Store, order: Order, *, test: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the order as a dry run shows it and as it is shown once stored; nothing of it is kept."""
    shown: list[dict[str, Any]] = []

    def work(tx: Tx) -> None:
        snapshot = snapshot_of(tx, [order], test=test)
        shown.append(planned_order(snapshot, plan_order(snapshot, order, test=test), "NUMBER"))
        (placed,) = place(tx, [order], test=test)
        shown.append(views.order(tx, placed.number))
        raise _Undone

    with pytest.raises(_Undone):
        store.write(work)
    planned, stored = shown
    return planned, stored


def without_evidence_of_storage(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name not in ("number", "documents")}


@pytest.mark.parametrize("test", [False, True])
@pytest.mark.parametrize(
    "order",
    [
        an_order(),
        an_order("PO-1", a_line(CUP, "120.5", "12.50"), a_line(LAMP, "0.000001"), a_line(CRATE, 3, "100.00")),
        an_order("PO-1", a_line(CUP, 1000, "99"), a_line("UNKNOWN", 1), requested_date=date(2026, 2, 1)),
        an_order("PO-1", a_line(CUP, 1, description="Tasse, weiß", buyer_code="B-1", unit="PCE", gtin="")),
        an_order("PO-1", currency="USD"),
        an_order("PO-1", currency="", buyer=None, ship_to=None, requested_date=None, type="urgent"),
        an_order("PO-1", ship_to=Party("DP", gln="4012345000016", country="AT")),
    ],
)
def test_the_dry_run_shows_what_would_be_stored(traded: Store, order: Order, test: bool) -> None:
    planned, stored = both(traded, order, test=test)
    assert without_evidence_of_storage(planned) == without_evidence_of_storage(stored)
    assert planned["documents"] == []


def test_any_order_is_planned_as_it_is_stored(traded: Store) -> None:
    quantities = st.decimals(min_value=Decimal("0.000001"), max_value=200, places=6)
    prices = st.none() | st.decimals(min_value=0, max_value=200, places=6)
    lines = st.builds(a_line, st.sampled_from([CUP, CRATE, LAMP, "UNKNOWN"]), quantities, prices)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(lines, min_size=1, max_size=4))
    def compare(ordered: list[Any]) -> None:
        planned, stored = both(traded, an_order("PO-1", *ordered))
        assert without_evidence_of_storage(planned) == without_evidence_of_storage(stored)

    compare()


def test_the_planned_answer_is_the_answer_that_is_sent(traded: Store) -> None:
    order = an_order("PO-1", a_line(CUP, "1.5", "12.50"), a_line(LAMP, 3))

    def planned(tx: Tx) -> Any:
        snapshot = snapshot_of(tx, [order])
        return planned_response(snapshot, plan_order(snapshot, order, test=False), "2026-ED-000001")

    def sent(tx: Tx) -> Any:
        (placed,) = place(tx, [order])
        cache = MasterCache()
        rows = waiting_of_order(tx, placed.order_id)
        partner = partner_by_id(tx, cache, rows[0].partner_id)
        return OrderResponses(
            tx, rows, company=our_company(tx, cache), partner=partner, rules=CreditRules(), at=MONDAY
        )[0]

    assert traded.read(planned) == traded.write(sent)
