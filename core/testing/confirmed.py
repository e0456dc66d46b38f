"""Builders of what fulfilment and billing start from: master data and a confirmed order with its reservations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.audit.record import record
from core.clock import to_micros
from core.documents import LineTax, Order, OrderCharge, OrderLine, Party
from core.ordering.canonical import content_hash, to_json
from core.ordering.charges import charged
from core.store import master, orders
from core.store.engine import Tx
from core.store.orders import OrderRow
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, round_money, to_scaled

SKU_A: Final = "CUP-1"
SKU_B: Final = "CRATE-2"
WAREHOUSE: Final = "MAIN"
ON_HAND: Final = Decimal(1000)
BUYER_GLN: Final = "4012345000009"
SHIP_TO_GLN: Final = "4012345000016"


class Wanted(NamedTuple):
    """One line of an order to build; ``reserved`` None means all of it."""

    sku: str
    quantity: Decimal
    price: Decimal | None
    reserved: Decimal | None = None


TWO_LINES: Final = (Wanted(SKU_A, Decimal(10), Decimal("12.50")), Wanted(SKU_B, Decimal(3), Decimal("99.99")))


def load_masters(
    tx: Tx, at: datetime, *, fulfilment: str = "auto", carrier: str | None = None, terms_days: int | None = 14
) -> None:
    """Load one company, the partner ACME with one delivery address, two items, their taxes and stock."""
    master.load(tx, _rows(fulfilment, carrier, terms_days), at)


def confirmed_order(
    tx: Tx,
    at: datetime,
    *,
    lines: Sequence[Wanted] = TWO_LINES,
    number: str = "2026-ED-000001",
    test: bool = False,
    ship_to: Party | None = None,
    charges: Sequence[OrderCharge] = (),
    line_taxes: Sequence[LineTax] = (),
) -> int:
    """Add an order of ACME that is confirmed with its stock reserved and its credit taken; return its id."""
    partner_id = master.partner_codes(tx)["ACME"]
    order_id, document_id = tx.ids.take(2)
    document = Order(
        buyer_reference=f"PO-{number}",
        currency="EUR",
        lines=tuple(OrderLine(n, want.quantity, price=want.price) for n, want in enumerate(lines, 1)),
        buyer=Party("BY", gln=BUYER_GLN),
        ship_to=ship_to or Party("DP", gln=SHIP_TO_GLN),
        charges=tuple(charges),
        line_taxes=tuple(line_taxes),
    )
    canonical = to_json(document)
    total = sum((round_money(want.quantity * (want.price or 0)) for want in lines), charged(charges))
    orders.append_lines(tx, [_line(order_id, n, want) for n, want in enumerate(lines, 1)])
    orders.append_revisions(
        tx, [(order_id, 1, canonical.decode(), content_hash(canonical), document_id, to_micros(at))]
    )
    if not test:
        _reserve(tx, order_id, lines, at)
        orders.commit_credit(tx, partner_id, to_scaled(total, MONEY_SCALE))
    head = OrderRow(
        id=order_id,
        number=number,
        partner_id=partner_id,
        channel="ED",
        type="standard",
        test=test,
        buyer_reference=document.buyer_reference,
        content_hash=content_hash(canonical),
        document_id=document_id,
        received_at=to_micros(at),
        state="confirmed",
        billing="none",
        payment="open",
        currency="EUR",
        total=to_scaled(total, MONEY_SCALE),
        requested_date=None,
        promised_date=(at.date() + timedelta(days=2)).isoformat(),
        revision=1,
    )
    orders.append_orders(tx, [head])
    record(tx, order_id, "order.confirmed", at=at, actor="rule:touchless", summary="confirmed")
    return order_id


def hold(tx: Tx, order_id: int, stage: str, at: datetime) -> int:
    """Block *stage* of an order with a ``manual`` hold; return the hold's id."""
    hold_id = tx.ids.next()
    why = (None, "look at it", "{}", "manual", "1", "operations", "a person")
    orders.append_holds(tx, [(hold_id, order_id, "manual", stage, *why, to_micros(at), None, None, None)])
    return hold_id


def _line(order_id: int, number: int, want: Wanted) -> tuple[Any, ...]:
    reserved = want.quantity if want.reserved is None else want.reserved
    price6 = None if want.price is None else to_scaled(want.price, PRICE_SCALE)
    amount4 = None if want.price is None else to_scaled(round_money(want.quantity * want.price), MONEY_SCALE)
    return (
        order_id, number, want.sku, "", f"B-{number}", f"Item {want.sku}", to_scaled(want.quantity, QUANTITY_SCALE),
        "C62", price6, amount4, "reserved" if reserved else "open", None, to_scaled(reserved, QUANTITY_SCALE),
    )  # fmt: skip


def _reserve(tx: Tx, order_id: int, lines: Sequence[Wanted], at: datetime) -> None:
    expires = to_micros(at + timedelta(days=7))
    wanted: dict[tuple[str, str], int] = {}
    rows = []
    for number, want in enumerate(lines, 1):
        reserved6 = to_scaled(want.quantity if want.reserved is None else want.reserved, QUANTITY_SCALE)
        if reserved6:
            rows.append((order_id, number, WAREHOUSE, want.sku, reserved6, expires, "active"))
            wanted[want.sku, WAREHOUSE] = wanted.get((want.sku, WAREHOUSE), 0) + reserved6
    orders.reserve_stock(tx, wanted)
    orders.append_reservations(tx, rows)


def _rows(fulfilment: str, carrier: str | None, terms_days: int | None) -> master.MasterRows:
    address = {"street": "Am Lager 1", "city": "Hamburg", "region": "", "postal_code": "20457"}
    return master.MasterRows(
        company={
            "name": "Muster Supply GmbH", "gln": "4054321000009", "gs1_prefix": "4054321", "tax_id": "DE123456788",
            "country": "DE", "timezone": "Europe/Berlin", "currency": "EUR", "address": address,
            "bank": {"iban": "DE02120300000000202051"},
        },
        partners=[
            {
                "code": "ACME", "name": "Acme Retail", "gln": BUYER_GLN, "account": "10001", "language": "en",
                "currency": "EUR", "country": "DE", "tax_id": "DE987654321", "grade": "A",
                "credit_limit": Decimal(1000000), "payment_terms_days": terms_days, "payment_method": None,
                "delivery_terms": None, "transport_mode": None, "business_unit": None, "vip": False,
                "group_code": None, "reservation_days": None, "carrier": carrier, "fulfilment": fulfilment,
                "allow_auto": True, "tolerances": {}, "contact": {"name": "Purchasing"},
            }
        ],
        addresses=[
            {
                "partner": "ACME", "role": "DP", "gln": SHIP_TO_GLN, "ordinal": 0, "name": "Acme Store 7",
                "street": "Hauptstr. 7", "city": "Berlin", "region": "", "postal_code": "10115", "country": "DE",
            }
        ],
        items=[
            _item(SKU_A, "standard", "0.5"),
            _item(SKU_B, "reduced", "12"),
        ],
        taxes=[
            {"country": "DE", "tax_class": "standard", "valid_from": date(2020, 1, 1), "rate_percent": Decimal(16)},
            {"country": "DE", "tax_class": "standard", "valid_from": date(2021, 1, 1), "rate_percent": Decimal(19)},
            {"country": "DE", "tax_class": "reduced", "valid_from": date(2021, 1, 1), "rate_percent": Decimal(7)},
        ],
        warehouses=[{"code": WAREHOUSE, "name": "Main", "country": "DE", "priority": 1}],
        stock=[
            {"sku": sku, "warehouse": WAREHOUSE, "on_hand": ON_HAND, "inbound": [], "planned": []}
            for sku in (SKU_A, SKU_B)
        ],
    )  # fmt: skip


def _item(sku: str, tax_class: str, weight_kg: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "gtin": None,
        "description": f"Item {sku}",
        "descriptions": {},
        "unit": "C62",
        "units": {},
        "cost": None,
        "tax_class": tax_class,
        "weight_kg": Decimal(weight_kg),
        "substitutes": [],
    }
