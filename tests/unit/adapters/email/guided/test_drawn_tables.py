"""Whatever the columns of a form are: what of its lines is certain is what was drawn (INT-05; issue 6, part 4)."""

from __future__ import annotations

from decimal import Decimal

from guided_pages import ITEMS, doubted_lines, judged, lines, read, table
from hypothesis import given, settings
from hypothesis import strategies as st
from small_pages import Text

from core.paper.known import KnownItem

PRINTED = {"PCE": "pcs", "PR": "pairs", "LTR": "l", "ROL": "rolls"}
#: decoys: a rate of tax, the size of a pack, a number of the customer's own, a day
COLUMNS = ("description", "quantity", "price", "amount", "tax", "pack", "own", "gtin")
LEFTS = (30, 90, 160, 260, 330, 390, 450, 510, 570)
Drawn = tuple[list[Text], list[list[str]], tuple[KnownItem, ...]]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Return the texts of a table, what it orders (SKU, quantity, price of one), and its items."""
    items = tuple(draw(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=4, unique=True)))
    chosen = draw(st.lists(st.sampled_from(COLUMNS), min_size=3, unique=True))
    columns = draw(st.permutations(["sku", *dict.fromkeys([*chosen, "quantity"])]))
    rows, ordered = [], []
    for item in items:
        quantity = draw(st.integers(1, 2000))
        price = item.price or Decimal(0)
        cells = {
            "sku": item.sku,
            "gtin": item.gtin,
            "description": item.descriptions[0],
            "quantity": f"{quantity} {PRINTED[item.unit]}",
            "price": f"{price:.2f}",
            "amount": f"{quantity * price:.2f}",
            "tax": draw(st.sampled_from(("7", "19"))),
            "pack": str(draw(st.sampled_from((1, 10, 12, 50)))),
            "own": f"K{draw(st.integers(1000, 9999))}",
        }
        rows.append([cells[name] for name in columns])
        ordered.append([item.sku, str(quantity)])
    return table(*rows, lefts=LEFTS), ordered, items


@settings(max_examples=40, deadline=None, derandomize=True)
@given(drawn())
def test_what_is_certain_is_what_was_drawn(one: Drawn) -> None:
    texts, ordered, _ = one
    found = read(texts)
    verdict = judged(found)
    if not doubted_lines(verdict):
        assert lines(found, "sku", "quantity") == ordered
    for number, (sku, quantity) in enumerate(lines(found, "sku", "quantity"), 1):
        if {f"lines.{number}.sku", f"lines.{number}.quantity"} <= verdict.accepted.keys():
            assert [sku, quantity] in ordered


@settings(max_examples=40, deadline=None, derandomize=True)
@given(drawn(), st.data())
def test_an_item_that_is_not_known_is_never_left_out_by_a_search_for_codes(one: Drawn, data: st.DataObject) -> None:
    texts, ordered, items = one
    gone = data.draw(st.sampled_from(items))
    rest = tuple(item for item in ITEMS if item is not gone)
    found = read(texts, *rest)
    if any(said[0].reason == "known" for path, said in found.fields.items() if path.endswith((".sku", ".gtin"))):
        assert doubted_lines(judged(found, *rest)), (ordered, gone.sku)
