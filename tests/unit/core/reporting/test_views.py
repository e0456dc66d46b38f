"""The read models are what the web asks for, name by name and parameter by parameter."""

from __future__ import annotations

import inspect

import pytest

from core.reporting import views
from gateway.web.ports import Views

ASKED = [name for name, member in inspect.getmembers(Views, inspect.isfunction) if not name.startswith("_")]


def test_something_is_asked_for() -> None:
    assert len(ASKED) > 15
    assert set(ASKED) <= set(views.__all__)


@pytest.mark.parametrize("name", ASKED)
def test_a_view_takes_what_the_port_says(name: str) -> None:
    asked = inspect.signature(getattr(Views, name)).parameters
    given = inspect.signature(getattr(views, name)).parameters
    shape = [(key, value.kind, value.default) for key, value in asked.items() if key != "self"]
    assert [(key, value.kind, value.default) for key, value in given.items()] == shape
