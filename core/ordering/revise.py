"""What an order says after a change of it: pure, from the present revision and the change to the next revision.

What a change says replaces what stood there, what it does not say stays (ORDCHG); a replacement says everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson

from core.documents import ChangedLine, ChangeFunction, LineAction, Order, OrderChange, OrderLine, Party
from core.errors import Conflict
from core.ordering.canonical import to_json
from core.values import text

_ZERO: Final = Decimal(0)
#: header fields that a change may say, parties aside
_HEADER: Final = (
    "requested_date", "currency", "contract", "payment_method", "payment_terms", "transport_mode", "delivery_terms",
    "notes", "gift_note", "response_wanted",
)  # fmt: skip
_PARTIES: Final = ("buyer", "supplier", "ship_to", "invoicee")
_CODES: Final = ("gtin", "buyer_code", "supplier_code")


class Difference(NamedTuple):
    """One value of an order that a change altered, by its field path (``lines.3.quantity``); None is not there."""

    field: str
    before: str | None
    after: str | None


def revise(order: Order, change: OrderChange) -> Order:
    """Return *order* as it is after *change*, without lines where nothing is left of it.

    Raises:
        Conflict: the change does not fit the order: it adds a line that is there, names one that is not, or
            contradicts itself.
    """
    if change.function is ChangeFunction.CANCEL:
        return replace(order, lines=())
    whole = change.function is ChangeFunction.REPLACE
    said: dict[str, Any] = {name: getattr(change, name) for name in _HEADER if whole or getattr(change, name)}
    for name in _PARTIES:
        party: Party | None = getattr(change, name)
        if party is not None:
            said[name] = _completed(party, getattr(order, name))
    lines = tuple(_replacing(change) if whole else _changed_lines(order, change))
    there = {0, *(line.line for line in lines)}
    for name in ("charges", "line_taxes"):  # those of a line that is gone are gone with it
        told = getattr(change, name)
        stands = () if whole else getattr(order, name)
        said[name] = tuple(one for one in (stands if told is None else told) if one.line in there)
    return replace(order, lines=lines, total=change.total, **said)


def _changed_lines(order: Order, change: OrderChange) -> Iterator[OrderLine]:
    lines = {line.line: line for line in order.lines}
    for asked in change.lines:
        stands = lines.get(asked.line)
        if asked.action is LineAction.ADD:
            if stands is not None:
                raise Conflict(f"line {asked.line} cannot be added: the order has it already")
            lines[asked.line] = _added(asked)
        elif stands is None:
            raise Conflict(f"line {asked.line} is not in the order")
        elif asked.action is LineAction.DELETE or asked.quantity == _ZERO:
            del lines[asked.line]
        elif asked.action is LineAction.CHANGE:
            lines[asked.line] = _changed(stands, asked)
    yield from lines.values()


def _replacing(change: OrderChange) -> Iterator[OrderLine]:
    return (_added(asked) for asked in change.lines if asked.action is not LineAction.DELETE)


def _added(asked: ChangedLine) -> OrderLine:
    quantity = _quantity(asked)
    if not quantity:
        raise Conflict(f"line {asked.line} cannot be added: it has no quantity")
    return OrderLine(
        asked.line, quantity, asked.gtin, asked.buyer_code, asked.supplier_code, asked.description, asked.unit,
        asked.price, asked.price_basis, asked.amount, _day(asked), asked.note,
    )  # fmt: skip


def _changed(stands: OrderLine, asked: ChangedLine) -> OrderLine:
    """Return the line as it is asked for; another item brings its own codes, and no price but the one that is said."""
    line = stands
    if any(getattr(asked, name) and getattr(line, name) not in ("", getattr(asked, name)) for name in _CODES):
        line = line._replace(
            gtin="", buyer_code="", supplier_code="", description="", price=None, price_basis=Decimal(1), amount=None
        )
    said: dict[str, Any] = {
        name: value for name in (*_CODES, "description", "unit", "note") if (value := getattr(asked, name))
    }
    if (quantity := _quantity(asked)) is not None:
        said["quantity"] = quantity
    if asked.price is not None:
        said |= {"price": asked.price, "price_basis": asked.price_basis}
    if asked.amount is not None or "quantity" in said or "price" in said:
        said["amount"] = asked.amount
    if (day := _day(asked)) is not None:
        said["requested_date"] = day
    return line._replace(**said)


def _quantity(asked: ChangedLine) -> Decimal | None:
    """Return the quantity of a line, which its schedule may say: who takes an offered schedule repeats it."""
    if not asked.schedule:
        return asked.quantity
    parts = sum((part.quantity for part in asked.schedule), _ZERO)
    if asked.quantity is not None and asked.quantity != parts:
        raise Conflict(
            f"the schedule of line {asked.line} adds up to {text(parts)}, its quantity is {text(asked.quantity)}"
        )
    return parts


def _day(asked: ChangedLine) -> date | None:
    """Return the day that a line is wanted by: its own, else the last one of its schedule."""
    days = [part.day for part in asked.schedule if part.day is not None]
    return asked.requested_date or max(days, default=None)


def _completed(party: Party, stands: Party | None) -> Party:
    """Return *party* with what was said of the same one before: a change often names it by its number alone."""
    if stands is None or not (party.gln or party.code) or (party.gln, party.code) != (stands.gln, stands.code):
        return party
    return Party(*[new or old for new, old in zip(party, stands, strict=True)])


def differences(before: Order, after: Order) -> list[Difference]:
    """Return every value that differs, by field path: those of the header first, then line by line."""
    old, new = _flat(before), _flat(after)
    return [
        Difference(field, old.get(field), new.get(field))
        for field in sorted(dict.fromkeys([*old, *new]), key=lambda field: field.startswith("lines."))
        if old.get(field) != new.get(field)
    ]


def _flat(order: Order) -> dict[str, str]:
    body: dict[str, Any] = orjson.loads(to_json(order))
    lines, notes = body.pop("lines"), body.pop("notes", ())
    listed = {name: body.pop(name, ()) for name in ("charges", "line_taxes")}
    found: dict[str, str] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            found |= {f"{name}.{part}": str(said) for part, said in value.items()}
        else:
            found[name] = str(value)
    found |= {f"notes.{place}": note for place, note in enumerate(notes, 1)}
    for name, members in listed.items():
        for place, member in enumerate(members, 1):
            found |= {f"{name}.{place}.{part}": str(said) for part, said in member.items() if part != "source"}
    for line in lines:
        found |= {f"lines.{line['line']}.{name}": str(said) for name, said in line.items() if name != "line"}
    return found


def asked_json(change: OrderChange) -> dict[str, Any]:
    """Return *change* as JSON-ready data without what it does not say; the same content always gives the same."""
    plain = _plain(change)
    assert isinstance(plain, dict)
    return plain


def asked_hash(asked: dict[str, Any]) -> bytes:
    """Return the SHA-256 that tells a repeated change from a number used twice."""
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _said({one.name: getattr(value, one.name) for one in fields(value)})
    if isinstance(value, tuple):
        return _said(value._asdict()) if hasattr(value, "_asdict") else [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return text(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items() if value is not None and value not in ("", ())}
