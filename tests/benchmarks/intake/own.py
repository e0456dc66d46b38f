"""Documents drawn by ourselves, one of a class each: anybody can repeat what is measured on them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random

import numpy as np
from degrade import WAYS, degraded
from drawings import Layout, drawn
from letters import WAYS as LETTERS
from letters import as_letter
from orders import WORLD, Drawn, order
from sheets import as_csv, as_html, as_xlsx
from truth import Asked, Expected, Truth, known_partners

WRITTEN: Mapping[str, Callable[[Truth], bytes]] = {"xlsx": as_xlsx, "csv": as_csv, "html": as_html}
#: so many orders came before, from which the forms of order numbers are known
EARLIER = 150
_LANGUAGES = ("en", "de", "zh")


class Own:
    """Documents of one seed in some layouts; what programs and people write has no layout, and is the same for all."""

    def __init__(self, layouts: Mapping[str, Layout], *, seed: int, count: int) -> None:
        self._layouts, self._seed, self._count = layouts, seed, count

    def documents(self, kind: str) -> Iterator[Asked]:
        """Yield the documents of a class."""
        before = [_truth(one, "") for one, _ in self._orders(f"{self._seed} before", EARLIER)]
        known = known_partners(WORLD, before)
        for name, content, truth in self._of(kind):
            mine = known[truth.account]
            memory = replace(mine.memory, banks=truth.banks)
            yield Asked(name, content, truth, replace(mine, memory=memory))

    def _of(self, kind: str) -> Iterator[tuple[str, bytes, Truth]]:
        if kind in WRITTEN:
            for made, name in self._orders(f"{self._seed} {kind}", self._count):
                truth = _truth(made, name)
                yield f"{name}.{kind}", WRITTEN[kind](truth), truth
        elif kind == "body":
            for number, (made, name) in enumerate(self._orders(f"{self._seed} {kind}", self._count)):
                way = LETTERS[number // len(_LANGUAGES) % len(LETTERS)]
                yield f"{name}.eml", *as_letter(made, f"{name}_{way}", way, Random(number))
        else:
            for pdf, truth in drawn(self._layouts, self._seed, self._count):
                if kind == "pdf":
                    yield f"{truth.name}.pdf", pdf, truth
                else:
                    way, noise = WAYS[kind], np.random.default_rng(zlib.crc32(f"{self._seed}/{truth.name}".encode()))
                    content, lies = degraded(pdf, way, noise)
                    yield f"{truth.name}.{way.ending}", content, truth.moved([one.moved for one in lies])

    @staticmethod
    def _orders(seed: str, count: int) -> Iterator[tuple[Drawn, str]]:
        """Yield so many orders with their names, the languages in turn."""
        for number in range(count):
            language = _LANGUAGES[number % len(_LANGUAGES)]
            chance = Random(zlib.crc32(f"{seed}/{number}".encode()))
            yield order(chance, language, lines=(1, 12)), f"{number:04d}_{language}"


def _truth(made: Drawn, name: str) -> Truth:
    """Return all that an order says: of a file that a program writes nothing is left out."""
    names = ("number", "sku", "gtin", "description", "quantity", "unit", "price", "amount")
    return Truth(
        name,
        made.buyer["account"],
        {path: Expected(str(value), 1, None, value.shown) for path, value in made.head.items()},
        tuple({one: Expected(str(line[one]), 1, None, line[one].shown) for one in names} for line in made.lines),
        made.language,
        (made.ship_to["name"], made.ship_to["street"], f"{made.ship_to['postal_code']} {made.ship_to['city']}"),
    )
