"""Lines on paper: which item is meant, and whether the numbers prove each other."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Final

from core.paper.evidence import Evidence, Judgement
from core.paper.guards import guarded, is_far_from_ours, runs_over
from core.paper.items import CODES, Fields, Meant, is_our_price, item_meant
from core.paper.known import Known, KnownItem
from core.paper.sums import NAMES, Numbers, Settled, number_of, settle, widened
from core.reading import Candidate, Extracted

_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
_CENT: Final = Decimal("0.01")


def judge_lines(found: Extracted, known: Known, verdict: Judgement) -> Settled:
    """Judge every line; return the numbers that the sums prove, and what of the totals they prove."""
    lines = [_fields(found, number) for number in range(1, found.lines + 1)]
    meant = [item_meant(fields, known, guessed=found.guessed) for fields in lines]
    meant = meant if found.guessed else guarded(lines, meant, known)
    settled = settle(found, {number: one.item for number, one in enumerate(meant, 1) if one.item is not None})
    for number, (fields, one, numbers) in enumerate(zip(lines, meant, settled.lines, strict=True), 1):
        prefix = f"lines.{number}."
        unread = {path.removeprefix(prefix) for path in found.unread if path.startswith(prefix)}
        _judge_item(prefix, fields, one, verdict, guessed=found.guessed, unread=unread)
        if found.guessed:
            _judge_guess(prefix, fields, _evidence(one.item, numbers, settled), numbers, verdict)
        else:
            _judge_text(prefix, fields, one.item, settled, verdict, unread=unread)
        _judge_unit(prefix, fields, one.item, verdict, guessed=found.guessed)
        if found.guessed and "unit" not in fields:
            _miss_unit(prefix, one.item, numbers, verdict)
    if not found.lines:
        verdict.doubt("lines.1.sku", "paper.missing")
    return settled


def _fields(found: Extracted, line: int) -> Fields:
    prefix = f"lines.{line}."
    return {path.removeprefix(prefix): said for path, said in found.fields.items() if path.startswith(prefix)}


def _judge_item(
    prefix: str, fields: Fields, meant: Meant, verdict: Judgement, *, guessed: bool, unread: AbstractSet[str]
) -> None:
    if meant.item is None or meant.read is None:
        code = next((fields[name] for name in CODES if name in fields), ())
        verdict.doubt(f"{prefix}sku", meant.doubt or "paper.item_doubtful", code)
        return
    verdict.accept(f"{prefix}sku", meant.read, *sorted(meant.evidence), value=meant.item.sku)
    if (description := fields.get("description")) is None:
        return
    if not guessed and ("description" in unread or runs_over(description[0].value, meant.item)):
        verdict.doubt(f"{prefix}description", "paper.field_doubtful", description)
    elif "catalogue.description" in meant.evidence:
        verdict.accept(f"{prefix}description", description[0], "catalogue.description")
    elif not guessed:
        verdict.accept(f"{prefix}description", description[0], "text.exact")


def _judge_text(
    prefix: str, fields: Fields, item: KnownItem | None, settled: Settled, verdict: Judgement, *,
    unread: AbstractSet[str],
) -> None:  # fmt: skip
    """Judge the numbers of a text, which says what it says: they are doubtful where they contradict each other.

    So they are where no item is known that they could be of and no product proves them, where a number beside them was
    not understood, and where the price is of another size than ours.
    """
    quantity, price, amount = (_first(fields, name) for name in NAMES)
    basis = (_first(fields, "price_basis") if "price_basis" in fields else _ONE) or _NONE
    basis *= widened(fields)
    evidence: set[Evidence] = set()
    wrong = False
    if quantity is not None and price is not None and amount is not None and basis:
        wrong = abs(quantity * price / basis - amount) > _CENT
        evidence |= set() if wrong else {"arithmetic.line"}
    if "discount" in fields and not evidence:
        wrong = True  # per cent, or an amount? only the product tells
    if is_our_price(price, basis, item):
        evidence.add("price.list")
    loose = is_far_from_ours(price, basis, item) or (item is None and "arithmetic.line" not in evidence)
    if amount is not None:
        evidence |= settled.proved & {"arithmetic.sum"}
    for name in NAMES:
        said = fields.get(name, ())
        exact: set[Evidence] = {"text.exact"} if _is_one(said) and said[0].spot is not None else set()
        if not said and name == "price" and "amount" in fields and fields["amount"][0].reason == "column":
            verdict.doubt(prefix + name, "paper.missing")  # a table with amounts has prices: it was lost
        elif not said:
            _miss(prefix, name, verdict)
        elif wrong or loose or name in unread or not ("arithmetic.line" in evidence or exact):
            verdict.doubt(prefix + name, "paper.amounts_differ" if wrong else "paper.field_doubtful", said)
        else:
            verdict.accept(prefix + name, said[0], *sorted(evidence | exact))


def _evidence(item: KnownItem | None, numbers: Numbers | None, settled: Settled) -> frozenset[Evidence]:
    """Return what speaks for the numbers of a line beyond their product."""
    ours: frozenset[Evidence] = frozenset({"price.list"})
    listed = numbers is not None and is_our_price(numbers.price, numbers.basis, item)
    return (settled.proved & {"arithmetic.sum"}) | (ours if listed else frozenset())


def _judge_guess(
    prefix: str, fields: Fields, evidence: frozenset[Evidence], numbers: Numbers | None, verdict: Judgement
) -> None:
    """Judge numbers guessed from a picture: by their product, and by the sum of all lines or by our price."""
    for name in NAMES:
        said = fields.get(name, ())
        if numbers is not None and evidence and (said or name != "amount"):
            one = said[0] if said else Candidate("", "", None, 0.0, "computed")
            value = f"{getattr(numbers, name):f}"
            proofs: set[Evidence] = {"arithmetic.line", *evidence}
            verdict.accept(prefix + name, one, *sorted(proofs), value=value)
        elif said:
            differ = numbers is None and all(name in fields for name in NAMES)
            verdict.doubt(prefix + name, "paper.amounts_differ" if differ else "paper.field_doubtful", said)
        else:
            _miss(prefix, name, verdict)


def _miss_unit(prefix: str, item: KnownItem | None, numbers: Numbers | None, verdict: Judgement) -> None:
    """Take our unit where none was seen in a picture and the price is ours for it: that of a box is not that of one."""
    if item is not None and numbers is not None and is_our_price(numbers.price, numbers.basis, item):
        verdict.accept(f"{prefix}unit", Candidate(item.unit, "", None, 0.0, "computed"), "price.list")
    else:
        verdict.doubt(f"{prefix}unit", "paper.missing")


def _miss(prefix: str, name: str, verdict: Judgement) -> None:
    if name == "quantity":
        verdict.doubt(prefix + name, "paper.missing")


def _first(fields: Fields, name: str) -> Decimal | None:
    return number_of(fields[name][0].value) if name in fields else None


def _is_one(said: tuple[Candidate, ...]) -> bool:
    """Tell whether a text can be read in one way only."""
    return len({one.value for one in said}) == 1


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
