"""Small pages of goods that a catalogue knows, in forms whose heads nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from small_pages import Text, small_page

from adapters.email.extraction.extract import extract
from adapters.email.extraction.rows import Row, rows_of
from core.hints import Goods, Hints
from core.paper.acceptance import judge
from core.paper.evidence import Judgement
from core.paper.hinting import hints_of
from core.paper.known import Known, KnownItem
from core.reading import Extracted, Page

BOLT = KnownItem("HX-1000", "4006381333931", "PCE", ("Hex bolt M8x40 A2", "六角螺栓"), Decimal("0.42"), Decimal("0.02"))
GLOVE = KnownItem("GL-2040", "4038880010013", "PR", ("Work gloves", "工作手套"), Decimal("2.50"), Decimal("0.02"))
OIL = KnownItem("OI-3070", "4038880010020", "LTR", ("Gear oil", "齿轮油"), Decimal("12.00"), Decimal("0.02"))
TAPE = KnownItem("TP-4400", "4038880010037", "ROL", ("Masking tape",), Decimal("3.20"), Decimal("0.02"))
ITEMS = (BOLT, GLOVE, OIL, TAPE)
#: the customer's own codes
CODES = {"R20144": "HX-1000", "R20145": "GL-2040"}
#: where the cells of a row begin
LEFTS = (30, 90, 190, 300, 350, 390, 440, 490, 540)


def known(*items: KnownItem) -> Known:
    """Return what is known of a customer that named itself, and whose catalogue is *items*."""
    skus = {one.sku for one in items}
    return Known(
        "ACME",
        "EUR",
        frozenset({"account"}),
        items={one.sku: one for one in items},
        by_gtin={one.gtin: one.sku for one in items},
        by_code={code: sku for code, sku in CODES.items() if sku in skus},
    )


def goods_of(*items: KnownItem) -> dict[str, Goods]:
    """Return every code of *items* (all without any) with what it names."""
    return dict(hints_of(known(*(items or ITEMS))).goods)


def table(*rows: Sequence[str], top: float = 100, pitch: float = 16, lefts: Sequence[float] = LEFTS) -> list[Text]:
    """Return the cells of *rows* at their places, the first row at *top*."""
    return [
        (left, top + pitch * number, text)
        for number, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=False)
        if text
    ]


def rows(*texts: Text) -> list[Row]:
    """Return the rows of a page that says *texts*."""
    return rows_of(page_of(*texts))


def page_of(*texts: Text) -> Page:
    """Return a page that says *texts*."""
    return small_page(*texts).pages[0]


def read(texts: Sequence[Text], *items: KnownItem) -> Extracted:
    """Return what a page says to who knows *items* (all without any)."""
    return extract(small_page(*texts), None, Hints(goods=goods_of(*items)))


def judged(found: Extracted, *items: KnownItem) -> Judgement:
    """Return the verdict on a page where *items* (all without any) are known."""
    return judge(found, known(*(items or ITEMS)))


def lines(found: Extracted, *names: str) -> list[list[str]]:
    """Return fields of every line."""
    return [[found.best(f"lines.{line}.{name}") for name in names] for line in range(1, found.lines + 1)]


def doubted_lines(verdict: Judgement) -> list[str]:
    """Return the paths of lines that are left to a person."""
    return sorted(path for path in verdict.doubtful if path.startswith("lines."))
