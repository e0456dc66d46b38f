"""What is asked about a mail, in ready words: one line a question, with what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.documents.formats import Formats

#: fields whose candidates are days (ISO 8601)
_DAYS: Final = frozenset({"document_date", "requested_date"})


def questions(asked: Sequence[Mapping[str, Any]], words: Mapping[str, Any], formats: Formats) -> list[str]:
    """Return each of *asked* as a line: where it stands, what was read there, and what is unclear.

    The order is named where several are asked about.
    """
    several = len({one["order"] for one in asked}) > 1
    return [_question(one, words, formats, named=several) for one in asked]


def _question(one: Mapping[str, Any], words: Mapping[str, Any], formats: Formats, *, named: bool) -> str:
    ask = words["asked"]
    place = []
    if named:
        place.append(ask["order"].format(order=one["order"]) if one["order"] else ask["no_order"])
    if one["line"] is not None:
        place.append(ask["line"].format(line=one["line"]))
    before = ""
    for each in one["fields"]:
        place.append(_field(each, ask, formats, again=each["field"] == before))
        before = each["field"]
    doubt = ask["doubts"].get(one["code"].partition(".")[2], ask["unclear"])
    return str(ask["question"].format(place=ask["and"].join(filter(None, place)), doubt=doubt))


def _field(one: Mapping[str, Any], ask: Mapping[str, Any], formats: Formats, *, again: bool) -> str:
    """Return a field, not named *again*, with what stands there; the days that it may mean are written out."""
    shown = "" if again else str(ask["fields"].get(one["field"], one["field"]))
    if one["said"]:
        shown = f"{shown} {ask['said'].format(said=one['said'])}".strip()
    if one["candidates"]:
        days = one["field"] in _DAYS
        ways = [formats.day(way) if days else ask["said"].format(said=way) for way in one["candidates"]]
        shown += ask["ways"].format(ways=ask["or"].join(ways))
    return shown
