"""The accrual of rebates from what was invoiced, before us and by us."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.reporting.rebates import rebates
from core.store import master
from core.store.credit import count_invoiced
from core.store.engine import Store
from core.store.master import partner_codes
from core.testing.trade import MONDAY, Trade

D = Decimal


def agreed(kind: str, *steps: tuple[str, str]) -> dict[str, Any]:
    told = [{"at_least": at_least, "percent": percent} for at_least, percent in steps]
    return {"partner": "ACME", "year": 2026, "kind": kind, "contract": "C-7", "steps": told}


def test_the_year_accrues_from_invoices(each_store: Store) -> None:
    """PRI-05: at the year's end, and on every day before, from what was invoiced until then."""
    history = [
        {"partner": "ACME", "month": month, "amount": D(amount)}
        for month, amount in (("2024-12", "9999"), ("2025-01", "400"), ("2025-12", "600"), ("2026-01", "1000"))
    ]
    each_store.write(Trade(sales_history=history).load)
    rows = [agreed("annual", ("1000", "1"), ("2000", "2")), agreed("growth", ("10", "3"))]
    each_store.write(lambda tx: master.load(tx, master.MasterRows(rebates=rows), MONDAY))
    acme = each_store.read(partner_codes)["ACME"]
    for day, net in ((date(2026, 3, 2), "150"), (date(2026, 12, 31), "-50"), (date(2027, 1, 1), "9999")):
        each_store.write(lambda tx, day=day, net=net: count_invoiced(tx, acme, day, D(net)))
    found = each_store.read(lambda tx: rebates(tx, 2026))
    annual, growth = found["rows"]
    assert annual == {
        "partner": "ACME", "kind": "annual", "contract": "C-7", "currency": "EUR", "turnover": "1100.00",
        "before": "1000.00", "growth_percent": "10.00", "percent": "1", "accrued": "11.00", "missing": "900.00",
    }  # fmt: skip
    assert (growth["percent"], growth["accrued"], growth["missing"]) == ("3", "33.00", None)
    assert each_store.read(lambda tx: rebates(tx, 2025))["rows"] == []


def test_what_is_loaded_again_takes_the_place_of_what_was_there(store: Store) -> None:
    store.write(Trade().load)
    for percent in ("1", "2"):
        rows = [agreed("annual", ("0", percent))]
        store.write(lambda tx, rows=rows: master.load(tx, master.MasterRows(rebates=rows), MONDAY))
    (row,) = store.read(lambda tx: rebates(tx, 2026))["rows"]
    assert row["percent"] == "2"
