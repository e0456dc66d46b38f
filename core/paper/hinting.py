"""What of a customer may stand on its paper, told to whoever reads it again. Pure."""

from __future__ import annotations

from core.hints import Goods, Hints
from core.paper.evidence import Judgement
from core.paper.known import Known, KnownItem


def hints_of(known: Known) -> Hints:
    """Return what is known of a customer as hints: every code that names one of its items, its forms and places."""
    items = {sku: _goods(item) for sku, item in known.items.items()}
    codes = {**known.memory.codes, **known.by_code, **known.by_gtin}
    return Hints(
        goods={**{code: items[sku] for code, sku in codes.items() if sku in items}, **items},
        references=known.memory.references,
        places=known.addresses,
        names=known.names,
        currency=known.currency,
    )


def is_surer(one: Judgement, other: Judgement) -> bool:
    """Tell whether *one* leaves less to a person than *other*: nothing, or else more known items, then more fields."""
    if other.certain or one.certain:
        return one.certain and not other.certain
    return _told(one) > _told(other)


def _told(verdict: Judgement) -> tuple[int, int]:
    """Return how many items are certain, and by how many fields more are than are not."""
    items = sum(path.startswith("lines.") and path.endswith(".sku") for path in verdict.accepted)
    return items, len(verdict.accepted) - len(verdict.doubtful)


def _goods(item: KnownItem) -> Goods:
    return Goods(item.sku, item.gtin, item.unit, item.descriptions, item.price)
