"""The number of an order, by its form and by what names it (issue 6, part 5; INT-05)."""

from __future__ import annotations

import pytest

from core.paper.evidence import Judgement
from core.paper.known import Known, Memory
from core.paper.reference import judge_reference
from core.reading import Candidate, Extracted

_MANY = tuple(f"{letter}-99" for letter in "ABCDEFGHI")


def reason(*said: str, label: str = "label", forms: tuple[str, ...] = ("PO-9999",)) -> str | None:
    """Return why the number that reads *said* is left to a person, None where it is not."""
    candidates = tuple(Candidate(one, one, None, 1.0, label) for one in said)
    verdict = Judgement("ACME")
    known = Known("ACME", memory=Memory(frozenset(forms)))
    judge_reference(Extracted("order", "en", {"buyer_reference": candidates}), known, verdict)
    doubt = verdict.doubtful.get("buyer_reference")
    return None if doubt is None else doubt.reason


@pytest.mark.parametrize(
    ("label", "forms", "expected"),
    [
        ("label", (), None),
        ("label", ("PO-9999",), "paper.reference_doubtful"),
        ("taught", ("PO-9999",), None),
        ("label", _MANY, None),
        ("position", (), None),
        ("position", ("PO-9999",), "paper.reference_doubtful"),
        ("position", _MANY, "paper.reference_doubtful"),
    ],
)
def test_a_number_of_another_form_is_asked_for_where_a_customer_has_few_or_no_label_of_an_order_names_it(
    label: str, forms: tuple[str, ...], expected: str | None
) -> None:
    assert reason("PO-47112", label=label, forms=forms) == expected


def test_a_number_in_a_known_form_is_proved_whatever_names_it() -> None:
    assert reason("PO-4711", label="position") is None


def test_of_several_readings_one_alone_may_be_in_a_known_form_and_must_be_the_first() -> None:
    assert reason("PO-4711", "X-1") is None
    assert reason("PX-4711", "A-12", forms=_MANY) == "paper.reference_doubtful"
    assert reason("PO-4711", "PO-4712") == "paper.reference_doubtful"
