"""Tells holds in any language from what is kept of them: code, rule, line and inputs (LNG-01).

``holds/<language>.toml`` has the words. A hold keeps its English sentences, too: they are told where the words need an
input that a hold of an older version has not, and where a person wrote them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from core.provenance import ENGLISH, told_again
from core.texts.catalogue import LANGUAGES

Json = Mapping[str, Any]

#: what every hold of an answer has (``H`` of the contracts)
_OF_HOLD: Final = frozenset({"code", "rule", "reason", "inputs", "release_when"})


class HoldWords(NamedTuple):
    """The words of one language: templates by ``code/rule``, or ``code/rule/variant``; ``lifts`` by code."""

    templates: Mapping[str, Mapping[str, str]]
    lifts: Mapping[str, str]
    hidden: str
    separator: str
    comma: str


@lru_cache(maxsize=len(LANGUAGES))
def hold_words(language: str) -> HoldWords:
    """Return the words of one of ``LANGUAGES``; they are read when they are first asked for."""
    with (Path(__file__).parent / "holds" / f"{language}.toml").open("rb") as file:
        content = tomllib.load(file)
    return HoldWords(content["holds"], content["lifts"], content["hidden"], content["separator"], content["comma"])


def retold(answer: Any, language: str) -> Any:
    """Return *answer*, JSON-ready, with every hold in it told in *language*; in English it is told already."""
    return answer if language == ENGLISH else _retold(answer, language)


def _retold(value: Any, language: str) -> Any:
    if isinstance(value, list | tuple):
        return [_retold(part, language) for part in value]
    if not isinstance(value, dict):
        return value
    if value.keys() >= _OF_HOLD:
        return {**value, **tell_hold(value, language)}
    return {name: _retold(part, language) for name, part in value.items()}


def tell_hold(hold: Json, language: str) -> dict[str, str]:
    """Return ``reason`` and ``release_when`` of a hold in *language*; what cannot be told so stays as it was."""
    words, code, rule = hold_words(language), hold["code"], hold["rule"]
    inputs = hold["inputs"] if isinstance(hold["inputs"], dict) else {}
    try:
        variant, given = _PARAMETERS[rule](inputs) if rule in _PARAMETERS else ("", {})
    except (KeyError, TypeError, ValueError):  # kept by a version with other inputs
        variant, given = "", {}
    template = words.templates.get("/".join(filter(None, (code, rule, variant))), {})
    known = {**inputs, "line": hold.get("line"), "release_role": hold.get("release_role")}
    known |= {name: words.comma.join(said) if isinstance(said, list) else said for name, said in given.items()}
    if rule in _OF_VIOLATIONS and "violations" in inputs:
        told = [str(told_again(kept, language)["message"]) for kept in inputs["violations"]]
        known["violations"] = words.separator.join(told)
    lifted_by = template.get("lifted_by")
    if hold["release_when"] == hold_words(ENGLISH).lifts.get(code):
        lifted_by = words.lifts[code]
    return {
        "reason": _filled(hold["reason"], template.get("reason"), known, words),
        "release_when": _filled(hold["release_when"], lifted_by, known, words),
    }


def _filled(stands: str, template: str | None, known: Json, words: HoldWords) -> str:
    if stands == hold_words(ENGLISH).hidden:
        return words.hidden
    if template is None:
        return stands
    try:
        return template.format_map(known)
    except (KeyError, ValueError):
        return stands


#: a variant of the words, and what they need besides inputs and line; a list is joined as the language does
Parameters = tuple[str, dict[str, Any]]
#: rules whose words are those of the violations that they found
_OF_VIOLATIONS: Final = frozenset({"intake.claims", "intake.counts"})


def _rates(inputs: Json) -> Parameters:
    return "", {"said": inputs["rates"]}


def _overdue(inputs: Json) -> Parameters:
    return "", {"count": len(inputs["overdue"]), "numbers": inputs["overdue"][:5]}


def _late(inputs: Json) -> Parameters:
    promised, requested = (date.fromisoformat(inputs[name]) for name in ("promised", "requested"))
    return "", {"late": (promised - requested).days}


def _country(inputs: Json) -> Parameters:
    return "", dict(inputs["ship_to.country"])


def _item(inputs: Json) -> Parameters:
    named = next((said for said in map(inputs.get, ("gtin", "supplier_code", "buyer_code")) if said), None)
    return ("", {"named": named}) if named else ("unnamed", {})


def _fields(inputs: Json) -> Parameters:
    missing, faults = inputs["missing"], inputs.get("faults", [])
    return "both" if missing and faults else "missing" if missing else "malformed", {
        "count": len(missing),
        "missing": missing,
        "malformed": [f"{one['field']} {one['value']!r}" for one in faults],
        "fields": [*missing, *(one["field"] for one in faults)],
    }


def _margin(inputs: Json) -> Parameters:
    return "free" if inputs["margin_percent"] is None else "", {}


_PARAMETERS: Final[Mapping[str, Callable[[Json], Parameters]]] = {
    "availability.date": _late,
    "credit.currency": _rates,
    "credit.overdue": _overdue,
    "customer.delivery-country": _country,
    "customer.thirty-fields": _fields,
    "item.identity": _item,
    "margin.floor": _margin,
}
