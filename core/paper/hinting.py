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
        currency=known.currency,
    )


def is_surer(one: Judgement, other: Judgement) -> bool:
    """Tell whether *one* leaves less to a person than *other*: nothing, or else more known items, then more fields.

    Without doubts and with fewer lines, its sum has to prove that it leaves none out.
    """
    if other.certain or one.certain:
        return one.certain and not other.certain and (_lines(one) >= _lines(other) or _adds_up(one))
    return _told(one) > _told(other)


def _told(verdict: Judgement) -> tuple[int, int]:
    """Return how many items are certain, and by how many fields more are than are not."""
    items = sum(path.startswith("lines.") and path.endswith(".sku") for path in verdict.accepted)
    return items, len(verdict.accepted) - len(verdict.doubtful)


def _lines(verdict: Judgement) -> int:
    paths = (*verdict.accepted, *verdict.doubtful)
    return max((int(path.split(".")[1]) for path in paths if path.startswith("lines.")), default=0)


def _adds_up(verdict: Judgement) -> bool:
    return any("arithmetic.sum" in one.evidence for one in verdict.accepted.values())


def _goods(item: KnownItem) -> Goods:
    return Goods(item.sku, item.gtin, item.unit, item.descriptions, item.price)
