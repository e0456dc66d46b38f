"""Quality cards say what their adapters do, and name tests that exist."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from pydantic import ValidationError

import adapters.carriers
from adapters.carriers.card import RULES, QualityCard, read_card
from adapters.carriers.registry import CarrierAdapter

TESTS = Path(__file__).parents[3]
CARRIERS = sorted(
    folder.parent.name for root in adapters.carriers.__path__ for folder in Path(root).glob("*/adapter.py")
)


def test_there_are_carriers() -> None:
    assert "sandbox" in CARRIERS


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_card_says_what_the_adapter_says(carrier: str) -> None:
    adapter = importlib.import_module(f"adapters.carriers.{carrier}.adapter").ADAPTER
    card = read_card(f"adapters.carriers.{carrier}")
    assert isinstance(adapter, CarrierAdapter)
    assert (card.id, card.label) == (adapter.id, adapter.label)
    assert (card.documents_in, card.documents_out) == (adapter.documents_in, adapter.documents_out)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_tests_that_a_card_names_exist(carrier: str) -> None:
    named = [test for rule in read_card(f"adapters.carriers.{carrier}").rules.values() for test in rule.tests]
    for test in named:
        path, _, function = test.partition("::")
        module = ast.parse((TESTS / path).read_text("utf-8"))
        functions = {node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert function in functions, test
    assert named


def _card(**changes: object) -> dict[str, object]:
    rules = {rule: {"status": "exempt", "reason": "not yet"} for rule in RULES}
    card: dict[str, object] = {
        "id": "x",
        "label": "X",
        "documents_in": [],
        "documents_out": [],
        "edition": "1",
        "samples": "none",
        "limits": [],
        "rules": rules,
    }
    return card | changes


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({}, "rules differ"),
        ({rule: {"status": "exempt"} for rule in RULES}, "says why"),
        ({rule: {"status": "done"} for rule in RULES}, "names the tests"),
        ({rule: {"status": "hoped"} for rule in RULES}, "'done' or 'exempt'"),
    ],
)
def test_a_card_that_backs_nothing_is_refused(rules: dict[str, object], fault: str) -> None:
    assert QualityCard.model_validate(_card()).id == "x"
    with pytest.raises(ValidationError, match=fault):
        QualityCard.model_validate(_card(rules=rules))
