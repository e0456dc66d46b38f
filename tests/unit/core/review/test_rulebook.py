"""The rules are data: defaults of the register, changed key by key, refused where they cannot be meant (REV-06)."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal

import pytest

from core.review.credit import CreditRules
from core.review.rulebook import Rulebook, RulebookRefused, changes_between, read_rulebook


def test_the_defaults_are_those_of_the_register() -> None:
    """CUS-06 to CUS-08 (3x, 2x, 1x), INV-10 (7 days), ORD-08 (5 days)."""
    book = Rulebook()
    assert dict(book.credit.factors) == {"A": 3, "B": 2, "C": 1}
    assert (book.promise.standard_days, book.promise.reservation_days) == (5, 7)


def test_a_file_says_what_differs() -> None:
    book = read_rulebook(tomllib.loads('[promise]\nstandard_days = 3\n[credit.factors]\nA = "2.5"\n'))
    assert (book.promise.standard_days, book.promise.reservation_days) == (3, 7)
    assert book.credit == CreditRules({"A": Decimal("2.5")})


def test_a_rulebook_comes_back_from_what_is_kept_of_it() -> None:
    book = read_rulebook({"credit": {"factors": {"A": "2.50"}}, "promise": {"lead_days": 0}})
    assert read_rulebook(json.loads(json.dumps(book.document()))) == book
    assert read_rulebook(Rulebook().document()) == Rulebook()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[pledge]\nlead_days = 1", "pledge: is no rule"),
        ("[promise]\nlead_day = 1", "promise.lead_day: is no rule; known: lead_days"),
        ('[promise]\nlead_days = "1"', "promise.lead_days: is of the kind int"),
        ("[promise]\nlead_days = true", "promise.lead_days: is of the kind int"),
        ("[promise]\nlead_days = -1", "promise: days are 0 to 365"),
        ("[promise]\nreservation_days = 0", "promise: days are 0 to 365"),
        ("promise = 3", "promise: is a table"),
        ("[credit]\nfactors = 3", "credit.factors: is a table"),
        ("[credit.factors]\nA = 2.5", "credit.factors.A: is a decimal in quotes"),
        ('[credit.factors]\nA = "NaN"', "credit.factors.A: is a decimal in quotes"),
        ('[credit.factors]\nA = "-1"', "credit: factors are for the grades A, B and C"),
        ('[credit.factors]\nD = "1"', "credit: factors are for the grades A, B and C"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(text: str, told: str) -> None:
    with pytest.raises(RulebookRefused) as refused:
        read_rulebook(tomllib.loads(text))
    assert told in str(refused.value)
    assert refused.value.code == "rules.invalid"


def test_what_changed_is_told_by_key() -> None:
    quick = read_rulebook({"promise": {"standard_days": 1}})
    assert changes_between(Rulebook(), quick) == {"promise.standard_days": (5, 1)}
    less = read_rulebook({"credit": {"factors": {"A": "3"}}})
    assert changes_between(Rulebook(), less) == {"credit.factors.B": ("2", None), "credit.factors.C": ("1", None)}
