"""A field of an order: as it was sent, or made by a rule that is named."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotFound
from core.ordering.canonical import to_json
from core.reporting.fields import derived_value, sent_value
from core.store import orders as rows
from core.store.engine import Store
from core.testing.stores import prepared_store
from core.testing.trade import BUYER_GLN, CUP, GTINS, Trade, a_line, an_order, place

ORDER = an_order("PO-1", a_line(CUP, "10.50", note="fragile"), a_line("NO-SUCH", 1), notes=("Gate 4", "ring"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("buyer_reference", "PO-1"), ("currency", "EUR"), ("requested_date", "2026-03-09"), ("buyer.gln", BUYER_GLN),
        ("lines.1.quantity", "10.5"), ("lines.1.gtin", GTINS[CUP]), ("lines.1.line", "1"), ("lines.1.note", "fragile"),
        ("lines.2.supplier_code", "NO-SUCH"), ("notes.2", "ring"),
        ("lines.1.price", None), ("lines.3.quantity", None), ("lines.1", None), ("lines", None), ("buyer", None),
        ("buyer.gln.more", None), ("contract", None), ("notes.3", None), ("notes.0", None), ("no.such", None),
    ],
)  # fmt: skip
def test_what_was_sent(field: str, value: str | None) -> None:
    assert sent_value(to_json(ORDER).decode(), field) == value


@pytest.fixture
def traded(tmp_path: Path) -> Iterator[Store]:
    store = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    store.write(Trade().load)
    yield store
    store.close()


def derived(store: Store, field: str, order=ORDER) -> dict[str, Any]:
    def work(tx) -> dict[str, Any]:
        (placed,) = place(tx, [order])
        head = rows.by_number(tx, placed.number)
        return derived_value(tx, head, rows.document_of(tx, placed.order_id, 1), field)

    return store.write(work)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("number", "2026-ED-000001", "ordering.numbering"), ("channel", "ED", "intake.door"),
        ("type", "standard", "ordering.type"), ("state", "in_review", "ordering.states"),
        ("currency", "EUR", "partner.currency"), ("total", "131.25", "ordering.total"),
        ("promised_date", "2026-03-09", "availability.promise"), ("revision", "1", "ordering.revision"),
        ("lines.1.sku", CUP, "item.identity"), ("lines.1.description", f"Item {CUP}", "item.master"),
        ("lines.1.price", "12.5", "price.best"), ("lines.1.amount", "131.25", "price.amount"),
        ("lines.1.reserved", "0", "stock.reservation"), ("lines.1.state", "open", "ordering.states"),
    ],
)  # fmt: skip
def test_what_we_made_names_its_rule(traded: Store, field: str, value: str, rule: str) -> None:
    made = derived(traded, field)
    assert (made["value"], made["rule"]) == (value, rule)
    assert isinstance(made["inputs"], dict)


def test_the_day_of_a_confirmed_line_follows_from_the_promise(traded: Store) -> None:
    made = derived(traded, "lines.1.promised_date", an_order("PO-2", a_line(CUP, Decimal(1))))
    assert (made["value"], made["rule"]) == ("2026-03-09", "availability.promise")


@pytest.mark.parametrize("field", ["no_such", "lines.9.sku", "lines.2.sku", "lines.1.no_such", "lines.1", "buyer.city"])
def test_what_no_order_has_is_not_found(traded: Store, field: str) -> None:
    with pytest.raises(NotFound, match="has no field"):
        derived(traded, field)
