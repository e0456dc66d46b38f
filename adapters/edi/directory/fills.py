"""What readers do with the values of a piece, learned once by trying them on marks, and done again by one function.

A mark is a text that notices what is asked of it. A reader that only moves it, or asks whether it is empty, will do the
same with every other text in its place. Where a reader asks for more (its length, whether it is this code), the mark
keeps that in mind, and what was asked must be the same again for the outcome to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, Final, Self

from adapters.edi.directory.captures import Take

#: puts the values that vary into what a mapping collects: ``fill(target, values)``
Fill = Callable[[Any, Sequence[str]], None]


class Unforeseen(Exception):
    """What readers make of a piece depends on more than its shape, or is not theirs to say again."""


class Mark(str):
    """The text of one place; ``pinned`` once its content was looked at, ``formed`` once only its form was.

    ``group`` is its index among the values that vary, -1 where it is the same every time.
    """

    __slots__ = ("formed", "group", "pinned")

    formed: bool
    group: int
    pinned: bool

    def __new__(cls, value: str) -> Self:
        """Make a mark of which nothing was asked yet."""
        mark = super().__new__(cls, value)
        mark.formed, mark.group, mark.pinned = False, -1, False
        return mark

    def __bool__(self) -> bool:
        return str.__len__(self) > 0

    def __len__(self) -> int:
        self.formed = True
        return str.__len__(self)

    def __radd__(self, before: str) -> str:
        self.pinned = True
        return before + str.__str__(self)

    def __getattribute__(self, name: str) -> Any:
        if name == "isdecimal":
            self.formed = True
        elif name not in _OWN:
            self.pinned = True
        return super().__getattribute__(name)


_OWN: Final = frozenset({"__class__", "formed", "group", "pinned"})


def _looking(name: str) -> Callable[..., Any]:
    own = getattr(str, name)

    def method(self: Mark, *arguments: Any) -> Any:
        self.pinned = True
        return own(self, *arguments)

    return method


for _name in (
    *("__add__", "__contains__", "__eq__", "__format__", "__ge__", "__getitem__", "__gt__", "__hash__", "__iter__"),
    *("__le__", "__lt__", "__mod__", "__mul__", "__ne__", "__repr__", "__rmul__", "__str__"),
):
    setattr(Mark, _name, _looking(_name))


class _Shut:
    """An attribute that earlier pieces may have filled: no reader of a piece in the middle may look at it."""

    def _refuse(self, *_arguments: Any) -> Any:
        raise Unforeseen

    __bool__ = __contains__ = __delitem__ = __getitem__ = __iter__ = __len__ = __setitem__ = _refuse

    def __getattr__(self, _name: str) -> Any:
        raise Unforeseen


class _Grown(_Shut):
    """A list that earlier pieces may have begun: one may append to it."""

    def __init__(self) -> None:
        self.added: list[Any] = []

    def append(self, value: Any) -> None:
        """Add one more."""
        self.added.append(value)


class Outcome:
    """What the *takes* did to what *blank* makes, which earlier pieces have filled unless it is *fresh*.

    Raises:
        Unforeseen: they looked at what earlier pieces left.
    """

    def __init__(self, takes: Iterable[tuple[Take, Sequence[Mark]]], blank: Callable[[], Any], *, fresh: bool) -> None:
        target = blank()
        self._names = [one.name for one in fields(target)]
        if not fresh:
            for name in self._names:
                setattr(target, name, _Grown() if isinstance(getattr(target, name), list) else _Shut())
        for take, marks in takes:
            take(target, tuple(marks))
        self._target = target

    def fill(self) -> Fill:
        """Return what does the same again, once each mark knows its group.

        Raises:
            Unforeseen: a text in the outcome is none of the marks.
        """
        known: dict[int, str] = {}
        code = ["def fill(target, values):"]
        late = []
        for name in self._names:
            value = getattr(self._target, name)
            if isinstance(value, _Grown):
                late += [(f"target.{name}.append({{}})", added) for added in value.added]
            elif not isinstance(value, _Shut) and (not isinstance(value, dict | list) or value):
                late.append((f"target.{name} = {{}}", value))
        # an object that is in two places is made once: the innermost first
        late.sort(key=lambda one: _depth(one[1]))
        for place, value in late:
            if isinstance(value, dict) and id(value) not in known:
                name = f"object_{len(known)}"
                code.append(f"    {name} = {_expression(value, known)}")
                known[id(value)] = name
            code.append("    " + place.format(_expression(value, known)))
        if len(code) == 1:
            code.append("    pass")
        made: dict[str, Any] = {}
        # names of fields and quoted texts alone: see _expression
        exec("\n".join(code), {}, made)  # noqa: S102
        fill: Fill = made["fill"]
        return fill

    def texts(self) -> Iterator[Mark]:
        """Yield the marks in the outcome."""
        for name in self._names:
            yield from _marks(getattr(self._target, name))


def _marks(value: Any) -> Iterator[Mark]:
    if isinstance(value, Mark):
        yield value
    elif isinstance(value, _Grown):
        yield from _marks(value.added)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _marks(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _marks(part)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list | tuple):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _expression(value: Any, known: dict[int, str]) -> str:
    """Return the source of *value*: quoted texts, numbers, ``values[i]`` and their containers, and names in *known*."""
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, Mark):
        return f"values[{value.group}]" if value.group >= 0 else repr(str.__str__(value))
    if value is None or isinstance(value, bool | int) or value == "":
        return repr(value)
    if isinstance(value, dict):
        parts = [f"{str.__str__(key)!r}: {_expression(part, known)}" for key, part in value.items()]
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_expression(part, known) for part in value)}]"
    if isinstance(value, tuple):
        return f"({''.join(_expression(part, known) + ', ' for part in value)})"
    raise Unforeseen
