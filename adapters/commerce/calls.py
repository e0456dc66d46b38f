"""Calls to a platform's API, written without losing a digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from adapters.commerce.json_body import parse
from adapters.commerce.reading import Node
from core.errors import ValueRefused
from core.storefront import ShopCall
from core.values import text

_JSON = (("Content-Type", "application/json"),)


def path_of(template: str, /, **parts: str) -> str:
    """Return *template* with its {names} filled; nothing that a shop sent can leave its place in the path."""
    return template.format(**{name: quote(part, safe="") for name, part in parts.items()})


def get(path: str, query: Mapping[str, str] | None = None) -> ShopCall:
    """Return a call that reads."""
    return ShopCall("GET", f"{path}?{urlencode(query)}" if query else path)


def send(method: str, path: str, content: Mapping[str, Any], *headers: tuple[str, str]) -> ShopCall:
    """Return a call that writes *content* as JSON."""
    return ShopCall(method, path, json.dumps(content, ensure_ascii=False, default=_plain).encode(), _JSON + headers)


def whole(quantity: Decimal) -> int | Decimal:
    """Return a quantity as the platforms count: a whole number where it is one."""
    return int(quantity) if quantity == quantity.to_integral_value() else quantity


def number_or_text(sent: str) -> int | str:
    """Return an id as JSON has it on platforms that count: a number where it is all digits."""
    return int(sent) if sent.isascii() and sent.isdigit() else sent


def answer_of(answer: bytes) -> Node:
    """Return what a platform answered.

    Raises:
        ValueRefused: it is not JSON.
    """
    value, violation = parse(answer)
    if violation is not None:
        raise ValueRefused(f"the shop's answer cannot be read: {violation.message}")
    return Node(value, [])


def _plain(value: object) -> float | str:
    """Write a decimal as a JSON number where a float says exactly the same, else as a text."""
    assert isinstance(value, Decimal), value
    plain = text(value)
    return float(plain) if text(Decimal(repr(float(plain)))) == plain else plain
