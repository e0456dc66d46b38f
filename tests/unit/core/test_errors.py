"""The error tree: codes are unique and stable, docstrings are the messages, the drawing is the tree."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

from core import errors


def tree(error: type[errors.OrdergateError], depth: int = 0) -> Iterator[tuple[int, type[errors.OrdergateError]]]:
    yield depth, error
    for child in error.__subclasses__():
        if child.__module__ == "core.errors":
            yield from tree(child, depth + 1)


CLASSES = [error for _, error in tree(errors.OrdergateError)]


def test_every_code_belongs_to_one_class() -> None:
    codes = [error.code for error in CLASSES]
    assert len(codes) == len(set(codes))
    assert len(codes) > 15


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.code)
def test_an_error_without_words_speaks_its_docstring(error: type[errors.OrdergateError]) -> None:
    raised = error([]) if error is errors.ValidationFailed else error()
    assert raised.message == inspect.cleandoc(error.__doc__ or "").splitlines()[0]
    assert str(raised) == raised.message
    assert raised.message.endswith(".")
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", error.code)


def test_an_error_with_words_keeps_them_with_hint_and_inputs() -> None:
    raised = errors.Conflict("The order is shipped.", hint="Open a return.", inputs={"state": "shipped"})
    assert (raised.message, raised.hint, raised.inputs) == (
        "The order is shipped.",
        "Open a return.",
        {"state": "shipped"},
    )


def test_the_drawing_at_the_top_is_the_tree() -> None:
    lines = re.findall(r"^ {4}([│ ]*)[├└]── (\w+)", errors.__doc__ or "", flags=re.MULTILINE)
    drawn = [(len(indent) // 4 + 1, name) for indent, name in lines]
    assert drawn == [(depth, error.__name__) for depth, error in tree(errors.OrdergateError) if depth]


def test_only_what_may_heal_by_itself_is_retryable() -> None:
    assert {error.__name__ for error in CLASSES if error.retryable} == {
        "DeliveryFailed",
        "GatewayUnreachable",
        "IssuerUnavailable",
        "SystemFailed",
        "StoreUnavailable",
        "ShopNotReady",
        "StorageFull",
    }
