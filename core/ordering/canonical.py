"""The canonical order as JSON text and back: what a revision keeps, what the content hash covers.

Written out by hand because this runs for every order: empty fields are left out, decimals are text.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from core.documents import LineTax, Order, OrderCharge, OrderLine, Party
from core.values import text

_PARTIES = ("buyer", "supplier", "ship_to", "invoicee")
_TEXTS = (
    "code", "type", "function", "currency", "contract", "payment_method", "payment_terms", "transport_mode",
    "delivery_terms", "response_wanted",
)  # fmt: skip
_ONE = Decimal(1)
#: quantities and prices recur, and remembering is twice as fast as writing
_recurring: Final = lru_cache(maxsize=8192)(text)


def _line(line: OrderLine) -> dict[str, Any]:  # noqa: C901 - one test a field is the fastest way, and this is hot
    number, quantity, gtin, buyer_code, supplier_code, description, unit, price, basis, amount, requested, note = line
    row: dict[str, Any] = {"line": number, "quantity": _recurring(quantity)}
    if gtin:
        row["gtin"] = gtin
    if buyer_code:
        row["buyer_code"] = buyer_code
    if supplier_code:
        row["supplier_code"] = supplier_code
    if description:
        row["description"] = description
    if unit:
        row["unit"] = unit
    if price is not None:
        row["price"] = _recurring(price)
    if basis != _ONE:
        row["price_basis"] = text(basis)
    if amount is not None:
        row["amount"] = text(amount)
    if requested is not None:
        row["requested_date"] = requested.isoformat()
    if note:
        row["note"] = note
    return row


@lru_cache(maxsize=1024)
def _party(party: Party) -> dict[str, str]:
    """Return the object of a party; the orders of a partner name the same ones. It is shared: never changed."""
    return {key: value for key, value in zip(Party._fields, party, strict=True) if value}


def to_json(order: Order) -> bytes:
    """Return *order* as canonical JSON: the same content always gives the same bytes."""
    body: dict[str, Any] = {
        "buyer_reference": order.buyer_reference,
        "lines": [_line(line) for line in order.lines],
    }
    for name in _TEXTS:
        if value := getattr(order, name):
            body[name] = value
    for name in _PARTIES:
        party: Party | None = getattr(order, name)
        if party is not None:
            body[name] = _party(party)
    if order.document_date is not None:
        body["document_date"] = order.document_date.isoformat()
    if order.requested_date is not None:
        body["requested_date"] = order.requested_date.isoformat()
    if order.notes:
        body["notes"] = list(order.notes)
    if order.total is not None:
        body["total"] = text(order.total)
    if order.charges or order.line_taxes or order.tax_included or order.gift_note:
        body |= _seldom(order)
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _seldom(order: Order) -> dict[str, Any]:
    """Return what few orders say: what they cost beside their goods, and a gift note."""
    taxes = [
        {"line": one.line, "rate": text(one.rate), "amount": text(one.amount), "source": one.source}
        for one in order.line_taxes
    ]
    told = {
        "charges": [_charge(one) for one in order.charges],
        "line_taxes": taxes,
        "tax_included": order.tax_included,
        "gift_note": order.gift_note,
    }
    return {name: value for name, value in told.items() if value}


def _charge(one: OrderCharge) -> dict[str, Any]:
    told = {name: value for name, value in one._asdict().items() if value or isinstance(value, Decimal)}
    return told | {name: text(value) for name, value in told.items() if isinstance(value, Decimal)}


def content_hash(canonical: bytes) -> bytes:
    """Return the SHA-256 that tells a repeated order from a number used twice."""
    return hashlib.sha256(canonical).digest()


def _decimal(row: dict[str, Any], name: str) -> Decimal | None:
    value = row.get(name)
    return None if value is None else Decimal(value)


def party_from(row: dict[str, Any] | None) -> Party | None:
    """Return the party of its JSON object."""
    return None if row is None else Party(**{"role": "", **row})


class AskedTerms(NamedTuple):
    """The terms that an order asks for, as :class:`~core.documents.Order` has them."""

    contract: str = ""
    type: str = ""
    payment_method: str = ""
    payment_terms: str = ""
    transport_mode: str = ""
    delivery_terms: str = ""


class OrderHead(NamedTuple):
    """What an answer repeats of the order: its date, parties, terms and what it costs beside its goods."""

    document_date: datetime | None
    buyer: Party | None
    ship_to: Party | None
    asked: AskedTerms
    charges: tuple[OrderCharge, ...] = ()
    line_taxes: tuple[LineTax, ...] = ()


def head_from_json(canonical: str | bytes) -> OrderHead:
    """Return the head of the order that :func:`to_json` wrote, without making its lines."""
    body = orjson.loads(canonical)
    when = body.get("document_date")
    get = body.get
    return OrderHead(
        datetime.fromisoformat(when) if when else None,
        party_from(get("buyer")),
        party_from(get("ship_to")),
        AskedTerms(*[get(name, "") for name in AskedTerms._fields]),
        _charges_from(body),
        _taxes_from(body),
    )


def _charges_from(body: dict[str, Any]) -> tuple[OrderCharge, ...]:
    told = body.get("charges")
    if not told:
        return ()
    return tuple(
        OrderCharge(**{**row, "amount": Decimal(row["amount"]), "tax_rate": _decimal(row, "tax_rate")}) for row in told
    )


def _taxes_from(body: dict[str, Any]) -> tuple[LineTax, ...]:
    told = body.get("line_taxes")
    if not told:
        return ()
    return tuple(LineTax(row["line"], Decimal(row["rate"]), Decimal(row["amount"]), row["source"]) for row in told)


def from_json(canonical: str | bytes) -> Order:
    """Return the order that :func:`to_json` wrote."""
    body = orjson.loads(canonical)
    when = body.get("document_date")
    requested = body.get("requested_date")
    texts: dict[str, Any] = {name: body.get(name, "") for name in _TEXTS}
    parties: dict[str, Any] = {name: party_from(body.get(name)) for name in _PARTIES}
    return Order(
        buyer_reference=body["buyer_reference"],
        lines=tuple(
            OrderLine(
                line=row["line"],
                quantity=Decimal(row["quantity"]),
                gtin=row.get("gtin", ""),
                buyer_code=row.get("buyer_code", ""),
                supplier_code=row.get("supplier_code", ""),
                description=row.get("description", ""),
                unit=row.get("unit", ""),
                price=_decimal(row, "price"),
                price_basis=Decimal(row.get("price_basis", "1")),
                amount=_decimal(row, "amount"),
                requested_date=date.fromisoformat(row["requested_date"]) if "requested_date" in row else None,
                note=row.get("note", ""),
            )
            for row in body["lines"]
        ),
        document_date=datetime.fromisoformat(when) if when else None,
        requested_date=date.fromisoformat(requested) if requested else None,
        notes=tuple(body.get("notes", ())),
        gift_note=body.get("gift_note", ""),
        total=_decimal(body, "total"),
        charges=_charges_from(body),
        line_taxes=_taxes_from(body),
        tax_included=body.get("tax_included", False),
        **texts,
        **parties,
    )
