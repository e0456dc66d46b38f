"""What the benchmark of mail and fax counts as wrong."""

from __future__ import annotations

import pytest
from score import Score
from truth import Expected, Truth

from core.paper.evidence import Judgement
from core.reading import Candidate, Extracted

LINE = {"sku": "A-1", "quantity": "500", "price": "12.40", "price_basis": "100"}


@pytest.mark.parametrize(("basis", "wrong"), [("100", 0), ("1000", 1), (None, 1)])
def test_a_price_for_another_number_of_units_is_wrong(basis: str | None, wrong: int) -> None:
    said = {name: value for name, value in (LINE | {"price_basis": basis}).items() if value is not None}
    fields = {f"lines.1.{name}": (Candidate(value, value, None, 1.0, "column"),) for name, value in said.items()}
    verdict = Judgement("ALPINA")
    for name in ("sku", "quantity", "price"):
        verdict.accept(f"lines.1.{name}", fields[f"lines.1.{name}"][0], "text.exact")
    score = Score()
    truth = Truth("o.pdf", "", {}, ({name: Expected(value, 1, None) for name, value in LINE.items()},), "en", ())
    score.add(truth, Extracted("order", "en", fields), verdict, points=None)
    assert (score.accepted, score.wrong) == (3, wrong)
    assert score.wrong_straight == score.straight * wrong
