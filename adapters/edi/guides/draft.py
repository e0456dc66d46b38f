"""Writes a draft guide from what sample files show: TOML for a person to go over, which loads as it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Place
from adapters.edi.directory.codes import code_name
from adapters.edi.directory.tables import Component, Directory, load
from adapters.edi.guides.leniency import ALLOWED
from adapters.edi.guides.model import Format
from adapters.edi.guides.survey import MessageSurvey, Seen, Survey, Use, is_qualified

#: so many values of one length, and it is no accident
_ENOUGH: Final = 3
#: codes beyond are as many as there are items or places: no agreement on a list
_MOST_CODES: Final = 20
#: a group that the directory lets repeat so often is what a message is made of
_OFTEN: Final = 100
_FRAME: Final = frozenset({"UNH", "UNS", "UNT"})
#: what a draft cannot know: whether what it did not see is forbidden
_TOLD_ONLY: Final = (
    "guide.code_not_agreed",
    "guide.format",
    "guide.release",
    "guide.segment_missing",
    "guide.segment_too_many",
    "guide.element_missing",
)


def draft(survey: Survey, title: str = "") -> str:
    """Return the TOML of a guide that everything in *survey* follows."""
    return "\n".join([*_head(survey, title), *_leniency(survey), *_messages(survey)]) + "\n"


def _head(survey: Survey, title: str) -> Iterator[str]:
    yield f"# A draft from {survey.interchanges} interchange(s) in {len(survey.files)} file(s). It says what was seen,"
    yield "# not what was agreed: go over it with the partner, and make what is agreed an error under [leniency]."
    for name, seen in survey.habits.items():
        yield f"# {name}: {_listed(seen)}"
    yield f"title = {_text(title)}"


def _listed(seen: Counter[str]) -> str:
    told = ", ".join(f"{what} ({count})" for what, count in seen.most_common(5))
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in told)


def _leniency(survey: Survey) -> Iterator[str]:
    yield "\n[leniency]"
    yield from (f'"{code}" = "warning"' for code in _TOLD_ONLY)
    counts = Counter[str]()
    for found in survey.deviations.values():
        counts[found.first.code] += found.times
    for code, count in sorted(counts.items()):
        if code in ALLOWED:
            yield f'# "{code}" = "ignored"  # seen {count} time(s)'


def _messages(survey: Survey) -> Iterator[str]:
    for one in survey.kinds.values():
        kind = one.kind
        yield f"\n# {one.groups['']} message(s), {one.rejected} of them rejected\n[[messages]]"
        yield f"type = {_text(kind.type)}"
        yield f"release = {_text(kind.release)}"
        if kind.association:
            yield f"association = {_text(kind.association)}"
        directory = load(kind.directory)
        automaton = Automaton(directory.messages[kind.type])
        order = {path: number for number, path in reversed(list(enumerate(automaton.paths)))}
        often = _often(directory.messages[kind.type])
        for (path, qualifier), use in sorted(one.uses.items(), key=lambda item: (order[item[0][0]], item[0][1])):
            if path not in _FRAME:
                yield from _segment(one, use, (path, qualifier), directory, often)


def _often(table: list[object], path: str = "") -> set[str]:
    """Return the paths of the groups that may repeat without a practical bound."""
    found: set[str] = set()
    for item in table:
        if isinstance(item, dict):
            group = f"{path}{item['c'][0][0]}"
            found |= ({group} if item["r"] >= _OFTEN else set()) | _often(item["c"], f"{group}/")
    return found


def _segment(
    one: MessageSurvey, use: Use, key: tuple[str, str], directory: Directory, often: set[str]
) -> Iterator[str]:
    path, qualifier = key
    table, release = directory.segments[path[-3:]], one.kind.directory
    name = table.name
    first = table.component(1, 1)
    if qualifier and first is not None:
        name = f"{name}: {code_name(release, first.id, qualifier) or 'a code of their own'}"
    groups = one.groups[path.rpartition("/")[0]]
    yield f"\n# {name}; {use.total} in all\n[[messages.segments]]\npath = {_text(path)}"
    if qualifier:
        yield f"qualifier = {_text(qualifier)}"
    if use.groups == groups:
        yield f"min = {use.least}"
    if path not in often:
        yield f"max = {use.most}"
    elements = [
        _element(place, seen, use, component, release)
        for place, seen in sorted(use.values.items())
        if (component := table.component(*place)) is not None and not (place == (1, 1) and is_qualified(table))
    ]
    if elements:
        yield "elements = [\n" + "\n".join(elements) + "\n]"


def _element(place: Place, seen: Seen, use: Use, component: Component, release: str) -> str:
    keys = [f'at = "{place[0]}.{place[1]}"']
    if seen.count == use.total:
        keys.append("required = true")
    remark = f"{component.id} {component.name}, {seen.least} to {seen.most} characters"
    fitting = all(len(code) <= component.most for code in seen.codes)
    if component.codes is not None and fitting and len(seen.codes) <= _MOST_CODES:
        keys.append(f"codes = [{', '.join(map(_text, sorted(seen.codes)))}]")
        named = [f"{code} {code_name(release, component.id, code) or '(their own)'}" for code in sorted(seen.codes)[:5]]
        remark = f"{component.id} {component.name}: {', '.join(named)}"
    elif seen.count >= _ENOUGH and seen.least == seen.most and seen.digits and _may_be_digits(seen.most, component):
        keys.append(f'format = "{Format("n", seen.most, seen.most)}"')
    return f"    {{ {', '.join(keys)} }}, # {''.join(c if c.isprintable() else '?' for c in remark)}"


def _may_be_digits(size: int, component: Component) -> bool:
    return component.kind != "a" and component.least <= size <= component.most


def _text(value: str) -> str:
    """Return a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value)
