"""Draws orders in layouts of our own, so that anybody can repeat what is measured: `layouts/*.typ`, set by typst.

Eight of the layouts were seen while the reader was written. Eight were drawn when it stood, and measured before any
mending; six more were drawn later, by somebody who had not read it, and so were those of the trade: each after what a
well-known system or trade prints. The blind ones, after other such forms, are of another who had not read it either,
and so are the late ones, drawn when the reader stood.
Boxes come from typst itself, which tells where it put each value.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import typst
from orders import PLAIN, Drawn, Style, order
from truth import Expected, Truth

from core.paper.banks import account_of
from core.reading import Box

LAYOUTS = Path(__file__).parent / "layouts"
#: typst tells the height of capitals; letters reach so much of it above and below
_REACH = 0.32


class Layout(NamedTuple):
    """A layout: its languages, how many lines it takes, for how many units small prices are told, and discounts."""

    languages: tuple[str, ...]
    lines: tuple[int, int] = (2, 8)
    per: int = 1
    discounts: bool = False
    style: Style = PLAIN


SEEN: Mapping[str, Layout] = {
    "below": Layout(("en", "de")),
    "blocks": Layout(("en", "de")),
    "landscape": Layout(("en", "de", "zh"), per=100),
    "public": Layout(("en", "de")),
    "columns": Layout(("en", "de", "zh")),
    "carried": Layout(("en", "de"), lines=(30, 60)),
    "prose": Layout(("en", "de", "zh"), lines=(1, 5)),
    "bilingual": Layout(("zh",)),
}
UNSEEN: Mapping[str, Layout] = {
    "cover": Layout(("en", "de"), lines=(2, 20)),
    "discount": Layout(("en", "de"), discounts=True),
    "form": Layout(("en", "de", "zh")),
    "printout": Layout(("en", "de")),
    "schedule": Layout(("en", "de", "zh")),
    "grouped": Layout(("en", "de")),
    "cards": Layout(("en", "de", "zh")),
    "memo": Layout(("en", "de"), lines=(1, 5)),
}
FRESH: Mapping[str, Layout] = {
    "twolines": Layout(("en", "de"), lines=(2, 14), per=100),
    "shipments": Layout(("en", "zh")),
    "inwords": Layout(("en", "zh"), lines=(1, 7)),
    "numbered": Layout(("en", "de"), lines=(2, 10)),
    "spreadsheet": Layout(("de", "zh"), lines=(2, 14)),
    "terms": Layout(("en", "de"), lines=(2, 10), per=100),
}
TRADE: Mapping[str, Layout] = {
    "sapscript": Layout(("en", "de", "zh"), lines=(2, 12), per=100),
    "sage": Layout(("en", "de"), lines=(1, 24), discounts=True),
    "needby": Layout(("en", "de", "zh"), lines=(1, 24)),
    "smalloffice": Layout(("de",), lines=(1, 12)),
    "kingdee": Layout(("zh",), lines=(2, 26)),
    "netsuite": Layout(("en", "de"), lines=(1, 20)),
    "machines": Layout(("en", "de"), lines=(2, 24), per=100),
    "orderform": Layout(("en", "de"), lines=(1, 12)),
    "craftsman": Layout(("en", "de"), lines=(1, 8)),
    "greenbar": Layout(("en", "de"), lines=(10, 44)),
    "portal": Layout(("en", "de", "zh"), lines=(1, 10)),
    "pharmacy": Layout(("en", "de"), lines=(2, 26)),
}
_SIGNS = {"GBP": "£", "EUR": "€"}
_BRITISH = {"en": "%d/%m/%Y"}
_GERMAN = {"de": "%d.%m.%Y"}
BLIND: Mapping[str, Layout] = {
    "vatspec": Layout(("en", "de"), lines=(1, 40), style=Style(days=_GERMAN)),
    "bracketed": Layout(("en", "de"), lines=(2, 32), discounts=True, style=Style(_BRITISH | _GERMAN, _SIGNS, places=2)),
    "familyfirm": Layout(("de",), lines=(2, 14), per=100, discounts=True, style=Style(_GERMAN)),
    "wideform": Layout(("zh",), lines=(2, 16), style=Style({"zh": "%Y-%m-%d"}, {"CNY": "人民币"}, places=2)),
    "booked": Layout(("en", "de"), lines=(1, 12)),
    "footed": Layout(("en", "de", "zh"), lines=(2, 24), discounts=True, style=Style(places=2)),
    "bureau": Layout(("de",), lines=(1, 12), discounts=True, style=Style({"de": "%d.%m.%y"})),
    "ruled": Layout(("en",), lines=(1, 12), style=Style(_BRITISH, _SIGNS)),
    "letterhead": Layout(("en",), lines=(1, 7), style=Style(currencies=_SIGNS)),
    "cartons": Layout(("en", "de"), lines=(8, 40), style=Style({"en": "%d/%m/%y", "de": "%d.%m.%Y"})),
    "costed": Layout(("en", "de"), lines=(1, 8), style=Style(_BRITISH | _GERMAN)),
    "workbook": Layout(("zh",), lines=(1, 12)),
}
_ISO = {"zh": "%Y-%m-%d"}
_SHORT = {"en": "%d %b %Y"}
LATE: Mapping[str, Layout] = {
    "s4form": Layout(
        ("en", "de", "zh"), lines=(1, 20), per=100, style=Style({"en": "%d.%m.%Y", "zh": "%Y.%m.%d"} | _GERMAN)
    ),
    "xero": Layout(("en",), lines=(1, 20), style=Style(_SHORT, places=2)),
    "workday": Layout(("en", "de"), lines=(1, 40), style=Style(_BRITISH | _GERMAN)),
    "epicor": Layout(("en", "de"), lines=(1, 16), per=100, style=Style(_BRITISH | _GERMAN, places=2)),
    "lexoffice": Layout(("de",), lines=(1, 12), style=Style(_GERMAN)),
    "yonyou": Layout(("zh",), lines=(1, 24), style=Style(_ISO, {"CNY": "人民币"}, places=2)),
    "association": Layout(
        ("en", "de"), lines=(2, 40), discounts=True, style=Style({"en": "%d/%m/%y", "de": "%d.%m.%y"})
    ),
    "labstock": Layout(("en", "de", "zh"), lines=(1, 26), style=Style(_SHORT | _GERMAN | _ISO)),
}


def drawn(layouts: Mapping[str, Layout], seed: int, count: int) -> Iterator[tuple[bytes, Truth]]:
    """Yield so many PDF documents, the layouts and their languages in turn."""
    ways = [(name, language) for name, layout in layouts.items() for language in layout.languages]
    for number in range(count):
        name, language = ways[number % len(ways)]
        chance = Random(zlib.crc32(f"{seed}/{number}/{name}/{language}".encode()))
        layout = layouts[name]
        made = order(
            chance, language, lines=layout.lines, per=layout.per, discounts=layout.discounts, style=layout.style
        )
        yield _set(name, f"{number:04d}_{name}_{language}", made)


def _set(layout: str, name: str, made: Drawn) -> tuple[bytes, Truth]:
    inputs = {"data": json.dumps(_told(made), ensure_ascii=False)}
    compiler = typst.Compiler(LAYOUTS / f"{layout}.typ", root=LAYOUTS, font_paths=_fonts(), sys_inputs=inputs)
    pdf = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(pdf, bytes)
    ends = {one["path"]: (one["page"], one["y"]) for one in json.loads(compiler.query("<end>", field="value"))}
    head: dict[str, Expected] = {}
    lines: list[dict[str, Expected]] = [{} for _ in made.lines]
    banks = set[str]()
    for one in json.loads(compiler.query("<value>", field="value")):
        if one["path"] == "bank":
            banks.add(account_of(one["shown"]))
            continue
        path, end = one["path"], (one["page"], one["y"] + one["height"])
        one_line = ends[path][0] == end[0] and abs(ends[path][1] - end[1]) < 1
        if path.endswith(".discount") and made.lines[_line(path)]["discount"] == "0":
            continue  # a dash
        told = made.head[path] if path in made.head else made.lines[_line(path)][path.rpartition(".")[2]]
        found = Expected(str(told), one["page"], _box(one) if one_line else None, told.shown)
        if path.startswith("lines."):
            lines[_line(path)][path.rpartition(".")[2]] = found
        else:
            head.setdefault(path, found)
    address = (made.ship_to["name"], made.ship_to["street"], _town(made.ship_to))
    return pdf, Truth(name, made.buyer["account"], head, tuple(lines), made.language, address, frozenset(banks))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def _line(path: str) -> int:
    return int(path.split(".")[1]) - 1


def _box(one: Mapping[str, Any]) -> Box:
    reach = one["height"] * _REACH
    return Box(one["x"], one["y"] - reach, one["x"] + one["width"], one["y"] + one["height"] + reach)


def _told(made: Drawn) -> dict[str, Any]:
    """Return what a layout is drawn from."""
    parties = {"buyer": made.buyer["addresses"][0], "ship_to": made.ship_to}
    carried, sums = Decimal(0), []
    for line in made.lines:
        carried += Decimal(line["amount"])
        sums.append(f"{carried:.2f}".replace(".", "," if made.language == "de" else "."))
    return {
        "language": made.language,
        "head": {path: told.shown for path, told in made.head.items()},
        "lines": [{name: told.shown for name, told in line.items()} for line in made.lines],
        "rate": str(made.rate),
        "tax_id": made.buyer["tax_id"],
        "carried": sums,
        **{name: {"street": party["street"], "town": _town(party)} for name, party in parties.items()},
    }


def _town(party: Mapping[str, str]) -> str:
    """Return the town with its postal code as its country writes it."""
    town, code = party["city"], party["postal_code"]
    return {"GB": f"{town} {code}", "CN": f"{party['region']}{town} {code}"}.get(party["country"], f"{code} {town}")
