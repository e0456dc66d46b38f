"""Leaves out of an answer what its reader's roles may not see: credit and margin, wherever they stand (ROL-09, RPT-13).

An answer is JSON-ready. A field is hidden by its name; a hold, a check or a decision by its code or group, because its
words and inputs tell the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

#: what stands in place of a sentence that would tell a hidden number
HIDDEN: Final = "not shown to your role"
#: subject -> the names of fields that tell it
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "credit": frozenset({"credit_limit", "exposure", "available_credit", "overdue_amount", "committed"}),
    "margin": frozenset({"margin", "margin_percent", "floor_percent", "target_margin"}),
}
#: subject -> names that tell it in what a decision was made from; elsewhere ``cost`` may be that of a transport
_INNER_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "credit": frozenset(),
    "margin": frozenset({"cost", "comparison"}),
}
#: subject -> the key that marks a mapping as telling the subject, and what else in it does; ``limit`` and ``available``
#: alone may be those of a page or of stock
_MARKED: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "credit": (
        "exposure",
        frozenset({
            "limit", "limit_base", "limit_origin", "raised", "available", "exposure_parts", "overdue",
            "overdue_invoices", "days_late", "used_percent", "adjustments", "small_amount", "missing", "short",
            "paid", "guarantee",
        }),
    )
}  # fmt: skip
#: what a hold or check of a hidden subject tells in words, and with which inputs
_WORDS: Final = frozenset({"reason", "release_when", "summary"})
_INPUTS: Final = frozenset({"inputs", "evidence"})


def hide(value: Any, subjects: Collection[str]) -> Any:
    """Return *value* without what tells of *subjects*: fields become None, inputs are emptied, sentences replaced."""
    if not subjects:
        return value
    return _hide(value, subjects, frozenset().union(*(_FIELDS[subject] for subject in subjects)))


def _hide(value: Any, subjects: Collection[str], names: frozenset[str]) -> Any:
    if isinstance(value, list | tuple):
        return [_hide(part, subjects, names) for part in value]
    if not isinstance(value, dict):
        return value
    if _subject(value) in subjects:
        return {name: _silenced(name, part) for name, part in value.items()}
    within = names.union(*(_INNER_FIELDS[subject] for subject in subjects))
    marked = [_MARKED[subject] for subject in subjects if subject in _MARKED]
    here = names.union(*(told for mark, told in marked if mark in value))
    return {
        name: None if name in here else _hide(part, subjects, within if name in _INPUTS else names)
        for name, part in value.items()
    }


def _subject(value: Mapping[str, Any]) -> str:
    """Return what a hold (``credit.limit``) or a check (``credit``) is about, "" for anything else."""
    named = value.get("code", value.get("group"))
    return named.partition(".")[0] if isinstance(named, str) else ""


def _silenced(name: str, part: Any) -> Any:
    if name in _INPUTS:
        return {}
    return HIDDEN if name in _WORDS else part
