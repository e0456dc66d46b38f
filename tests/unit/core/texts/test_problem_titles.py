"""Every code that a problem can have has a title in every language (LNG-01)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import adapters
import core
import gateway
from core.errors import OrdergateError
from core.texts.catalogue import LANGUAGES
from core.texts.problem_titles import problem_titles

WEB = Path(gateway.__file__).parent / "web"
#: what a handler raises without an error of the tree, and what aiohttp's own refusals are called
RAISED = re.compile(r"Problem\(\s*[0-9]+,\s*\"([a-z_.]+)\"|^    [0-9]{3}: \"([a-z_.]+)\",$", re.MULTILINE)


def classes(parent: type[OrdergateError] = OrdergateError) -> Iterator[type[OrdergateError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from classes(child)


def codes() -> set[str]:
    """Return the codes of every error class that is shipped, and those that the web answers with by itself."""
    for package in (core, adapters, gateway):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    shipped = {one.code for one in classes() if one.__module__.split(".")[0] in ("core", "adapters", "gateway")}
    found = [code for path in WEB.rglob("*.py") for code in RAISED.findall(path.read_text("utf-8"))]
    return shipped | {one or other for one, other in found}


def test_every_code_has_a_title_in_every_language() -> None:
    """LNG-01: a new error class or code without all three fails here."""
    for language in LANGUAGES:
        titles = problem_titles(language)
        assert set(titles) == codes(), language
        assert list(titles) == sorted(titles)


def test_no_title_is_the_same_in_two_languages() -> None:
    for code in problem_titles("en"):
        assert len({problem_titles(language)[code] for language in LANGUAGES}) == len(LANGUAGES), code


def test_titles_are_short_and_no_sentences() -> None:
    for language in LANGUAGES:
        for code, title in problem_titles(language).items():
            assert 0 < len(title) <= 70, code
            assert title[-1] not in ".。!", code
