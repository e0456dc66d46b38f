"""Reads a partner guide from TOML and refuses what the directory cannot mean; every fault is told at once.

``docs/reference/guides.md`` tells the format.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from adapters.edi.directory import facts
from adapters.edi.directory.automaton import Automaton
from adapters.edi.directory.captures import Place
from adapters.edi.directory.releases import directory_of
from adapters.edi.directory.tables import RELEASES, Component, Directory, load
from adapters.edi.guides.hints import places_of
from adapters.edi.guides.leniency import ALLOWED, Treatment
from adapters.edi.guides.model import ElementRule, FieldHint, Format, Guide, MessageGuide, SegmentRule
from adapters.edi.guides.pointable import pointable, rows_of
from adapters.edi.guides.shape import FORMAT, ElementTable, FieldTable, GuideTable, MessageTable, SegmentRuleTable
from core.errors import GuideInvalid

_FORMAT: Final = re.compile(FORMAT)


def load_guide(path: Path) -> Guide:
    """Return the guide in the file *path*, called as the file is.

    Raises:
        GuideInvalid: it cannot be read, is not TOML, or one of its values cannot be meant; ``inputs["problems"]``
            lists all of them.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GuideInvalid(f"cannot read the guide {path}: {error.strerror}") from error
    return parse_guide(content, path.stem)


def parse_guide(content: bytes, name: str) -> Guide:
    """Return the guide *name* whose file holds *content*.

    Raises:
        GuideInvalid: as :func:`load_guide`.
    """
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:  # not TOML, or not UTF-8
        raise GuideInvalid(f"the guide {name} is not TOML: {error}") from error
    try:
        file = GuideTable.model_validate(table)
    except ValidationError as error:
        raise _refusal(name, [_told(fault["loc"], fault) for fault in error.errors(include_url=False)]) from None
    if problems := [*_leniency_problems(file), *_code_problems(file), *_message_problems(file)]:
        raise _refusal(name, problems)
    messages = tuple(_message(message) for message in file.messages)
    return Guide(
        name,
        hashlib.sha256(content).hexdigest(),
        content,
        file.title,
        {code: Treatment(wanted) for code, wanted in file.leniency.items()},
        _codes(file, messages),
        messages,
    )


def _refusal(name: str, problems: list[str]) -> GuideInvalid:
    message = f"guide {name}: {problems[0]}" if len(problems) == 1 else f"guide {name}: {len(problems)} problems"
    return GuideInvalid(message, hint="Correct the guide; nothing was judged by it.", inputs={"problems": problems})


def _told(location: tuple[int | str, ...], fault: Any) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    words = {"missing": "required key is missing", "extra_forbidden": "unknown key"}
    return f"{path}: {words.get(fault['type'], fault['msg'])}"


def _leniency_problems(file: GuideTable) -> Iterator[str]:
    for code, wanted in file.leniency.items():
        allowed = ALLOWED.get(code)
        if allowed is None:
            yield f"leniency.{code}: this code stands as it is"
        elif wanted not in allowed:
            yield f"leniency.{code}: {wanted!r} is none of {', '.join(sorted(allowed))}"


def _code_problems(file: GuideTable) -> Iterator[str]:
    known = set().union(*(facts.keys("elements", release) for release in RELEASES))
    for element in file.codes:
        if element not in known:
            yield f"codes.{element}: no directory has this data element"


def _message_problems(file: GuideTable) -> Iterator[str]:
    for number, message in enumerate(file.messages):
        where, name = f"messages[{number}]", _directory(message.type, message.release)
        if name is None or message.type not in load(name).messages:
            yield f"{where}.release: no directory of {message.release} has a message {message.type}"
        else:
            yield from _Places(load(name), message, where).problems()


def _directory(kind: str, release: str) -> str | None:
    """Return the directory that reads messages of a release (``D.96A``), which may stand in for it."""
    version, _, issue = release.partition(".")
    return directory_of(kind, version, issue)


class _Places:
    """Holds what a message entry names against the tables of its release."""

    def __init__(self, directory: Directory, message: MessageTable, where: str) -> None:
        self._directory, self._message, self._where = directory, message, where
        self._paths = set(Automaton(directory.messages[message.type]).paths)

    def problems(self) -> Iterator[str]:
        """Yield one line a fault."""
        for number, segment in enumerate(self._message.segments):
            yield from self._segment(segment, f"{self._where}.segments[{number}]")
        for number, hint in enumerate(self._message.fields):
            yield from self._hint(hint, f"{self._where}.fields[{number}]")

    def _segment(self, segment: SegmentRuleTable, where: str) -> Iterator[str]:
        if segment.path not in self._paths:
            yield f"{where}.path: {self._message.type} {self._message.release} has no {segment.path}"
            return
        if segment.max is not None and segment.max < segment.min:
            yield f"{where}.max: below min"
        if segment.qualifier and self._component(segment.path, segment.qualifier_at) is None:
            yield f"{where}.qualifier_at: {segment.path} has no place {segment.qualifier_at}"
        for number, element in enumerate(segment.elements):
            yield from self._element(segment.path, element, f"{where}.elements[{number}]")

    def _element(self, path: str, element: ElementTable, where: str) -> Iterator[str]:
        component = self._component(path, element.at)
        if component is None:
            yield f"{where}.at: {path} has no place {element.at}"
            return
        if element.forbidden and (element.required or element.codes or element.format):
            yield f"{where}.forbidden: nothing else can be said of a value that must not be sent"
        for code in element.codes or ():
            if len(code) > component.most:
                yield f"{where}.codes: {code!r} is longer than the {component.most} characters of {component.id}"
        if element.format is not None:
            wanted = _format(element.format)
            if wanted.most > component.most or wanted.least < component.least or not _narrows(wanted, component):
                whole = Format(component.kind, component.least, component.most)
                yield f"{where}.format: {wanted} is wider than {whole}, which {component.id} has"

    def _hint(self, hint: FieldTable, where: str) -> Iterator[str]:
        known_slots, opens = pointable(self._message.type)
        slot = known_slots.get(hint.field)
        if slot is None:
            known = ", ".join(sorted(known_slots)) or f"there are none for {self._message.type}"
            yield f"{where}.field: {hint.field!r} is no field that can be pointed to; {known}"
        elif hint.path not in self._paths:
            yield f"{where}.path: {self._message.type} {self._message.release} has no {hint.path}"
        elif slot.is_row != any(hint.path == path or hint.path.startswith(f"{path}/") for path in opens):
            rows, below = rows_of(self._message.type), " or ".join(sorted(opens))
            yield f"{where}.path: a field of {rows} stands below {below}, and no other does"
        elif slot.is_party and hint.path != "NAD":
            yield f"{where}.path: a party is pointed to by NAD and its qualifier"
        else:
            places = [*places_of(_field_hint(hint), slot), _place(hint.qualifier_at)]
            tag = hint.path[-3:]
            missing = [place for place in places if self._directory.segments[tag].component(*place) is None]
            yield from (f"{where}.at: {hint.path} has no place {element}.{part}" for element, part in missing)

    def _component(self, path: str, at: str) -> Component | None:
        return self._directory.segments[path[-3:]].component(*_place(at))


def _narrows(wanted: Format, component: Component) -> bool:
    return component.kind in {"an", wanted.kind}


def _place(at: str) -> Place:
    element, _, component = at.partition(".")
    return int(element), int(component)


def _format(text: str) -> Format:
    found = _FORMAT.fullmatch(text)
    assert found is not None  # the shape of the file has seen to it
    most = int(found[3])
    return Format(found[1], 0 if found[2] else most, most)


def _message(message: MessageTable) -> MessageGuide:
    return MessageGuide(
        message.type,
        message.release.replace(".", ""),
        message.association,
        message.closed,
        tuple(_segment(segment) for segment in message.segments),
        tuple(_field_hint(hint) for hint in message.fields),
    )


def _segment(segment: SegmentRuleTable) -> SegmentRule:
    return SegmentRule(
        segment.path,
        segment.qualifier,
        _place(segment.qualifier_at),
        segment.min,
        segment.max,
        tuple(
            ElementRule(
                _place(element.at),
                element.required,
                element.forbidden,
                None if element.codes is None else frozenset(element.codes),
                None if element.format is None else _format(element.format),
            )
            for element in segment.elements
        ),
    )


def _field_hint(hint: FieldTable) -> FieldHint:
    return FieldHint(hint.field, hint.path, hint.qualifier, _place(hint.qualifier_at), _place(hint.at))


def _codes(file: GuideTable, messages: tuple[MessageGuide, ...]) -> dict[str, frozenset[str]]:
    """Return the codes that are agreed by data element: those listed, and those that a rule allows."""
    agreed = {element: set(codes) for element, codes in file.codes.items()}
    for message, said in zip(messages, file.messages, strict=True):
        name = _directory(said.type, said.release)
        assert name is not None  # it is one of the problems
        segments = load(name).segments
        for rule in message.segments:
            table = segments[rule.path[-3:]]
            allowed = [(element.at, element.codes) for element in rule.elements if element.codes is not None]
            if rule.qualifier:
                allowed.append((rule.qualifier_at, frozenset({rule.qualifier})))
            for place, codes in allowed:
                component = table.component(*place)
                if component is not None and component.codes is not None:
                    agreed.setdefault(component.id, set()).update(codes)
    return {element: frozenset(codes) for element, codes in agreed.items()}
