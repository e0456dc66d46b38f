"""What a generated document says, field by field, and what a gateway of its world would know of the customer."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from core.documents import Party
from core.hints import Names
from core.paper.known import Known, KnownItem, Memory
from core.paper.reference import form_of
from core.reading import Box

_FIELDS = {
    "po_number": "buyer_reference",
    "order_date": "document_date",
    "delivery_date": "requested_date",
    "currency": "currency",
    "buyer_account": "account",
    "buyer_gln": "buyer_gln",
    "buyer_name": "buyer.name",
    "subtotal": "net_total",
    "tax": "tax_total",
    "total": "total",
}
_OF_LINES = {
    "line_no": "number",
    "item_code": "sku",
    "gtin": "gtin",
    "description": "description",
    "qty": "quantity",
    "unit": "unit",
    "unit_price": "price",
    "amount": "amount",
}


class Expected(NamedTuple):
    """One value that stands in a document, in what words, and where: in points of its page, counted from 1."""

    value: str
    page: int
    box: Box | None
    text: str = ""


class Truth(NamedTuple):
    """All values of a document: of its head by path, of each line by name; and the lines of its ship-to, name first."""

    name: str
    account: str
    head: Mapping[str, Expected]
    lines: tuple[Mapping[str, Expected], ...]
    language: str
    ship_to: tuple[str, ...]
    #: the bank details that its customer prints on every order, by their letters and digits
    banks: frozenset[str] = frozenset()
    #: its boxes are where a page that lies askew shows them
    follows: bool = False

    def moved(self, ways: Sequence[Callable[[Box], Box]]) -> Truth:
        """Return the same of pages that were moved, each in its way."""

        def there(one: Expected) -> Expected:
            return one if one.box is None else one._replace(box=ways[one.page - 1](one.box))

        head = {path: there(one) for path, one in self.head.items()}
        lines = tuple({name: there(one) for name, one in line.items()} for line in self.lines)
        return self._replace(head=head, lines=lines, follows=True)


class Asked(NamedTuple):
    """A document as it comes in, what it says, and what is known of its customer."""

    name: str
    content: bytes
    truth: Truth
    known: Known


def truth_of(folder: Path) -> Truth:
    """Read what the generator wrote beside a document."""
    raw = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    head = {_FIELDS[name]: _expected(one) for name, one in raw["fields"].items() if name in _FIELDS}
    if "ship_to" in raw["fields"]:
        head["ship_to.name"] = Expected(raw["fields"]["ship_to"]["value"].split(";")[0], 1, None)
    lines = tuple(
        {_OF_LINES[name]: _expected(one) for name, one in line.items() if name in _OF_LINES} for line in raw["lines"]
    )
    address = tuple(raw["fields"]["ship_to"]["value"].split("; ")) if "ship_to" in raw["fields"] else ()
    return Truth(folder.name, raw["partner"]["account"], head, lines, raw["lang"], address)


def _expected(one: Mapping[str, Any]) -> Expected:
    return Expected(
        str(one["value"]), one["page"] + 1, Box(*one["box"]) if one.get("box") else None, one.get("text", "")
    )


def known_partners(master: Path, earlier: Iterable[Truth]) -> dict[str, Known]:
    """Return what is known of each partner by account: the master data, and the numbers of its *earlier* orders."""
    world = tomllib.loads(master.read_text(encoding="utf-8"))
    forms: dict[str, set[str]] = {}
    for one in earlier:
        forms.setdefault(one.account, set()).add(form_of(one.head["buyer_reference"].value))
    prices = {(one["sku"], one["currency"]): Decimal(one["amount"]) for one in world["prices"]}
    return {
        partner["account"]: Known(
            partner=partner["code"],
            currency=partner["currency"],
            named_by=frozenset({"account", "sender"}),
            addresses=tuple(Party(**one) for one in partner["addresses"]),
            names=Names(partner["account"], partner["gln"], partner["tax_id"], partner["name"]),
            items={one["sku"]: _item(one, prices[one["sku"], partner["currency"]], partner) for one in world["items"]},
            by_gtin={one["gtin"]: one["sku"] for one in world["items"]},
            memory=Memory(references=frozenset(forms.get(partner["account"], ()))),
        )
        for partner in world["partners"]
    }


def _item(one: Mapping[str, Any], price: Decimal, partner: Mapping[str, Any]) -> KnownItem:
    described = (one["description"], *one["descriptions"].values())
    tolerance = price * Decimal(partner["tolerances"]["price_percent"]) / 100
    return KnownItem(one["sku"], one["gtin"], one["unit"], described, price, tolerance)
