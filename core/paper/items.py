"""Which item a line means: by its codes, exact or misread by a sign, and by what stands beside them (INT-11)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Final, NamedTuple

from core.paper.evidence import LIKELY, Doubt, Evidence, calibrated
from core.paper.known import Known, KnownItem
from core.paper.likeness import likeness
from core.paper.signs import is_misread, looks, numbers_in
from core.paper.sums import number_of
from core.reading import Candidate
from core.values import is_gtin

Fields = Mapping[str, tuple[Candidate, ...]]

#: descriptions this much alike are those of one item
_ALIKE: Final = 0.85
_EXACT: Final[frozenset[Evidence]] = frozenset({"catalogue.sku", "catalogue.gtin", "catalogue.code", "memory.code"})
#: fields that name an item, ours first
CODES: Final = ("sku", "gtin", "buyer_code")


class Meant(NamedTuple):
    """The item that a line means, what it was read from, and what speaks for it; or why it is none."""

    item: KnownItem | None
    read: Candidate | None
    evidence: frozenset[Evidence]
    doubt: Doubt | None = None


def item_meant(fields: Fields, known: Known, *, guessed: bool) -> Meant:
    """Return the item of a line.

    A text says what it says: its codes are exact, and agree. A code that was guessed from a picture needs one proof
    beside it; one that was misread needs one that tells the item from others like it.
    """
    named = _named(fields, known)
    if not named and guessed:
        named = _nearly_named(fields, known)
    # A person said once that a code means another item than the catalogue has: then a person says it again.
    taught = {known.memory.codes.get(one.value, "") for name in CODES for one in fields.get(name, ())}
    skus = {sku for sku, _, _ in named} | (taught & known.items.keys())
    if len(skus) != 1:
        return Meant(None, None, frozenset(), "paper.item_doubtful" if skus else "paper.item_unknown")
    item = known.items[skus.pop()]
    evidence = {how for _, how, _ in named} | _beside(fields, item, known, guessed=guessed)
    read = named[0][2]
    if guessed and (_is_contradicted(fields, item) or not _is_proved(fields, read, item, evidence)):
        return Meant(None, read, frozenset(), "paper.item_doubtful")
    return Meant(item, read, frozenset(evidence))


Named = list[tuple[str, Evidence, Candidate]]


def _named(fields: Fields, known: Known) -> Named:
    """Return the items that codes name exactly: SKU, how, and the reading."""
    found: Named = []
    for name in CODES:
        for one in fields.get(name, ()):
            if name == "gtin":
                if is_gtin(one.value) and (sku := known.by_gtin.get(one.value)):
                    found.append((sku, "catalogue.gtin", one))
            elif one.value in known.items:
                found.append((one.value, "catalogue.sku", one))
            elif sku := known.by_code.get(one.value):
                found.append((sku, "catalogue.code", one))
            elif (sku := known.memory.codes.get(one.value, "")) in known.items:
                found.append((sku, "memory.code", one))
    return found


def _nearly_named(fields: Fields, known: Known) -> Named:
    """Return the items whose SKU looks like the code that was read, or differs from that by a sign; else by GTIN."""
    found: Named = []
    for one in fields.get("sku", ()):
        read = looks(one.value)
        twins = [sku for sku in known.items if looks(sku) == read]
        near = twins or [sku for sku in known.items if is_misread(read, looks(sku))]
        found += [(sku, "catalogue.snapped", one) for sku in near]
    if not found and (gtin := fields.get("gtin")) and not is_gtin(gtin[0].value):
        near = [sku for code, sku in known.by_gtin.items() if is_misread(gtin[0].value, code)]
        found += [(sku, "catalogue.gtin_misread", gtin[0]) for sku in near]
    return found


def _beside(fields: Fields, item: KnownItem, known: Known, *, guessed: bool) -> set[Evidence]:
    """Return what speaks for an item beside its code."""
    evidence: set[Evidence] = set()
    codes = [one.value for one in fields.get("sku", ())] if guessed else []
    near = any(_is_near(code, item) for code in codes)
    others = [
        other for other in known.items.values() if other is not item and any(_is_near(code, other) for code in codes)
    ]
    if description := fields.get("description"):
        own = alike(description[0].value, item)
        if own >= _ALIKE and all(alike(description[0].value, other) < own for other in others):
            evidence.add("catalogue.description")
    if near and not others:
        evidence.add("catalogue.alone")
    gtin = fields["gtin"][0].value if guessed and "gtin" in fields else ""
    # the same digit may be misread in both codes, and then be that of another item
    if is_misread(gtin, item.gtin) and not any(is_misread(gtin, other.gtin) for other in others):
        evidence.add("catalogue.gtin_misread")
    return evidence


def _is_near(code: str, item: KnownItem) -> bool:
    """Tell whether a code looks like the SKU of an item, or differs from that by a sign."""
    read, meant = looks(code), looks(item.sku)
    return read == meant or is_misread(read, meant)


def _is_contradicted(fields: Fields, item: KnownItem) -> bool:
    """Tell whether the line has the number of another thing: with its check digit it was not misread by one sign."""
    gtin = fields.get("gtin")
    return bool(gtin and item.gtin and is_gtin(gtin[0].value) and gtin[0].value != item.gtin)


def _is_proved(fields: Fields, read: Candidate, item: KnownItem, evidence: AbstractSet[Evidence]) -> bool:
    """Tell whether a code that was guessed is proved: what stands beside it must tell the item from others like it."""
    described, numbered = "catalogue.description" in evidence, "catalogue.gtin_misread" in evidence
    if evidence & _EXACT:
        return len(evidence) > 1 or ("catalogue.gtin" in evidence and calibrated(read.confidence) >= LIKELY)
    same = described and says_numbers(fields["description"][0].value, item)
    if "catalogue.snapped" not in evidence:
        return same
    if "catalogue.alone" not in evidence:
        return False
    if looks(read.value) == looks(item.sku):
        price, basis = (
            number_of(fields[name][0].value) if name in fields else None for name in ("price", "price_basis")
        )
        return described or numbered or is_our_price(price, basis or Decimal(1), item)
    return numbered or same


def says_numbers(text: str, item: KnownItem) -> bool:
    """Tell whether a description has all the numbers of the item's, and no other: M8x40 is not M8x45."""
    said = "".join(numbers_in(text))
    return any(sorted(said) == sorted("".join(numbers_in(one))) for one in item.descriptions)


def alike(text: str, item: KnownItem) -> float:
    """Return how alike a description and that of an item are, in the language that fits best, 0 to 1."""
    return max((likeness(text, one) for one in item.descriptions), default=0.0)


def is_our_price(price: Decimal | None, basis: Decimal, item: KnownItem | None) -> bool:
    """Tell whether a price for *basis* units is ours, within what the customer's may differ."""
    return price is not None and item is not None and bool(basis) and item.sells_at(price / basis)
