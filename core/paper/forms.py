"""From verdicts to an order, or to the form of a draft with the origin of each of its fields (INT-24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from core.documents import Order, OrderLine, Party
from core.entry.forms import Form, Origins, fields_of, filled
from core.errors import ValueOutOfRange
from core.paper.evidence import Accepted, Doubtful, Judgement
from core.paper.sums import number_of, widened
from core.reading import Candidate, Extracted, Spot
from core.values import PRICE_SCALE, text, to_scaled

#: fields of a form that stand outside of parties and lines
_HEAD: Final = ("buyer_reference", "currency", "requested_date")
#: of a party, and where what was read as one text goes
_SHIP_TO: Final = {
    "name": "name", "gln": "gln", "street": "street", "address": "street", "city": "city", "region": "region",
    "postal_code": "postal_code", "country": "country",
}  # fmt: skip
_LINE: Final = ("quantity", "unit", "price", "description")
#: what names an item, as the form has it
_CODES: Final = ("sku", "gtin", "buyer_code")
#: more candidates are not told
_MOST: Final = 5


def order_of(verdict: Judgement, found: Extracted) -> Order:
    """Return the order that a document says by its likeliest readings; those of one that is certain are all accepted.

    Raises:
        ValueError: a value is not what its field takes; no accepted one is.
    """
    values = verdict.values()
    ship_to = {_SHIP_TO[name]: value for name in _SHIP_TO if (value := values.get(f"ship_to.{name}"))}
    ordered = values.get("document_date")
    return Order(
        buyer_reference=values.get("buyer_reference", ""),
        document_date=datetime.combine(date.fromisoformat(ordered), datetime.min.time(), UTC) if ordered else None,
        requested_date=date.fromisoformat(values["requested_date"]) if values.get("requested_date") else None,
        currency=values.get("currency", ""),
        ship_to=Party(role="DP", **ship_to) if ship_to else None,
        lines=tuple(_line(number, values, found) for number in range(1, found.lines + 1)),
    )


def _line(number: int, values: Mapping[str, str], found: Extracted) -> OrderLine:
    def said(name: str) -> str:
        return values.get(f"lines.{number}.{name}", "")

    price = said("price")
    return OrderLine(
        line=number,
        quantity=Decimal(said("quantity") or "0"),
        supplier_code=said("sku"),
        description=said("description"),
        unit=said("unit"),
        price=unit_price(found, number, price) if price else None,
        amount=number_of(said("amount")),
        requested_date=date.fromisoformat(said("requested_date")) if said("requested_date") else None,
    )


def unit_price(found: Extracted, line: int, price: str) -> Decimal | None:
    """Return the price of one unit, its discount taken off, where a document prices several at once (per 100).

    None where it has no end.
    """
    off = found.fields.get(f"lines.{line}.discount")
    basis = number_of(found.best(f"lines.{line}.price_basis")) or Decimal(1)
    basis *= widened({"discount": off} if off else {})
    value = Decimal(price) / basis
    try:
        to_scaled(value, PRICE_SCALE)
    except ValueOutOfRange:
        return None
    return value


def form_of(verdict: Judgement, found: Extracted, place: str) -> tuple[Form, Origins]:
    """Return the form of a draft, filled in with the likeliest readings, and where each was read.

    *place* names the part that was read. A field that is doubtful names its doubt and every way to read it.
    """
    filling = _Filling(verdict, found, place)
    filling.name_customer()
    for name in _HEAD:
        filling.put((name,), name)
    for read, name in _SHIP_TO.items():
        filling.put(("ship_to", name), f"ship_to.{read}")
    lines = [filling.line(number) for number in range(1, found.lines + 1)]
    form = filled({**filling.form, "lines": lines})
    return form, {path: filling.origins[path] for path in fields_of(form) if path in filling.origins}


class _Filling:
    """A form that is being filled in."""

    def __init__(self, verdict: Judgement, found: Extracted, place: str) -> None:
        self._verdict, self._found, self._place = verdict, found, place
        self.form: Form = {}
        self.origins: Origins = {}

    def name_customer(self) -> None:
        """Say who orders: by our code where that is certain, else by the name that stands there.

        A customer's own key sees the drafts of its code.
        """
        if one := self._verdict.accepted.get("partner"):
            self.form["partner"] = one.value
            self.origins["partner"] = origin_of(one, self._place)
        elif name := self._found.best("buyer.name"):
            self.form["buyer"] = {"name": name}
            self.origins["buyer.name"] = self._read("buyer.name")

    def put(self, to: tuple[str, ...], path: str) -> None:
        """Fill a field in with the likeliest value of *path*, unless it is filled in."""
        one = self._verdict.accepted.get(path) or self._verdict.doubtful.get(path)
        target = self.form
        for step in to[:-1]:
            target = target.setdefault(step, {})
        value = "" if one is None else one.value if isinstance(one, Accepted) else _first(one)
        if one is not None and value and to[-1] not in target:
            target[to[-1]] = value
            self.origins[".".join(to)] = origin_of(one, self._place)

    def line(self, number: int) -> dict[str, Any]:
        """Return a line."""
        prefix = f"lines.{number}."
        code = _code_of(self._verdict, self._found, number)
        self.put(("lines", str(number), code), f"{prefix}sku")
        for name in _LINE:
            self.put(("lines", str(number), name), prefix + name)
        line: dict[str, Any] = self.form.setdefault("lines", {}).pop(str(number), {})
        if line.get("price"):
            price = unit_price(self._found, number, line["price"])
            line["price"] = "" if price is None else text(price)
        if "description" not in line and (said := self._found.best(f"{prefix}description")):
            line["description"] = said
            self.origins[f"{prefix}description"] = self._read(f"{prefix}description")
        return line

    def _read(self, path: str) -> dict[str, Any]:
        one = self._found.fields[path][0]
        return _at(one, self._place)


def _code_of(verdict: Judgement, found: Extracted, line: int) -> str:
    """Return which code of a line the form takes: ours where the item is known, else the one that was read."""
    prefix = f"lines.{line}."
    if f"{prefix}sku" in verdict.accepted:
        return "sku"
    return next((name for name in _CODES if found.best(prefix + name)), "sku")


def origin_of(one: Accepted | Doubtful, place: str) -> dict[str, Any]:
    """Return what is said of a field that was read: where, how surely, and what speaks for it or against."""
    if isinstance(one, Accepted):
        evidence = list(one.evidence)
        return _place(one.text, one.spot, one.confidence, one.found_by, place) | {"evidence": evidence}
    first = _at(one.candidates[0], place) if one.candidates else {"origin": "read", "part": place}
    told = [
        {"value": each.value, **_spot(each.spot and each.spot._replace(crop="")), "text": each.text}
        for each in one.candidates[:_MOST]
    ]
    return {**first, "doubt": one.reason, "candidates": told}


def _at(one: Candidate, place: str) -> dict[str, Any]:
    return _place(one.text, one.spot, one.confidence, one.reason, place)


def _place(words: str, spot: Spot | None, confidence: float, found_by: str, place: str) -> dict[str, Any]:
    told = {"origin": "read", "part": place, "text": words, "confidence": round(confidence, 4), "found_by": found_by}
    return told | _spot(spot)


def _spot(spot: Spot | None) -> dict[str, Any]:
    if spot is None:
        return {}
    told: dict[str, Any] = {"page": spot.page, "box": [round(number, 2) for number in spot.box]}
    return {**told, "crop": spot.crop} if spot.crop else told


def _first(one: Doubtful) -> str:
    return one.candidates[0].value if one.candidates else ""
