"""Where a taken file goes: ``error/`` only when every document in it was rejected."""

from __future__ import annotations

from typing import Any

import pytest

from core.provenance import fault
from gateway.service.inward import disposition
from gateway.transports.folder import Disposition


def row(outcome: str, **changes: Any) -> dict[str, Any]:
    return {"id": 5, "type": "ORDERS", "outcome": outcome, "reason": None, "violations": None} | changes


@pytest.mark.parametrize("outcomes", [["accepted"], ["parked"], ["duplicate"], ["rejected", "accepted"], ["changed"]])
def test_what_was_taken_is_done(outcomes: list[str]) -> None:
    assert disposition(9, [row(outcome) for outcome in outcomes], "en") == Disposition("done")


def test_what_was_refused_has_its_reasons_beside_it() -> None:
    violations = [{"code": "quantity.invalid", "segment": 4, "syntax_code": "37"}]
    answer = disposition(9, [row("rejected", reason="quantity.invalid", violations=violations)], "en")
    assert answer.place == "error"
    assert answer.reason == {
        "source_id": "9",
        "outcome": "rejected",
        "documents": [
            {
                "document_id": "5",
                "type": "ORDERS",
                "reason": "quantity.invalid",
                "violations": [{"code": "quantity.invalid", "segment": 4}],
            }
        ],
    }


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_the_reasons_are_told_in_the_language_of_the_home(language: str) -> None:
    """LNG-01"""
    found = fault("order.quantity_missing", {"line": 3}, segment=4)
    answer = disposition(9, [row("rejected", violations=[found.kept()])], language)
    assert answer.reason is not None
    (told,) = answer.reason["documents"][0]["violations"]
    assert (told["message"], told["hint"]) == found.told(language)
    assert told["code"] == "order.quantity_missing"
