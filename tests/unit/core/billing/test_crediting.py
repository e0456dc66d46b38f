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
