"""What a line of goods is made of before its numbers are solved."""

from __future__ import annotations

from typing import NamedTuple

from adapters.email.extraction.rows import Placed
from adapters.email.guided.anchors import Anchor
from adapters.email.guided.records import Record
from adapters.email.guided.tokens import Day, Token


class Parts(NamedTuple):
    """What a record is made of before its numbers are solved."""

    record: Record
    codes: tuple[Anchor, ...]
    description: list[Placed]
    days: list[Day]
    tokens: list[Token]
