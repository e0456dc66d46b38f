"""What all stand-ins share: orders with their lines and shipments, a token, requests answered without a socket."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import unquote

import orjson

Json = dict[str, Any]


class Asked(NamedTuple):
    """A request: the path as it was sent, without its query; names of headers in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """What the body says."""
        return orjson.loads(self.body)


class Told(NamedTuple):
    """An answer."""

    status: int
    content: Any = None

    @property
    def body(self) -> bytes:
        """The answer as it is sent; nothing where there is nothing to say."""
        return b"" if self.content is None else orjson.dumps(self.content)


@dataclass(slots=True)
class SentGoods:
    """A shipment as the shop keeps it; ``reference`` is whatever of ours it can be known again by."""

    id: int
    lines: dict[str, Decimal]
    tracking: str
    reference: str = ""
    delivered: bool = False


@dataclass(slots=True)
class KeptOrder:
    """An order of the shop: quantities by line id, and what it was told."""

    id: str
    lines: dict[str, Decimal]
    status: str = "open"
    notes: list[str] = field(default_factory=list)
    shipments: list[SentGoods] = field(default_factory=list)
    #: what is not to come any more, by line id, and the money given back for it
    dropped: dict[str, Decimal] = field(default_factory=dict)
    given_back: Decimal = Decimal(0)

    @property
    def cancelled(self) -> bool:
        """Whether it is cancelled."""
        return self.status == "cancelled"

    def left(self, line_id: str) -> Decimal:
        """Return what of a line is still to be sent."""
        sent = sum((one.lines.get(line_id, Decimal(0)) for one in self.shipments), Decimal(0))
        return self.lines[line_id] - sent - self.dropped.get(line_id, Decimal(0))

    def drop(self, lines: Mapping[str, Decimal]) -> str:
        """Take back what is still to be sent; return why it is refused, "" where it is not."""
        for line_id, quantity in lines.items():
            if line_id not in self.lines or not 0 < quantity <= self.left(line_id):
                return f"line {line_id} has not {quantity} left"
        for line_id, quantity in lines.items():
            self.dropped[line_id] = self.dropped.get(line_id, Decimal(0)) + quantity
        return ""

    def send(self, lines: Mapping[str, Decimal], tracking: str, reference: str = "") -> str:
        """Keep a shipment; return why it is refused, "" where it is not."""
        if self.cancelled:
            return "the order is cancelled"
        for line_id, quantity in lines.items():
            if line_id not in self.lines:
                return f"there is no line {line_id}"
            if not 0 < quantity <= self.left(line_id):
                return f"line {line_id} has {self.left(line_id)} left to send, not {quantity}"
        if not lines:
            return "nothing is sent"
        self.shipments.append(SentGoods(len(self.shipments) + 1, dict(lines), tracking, reference))
        return ""


class ShopStandIn(ABC):
    """A platform's API in memory; :meth:`answer` is all of its door."""

    platform: ClassVar[str]
    #: a token as the environment holds it, and the header that it makes
    token: ClassVar[str] = "one-word"  # noqa: S105 - it opens nothing
    key: ClassVar[tuple[str, str]]

    def __init__(self) -> None:
        self.orders: dict[str, KeptOrder] = {}

    def add(self, shop_id: str, **lines: int) -> KeptOrder:
        """Keep an order with these quantities, each by its line id behind a letter (``l5=2``)."""
        order = KeptOrder(shop_id, {name[1:]: Decimal(quantity) for name, quantity in lines.items()})
        self.orders[shop_id] = order
        return order

    def answer(self, asked: Asked) -> Told:
        """Answer a request; without the token nothing is told."""
        name, value = self.key
        if asked.headers.get(name.lower()) != value:
            return Told(401, {"message": "who are you?"})
        return self.reply(asked)

    @abstractmethod
    def reply(self, asked: Asked) -> Told:
        """Answer a request that has the token."""


_PART: Final = re.compile(r"\{(\w+)\}")


def matched(template: str, path: str) -> dict[str, str] | None:
    """Return the {parts} of *path* by their names, unquoted; None where it is another path."""
    found = re.fullmatch(_PART.sub(r"(?P<\1>[^/]+)", template), path)
    return None if found is None else {name: unquote(part) for name, part in found.groupdict().items()}
