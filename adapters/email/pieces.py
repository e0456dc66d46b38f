"""Pieces of a source: its leaves, each with the way to it, before anybody has read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from adapters.email.kinds import Kind
from adapters.email.limits import Limits, Unreadable
from core.provenance import Violation
from core.reading import Fate, Letter


class Piece(NamedTuple):
    """One leaf: its place in the tree, what its sender called it, its bytes and what they are.

    ``fate`` is set where it is decided without reading; ``violation`` says why. ``charset`` is that of a text as told.
    ``is_body`` marks the text of a mail itself.
    """

    place: str
    name: str
    content: bytes
    kind: Kind
    fate: Fate | None = None
    violation: Violation | None = None
    charset: str | None = None
    is_body: bool = False


@dataclass(slots=True)
class Basket:
    """Collects the pieces of one source within its limits."""

    limits: Limits
    pieces: list[Piece] = field(default_factory=list)
    letter: Letter | None = None
    bytes_left: int = 0

    def __post_init__(self) -> None:
        self.bytes_left = self.limits.total_bytes

    def put(self, piece: Piece) -> None:
        """Keep a piece.

        Raises:
            Unreadable: there are too many, or they unpack to too much.
        """
        self.bytes_left -= len(piece.content)
        if len(self.pieces) >= self.limits.parts:
            raise Unreadable("paper.too_many_parts", {"most": self.limits.parts}, dangerous=True)
        if self.bytes_left < 0:
            raise Unreadable("paper.bomb", {"name": piece.name, "bytes": self.limits.total_bytes}, dangerous=True)
        self.pieces.append(piece)

    def refuse(self, place: str, name: str, content: bytes, kind: Kind, error: Unreadable) -> None:
        """Keep a piece that is not read, with the reason."""
        fate: Fate = "quarantined" if error.dangerous else "unreadable"
        self.put(Piece(place, name, content, kind, fate, error.violation))


class Found(NamedTuple):
    """A file inside another: its bytes, name and place, and how many mails and archives it lies in."""

    content: bytes
    name: str
    place: str
    depth: int


#: puts a file into the basket, or what is in it
OpenFile = Callable[[Found, Basket], None]
