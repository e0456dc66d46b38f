"""The sums of an order say which number was meant, where one alone was misread (ocr-intake, section 5.7)."""

from __future__ import annotations

from decimal import Decimal

from core.paper.known import KnownItem
from core.paper.sums import Settled, settle
from core.reading import Box, Candidate, Extracted, Spot

LINES = (("40", "70.20", "2808.00"), ("500", "2.35", "1175.00"), ("1", "8.14", "8.14"))
NET = "3991.14"


def settled(*lines: tuple[str, ...], net: str = NET, ours: dict[int, str] | None = None, **totals: str) -> Settled:
    """Return what the sums of lines prove; a number may be several readings parted by ``|``, or none."""
    said = {
        f"lines.{number}.{name}": value
        for number, line in enumerate(lines, 1)
        for name, value in zip(("quantity", "price", "amount"), line, strict=True)
        if value
    }
    said |= {name: value for name, value in {"net_total": net, **totals}.items() if value}
    spot = Spot(1, Box(0, 0, 9, 9))
    fields = {
        path: tuple(Candidate(one, one, spot, 0.9, "column") for one in value.split("|"))
        for path, value in said.items()
    }
    items = {
        line: KnownItem("A", "", "PCE", (), Decimal(price), Decimal(price) / 10) for line, price in (ours or {}).items()
    }
    return settle(Extracted("order", "en", fields, guessed=True), items)


def numbers(found: Settled) -> list[tuple[str, ...] | None]:
    return [None if one is None else tuple(f"{each:f}" for each in one[:3]) for one in found.lines]


def test_a_number_that_was_misread_or_not_seen_is_the_one_that_lets_the_sum_close() -> None:
    assert numbers(settled(("40", "70.20", "2800.00"), *LINES[1:])) == [*LINES]
    assert numbers(settled(("48", "70.20", "2808.00"), *LINES[1:])) == [*LINES]
    assert numbers(settled(("40", "70.26", "2808.00"), *LINES[1:])) == [*LINES]


def test_a_number_that_was_not_seen_needs_more_than_the_sum() -> None:
    """100 misread as 400 has a product, too: at 1.05 and not at 4.20."""
    for line in (("40", "", "2808.00"), ("", "70.20", "2808.00")):
        assert numbers(settled(line, *LINES[1:]))[0] is None
        assert numbers(settled(line, *LINES[1:], ours={1: "70.20"})) == [*LINES]
        assert numbers(settled(line, *LINES[1:], ours={1: "72.00"})) == [*LINES]
        assert numbers(settled(line, *LINES[1:], ours={1: "80.00"}))[0] is None
    for line in (("20", "", "9.20"), ("", "1.00", "12.00")):
        assert numbers(settled(line, net=line[2], ours={1: "0.44" if line[0] else "1.10"})) == [None], (
            "23 x 0.40, 10 x 1.20"
        )
    bare = [(quantity, price, "") for quantity, price, _ in LINES]
    assert numbers(settled(*bare)) == [None, None, None], "the sum and a price may be misread alike"
    assert numbers(settled(*bare, tax_total="758.32", total="4749.46")) == [*LINES]


def test_a_sign_that_was_read_twice_is_no_third_decimal() -> None:
    assert numbers(settled(("1", "4.333", "4.33"), net="4.33")) == [None]
    assert numbers(settled(("1000", "4.333", "4333.00"), net="4333.00")) == [("1000", "4.333", "4333.00")]
    assert numbers(settled(("1", "0.68", "0.69"), net="0.69")) == [("1", "0.69", "0.69")], "a cent is a cent"


def test_the_net_is_the_total_without_its_tax_where_it_was_misread() -> None:
    found = settled(*LINES, net="3991.11", tax_total="758.32", total="4749.46")
    assert numbers(found) == [*LINES]
    assert "arithmetic.sum" in found.proved


def test_two_ways_to_add_up_prove_neither() -> None:
    """40 x 70.20 and 48 x 58.50 are the same amount; which of the two was misread, the sum cannot say."""
    found = settled(("48", "70.20", "2808.00"), *LINES[1:])
    assert numbers(found)[0] == ("40", "70.20", "2808.00"), "58.50 is no reading of 70.20"
    both = settled(("10", "1.00", "20.00"), net="20.00")
    assert numbers(both) == [None], "20 x 1.00 or 10 x 2.00"


def test_a_line_that_was_lost_is_missed_by_the_sum() -> None:
    assert "arithmetic.sum" not in settled(*LINES[:2]).proved
    assert "arithmetic.sum" not in settled(*LINES[:2], net="3991.14", total="3991.14").proved


def test_without_a_sum_only_our_own_price_is_taken_for_one_that_was_not_seen() -> None:
    assert numbers(settled(("40", "", "2808.00"), net="", ours={1: "70.20"})) == [("40", "70.20", "2808.00")]
    assert numbers(settled(("40", "", "2808.00"), net="", ours={1: "70.00"})) == [None]
    assert numbers(settled(("", "0.10", "10.80"), net="", ours={1: "0.10"})) == [None], "any amount has a quantity"


def test_a_number_that_can_be_read_in_two_ways_needs_the_sum() -> None:
    one = ("1000|1.000", "3.85", "3850|3.850")
    assert numbers(settled(one, net="3850.00")) == [("1000", "3.85", "3850")]
    assert numbers(settled(one, net="")) == [None]
