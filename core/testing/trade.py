"""Builders of what the rules start from: master data by the row, orders by the line, orders that are placed.

Everything has a default that no check objects to; a test names what it is about. :class:`Trade` is the whole of it:
a company, one or more partners, three items, their prices and stock in two warehouses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import orjson

from core.documents import Order, OrderLine, Party
from core.ordering.place import Arrival, Placed, apply_plans
from core.ordering.plan import Snapshot, plan_order
from core.ordering.snapshot import take_snapshot
from core.store import master, outbox
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.outbox import Unrendered

Row = dict[str, Any]

#: a Monday morning in the company's time zone
MONDAY: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OUR_GLN: Final = "4054321000009"
BUYER_GLN: Final = "4012345000009"
STORE_GLN: Final = "4012345000016"
CUP: Final = "CUP-1"
CRATE: Final = "CRATE-2"
LAMP: Final = "LAMP-3"
GTINS: Final = {CUP: "4054321000016", CRATE: "4054321000023", LAMP: "4054321000030"}
PRICES: Final = {CUP: Decimal("12.50"), CRATE: Decimal("99.99"), LAMP: Decimal("0.015")}
MAIN: Final = "MAIN"
NORTH: Final = "NORTH"


def partner_row(code: str = "ACME", **changes: Any) -> Row:
    """Return a partner whose orders lack none of the 30 mandatory fields."""
    row: Row = {
        "code": code, "name": f"{code.title()} Retail", "gln": BUYER_GLN, "account": "10001", "language": "en",
        "currency": "EUR", "country": "DE", "tax_id": "DE987654321", "grade": "A", "credit_limit": Decimal(1000000),
        "payment_terms_days": 30, "payment_method": "transfer", "delivery_terms": "DAP", "transport_mode": "road",
        "business_unit": "B1", "vip": False, "group_code": None, "reservation_days": None, "carrier": None,
        "fulfilment": "manual", "allow_auto": False, "tolerances": {"price_percent": "2", "days_late": 2},
        "contact": {"name": "Purchasing", "phone": "+49 30 1", "email": "po@acme.example"},
    }  # fmt: skip
    return row | changes


def edi_row(partner: str = "ACME", **changes: Any) -> Row:
    """Return the agreement of a partner under its GLN."""
    row: Row = {
        "partner": partner, "edi_id": BUYER_GLN, "qualifier": "14", "our_id": OUR_GLN, "our_qualifier": "14",
        "acknowledge": "always", "respond": "ORDRSP", "guide": None, "charset": None, "test": False,
    }  # fmt: skip
    return row | changes


def address_row(partner: str = "ACME", **changes: Any) -> Row:
    """Return the delivery address of a partner."""
    row: Row = {
        "partner": partner, "role": "DP", "gln": STORE_GLN, "ordinal": 0, "name": "Store 7", "street": "Hauptstr. 7",
        "city": "Berlin", "region": "BE", "postal_code": "10115", "country": "DE",
    }  # fmt: skip
    return row | changes


def item_row(sku: str, **changes: Any) -> Row:
    """Return an item that is counted in pieces."""
    row: Row = {
        "sku": sku, "gtin": GTINS.get(sku), "description": f"Item {sku}", "descriptions": {}, "unit": "C62",
        "units": {}, "cost": None, "tax_class": "standard", "weight_kg": Decimal("0.5"), "substitutes": [],
        "target_margin": None,
    }  # fmt: skip
    return row | changes


def price_row(sku: str, amount: Decimal, **changes: Any) -> Row:
    """Return a catalogue price for everybody."""
    row: Row = {
        "sku": sku, "level": "catalogue", "currency": "EUR", "partner": "", "group_code": "",
        "min_quantity": Decimal(0), "valid_from": date(2020, 1, 1), "valid_to": None, "amount": amount,
    }  # fmt: skip
    return row | changes


def stock_row(sku: str, on_hand: Decimal | int, warehouse: str = MAIN) -> Row:
    """Return a count of what is on hand."""
    return {"sku": sku, "warehouse": warehouse, "on_hand": Decimal(on_hand), "inbound": [], "planned": []}


def company_row(**changes: Any) -> Row:
    """Return ourselves, in Berlin."""
    address = {"street": "Am Lager 1", "city": "Hamburg", "region": "HH", "postal_code": "20457"}
    row: Row = {
        "name": "Muster Supply GmbH", "gln": OUR_GLN, "gs1_prefix": "4054321", "tax_id": "DE123456788",
        "country": "DE", "timezone": "Europe/Berlin", "currency": "EUR", "address": address,
        "bank": {"iban": "DE02120300000000202051"},
    }  # fmt: skip
    return row | changes


def _default_stock() -> list[Row]:
    """MAIN is preferred and holds 100 of each, NORTH another 40 cups."""
    return [stock_row(sku, 100) for sku in PRICES] + [stock_row(CUP, 40, NORTH)]


@dataclass(slots=True)
class Trade:
    """The master data of one test; each list may be replaced."""

    company: Row = field(default_factory=company_row)
    partners: Sequence[Row] = field(default_factory=lambda: [partner_row()])
    edi: Sequence[Row] = field(default_factory=lambda: [edi_row()])
    addresses: Sequence[Row] = field(default_factory=lambda: [address_row()])
    items: Sequence[Row] = field(default_factory=lambda: [item_row(sku) for sku in PRICES])
    codes: Sequence[Row] = field(default_factory=lambda: [{"partner": "ACME", "code": "B-CUP", "sku": CUP}])
    prices: Sequence[Row] = field(default_factory=lambda: [price_row(sku, price) for sku, price in PRICES.items()])
    stock: Sequence[Row] = field(default_factory=_default_stock)
    sales_history: Sequence[Row] = ()
    open_invoices: Sequence[Row] = ()
    users: Sequence[Row] = ()

    def load(self, tx: Tx, at: datetime = MONDAY) -> None:
        """Write it all."""
        rows = master.MasterRows(
            company=self.company,
            partners=self.partners,
            partner_edi=self.edi,
            addresses=self.addresses,
            items=self.items,
            item_codes=self.codes,
            prices=self.prices,
            taxes=[
                {
                    "country": "DE",
                    "tax_class": "standard",
                    "valid_from": date(2020, 1, 1),
                    "rate_percent": Decimal(19),
                }
            ],
            warehouses=[
                {"code": MAIN, "name": "Main", "country": "DE", "priority": 1},
                {"code": NORTH, "name": "North", "country": "DE", "priority": 2},
            ],
            stock=self.stock,
            sales_history=self.sales_history,
            open_invoices=self.open_invoices,
            users=self.users,
        )
        master.load(tx, rows, at)


def a_line(
    sku: str = CUP, quantity: Decimal | int | str = 10, price: Decimal | str | None = None, **changes: Any
) -> OrderLine:
    """Return a line that names the item by its GTIN (by our own code, where it has none)."""
    gtin = GTINS.get(sku, "")
    return OrderLine(
        line=changes.pop("line", 1),
        quantity=Decimal(quantity),
        gtin=gtin,
        supplier_code="" if gtin else sku,
        unit="C62",
        price=None if price is None else Decimal(price),
    )._replace(**changes)


def an_order(reference: str = "PO-1", *lines: OrderLine, **changes: Any) -> Order:
    """Return an order of ACME; its lines are numbered in their sequence."""
    fields: dict[str, Any] = {
        "document_date": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        "requested_date": date(2026, 3, 9),
        "currency": "EUR",
        "buyer": Party("BY", gln=BUYER_GLN),
        "supplier": Party("SU", gln=OUR_GLN),
        "ship_to": Party("DP", gln=STORE_GLN),
    }
    numbered = tuple(line._replace(line=number) for number, line in enumerate(lines or (a_line(),), 1))
    return Order(buyer_reference=reference, lines=numbered, **(fields | changes))


def snapshot_of(
    tx: Tx,
    orders: Sequence[Order],
    *,
    partner: str = "ACME",
    channel: str = "ED",
    now: datetime = MONDAY,
    test: bool = False,
    cache: MasterCache | None = None,
) -> Snapshot:
    """Return the snapshot for *orders* from fresh master data."""
    cache = cache or MasterCache()
    cache.refresh(tx)
    one = partner_by_id(tx, cache, master.partner_codes(tx)[partner])
    return take_snapshot(tx, cache, one, orders, channel=channel, now=now, test=test)


def place(
    tx: Tx, orders: Sequence[Order], *, respond: str = "ORDRSP", tell_pending: bool = False, **where: Any
) -> list[Placed]:
    """Plan and write *orders* as one batch of one source that has no interchange."""
    snapshot = snapshot_of(tx, orders, **where)
    plans = [plan_order(snapshot, order, test=where.get("test", False)) for order in orders]
    arrival = Arrival(
        source_id=tx.ids.next(),
        interchange_id=None,
        received_at=snapshot.now,
        actor="partner:ACME",
        respond=respond,
        reply_with=None,
        tell_pending=tell_pending,
    )
    accepted = [(plan, tx.ids.next()) for plan in plans if plan.verdict == "accepted"]
    return apply_plans(tx, snapshot, arrival, accepted)


def waiting_of_order(tx: Tx, order_id: int) -> list[Unrendered]:
    """Return the outbox rows of an order as the renderer gets them, whether or not they are rendered yet."""
    return [
        Unrendered(
            row["id"], row["partner_id"], row["type"], row["source_id"], row["interchange_id"], row["order_id"],
            orjson.dumps(row["payload"]).decode(), row["test"],
        )
        for row in outbox.of_order(tx, order_id)
    ]  # fmt: skip
