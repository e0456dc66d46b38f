from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from core.clock import from_micros
from core.reporting import views
from core.store import orders as order_rows
from core.store.billing import InvoiceLineRow, InvoiceRow, insert_invoice
from core.store.engine import Store, Tx
from core.store.shipping import PackageRow, ShipmentRow, insert_packages, insert_shipment
from core.store.tables.ordering import orders
from gateway.web.shapes.common import Page
from gateway.web.shapes.masters import InvoiceShape, ItemShape, OpenHold, PartnerShape, ShipmentShape
from gateway.web.shapes.stock import StockShape

RECEIVED = from_micros(1_772_438_400_000_000)  # 2026-03-02T08:00Z, the clock of these tests


def pages(store: Store, view: Any, shape: Any, **asked: Any) -> list[dict[str, Any]]:
    """Return the items of all pages of two; the whole list at once says the same."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = store.read(lambda tx, cursor=cursor: view(tx, cursor=cursor, limit=2, **asked))
        Page[shape].model_validate(page)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert store.read(lambda tx: view(tx, **asked)) == {"items": found, "next": None}
    return found


def ship_and_bill(store: Store, number: str, serial: int) -> None:
    """Add a shipment with one package and its invoice."""

    def work(tx: Tx) -> None:
        order = order_rows.by_number(tx, number)
        shipment_id, invoice_id = tx.ids.take(2)
        shipment = ShipmentRow(
            shipment_id, f"D-{serial}", order["id"], order["partner_id"], "sandbox", "shipped", f"B-{serial}",
            f"T-{serial}", RECEIVED, RECEIVED + timedelta(hours=1), None, None,
        )  # fmt: skip
        insert_shipment(tx, shipment)
        sscc = f"34012345000000{serial:04d}"
        insert_packages(tx, shipment_id, [PackageRow(sscc, 1, Decimal("2.5"), ((1, Decimal(24)),))])
        invoice = InvoiceRow(
            invoice_id, f"I-{serial}", order["id"], shipment_id, order["partner_id"], RECEIVED, date(2026, 4, 1), "EUR",
            Decimal(100), Decimal(20), Decimal(120), "issued", "rule:auto-invoice",
        )  # fmt: skip
        insert_invoice(tx, invoice, [InvoiceLineRow(1, Decimal(24), Decimal("4.9"), Decimal("117.60"), Decimal(20))])

    store.write(work)


def test_partners_by_code(store: Store) -> None:
    assert [row["code"] for row in pages(store, views.partners, PartnerShape)] == ["ALPINA", "OTHER"]
    (alpina,) = pages(store, views.partners, PartnerShape, partner="ALPINA")
    assert (alpina["gln"], alpina["payment_terms_days"]) == ("9009876000016", 30)
    # A partner's own key reads this list: what we think of its credit is not in it.
    assert not {"grade", "credit_limit", "vip", "tolerances"} & alpina.keys()


def test_items_by_sku(store: Store) -> None:
    everything = pages(store, views.items, ItemShape)
    assert [row["sku"] for row in everything] == sorted(row["sku"] for row in everything)
    assert len(everything) == 6
    assert all("cost" not in row for row in everything)
    bearing = everything[0]
    assert (bearing["gtin"], bearing["weight_kg"]) == ("4012345010015", "0.106")
    for part, skus in (("v-BELT", ["NL-2001", "NL-2002"]), ("030013", ["NL-3001"]), ("nl-100", 3), ("%", [])):
        found = [row["sku"] for row in pages(store, views.items, ItemShape, q=part)]
        assert len(found) == skus if isinstance(skus, int) else found == skus


def test_stock_tells_what_can_be_promised(store: Store, take, clean: bytes) -> None:
    before = {row["sku"]: row for row in pages(store, views.stock, StockShape)}
    take(clean)
    after = {row["sku"]: row for row in pages(store, views.stock, StockShape)}
    assert len(after) == len(before) == 6
    assert Decimal(after["NL-1001"]["reserved"]) == Decimal(24)
    assert Decimal(after["NL-1001"]["available"]) == Decimal(before["NL-1001"]["on_hand"]) - 24
    assert pages(store, views.stock, StockShape, sku="NL-1001") == [after["NL-1001"]]


def test_open_holds_oldest_first(store: Store, take, price_off: bytes) -> None:
    for ordinal in range(3):
        take(price_off.replace(b"PO-", b"P%d-" % ordinal).replace(b"+D", b"+%d" % ordinal))
    found = pages(store, views.holds, OpenHold, partner="ALPINA", stage="confirm")
    assert [row["number"] for row in found] == [f"2026-ED-00000{serial}" for serial in (1, 2, 3)]
    assert {(row["partner"], row["code"]) for row in found} == {("ALPINA", "price.mismatch")}
    for nothing in ({"partner": "OTHER"}, {"partner": "NOBODY"}, {"stage": "ship"}):
        assert pages(store, views.holds, OpenHold, **nothing) == []
    store.write(
        lambda tx: tx.execute(update(orders).where(orders.c.number == "2026-ED-000001").values(state="cancelled"))
    )
    assert [row["number"] for row in pages(store, views.holds, OpenHold)] == ["2026-ED-000002", "2026-ED-000003"]


def test_shipments_and_invoices_newest_first(store: Store, take, clean: bytes, price_off: bytes) -> None:
    take(clean)
    take(price_off)
    for serial, number in ((1, "2026-ED-000001"), (2, "2026-ED-000001"), (3, "2026-ED-000002")):
        ship_and_bill(store, number, serial)
    shipments = pages(store, views.shipments, ShipmentShape)
    assert [row["number"] for row in shipments] == ["D-3", "D-2", "D-1"]
    assert shipments[0] == {
        "number": "D-3",
        "order": "2026-ED-000002",
        "partner": "ALPINA",
        "state": "shipped",
        "carrier": "sandbox",
        "tracking_number": "T-3",
        "packages": ["340123450000000003"],
        "packed_at": "2026-03-02T08:00:00.000000Z",
        "shipped_at": "2026-03-02T09:00:00.000000Z",
        "delivered_at": None,
        "signed_by": None,
    }
    invoices = pages(store, views.invoices, InvoiceShape)
    assert [row["number"] for row in invoices] == ["I-3", "I-2", "I-1"]
    assert invoices[0] == {
        "number": "I-3",
        "order": "2026-ED-000002",
        "shipment": "D-3",
        "partner": "ALPINA",
        "state": "issued",
        "issued_at": "2026-03-02T08:00:00.000000Z",
        "due": "2026-04-01",
        "currency": "EUR",
        "net": "100.00",
        "tax": "20.00",
        "total": "120.00",
        "approved_by": "rule:auto-invoice",
    }
    for view, shape, newest in ((views.shipments, ShipmentShape, "D-2"), (views.invoices, InvoiceShape, "I-2")):
        of_order = pages(store, view, shape, order="2026-ED-000001", partner="ALPINA")
        assert of_order[0]["number"] == newest
        assert len(of_order) == 2
        for nothing in ({"partner": "OTHER"}, {"partner": "NOBODY"}, {"order": "2026-ED-000009"}):
            assert pages(store, view, shape, **nothing) == []
    for name in ("D-3", "I-3"):
        found = store.read(lambda tx, name=name: views.order_by_any(tx, name))
        assert found["number"] == "2026-ED-000002"
