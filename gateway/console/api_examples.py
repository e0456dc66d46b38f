"""An example of every shape of the API, made of its schema: what a request and an answer look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

#: what a key of that name holds, where its schema allows it
_BY_NAME: Final[Mapping[str, str]] = {
    "sku": "LAMP-001",
    "gtin": "4006381333931",
    "gln": "4012345000009",
    "buyer_code": "NH-4471",
    "buyer_reference": "PO-77120",
    "partner": "NORDHAUS",
    "code": "NORDHAUS",
    "name": "Nordhaus GmbH",
    "description": "Desk lamp, brass",
    "unit": "PCE",
    "currency": "EUR",
    "country": "DE",
    "language": "de",
    "url": "https://shop.example.com/hook",
    "email": "desk@example.com",
    "actor": "kim",
    "reason": "agreed by phone",
    "warehouse": "MAIN",
    "channel": "EC",
    "city": "Kiel",
    "street": "Hafenstraße 12",
    "postal_code": "24103",
    "region": "Schleswig-Holstein",
    "tax_id": "DE136695976",
    "phone": "+49 431 123456",
    "contact": "Kim Larsen",
}
#: else the first of these that the schema allows
_WORDS: Final = (
    "12.50", "2026-EC-000001", "1", "12", "EUR", "DE", "de", "NORDHAUS", "4012345000009", "40123450", "UNOC", "EURUSD",
    "PR-000001", "RMA-2026-000001", "as agreed", "order.confirmed", "order_confirmed", "number", "fv4k2mwh7n",
    "q3Jx9mT0b2Yc8LsVw1ZkR5", "7,30",
)  # fmt: skip
#: how the pattern of a text begins that only leaves signs out
_FREE: Final = "^[^"
_BY_FORMAT: Final[Mapping[str, str]] = {"date-time": "2026-03-02T08:15:00.000000Z", "date": "2026-03-09"}


def example_of(schema: Schema, models: Mapping[str, Schema], name: str = "", within: tuple[str, ...] = ()) -> Any:
    """Return a value that *schema* allows; *models* are what it refers to, *within* those that it stands in."""
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        return None if model in within else example_of(models[model], models, name, (*within, model))
    if told := schema.get("examples") or schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return told[0]
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example_of(next(one for one in options if one.get("type") != "null"), models, name, within)
    return _plain(schema, models, name, within)


def _plain(schema: Schema, models: Mapping[str, Schema], name: str, within: tuple[str, ...]) -> Any:
    match schema.get("type"):
        case "array":
            return [example_of(schema.get("items", {}), models, name, within)] * max(schema.get("minItems", 1), 1)
        case "object":
            return _object(schema, models, within)
        case "string":
            return _text(schema, name)
        case kind:
            return {"integer": _least(schema), "number": 1.5, "boolean": True}.get(str(kind))


def _object(schema: Schema, models: Mapping[str, Schema], within: tuple[str, ...]) -> Any:
    keys = schema.get("properties", {})
    if not keys and isinstance(rest := schema.get("additionalProperties"), Mapping):
        return {_text(schema.get("propertyNames", {}), "code"): example_of(rest, models, "", within)}
    return {name: example_of(part, models, name, within) for name, part in keys.items()}


def _least(schema: Schema) -> int:
    return max(int(schema.get("minimum", 1)), int(schema.get("exclusiveMinimum", 0)) + 1)


def _text(schema: Schema, name: str) -> str:
    if form := _BY_FORMAT.get(str(schema.get("format"))):
        return form
    if name in _BY_NAME and _fits(schema, _BY_NAME[name]):
        return _BY_NAME[name]
    return next((word for word in _WORDS if _allows(schema, word)), "x" * int(schema.get("minLength", 1)))


def _allows(schema: Schema, word: str) -> bool:
    """Tell whether *word* is a good example: free text is told by a word, for a number would mislead."""
    pattern = schema.get("pattern", "")
    is_free = not pattern or pattern.startswith(_FREE)
    return _fits(schema, word) and (not is_free or bool(re.search("[a-z]{3}", word)))


def _fits(schema: Schema, word: str) -> bool:
    long_enough = schema.get("minLength", 0) <= len(word) <= schema.get("maxLength", len(word))
    return long_enough and bool(re.search(schema.get("pattern", ""), word))
