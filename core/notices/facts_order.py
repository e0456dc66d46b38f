"""The facts of one order as notices and documents tell them (CNF-04), JSON-ready.

Decimals are text as the API writes them, days ISO 8601. A confirmation is made of the same
:class:`~core.documents.OrderResponse` that ORDRSP is written from, so that both always say the same of a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import orjson

from core.clock import iso
from core.documents import Order, OrderLine, OrderResponse, Party, ResponseLine
from core.messaging.charges import ToldSums, amount_of, told_sums
from core.messaging.replies import OrderResponses
from core.messaging.terms import agreements_of, payment_of
from core.ordering.canonical import AskedTerms, from_json
from core.partners.model import Company, Partner
from core.review.credit import CreditRules
from core.store import enclosures
from core.store import events as event_rows
from core.store import orders as order_rows
from core.store.descriptions import descriptions_of
from core.store.engine import Tx
from core.store.outbox import Unrendered
from core.values import PRICE_SCALE, money_text, text

Facts = dict[str, Any]

#: levels of a price that were agreed with this buyer, or are for a time only
_AGREED_LEVELS: Final = frozenset({"customer", "promotion"})
#: answers (1225) that promise something
_SERVES: Final = frozenset({"29", "4"})
_NOTHING: Final = Decimal(0)


def order_facts(order: Mapping[str, Any], *, company: Company, partner: Partner) -> Facts:
    """Return ``order``, ``partner`` and ``company``: what every notice on an order may name.

    Args:
        order: its row, as ``core.store.orders`` reads it.
        company: ourselves.
        partner: whose order it is.
    """
    return {
        "order": {
            "number": order["number"],
            "buyer_reference": order["buyer_reference"],
            "revision": order["revision"],
            "channel": order["channel"],
            "type": order["type"],
            "state": order["state"],
            "test": bool(order["test"]),
            "received_at": iso(order["received_at"]),
            "currency": order["currency"],
            "total": money_text(order["total"]),
            "requested_date": _day(order["requested_date"]),
            "promised_date": _day(order["promised_date"]),
        },
        "partner": partner_facts(partner),
        "company": company_facts(company),
    }


def partner_facts(partner: Partner) -> Facts:
    """Return what every notice to *partner* may name of it."""
    return {
        "code": partner.code,
        "name": partner.name,
        "account": partner.account,
        "language": partner.language,
        "contact": partner.contact,
        "vip": partner.vip,
        "group": partner.group,
    }


def company_facts(company: Company) -> Facts:
    """Return what every notice may name of ourselves."""
    return {
        "name": company.name,
        "tax_id": company.tax_id,
        "bank_account": company.bank_account,
        "timezone": company.timezone,
        "address": party_facts(company.party),
    }


def confirmation_facts(
    tx: Tx,
    order: Mapping[str, Any],
    said: Mapping[str, Any],
    *,
    company: Company,
    partner: Partner,
    rules: CreditRules,
    at: datetime,
) -> Facts:
    """Return the facts of the answer *said* to an order: those of :func:`order_facts`, lines, terms, agreements, notes.

    Args:
        tx: the transaction that reads the revision which *said* names.
        order: the order's row.
        said: the payload of an ORDRSP, see :func:`core.messaging.replies.order_response`.
        company: ourselves.
        partner: whose order it is.
        rules: what payment terms follow from where none are agreed.
        at: when it is answered.

    Raises:
        NotFound: there is no such revision.
    """
    row = Unrendered(0, partner.id, "ORDRSP", None, None, order["id"], orjson.dumps(said).decode(), order["test"])
    response = OrderResponses(tx, [row], company=company, partner=partner, rules=rules, at=at)[0]
    asked = from_json(order_rows.document_of(tx, order["id"], said["revision"]))
    facts = order_facts(order, company=company, partner=partner)
    facts |= response_facts(response, asked)
    named = descriptions_of(tx, {line["sku"] for line in facts["lines"] if line["sku"]})
    for line in facts["lines"]:
        line["descriptions"] = named.get(line["sku"], {})
    facts["ship_to"] = _completed(facts["ship_to"], partner)
    facts["order"] |= {
        "revision": said["revision"],
        **_totals(response, facts),
        "promised_date": _day(response.promised_date),
        "order_date": _day(response.order_date),
    }
    facts["payment"] = payment_facts(asked, partner, rules)
    facts["agreements"] = [*agreements(asked, partner), *_agreed_prices(tx, order["id"], facts["lines"])]
    facts["notes"] = list(said.get("notes", ()))
    facts["attachments"] = [
        {name: file[name] for name in ("name", "media_type", "size", "sha256")}
        for file in enclosures.attachments_of(tx, order["id"], said["revision"])
    ]
    return facts


def response_facts(response: OrderResponse, asked: Order) -> Facts:
    """Return ``answer``, ``lines``, ``charges``, ``taxes`` and parties of *response* to the order *asked*."""
    ordered = {line.line: line for line in asked.lines}
    lines = [_line(line, ordered.get(line.line)) for line in response.lines]
    return {
        "answer": {
            "function": response.function,
            "answered_at": None if response.answered_at is None else iso(response.answered_at),
            "change_reference": response.change_reference,
            "reasons": list(response.reasons),
            "differs": response.function != "29" or any(line["differs"] for line in lines),
        },
        "lines": lines,
        **_sums(response, asked),
        "buyer": None if response.buyer is None else party_facts(response.buyer),
        "ship_to": None if response.ship_to is None else party_facts(response.ship_to),
    }


def _sums(response: OrderResponse, asked: Order) -> Facts:
    """Return ``charges`` (an allowance is below 0) and ``taxes``, by what the answer serves."""
    answered = response.function in _SERVES
    sums = told_sums(asked.charges, asked.line_taxes, response.lines) if answered else ToldSums((), {}, ())
    return {
        "charges": [
            {
                "kind": one.kind,
                "line": one.line or None,
                "label": one.label,
                "reference": one.reference,
                "amount": money_text(one.amount),
                "tax_rate": None if one.tax_rate is None else text(one.tax_rate),
            }
            for one in sums.charges
        ],
        "taxes": [
            {"rate": text(rate or _NOTHING), "base": money_text(base or _NOTHING), "tax": money_text(tax or _NOTHING)}
            for rate, base, tax, _ in sums.taxes
        ],
    }


def _totals(response: OrderResponse, facts: Facts) -> Facts:
    """Return ``total`` without tax, of that the ``goods`` alone, and ``gross`` with the taxes where they are told."""
    total = response.total
    if total is None:
        return {"total": None, "goods": None, "gross": None}
    above = sum((Decimal(one["amount"]) for one in facts["charges"]), _NOTHING)
    taxes = sum((Decimal(one["tax"]) for one in facts["taxes"]), _NOTHING)
    return {
        "total": money_text(total),
        "goods": money_text(total - above),
        "gross": money_text(total + taxes) if facts["taxes"] else None,
    }


def payment_facts(asked: Order, partner: Partner, rules: CreditRules) -> Facts:
    """Return the payment terms: days from the invoice, whether payment comes first, how it is paid, and their words."""
    return payment_of(_asked(asked), partner, rules)._asdict()


def agreements(asked: Order, partner: Partner) -> list[Facts]:
    """Return what was specially agreed: ``kind`` and ``value``, ``line`` where it is about one."""
    found = agreements_of(_asked(asked), partner)
    return [{"kind": kind, "value": value, "line": None} for kind, value in found.items()]


def _asked(order: Order) -> AskedTerms:
    return AskedTerms(*[getattr(order, name) for name in AskedTerms._fields])


def party_facts(party: Party) -> Facts:
    """Return a party by its fields, empty ones included, so that no template meets an unknown name."""
    return dict(party._asdict())


def _completed(ship_to: Facts | None, partner: Partner) -> Facts | None:
    """Return where the goods go, with the address on record where the order names its GLN alone."""
    if ship_to is None or ship_to["name"] or ship_to["street"]:
        return ship_to
    known = partner.address("DP", ship_to["gln"])
    return ship_to if known is None else {**party_facts(known), "role": ship_to["role"]}


def _line(line: ResponseLine, asked: OrderLine | None) -> Facts:
    price, amount = line.price, amount_of(line)
    return {
        "line": line.line,
        "answer": line.answer.value,
        "sku": line.sku,
        "gtin": line.gtin,
        "buyer_code": line.buyer_code,
        "description": line.description,
        "descriptions": {},
        "unit": line.unit,
        "quantity": text(line.quantity),
        "ordered": text(line.ordered),
        "backordered": None if line.backordered is None else text(line.backordered),
        "price": None if price is None else text(price),
        "asked_price": None if asked is None or asked.price is None else _unit_price(asked.price / asked.price_basis),
        "amount": None if amount is None else money_text(amount),
        "promised_date": _day(line.promised_date),
        "requested_date": None if asked is None else _day(asked.requested_date),
        "schedule": [{"quantity": text(part.quantity), "day": _day(part.day)} for part in line.schedule],
        "note": line.note,
        "differs": _differs(line, asked),
    }


def _differs(line: ResponseLine, asked: OrderLine | None) -> list[str]:
    """Return in what a line is answered otherwise than it was asked for: quantity, price, date."""
    found = []
    if line.quantity != line.ordered:
        found.append("quantity")
    if asked is not None and line.quantity:
        if None not in (line.price, asked.price) and not _same_price(line, asked):
            found.append("price")
        last = max((part.day for part in line.schedule if part.day), default=line.promised_date)
        if asked.requested_date is not None and last is not None and last > asked.requested_date:
            found.append("date")
    return found


def _unit_price(price: Decimal) -> str:
    return text(round(price, PRICE_SCALE))


def _same_price(line: ResponseLine, asked: OrderLine) -> bool:
    assert line.price is not None
    assert asked.price is not None
    return line.price * asked.price_basis == asked.price  # ours are always for one


def _agreed_prices(tx: Tx, order_id: int, lines: Sequence[Facts]) -> list[Facts]:
    """Return the lines whose price is a customer's own or a promotion's, as the last review of each saw it."""
    levels: dict[int, str] = {}
    for event in event_rows.of_order(tx, order_id):
        if event["event"] != "order.checked":
            continue
        for check in orjson.loads(event["inputs"])["checks"]:
            if check["group"] == "price":
                levels |= {number: level for number, _, _, level in check["evidence"].get("lines", ())}
    return [
        {"kind": f"price.{levels[line['line']]}", "value": line["price"], "line": line["line"]}
        for line in lines
        if Decimal(line["quantity"]) and line["price"] is not None and levels.get(line["line"]) in _AGREED_LEVELS
    ]


def _day(value: Any) -> str | None:
    """Return a day, or the day of an instant, as ISO text."""
    if value is None:
        return None
    return (value.date() if isinstance(value, datetime) else value).isoformat()
