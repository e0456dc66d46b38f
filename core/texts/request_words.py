"""Tells in another language what is wrong with a request: the fault by its type, a rule of ours by its sentence.

English is what the validator and the rules say themselves; ``requests/<language>.toml`` has the others (LNG-01).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from core.provenance import ENGLISH
from core.texts.catalogue import LANGUAGES

#: what the validator calls a rule of ours that a value breaks, and says before its sentence
_OWN: Final = "value_error"
_PREFIX: Final = "Value error, "


class RequestWords(NamedTuple):
    """The words of one language: ``faults`` by type, with named parameters; ``rules`` by the English sentence."""

    faults: Mapping[str, str]
    rules: Mapping[str, str]
    one: str
    many: str


@lru_cache(maxsize=len(LANGUAGES))
def request_words(language: str) -> RequestWords:
    """Return the words of one of ``LANGUAGES`` but English; they are read when they are first asked for."""
    with (Path(__file__).parent / "requests" / f"{language}.toml").open("rb") as file:
        content = tomllib.load(file)
    return RequestWords(content["faults"], content["rules"], content["one"], content["many"])


def tell_fault(kind: str, message: str, context: Mapping[str, Any], language: str) -> str:
    """Return *message*, what is wrong in English, in *language*; as it is where there are no words for it.

    *kind* is the type of the fault, *context* has what its words name.
    """
    if language == ENGLISH:
        return message
    words = request_words(language)
    if kind == _OWN:
        return words.rules.get(message.removeprefix(_PREFIX), message)
    try:
        return words.faults[kind].format_map(context)
    except KeyError:
        return message


def count_faults(count: int, language: str) -> str:
    """Return how many rules a request breaks."""
    if language == ENGLISH:
        return "one rule is broken" if count == 1 else f"{count} rules are broken"
    words = request_words(language)
    return words.one if count == 1 else words.many.format(count=count)
