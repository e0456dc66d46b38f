"""Separators that nothing follows (syntax 4, DE 0085 code 45): ``NAD+BY++'`` or ``DTM+137:20260105:+X``.

They say no more than the segment without them. Syntax 4 wants them left out (ISO 9735-1, 8 and the code list 0085);
the list of syntax 3 has no word for them, and no fault is told of them there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

from adapters.edi.dialect import Separators
from adapters.edi.lexer import Segment, Stretch, parse_all
from core.provenance import Level, Severity, Violation, fault

#: so many are told of one message: who leaves separators in, does so in every segment
_MOST: Final = 99


def trailing_separators(stretch: Stretch, text: str) -> Iterator[Violation]:
    """Yield a warning for each separator of a message that nothing follows; *text* is its text, unfolded.

    Nothing is told where no repetition character is in force: that is syntax 3.
    """
    separators = stretch.dialect.separators
    if not separators.repetition or _suspicious(separators).search(text) is None:
        return
    told = 0
    for segment in parse_all(stretch):
        for element, component in trailing_places(segment.elements, segment.repeats):
            yield _fault(segment, element, component)
            told += 1
            if told == _MOST:
                return


def trailing_places(
    elements: Sequence[Sequence[str]], repeats: Collection[int] = ()
) -> Iterator[tuple[int, int | None]]:
    """Yield element and component behind each separator that nothing follows.

    *elements* are those of one segment without its tag, *repeats* the numbers of those behind a repetition character.
    The component is None where the element is empty as a whole.
    """
    last = len(elements)
    for number, components in enumerate(elements, 1):
        if len(components) > 1:
            if not components[-1]:
                yield number, len(components)
        elif not components[0] and (number == last or (number in repeats and number + 1 not in repeats)):
            yield number, None


def _fault(segment: Segment, element: int, component: int | None) -> Violation:
    return fault(
        "syntax.trailing_separator",
        {"tag": segment.tag[:20]},
        severity=Severity.WARNING,
        level=Level.ELEMENT if component is None else Level.COMPONENT,
        segment=segment.position,
        tag=segment.tag[:20],
        element=element,
        component=component,
        offset=segment.value(element, component or 1).place.offset,
        syntax_code="45",
    )


@lru_cache(maxsize=16)
def _suspicious(separators: Separators) -> re.Pattern[str]:
    """Return the pattern of two separators of which the first may be one too many; it may be released, too."""
    terminator, element, component, repetition = (
        re.escape(mark)
        for mark in (separators.terminator, separators.element, separators.component, separators.repetition)
    )
    return re.compile(f"{element}{terminator}|[{component}{repetition}][{element}{repetition}{terminator}]")
