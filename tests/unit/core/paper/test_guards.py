"""A layout that was understood wrongly ends at a person, and is not accepted (INT-05)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.paper.acceptance import judge
from core.paper.evidence import Judgement
from core.paper.guards import is_far_from_ours, runs_over
from core.paper.known import Known, KnownItem, Memory
from core.reading import Box, Candidate, Extracted, Spot

BOLT = KnownItem("HX-1000", "", "PCE", ("Hex bolt M8x40 A2",), Decimal("0.42"), Decimal("0.02"))
FILM = KnownItem("KX210/5", "", "PCE", ("Stretch film 500 mm black",), Decimal("6.08"), Decimal("0.10"))
WOOL = KnownItem("PW-38", "", "PCE", ("Polishing wool, fine",), Decimal("3.10"), Decimal("0.10"))
KNOWN = Known("ACME", "GBP", frozenset({"account"}), items={one.sku: one for one in (BOLT, FILM, WOOL)})


def judged(*lines: dict[str, str], unread: tuple[str, ...] = (), known: Known = KNOWN) -> Judgement:
    fields = {
        f"lines.{number}.{name}": (Candidate(value, value, Spot(1, Box(0, 0, 9, 9)), 1.0, "column"),)
        for number, line in enumerate(lines, 1)
        for name, value in line.items()
    }
    return judge(Extracted("order", "en", fields, unread=frozenset(unread)), known)


def line(sku: str, description: str, quantity: str = "10", **more: str) -> dict[str, str]:
    return {"sku": sku, "description": description, "quantity": quantity, **more}


def doubts(verdict: Judgement) -> dict[str, str]:
    return {path: one.reason for path, one in verdict.doubtful.items() if path.startswith("lines.")}


def test_a_line_described_as_another_item_is_doubted_and_so_is_one_that_fits_only_somehow() -> None:
    shifted = judged(line("HX-1000", "Stretch film 500 mm black"), line("KX210/5", "Cable tie 200x4.8 black"))
    assert doubts(shifted)["lines.1.sku"] == doubts(shifted)["lines.2.sku"] == "paper.item_doubtful"
    right = judged(line("HX-1000", "Hex bolt M8x40 A2"), line("KX210/5", "Stretch film 500 mm black"))
    assert doubts(right) == {}


def test_a_description_that_fits_not_at_all_needs_something_beside_one_code() -> None:
    alone = line("PW-38", "Safety shoe S3")
    assert doubts(judged(alone))["lines.1.sku"] == "paper.item_doubtful"
    assert doubts(judged({**alone, "price": "3.10"})) == {}, "our price"
    assert doubts(judged(line("HX-1000", "Sechskant-Maschinenschraube M8x40 A2"))) == {}, "the numbers of the item"
    taught = replace(KNOWN, memory=Memory(codes={"77": "PW-38"}))
    assert doubts(judged(line("77", "Safety shoe S3"), known=taught)) == {}, "a person said what the code means"


def test_what_runs_over_into_a_description_is_doubted() -> None:
    assert doubts(judged(line("PW-38", "30 Polishing wool, fine"))) == {"lines.1.description": "paper.field_doubtful"}
    assert not runs_over("Polishing wool, fine, grey", WOOL)
    told = judged(line("PW-38", "Polishing wool, fine SHIP TO: Depot"), unread=("lines.1.description",))
    assert doubts(told) == {"lines.1.description": "paper.field_doubtful"}


@pytest.mark.parametrize(("price", "basis", "far"), [
    ("42", "1", True), ("42", "100", False), ("0.004", "1", True), ("1.20", "1", False), ("0", "1", False),
])  # fmt: skip
def test_a_price_of_another_size_is_for_another_number_of_units(price: str, basis: str, far: bool) -> None:
    assert is_far_from_ours(Decimal(price), Decimal(basis), BOLT) is far
    assert not is_far_from_ours(Decimal(price), Decimal(basis), BOLT._replace(price=None))


def test_a_product_proves_no_quantity_whose_price_is_for_a_hundred() -> None:
    verdict = judged(line("HX-1000", "Hex bolt M8x40 A2", "5", price="42.00", amount="210.00"))
    assert doubts(verdict) == dict.fromkeys(
        ("lines.1.quantity", "lines.1.price", "lines.1.amount"), "paper.field_doubtful"
    )
    assert doubts(judged(line("HX-1000", "Hex bolt M8x40 A2", "500", price="0.42", amount="210.00"))) == {}


def test_an_amount_of_a_table_without_a_price_has_lost_it() -> None:
    assert doubts(judged(line("PW-38", "Polishing wool, fine", amount="31.00"))) == {"lines.1.price": "paper.missing"}


def test_a_number_that_no_field_took_leaves_those_beside_it_to_a_person() -> None:
    said = line("PW-38", "Polishing wool, fine", price="3.10", amount="31.00")
    told = judged(said, unread=("lines.1.quantity", "lines.1.price"))
    assert doubts(told) == dict.fromkeys(("lines.1.quantity", "lines.1.price"), "paper.field_doubtful")


def test_the_numbers_of_what_names_no_item_are_not_believed_without_their_product() -> None:
    footer = {"description": "Signature of the officer", "quantity": "24"}
    assert doubts(judged(footer))["lines.1.quantity"] == "paper.field_doubtful"
