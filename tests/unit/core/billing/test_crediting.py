"""What a credit note says: pieces as they were billed, the rest by the rates of the invoice, to the cent."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.billing.charges import BilledCharge
from core.billing.crediting import CreditPart, part_from, plan_credit, total_of
from core.billing.plan import BilledLine

D = Decimal
LINES = (BilledLine(1, D(10), D("12.50"), D(125), D(19)), BilledLine(2, D(3), D("99.99"), D("299.97"), D(7)))
OFF = BilledCharge("discount", 2, "TEN", "TEN", "DI", D("-30.00"), D(7), "S")
SHIPPING = BilledCharge("shipping", 0, "Post", "", "FC", D("4.90"), D(19), "S")


def test_pieces_are_credited_as_they_were_billed() -> None:
    """One crate: (299.97 - 30.00) / 3 = 89.99, with 7 % 96.29."""
    assert plan_credit(D("96.29"), {2: D(1)}, LINES, (OFF, SHIPPING)) == (CreditPart(2, D(1), D("89.99"), D(7)),)


def test_what_is_beyond_the_pieces_goes_by_the_rates_of_the_invoice() -> None:
    parts = plan_credit(D("102.29"), {2: D(1)}, LINES, (OFF, SHIPPING))
    assert [(one.line, one.tax_rate, one.label) for one in parts[:3]] == [
        (2, 7, ""),
        (0, 7, "credit"),
        (0, 19, "credit"),
    ]
    assert total_of(parts) == D("102.29")


def test_less_than_the_pieces_credits_them_by_less() -> None:
    parts = plan_credit(D("50.00"), {2: D(1)}, LINES, (OFF,))
    assert (parts[0].line, parts[0].net) == (2, D("46.73"))
    assert total_of(parts) == D("50.00")


@given(st.integers(1, 46_000), st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(1, 12).map(Decimal)))
def test_any_sum_is_credited_to_the_cent_and_kept_as_it_was(cents: int, pieces: dict[int, Decimal]) -> None:
    parts = plan_credit(D(cents) / 100, pieces, LINES, (OFF, SHIPPING))
    assert total_of(parts) == D(cents) / 100
    assert tuple(part_from(one.as_json()) for one in parts) == parts


def test_a_rate_is_credited_no_further_than_it_was_billed() -> None:
    """All crates went back; what comes then is of the cups, and takes none of the tax of the crates again."""
    crates = plan_credit(D("288.87"), {2: D(3)}, LINES, (OFF,))
    cups = plan_credit(D("148.75"), {}, LINES, (OFF,), crates)
    assert cups == (CreditPart(0, D(1), D("125.00"), D(19), "credit"),)


def test_pieces_are_credited_once() -> None:
    two = plan_credit(D("192.58"), {2: D(2)}, LINES, (OFF,))
    assert [(one.line, one.quantity) for one in two] == [(2, 2)]
    more = plan_credit(D("192.58"), {2: D(2)}, LINES, (OFF,), two)
    assert [one.quantity for one in more if one.line == 2] == [1]
    assert total_of(more) == D("192.58")


@given(st.lists(st.tuples(st.integers(1, 20_000), st.integers(0, 3)), min_size=1, max_size=6))
def test_credit_notes_together_have_no_rate_beyond_the_invoice(told: list[tuple[int, int]]) -> None:
    """Whatever is given back in which sequence; the last one takes all that is left of it."""
    whole = D("443.45")
    billed = {D(7): D("269.97"), D(19): D("129.90")}
    before: list[CreditPart] = []
    for cents, crates in (*told, (10**6, 0)):
        left = whole - sum((one.net * (100 + one.tax_rate) / 100 for one in before), D(0))
        amount = min(D(cents) / 100, round(left, 2))
        if amount > 0:
            before += plan_credit(amount, {2: D(crates)}, LINES, (OFF, SHIPPING), before)
    for rate, net in billed.items():
        assert abs(sum((one.net for one in before if one.tax_rate == rate), D(0)) - net) <= D("0.10")
    assert sum((one.quantity for one in before if one.line == 2), D(0)) <= 3
