"""Lines on paper: which item is meant, and whether the numbers prove each other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from core.paper.evidence import Evidence, Judgement
from core.paper.known import Known, KnownItem
from core.paper.likeness import likeness, meant
from core.reading import Candidate, Extracted
from core.values import is_gtin

#: descriptions this much alike are those of one item
_ALIKE: Final = 0.85
_CENT: Final = Decimal("0.01")

Fields = Mapping[str, tuple[Candidate, ...]]


def judge_lines(found: Extracted, known: Known, verdict: Judgement) -> None:
    """Judge every line, and the totals against them."""
    sums = sums_of(found)
    for number in range(1, found.lines + 1):
        prefix = f"lines.{number}."
        fields = {path.removeprefix(prefix): said for path, said in found.fields.items() if path.startswith(prefix)}
        item = _judge_item(prefix, fields, found, known, verdict)
        _judge_numbers(prefix, fields, item, verdict, guessed=found.guessed, sums=sums)
    if not found.lines:
        verdict.doubt("lines.1.sku", "paper.missing")


def sums_of(found: Extracted) -> frozenset[Evidence]:
    """Return what the totals of a document prove: every amount by their sum, the sum by tax and total."""
    amounts = [number_of(found.best(f"lines.{line}.amount")) for line in range(1, found.lines + 1)]
    net, tax, total = (number_of(found.best(name)) for name in ("net_total", "tax_total", "total"))
    proved: set[Evidence] = set()
    if amounts and None not in amounts:
        summed = sum((one for one in amounts if one is not None), Decimal(0))
        if summed in (net, total if tax is None else None):
            proved.add("arithmetic.sum")
    if net is not None and tax is not None and total is not None and net + tax == total:
        proved.add("arithmetic.total")
    return frozenset(proved)


def number_of(text: str) -> Decimal | None:
    """Return a number as extraction writes it, None where there is none."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _judge_item(prefix: str, fields: Fields, found: Extracted, known: Known, verdict: Judgement) -> KnownItem | None:
    """Judge what names the item; the names must not contradict each other."""
    named: dict[str, tuple[str, Evidence]] = {}  # by field: the SKU that it means, and how
    skus: set[str] = set()
    for name in ("sku", "gtin", "buyer_code"):
        if said := fields.get(name):
            if sku := _sku_of(name, said[0].value, known):
                named[name] = sku
            # A person said once that this code means another item than the catalogue has: then a person says it again.
            skus |= {known.memory.codes.get(said[0].value, "")} & known.items.keys()
    if not named and found.guessed and (said := fields.get("sku")) and (near := meant(said[0].value, known.items)):
        named["sku"] = (near, "catalogue.snapped")
    skus |= {sku for sku, _ in named.values()}
    code = fields.get("sku") or fields.get("gtin") or fields.get("buyer_code") or ()
    if len(skus) != 1:
        verdict.doubt(f"{prefix}sku", "paper.item_doubtful" if skus else "paper.item_unknown", code)
        return None
    item = known.items[skus.pop()]
    evidence = {how for _, how in named.values()}
    description = fields.get("description")
    if description and _is_described(description[0].value, item):
        evidence.add("catalogue.description")
    proofs = {"catalogue.description", "catalogue.gtin", "catalogue.code"} & evidence
    if (found.guessed and len(evidence) < 2) or ("catalogue.snapped" in evidence and not proofs):
        verdict.doubt(f"{prefix}sku", "paper.item_doubtful", code)
        return None
    verdict.accept(f"{prefix}sku", next(fields[name][0] for name in named), *sorted(evidence), value=item.sku)
    if description and "catalogue.description" in evidence:
        verdict.accept(f"{prefix}description", description[0], "catalogue.description")
    elif description and not found.guessed:
        verdict.accept(f"{prefix}description", description[0], "text.exact")
    return item


def _sku_of(name: str, value: str, known: Known) -> tuple[str, Evidence] | None:
    """Return the SKU that a code means, and what says so."""
    if name == "gtin":
        sku = known.by_gtin.get(value) if is_gtin(value) else None
        return (sku, "catalogue.gtin") if sku else None
    if value in known.items:
        return value, "catalogue.sku"
    if sku := known.by_code.get(value):
        return sku, "catalogue.code"
    taught = known.memory.codes.get(value, "")
    return (taught, "memory.code") if taught in known.items else None


def _is_described(text: str, item: KnownItem) -> bool:
    return any(likeness(text, one) >= _ALIKE for one in item.descriptions)


def _judge_numbers(
    prefix: str, fields: Fields, item: KnownItem | None, verdict: Judgement, *, guessed: bool, sums: frozenset[Evidence]
) -> None:
    """Judge quantity, price and unit: by their product and the sum of all, by our price, or by the text itself."""
    quantity, price, amount = (number_of(fields[name][0].value) if name in fields else None for name in _PROVED)
    basis = number_of(fields["price_basis"][0].value) if "price_basis" in fields else Decimal(1)
    evidence: set[Evidence] = set()
    wrong = False
    if quantity is not None and price is not None and amount is not None and basis:
        wrong = abs(quantity * price / basis - amount) > _CENT
        evidence |= set() if wrong else {"arithmetic.line"}
    ours = item.price if item is not None else None
    if (
        price is not None
        and ours is not None
        and item is not None
        and basis
        and abs(price / basis - ours) <= item.tolerance
    ):
        evidence.add("price.list")
    if amount is not None and "arithmetic.sum" in sums:
        evidence.add("arithmetic.sum")
    for name in _PROVED:
        said = fields.get(name, ())
        if not said:
            if name == "quantity":
                verdict.doubt(f"{prefix}quantity", "paper.missing")
            continue
        exact: set[Evidence] = {"text.exact"} if not guessed and _is_one(said) and said[0].spot is not None else set()
        if wrong or not _is_proved(evidence, exact, guessed=guessed):
            verdict.doubt(prefix + name, "paper.amounts_differ" if wrong else "paper.field_doubtful", said)
        else:
            verdict.accept(prefix + name, said[0], *sorted(evidence | exact))
    _judge_unit(prefix, fields, item, verdict, guessed=guessed)


_PROVED: Final = ("quantity", "price", "amount")


def _is_one(said: tuple[Candidate, ...]) -> bool:
    """Tell whether a text can be read in one way only."""
    return len({one.value for one in said}) == 1


def _is_proved(evidence: set[Evidence], exact: set[Evidence], *, guessed: bool) -> bool:
    """Tell whether numbers are proved: the text itself and one more, or the product and something beyond the line."""
    if guessed:
        return "arithmetic.line" in evidence and bool(evidence & {"arithmetic.sum", "price.list"})
    return "arithmetic.line" in evidence or bool(exact)


def _judge_unit(prefix: str, fields: Fields, item: KnownItem | None, verdict: Judgement, *, guessed: bool) -> None:
    said = fields.get("unit")
    if not said:
        return
    if item is not None and said[0].value == item.unit:
        verdict.accept(f"{prefix}unit", said[0], "catalogue.unit")
    elif guessed:
        verdict.doubt(f"{prefix}unit", "paper.unit_differs", said)
    else:
        verdict.accept(f"{prefix}unit", said[0], "text.exact")  # whether it can be ordered so is for the review
