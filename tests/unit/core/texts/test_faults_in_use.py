"""Every violation that the product tells is worded in the catalogue, and every text is of one that it tells.

Read from the source: a call that states a code states its parameters beside it, so that none can be forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

from core.paper.asking import NOT_ASKED, Unasked
from core.paper.evidence import Doubt
from core.texts.catalogue import LANGUAGES, VARIANT, catalogue

ROOT = Path(__file__).parents[4]
SOURCES = [path for folder in ("core", "adapters", "gateway") for path in sorted((ROOT / folder).rglob("*.py"))]
CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)*\.[a-z]+(?:_[a-z0-9]+)*")
OURS = re.compile(r"^from core\.provenance import .*\bfault\b", re.MULTILINE)
#: functions that take a code and its parameters, and what they name besides those
PASSED_ON: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("fault", "envelope_fault", "holding", "mismatch", "warn", "_add", "_extra", "_violation", "Unreadable"),
        frozenset(),
    ),
    "_refuse": frozenset({"id", "name", "tag"}),
}
#: functions of a module that give all parameters themselves
GIVING = {
    ("adapters/edi/walk.py", "_miscount"): {"": {"sent", "found"}, "absent": {"found"}},
    ("adapters/edi/walk.py", "_mismatch"): {"": {"sent", "expected"}},
    ("adapters/commerce/reading.py", "_wrong"): {"": {"pointer", "sent"}},
}
#: whoever makes a violation without the catalogue: the violation itself, and fakes for tests
WITHOUT_WORDS_OF_OURS = {
    "core/provenance.py",
    "core/testing/received.py",
    "gateway/forms.py",  # the words of the validator
    "gateway/imports/judging.py",  # those of an error of the tree
    "gateway/client/errors.py",  # those of the gateway that answered
}


def texts_of(node: ast.expr | None) -> list[str]:
    """Return the texts that an expression can be: one, or those of both branches."""
    if isinstance(node, ast.IfExp):
        return texts_of(node.body) + texts_of(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""), node


def parameters_of(call: ast.Call, tree: ast.AST) -> set[str] | None:
    """Return the keys of the second argument, or of what was last given to its name; None where neither tells them."""
    written: ast.expr | None = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
    if isinstance(written, ast.Name):
        given = [
            (node.lineno, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno < call.lineno
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and target.id == written.id
        ]
        written = max(given, key=lambda assignment: assignment[0])[1] if given else None
    if not isinstance(written, ast.Dict):
        return None
    return {key.value for key in written.keys if isinstance(key, ast.Constant)}


def stated_in(module: str, tree: ast.AST) -> Iterator[tuple[str, str, set[str] | None]]:
    for callee, call in calls(tree):
        codes = [text for text in texts_of(call.args[0] if call.args else None) if CODE.fullmatch(text)]
        variants = set(texts_of(next((one.value for one in call.keywords if one.arg == VARIANT), None))) or {""}
        where, giving = f"{module}:{call.lineno}", GIVING.get((module, callee))
        for code in codes if giving or callee in PASSED_ON else ():
            if giving:
                told: dict[str, set[str] | None] = {**dict.fromkeys(variants, giving[""]), **giving}
            else:
                written = parameters_of(call, tree)
                told = dict.fromkeys(variants, None if written is None else written | PASSED_ON[callee])
            for variant, parameters in told.items():
                yield where, f"{code}/{variant}" if variant else code, parameters


def stated() -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield place, text (``code`` or ``code/variant``) and parameters of each call that states a violation."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        # faults of the web are those of requests, unless it takes them from here
        if not path.is_relative_to(ROOT / "gateway" / "web") or OURS.search(text):
            yield from stated_in(path.relative_to(ROOT).as_posix(), ast.parse(text))


@cache
def all_stated() -> list[tuple[str, str, set[str] | None]]:
    """All of :func:`stated`, and the fields that are left to a person: their code says why, their path is told later.

    Not at import: every process of a run imports this, and one needs it.
    """
    return [
        *stated(),
        *(("core/paper/evidence.py", code, {"path"}) for code in get_args(Doubt)),
        *(("core/paper/asking.py", f"{NOT_ASKED}/{variant}", set[str]()) for variant in get_args(Unasked)),
    ]


def named_in(key: str) -> set[str]:
    text = catalogue(LANGUAGES[0]).texts[key]
    return {name for words in text for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_what_is_stated_was_found() -> None:
    assert len(all_stated()) > 60


def test_every_violation_has_its_words() -> None:
    unknown = [(where, text) for where, text, _ in all_stated() if text not in catalogue(LANGUAGES[0]).texts]
    assert unknown == []


def test_every_text_is_of_a_violation_that_is_told() -> None:
    assert set(catalogue(LANGUAGES[0]).texts) - {text for _, text, _ in all_stated()} == set()


def test_every_violation_gives_the_parameters_that_its_words_name() -> None:
    wrong = [
        (where, text, given, named_in(text))
        for where, text, given in all_stated()
        if given is not None and not named_in(text) <= given
    ]
    assert wrong == []


def test_no_violation_keeps_what_no_words_name() -> None:
    needless = [
        (where, text, given - named_in(text)) for where, text, given in all_stated() if given and given - named_in(text)
    ]
    assert needless == []


def test_parameters_are_written_out_beside_their_code() -> None:
    assert [(where, text) for where, text, given in all_stated() if given is None] == []


def test_words_come_from_the_catalogue_alone() -> None:
    made = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        if path.relative_to(ROOT).as_posix() not in WITHOUT_WORDS_OF_OURS
        for callee, call in calls(ast.parse(path.read_text(encoding="utf-8")))
        if callee == "Violation"
    ]
    assert made == []
