"""Which of two ways to find the lines of goods explains the paper: that by its heads, or that by known codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from adapters.email.extraction.goods import Found, Line, is_product
from adapters.email.extraction.rows import Placed
from adapters.email.extraction.values import numbers, unit
from adapters.email.guided.places import plain
from core.hints import Goods


def likelier(plain: Found, guided: Found | None, goods: Mapping[str, Goods]) -> Found:
    """Return the lines that more speaks for: known codes, descriptions and units of their items, products, no doubts.

    Where as much speaks for both, those that are found by heads, which say what they mean.
    """
    if guided is None:
        return plain
    return guided if _worth(guided, goods) > _worth(plain, goods) else plain


def _worth(found: Found, goods: Mapping[str, Goods]) -> int:
    return sum(_worth_of(line, goods) for line in found.lines) - found.unread - _doubted(found)


def _doubted(found: Found) -> int:
    """Return of how many lines something is doubted."""
    return len({path.rpartition(".")[0] for path in found.doubts})


def _worth_of(line: Line, goods: Mapping[str, Goods]) -> int:
    """Return how many things speak for a line; a line without a known code is perhaps none."""
    codes = ("".join(word.text for word in line.words.get(name, ())) for name in ("sku", "gtin", "buyer_code"))
    meant = next((goods[code] for code in codes if code in goods), None)
    if meant is None:
        return -1
    described = plain(_text(line.words.get("description", ())))
    measured = line.words.get("unit", ())
    return (
        1
        + (described in {plain(one) for one in meant.descriptions})
        + any(unit(word.text) == meant.unit for word in measured)
        + bool(line.words.get("quantity"))
        + bool(line.words.get("number"))
        + bool(line.words.get("date"))
        + _is_closed(line)
    )


def _is_closed(line: Line) -> bool:
    """Tell whether quantity, price and amount are there and one way to read them multiplies."""
    quantities, prices, amounts = (_read(line.words.get(name, ())) for name in ("quantity", "price", "amount"))
    bases = _read(line.words.get("price_basis", ())) or [Decimal(1)]
    off = _read(line.words.get("discount", ())) or [Decimal(0)]
    left = (100 - off[0]) / 100 if 0 <= off[0] < 100 else Decimal(1)
    return any(
        is_product(one, price, amount, basis / left)
        for one in quantities for price in prices for amount in amounts for basis in bases
    )  # fmt: skip


def _read(words: Sequence[Placed]) -> list[Decimal]:
    return numbers(_text(words).removesuffix("%").strip()) if words else []


def _text(words: Sequence[Placed]) -> str:
    return " ".join(word.text for word in words)
