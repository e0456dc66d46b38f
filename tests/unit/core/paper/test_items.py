"""Which item a line means, in a catalogue whose codes are nearly written alike (INT-11; issue 6, part 5)."""

from __future__ import annotations

from decimal import Decimal

from core.paper.items import Meant, item_meant
from core.paper.known import Known, KnownItem
from core.reading import Box, Candidate, Spot

SHORT = KnownItem("HX-1000", "4006381333931", "PCE", ("Hex bolt M8x40 A2",), Decimal("0.42"), Decimal("0.04"))
LONG = KnownItem("HX-1006", "4012345000016", "PCE", ("Hex bolt M8x45 A2",), Decimal("0.44"), Decimal("0.04"))
HOSE = KnownItem("BR-6204-K5", "4012345000023", "PCE", ("Hydraulic hose DN12, 5 m",), Decimal("48.90"), Decimal(5))
DENSE = Known(
    items={one.sku: one for one in (SHORT, LONG, HOSE)}, by_gtin={one.gtin: one.sku for one in (SHORT, LONG, HOSE)}
)


def meant(known: Known = DENSE, *, guessed: bool = True, **said: str) -> Meant:
    spot = Spot(1, Box(0, 0, 9, 9))
    fields = {name: (Candidate(value, value, spot, 0.9, "column"),) for name, value in said.items()}
    return item_meant(fields, known, guessed=guessed)


def sku(found: Meant) -> str:
    return found.item.sku if found.item else found.doubt or ""


def test_a_code_that_no_other_is_like_proves_itself() -> None:
    assert meant(sku="BR-6204-K5").evidence == {"catalogue.sku", "catalogue.alone"}


def test_a_code_that_another_is_like_needs_what_tells_them_apart() -> None:
    """HX-1000 may be HX-1006 misread, and at nearly the same price."""
    assert sku(meant(sku="HX-1000", price="0.44")) == "paper.item_doubtful"
    assert sku(meant(sku="HX-1000", description="Hex bolt M8x45 A2")) == "paper.item_doubtful"
    assert sku(meant(sku="HX-1000", description="Hex bolt")) == "paper.item_doubtful"
    assert sku(meant(sku="HX-1000", description="Hex bolt M8x40 A2")) == "HX-1000"
    assert sku(meant(sku="HX-1000", gtin="4006381333931")) == "HX-1000"
    assert sku(meant(sku="HX-1000", gtin="4006381333930")) == "HX-1000", "a digit was misread, as the check digit tells"
    assert sku(meant(sku="HX-1000", gtin="4012345000016")) == "paper.item_doubtful"


def test_a_digit_that_was_misread_in_both_codes_proves_neither_item() -> None:
    short, long = SHORT._replace(gtin="4012345000510"), LONG._replace(gtin="4012345000572")
    known = Known(items={one.sku: one for one in (short, long)}, by_gtin={short.gtin: short.sku, long.gtin: long.sku})
    assert sku(meant(known, sku="HX-1000", gtin="4012345000512")) == "paper.item_doubtful"


def test_twins_are_meant_where_anything_else_speaks_for_the_item() -> None:
    assert sku(meant(sku="8R 62O4K5")) == "paper.item_doubtful"
    assert sku(meant(sku="8R 62O4K5", price="49.50")) == "BR-6204-K5"
    assert sku(meant(sku="8R 62O4K5", price="69.50")) == "paper.item_doubtful"
    assert sku(meant(sku="8R-62O4-K5", price="49.50", guessed=False)) == "paper.item_unknown", (
        "a text says what it says"
    )


def test_another_sign_needs_the_numbers_of_the_description_or_of_the_gtin() -> None:
    """A customer may mean BR-6207-K5, which we do not have, at the price of ours."""
    assert sku(meant(sku="BR-6207-K5", price="48.90")) == "paper.item_doubtful"
    assert sku(meant(sku="BR-6207-K5", description="Hydraulic hose DN16, 5 m")) == "paper.item_doubtful"
    assert sku(meant(sku="BR-6207-K5", description="Hydrauic hose DN12. 5 m")) == "BR-6204-K5"
    assert sku(meant(sku="BR-6207-K5", gtin="4012345000028")) == "BR-6204-K5"
    assert sku(meant(sku="BR-6207-K6", description="Hydraulic hose DN12, 5 m")) == "paper.item_unknown"


def test_a_gtin_alone_with_a_misread_digit_needs_the_description() -> None:
    assert sku(meant(gtin="4012345000028", description="Hydraulic hose DN12, 5 m")) == "BR-6204-K5"
    assert sku(meant(gtin="4012345000028", price="48.90")) == "paper.item_doubtful"
    assert sku(meant(gtin="4012345000023")) == "BR-6204-K5", "its check digit is right"
