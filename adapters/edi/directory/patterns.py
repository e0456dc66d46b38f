"""One regular expression a segment: ``fullmatch`` splits it, checks formats, lengths and mandatory parts, and captures.

It runs on text whose released characters are masked (see ``compiled``), so a separator in it is always a separator.
Every quantifier is possessive: a character belongs to exactly one place, so there is nothing to try twice. A code
that is captured is looked up by whoever matches: a list of hundreds of alternatives takes long to compile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from adapters.edi.dialect import Separators
from adapters.edi.directory.tables import Component, Element, SegmentTable

Place = tuple[int, int]
#: never data in any character set read here; a tab in free text is let through
_CONTROL = "\\x00-\\x08\\x0a-\\x1f"


def segment_pattern(
    table: SegmentTable,
    separators: Separators,
    captured: Collection[Place],
    codes: Mapping[Place, Collection[str]],
) -> str:
    """Return the pattern of one whole segment, tag included; groups are *captured* (element, component) in order.

    *codes* are the values that may stand at other places, the empty one apart; a place without an entry takes any.
    Patterns of segments that follow each other may be joined by the terminator: none reaches beyond its own.
    """
    terminator = separators.terminator
    service = _service(separators)
    element_mark, component_mark = re.escape(separators.element), re.escape(separators.component)
    end = f"[{service}]|$"

    def element(number: int, item: Element) -> str:
        parts = [
            _value(part, service, separators.decimal, capture=(number, index) in captured)
            if (number, index) not in codes
            else _one_of(part, service, codes[number, index])
            for index, part in enumerate(item.components, 1)
        ]
        marks = [component_mark] * len(parts)
        body = _nest(parts, [part.mandatory for part in item.components], marks)
        if item.mandatory:
            return body if item.components[0].mandatory else f"(?!{end}){body}"
        return f"(?:{body})?+"

    elements = [element(number, item) for number, item in enumerate(table.elements, 1)]
    # a repeat is marked as one in syntax 4; syntax 3 knows it as the next element
    repeated = f"[{re.escape(separators.element + separators.repetition)}]"
    marks = [element_mark if item.turn == 1 else repeated for item in table.elements]
    tail = _nest([table.tag, *elements], [True, *(item.mandatory for item in table.elements)], ["", *marks])
    return tail + (f"(?:{element_mark}[^{re.escape(terminator)}]*+)?+" if table.open else "")


def fixed_pattern(
    table: SegmentTable, separators: Separators, segment: str, body: Callable[[Place, Component, str], str]
) -> str | None:
    """Return the pattern of segments that are like *segment* but for the values that *body* gives a pattern to.

    *body* is asked for the pattern of each value that is not empty, given its place, its data element and itself.
    *segment* matches :func:`segment_pattern`; so does then whatever matches what is returned here, if *body* lets
    through nothing that :func:`value_pattern` does not. None where an element repeats, or is beyond the table.
    """
    if separators.repetition and separators.repetition in segment:
        return None
    tag, *elements = segment.split(separators.element)
    fixed = [re.escape(tag)]
    for number, element in enumerate(elements, 1):
        parts = []
        for index, value in enumerate(element.split(separators.component), 1):
            part = table.component(number, index)
            if part is None:
                return None
            parts.append(body((number, index), part, value) if value else "")
        fixed.append(re.escape(separators.component).join(parts))
    return re.escape(separators.element).join(fixed)


def value_pattern(part: Component, separators: Separators) -> str:
    """Return the pattern of any value of a data element but the empty one."""
    return _value(part._replace(mandatory=True), _service(separators), separators.decimal, capture=False)


def _service(separators: Separators) -> str:
    return re.escape(separators.element + separators.component + separators.repetition + separators.terminator)


def _nest(parts: list[str], mandatory: list[bool], marks: list[str]) -> str:
    """Join *parts*, each behind its mark; what follows the last mandatory one may be left off from the right."""
    last = max((index for index, must in enumerate(mandatory) if must), default=0)
    tail = ""
    for part, mark in zip(reversed(parts[last + 1 :]), reversed(marks[last + 1 :]), strict=True):
        tail = f"(?:{mark}{part}{tail})?+"
    pairs = zip(marks[1 : last + 1], parts[1 : last + 1], strict=True)
    return parts[0] + "".join(mark + part for mark, part in pairs) + tail


def _value(part: Component, service: str, decimal: str, *, capture: bool) -> str:
    least = max(part.least, 1)
    if part.kind == "n":
        body = _number(part, re.escape(decimal))
    else:
        digits = "0-9" if part.kind == "a" else ""
        body = f"[^{service}{digits}{_CONTROL}]{{{least},{part.most}}}+"
    if not part.mandatory:
        body = f"(?:{body})?+" if part.kind == "n" or least > 1 else body.replace(f"{{{least},", "{0,")
    return f"({body})" if capture else body


def _one_of(part: Component, service: str, codes: Collection[str]) -> str:
    listed = "|".join(map(re.escape, sorted(codes)))
    body = f"(?:{listed})(?=[{service}]|$)" if codes else "(?!)"
    return body if part.mandatory else f"(?:{body})?+"


def _number(part: Component, mark: str) -> str:
    """Digits with an optional minus and decimal mark, neither of which counts for the length (ISO 9735, 10.1)."""
    if part.least:
        return f"[0-9]{{{part.least}}}+"
    whole = f"-?+[0-9]{{1,{part.most}}}+"
    if part.most == 1:
        return whole
    # with a mark there may be one character more, so as many as that plus one are too many
    return f"{whole}(?:{mark}[0-9]++(?<![0-9{mark}]{{{part.most + 2}}}))?+"
