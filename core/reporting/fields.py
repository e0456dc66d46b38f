"""The value of a field path in a stored order, and the rule of a value that no document said.

Field paths are ``buyer_reference``, ``ship_to.city``, ``notes.1``, ``lines.3.quantity``: the number of a line is the
buyer's own.
"""

from __future__ import annotations

from typing import Any

import orjson

from core.errors import NotFound
from core.store import orders as order_rows
from core.store.engine import Tx
from core.values import money_text, text


def sent_value(canonical: str, field: str) -> str | None:
    """Return the text of *field* in the canonical order as received, None when it was not sent."""
    value: Any = orjson.loads(canonical)
    path = field.split(".")
    if path[0] == "lines" and len(path) > 1:
        value = next((line for line in value["lines"] if str(line["line"]) == path[1]), None)
        path = path[2:]
    for name in path:
        if isinstance(value, list) and name.isdecimal() and 0 < int(name) <= len(value):
            value = value[int(name) - 1]
            continue
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return str(value) if isinstance(value, str | int) else None


def derived_value(tx: Tx, order: dict[str, Any], canonical: str, field: str) -> dict[str, Any]:
    """Return value, rule and inputs of a field that we made ourselves.

    Raises:
        NotFound: no order has such a field.
    """
    path = field.split(".")
    if path[0] == "lines" and len(path) == 3:
        return _line_value(tx, order, path[1], path[2])
    sent = orjson.loads(canonical)
    made: dict[str, tuple[Any, str, dict[str, Any]]] = {
        "number": (order["number"], "ordering.numbering", {"channel": order["channel"]}),
        "channel": (order["channel"], "intake.door", {}),
        "type": (order["type"], "ordering.type", {"code": sent.get("code")}),
        "state": (order["state"], "ordering.states", {}),
        "currency": (order["currency"], "partner.currency", {}),
        "total": (money_text(order["total"]), "ordering.total", {"lines": len(sent["lines"])}),
        "promised_date": (
            _day(order["promised_date"]),
            "availability.promise",
            {"requested": sent.get("requested_date")},
        ),
        "revision": (order["revision"], "ordering.revision", {}),
    }
    if field not in made or made[field][0] is None:
        raise NotFound(f"{order['number']} has no field {field}", hint="Fields: buyer_reference, lines.3.quantity, ...")
    value, rule, inputs = made[field]
    return {"value": str(value), "rule": rule, "inputs": inputs}


def _line_value(tx: Tx, order: dict[str, Any], number: str, name: str) -> dict[str, Any]:
    line = next((row for row in order_rows.lines_of(tx, order["id"]) if str(row["line"]) == number), None)
    rules = {
        "sku": "item.identity",
        "gtin": "item.master",
        "description": "item.master",
        "unit": "item.master",
        "price": "price.best",
        "amount": "price.amount",
        "state": "ordering.states",
        "promised_date": "availability.promise",
        "reserved": "stock.reservation",
    }
    if line is None or name not in rules or line[name] in (None, ""):
        raise NotFound(f"{order['number']} has no field lines.{number}.{name}")
    value = line[name]
    if name in ("price", "reserved"):
        value = text(value)
    elif name == "amount":
        value = money_text(value)
    inputs = {"gtin": line["gtin"], "buyer_code": line["buyer_code"], "sku": line["sku"]}
    return {"value": _day(value) if name == "promised_date" else str(value), "rule": rules[name], "inputs": inputs}


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()
