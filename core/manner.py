"""How the papers of one customer are to be read beyond what the words of all say; the border of ``adapters/email``.

A :class:`Manner` is learned: a :class:`Study` lays a paper beside the order that a person made of it, and whoever reads
papers answers with :class:`Finding` s. What is done with them is for the core (``core.paper``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from core.reading import Paper

#: which of two numbers of a day comes first: ``03/04/2026``
First = Literal["", "day", "month"]
#: the sign before a fraction: ``1.234``
DecimalMark = Literal["", ",", "."]


@dataclass(frozen=True, slots=True)
class Manner:
    """What confirmed orders of a customer taught of its forms.

    ``labels`` go from the words beside a value to the field that it is of (``buyer_reference``, ``requested_date``),
    ``columns`` from the head of a column to its field (``quantity``, ``sku``); both folded: letters and digits alone,
    without case.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    first: First = ""
    decimal: DecimalMark = ""

    def __bool__(self) -> bool:
        """Tell whether there is anything in it."""
        return bool(self.labels or self.columns or self.first or self.decimal)


class Meant(NamedTuple):
    """What an order says: values of its head by path, and of each line by name.

    ``names`` are, line by line, the texts that may name its item on the paper, with the field that each is.
    """

    head: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...]
    names: tuple[Mapping[str, str], ...]


class Stored(NamedTuple):
    """A paper that became an order before; ``source`` is its id."""

    source: str
    paper: Paper
    meant: Meant


@dataclass(frozen=True, slots=True)
class Study:
    """A paper beside its order, the fields of which a person looked at, and the papers that a lesson is tried on."""

    paper: Paper
    meant: Meant
    manner: Manner
    looked_at: frozenset[str]
    stored: tuple[Stored, ...] = ()


class Finding(NamedTuple):
    """Something to learn: a ``label``, a ``column`` or the way that days or numbers are written (``locale``).

    ``value`` is what stands there, ``means`` what it means (for a locale, ``value`` is ``days`` or ``numbers``). Where
    the stored paper ``source`` refutes it, ``read`` is what it would have read there and ``meant`` what was ordered.
    ``ends`` says that it is in use and should not be, as it misreads the paper itself.
    """

    kind: Literal["label", "column", "locale"]
    value: str
    means: str
    source: str = ""
    read: str = ""
    meant: str = ""
    ends: bool = False
