"""The texts of violations by code: a message and a hint in every language, with named parameters (LNG-01).

``<language>.toml`` holds them. A code that can be worded in more than one way has variants: its parameter
``variant`` chooses the text ``code/variant``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Final, Literal, NamedTuple, get_args

#: ISO 639-1; the first one is spoken where nobody asks for another
Language = Literal["en", "de", "zh"]
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
#: names the wording among the parameters of a violation
VARIANT: Final = "variant"

#: what a parameter may be: JSON keeps it as it is
Parameter = str | int


class Text(NamedTuple):
    """What is wrong and what to do about it: as templates in a catalogue, as sentences when told."""

    message: str
    hint: str


class Catalogue(Formatter):
    """All texts of one language, and ``str.format`` with its thousands mark and its names of fields.

    ``{size:,}`` groups the digits of a number as the language does; ``{field:field}`` is the language's name of a
    field of the canonical document. ``texts`` are by code, or ``code/variant``, in the order of the file.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.texts = {key: Text(text["message"], text["hint"]) for key, text in content["violations"].items()}
        #: what a problem document is called by its HTTP status
        self.problems = {int(status): title for status, title in content["problems"].items()}
        self._fields: Mapping[str, str] = content["fields"]
        self._thousands: str = content["thousands"]

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one parameter as its template asks for it."""
        if format_spec == "field":
            return self._fields[value]
        shown: str = super().format_field(value, format_spec)
        return shown.replace(",", self._thousands) if format_spec == "," else shown

    def tell(self, code: str, parameters: Mapping[str, Parameter]) -> Text:
        """Return message and hint of *code* with its *parameters*.

        Raises:
            KeyError: the code, its variant, a parameter or a field is not known.
            ValueError: a parameter is of another type than its template needs.
        """
        variant = parameters.get(VARIANT)
        template = self.texts[f"{code}/{variant}" if variant else code]
        return Text(self._fill(template.message, parameters), self._fill(template.hint, parameters))

    def _fill(self, words: str, parameters: Mapping[str, Parameter]) -> str:
        if self._thousands == "," and ":field}" not in words:  # str.format alone does it, seven times as fast
            return words.format_map(parameters)
        return self.vformat(words, (), parameters)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Catalogue:
    """Return the texts of one of :data:`LANGUAGES`; they are read when they are first asked for."""
    with Path(__file__).with_name(f"{language}.toml").open("rb") as file:
        return Catalogue(tomllib.load(file))


def text_of(code: str, parameters: Mapping[str, Parameter] | None, language: str) -> Text | None:
    """Return message and hint in *language*; None where the catalogue cannot tell them.

    So it is for a violation of another version, whose code or parameters the catalogue does not know (any more), and
    for one of an adapter that brings its own words: ``parameters`` is None.
    """
    if parameters is None:
        return None
    try:
        return catalogue(language).tell(code, parameters)
    except (KeyError, ValueError):
        return None
