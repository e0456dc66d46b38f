"""What is wrong with a request is told in every language: by the validator's types, and by our own rules (LNG-01)."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import gateway
from core.texts.catalogue import LANGUAGES
from core.texts.request_words import count_faults, request_words, tell_fault

OTHERS = [language for language in LANGUAGES if language != "en"]
WEB = Path(gateway.__file__).parent / "web"


class Asked(BaseModel):
    """One field of each kind that requests have."""

    model_config = ConfigDict(extra="forbid")

    flag: bool = True
    table: dict[str, str] = {}
    more: Annotated[int, Field(gt=1, lt=9)] = 5
    bounded: Annotated[int, Field(ge=1, le=9)] = 5
    listed: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    kind: Literal["a", "b"] = "a"
    text: Annotated[str, Field(min_length=2, max_length=3, pattern="^[a-z]*$")] = "ab"
    inner: Asked | None = None


FAULTY: list[dict[str, Any]] = [
    {"flag": "maybe"}, {"flag": []}, {"table": 1}, {"more": 1}, {"more": 9}, {"more": "x"}, {"more": 1.5}, {"more": []},
    {"bounded": 0}, {"bounded": 10}, {"listed": []}, {"listed": [1, 2, 3]}, {"listed": 1}, {"kind": "c"}, {"text": "a"},
    {"text": "abcd"}, {"text": "AB"}, {"text": 1}, {"inner": 1}, {"unknown": 1},
]  # fmt: skip


def sentences() -> set[str]:
    """Return what every rule of a request says when a value breaks it."""
    calls = (
        node
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ValueError"
    )
    given = (call.args[0] for call in calls)
    return {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_every_rule_of_ours_is_told_in_every_language() -> None:
    """LNG-01: a new rule without its words in core/texts/requests fails here."""
    for language in OTHERS:
        rules = request_words(language).rules
        assert sentences() <= set(rules), language
        assert list(rules) == sorted(rules)


def test_every_language_tells_the_same_with_the_same_parameters() -> None:
    first, *rest = (request_words(language) for language in OTHERS)
    for other in rest:
        assert list(first.faults) == list(other.faults) == sorted(first.faults)
        assert list(first.rules) == list(other.rules)
        for kind, words in first.faults.items():
            named = [{name for _, name, _, _ in Formatter().parse(one)} - {None} for one in (words, other.faults[kind])]
            assert named[0] == named[1], kind


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("given", FAULTY, ids=str)
def test_what_the_validator_finds_is_told_with_its_bounds(given: dict[str, Any], language: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(given)
    (found,) = refused.value.errors()
    told = tell_fault(found["type"], found["msg"], found.get("ctx", {}), language)
    assert told != found["msg"]
    bounds = [str(value) for name, value in found.get("ctx", {}).items() if name not in ("field_type", "class_name")]
    assert [bound for bound in bounds if bound not in told] == []
    assert tell_fault(found["type"], found["msg"], {}, "en") == found["msg"]


def test_what_has_no_words_stays_english() -> None:
    assert tell_fault("no_such_type", "It is wrong", {}, "de") == "It is wrong"
    assert tell_fault("value_error", "Value error, it is wrong", {}, "zh") == "Value error, it is wrong"
    assert tell_fault("string_too_long", "too long", {}, "de") == "too long"


def test_faults_are_counted() -> None:
    assert [count_faults(count, "en") for count in (1, 2)] == ["one rule is broken", "2 rules are broken"]
    for language in OTHERS:
        assert not re.search(r"[a-z]* rules? ", count_faults(1, language))
        assert "2" in count_faults(2, language)
