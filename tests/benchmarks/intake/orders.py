"""Random orders of a small world, as their buyers would write them: every value, and the text that stands for it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Self

WORLD = Path(__file__).parent / "layouts/world.toml"
_CENT = Decimal("0.01")
_FIRST_DAY = date(2026, 1, 5)
_RATES = {"GB": Decimal(20), "DE": Decimal(19), "CH": Decimal("8.1"), "CN": Decimal(13)}
_QUANTITIES = (1, 2, 3, 5, 6, 8, 10, 12, 15, 20, 24, 36, 40, 50, 75, 100, 144, 150, 200, 250, 500, 1000, 1200, 2500)
#: how a buyer numbers its orders, by its code
_REFERENCES = {
    "HOLT": "HF{:06d}", "CASTLE": "CCC/26/{:05d}", "RHEIN": "46000{:05d}", "STADT": "2026-{:05d}-B",
    "ALPEN": "BE{:07d}", "NANHE": "NH-CG{:08d}", "BINHAI": "4500{:06d}",
}  # fmt: skip
_UNITS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {"PCE": ("pcs", "EA", "each"), "BX": ("box", "BX"), "ROL": ("roll", "rolls"), "PK": ("pack", "PK"),
           "LTR": ("l", "ltr"), "KGM": ("kg", "KG"), "MTR": ("m", "metres"), "PR": ("pair", "PR")},
    "de": {"PCE": ("Stk.", "ST", "Stück"), "BX": ("Box", "Schachtel"), "ROL": ("Rolle", "RL"), "PK": ("Pack", "Pkg."),
           "LTR": ("l", "Liter"), "KGM": ("kg", "KG"), "MTR": ("m", "lfm"), "PR": ("Paar", "PR")},
    "zh": {"PCE": ("个", "件", "只"), "BX": ("盒",), "ROL": ("卷",), "PK": ("包",), "LTR": ("升",),
           "KGM": ("公斤", "千克"), "MTR": ("米",), "PR": ("双",)},
}  # fmt: skip
_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember")  # fmt: skip


class Value(str):
    """A value as it is meant; ``shown`` is the text that stands for it."""

    __slots__ = ("shown",)
    shown: str

    def __new__(cls, meant: object, shown: str = "") -> Self:
        """Take a value, and the text where that is another."""
        made = super().__new__(cls, str(meant))
        made.shown = shown or str(meant)
        return made


@dataclass(slots=True)
class Drawn:
    """One order: by path its values, those of its lines by name, and the parties as they stand on the paper."""

    language: str
    buyer: Mapping[str, Any]
    ship_to: Mapping[str, Any]
    head: dict[str, Value]
    lines: list[dict[str, Value]] = field(default_factory=list)
    rate: Decimal = Decimal(0)


@lru_cache(maxsize=1)
def world() -> Mapping[str, Any]:
    """Return the master data that the orders are of."""
    return tomllib.loads(WORLD.read_text(encoding="utf-8"))


class Style(NamedTuple):
    """What a program prints in a way of its own, where that is not left to chance.

    ``days`` are forms of ``strftime`` by language, ``currencies`` signs or names by code, ``places`` the decimal places
    of a quantity.
    """

    days: Mapping[str, str] = {}
    currencies: Mapping[str, str] = {}
    places: int = 0


PLAIN = Style()


def order(
    chance: Random,
    language: str,
    *,
    lines: tuple[int, int],
    per: int = 1,
    discounts: bool = False,
    style: Style = PLAIN,
) -> Drawn:
    """Return an order of so many lines; small prices are told for *per* units, and some lines have a discount."""
    buyer = chance.choice([one for one in world()["partners"] if one["language"] == language])
    text = _Texts(chance, language, style.days.get(language, ""), swiss=buyer["country"] == "CH")
    ordered = _FIRST_DAY + timedelta(days=chance.randrange(330))
    head = {
        "buyer_reference": Value(_REFERENCES[buyer["code"]].format(chance.randrange(10**5))),
        "document_date": text.day(ordered),
        "requested_date": text.day(ordered + timedelta(days=chance.randrange(4, 60))),
        "currency": Value(buyer["currency"], style.currencies.get(buyer["currency"], "")),
        "account": Value(buyer["account"]),
        "buyer.name": Value(buyer["name"]),
    }
    made = Drawn(language, buyer, chance.choice(buyer["addresses"]), head, rate=_RATES[buyer["country"]])
    head["ship_to.name"] = Value(made.ship_to["name"])
    prices = {one["sku"]: Decimal(one["amount"]) for one in world()["prices"] if one["currency"] == buyer["currency"]}
    step, count = chance.choice((1, 10)), chance.randint(*lines)
    items = [chance.choice(world()["items"]) for _ in range(count)] if count > len(prices) else None
    for number, item in enumerate(items or chance.sample(world()["items"], count), 1):
        basis = per if prices[item["sku"]] < 2 else 1
        price = (prices[item["sku"]] * basis * chance.choice((1, 1, 1, Decimal("1.02")))).quantize(_CENT, ROUND_HALF_UP)
        off = chance.choice((0, 0, 3, 5, 10)) if discounts else 0
        quantity = Decimal(chance.choice(_QUANTITIES)) * (100 if basis > 1 else 1)
        amount = (quantity * price / basis * (100 - off) / 100).quantize(_CENT, ROUND_HALF_UP)
        described = item["description"] if language == "en" else item["descriptions"][language]
        made.lines.append(
            {
                "number": Value(number * step),
                "sku": Value(item["sku"]),
                "gtin": Value(item["gtin"]),
                "description": Value(described),
                "quantity": text.quantity(quantity, style.places),
                "unit": Value(item["unit"], text.unit(item["unit"])),
                "price": text.money(price),
                "price_basis": text.quantity(Decimal(basis)),
                "discount": Value(off, f"{off} %" if off else "-"),
                "amount": text.money(amount),
                "requested_date": text.day(ordered + timedelta(days=chance.randrange(4, 60))),
            }
        )
    net = sum((Decimal(line["amount"]) for line in made.lines), Decimal(0))
    tax = (net * made.rate / 100).quantize(_CENT, ROUND_HALF_UP)
    head |= {"net_total": text.money(net), "tax_total": text.money(tax), "total": text.money(net + tax)}
    return made


class _Texts:
    """How one buyer writes days, numbers and units; each does it in one way throughout a document."""

    def __init__(self, chance: Random, language: str, form: str = "", *, swiss: bool) -> None:
        self._language, self._form = language, form
        self._thousands, self._point = {"de": (".", ","), "en": (",", "."), "zh": (chance.choice((",", "")), ".")}[
            language
        ]
        if swiss:
            self._thousands, self._point = "'", "."
        self._day = chance.randrange(4)
        self._units = chance.randrange(3)

    def money(self, amount: Decimal) -> Self:
        return Value(amount, self._told(f"{amount:,.2f}"))

    def quantity(self, quantity: Decimal, places: int = 0) -> Self:
        return Value(quantity, self._told(f"{quantity:,.{places}f}"))

    def unit(self, code: str) -> str:
        said = _UNITS[self._language][code]
        return said[self._units % len(said)]

    def day(self, day: date) -> Self:
        month = _MONTHS[day.month - 1]
        shown = {
            "en": (day.strftime("%d %B %Y"), day.strftime("%d-%b-%Y"), day.strftime("%b %d, %Y"), day.isoformat()),
            "de": (day.strftime("%d.%m.%Y"), day.strftime("%d.%m.%y"), f"{day.day}. {month} {day.year}",
                   day.strftime("%d.%m.%Y")),
            "zh": (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), day.strftime("%Y/%m/%d"),
                   day.strftime("%Y.%m.%d")),
        }[self._language]  # fmt: skip
        return Value(day.isoformat(), day.strftime(self._form) if self._form else shown[self._day])

    def _told(self, plain: str) -> str:
        return plain.replace(",", "\0").replace(".", self._point).replace("\0", self._thousands)
