"""The border to e-commerce platforms: verify, read, fetch, ask, tell.

As in ``core.ports``, adapters implement it and the core never imports one. All of it is pure: the gateway receives,
calls and keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol

from core.documents import ShopEvent
from core.provenance import Violation


class HookRequest(NamedTuple):
    """A platform's request as it came: header names in lower case, the body's raw bytes."""

    headers: Mapping[str, str]
    body: bytes


class StoreAccess(NamedTuple):
    """How one store is spoken with. ``secrets`` are all that are valid now, two during a rotation.

    ``options`` are the platform's own settings: which header and scheme signs, which location fulfils, how the
    fields of a generic channel are mapped.
    """

    store: str
    secrets: tuple[str, ...] = ()
    options: Mapping[str, Any] = {}

    def __repr__(self) -> str:
        """Name the store and not its secrets, for logs and tracebacks."""
        return f"<store {self.store}>"


class SettingFault(NamedTuple):
    """What is wrong with the settings of a store: the dotted place in ``options``, or ``secrets``, and the fault."""

    place: str
    message: str


class HookDelivery(NamedTuple):
    """A verified request: the platform's own id of it, so that a repeat is known, and what it is about."""

    id: str
    topic: str
    at: datetime | None = None


class ShopRead(NamedTuple):
    """A delivery after reading: what it tells, or why it cannot be read, each fault with its JSON pointer."""

    event: ShopEvent | None
    violations: tuple[Violation, ...] = ()


#: what a shop is told of its order; "shipped" with its tracking, "rest_cancelled" once no more of it is to come
ShopNewsKind = Literal["confirmed", "shipped", "delivered", "rest_cancelled", "cancelled", "declined"]


class ShopShipment(NamedTuple):
    """A shipment that left before: ``reference`` is that of the news that told it, ``lines`` as in those."""

    reference: str
    lines: tuple[tuple[str, Decimal], ...] = ()
    carrier: str = ""
    tracking_number: str = ""


class ShopNews(NamedTuple):
    """What a shop is told of its order.

    ``reference`` is ours and the same for every retry. ``lines`` are (the shop's line id, quantity) of a shipment, or
    of the rest that is not to come; ``complete`` says that nothing of the order is still to come after it. With
    "delivered" come all ``shipments`` of the order, the first first, for all have arrived. ``at`` is when it happened.
    """

    reference: str
    kind: ShopNewsKind
    shop_id: str
    number: str
    lines: tuple[tuple[str, Decimal], ...] = ()
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    reason: str = ""
    complete: bool = True
    at: datetime | None = None
    shipments: tuple[ShopShipment, ...] = ()


class ShopCall(NamedTuple):
    """One HTTP call to a platform's API; ``path`` is under the base address of the store's settings."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class ShopLogin(NamedTuple):
    """The request that exchanges a lasting token for one that the API takes for a while; ``url`` is absolute."""

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class ShopSession(NamedTuple):
    """What a login brought: the token that the API takes, and for how many seconds."""

    token: str
    seconds: int


class Storefront(Protocol):
    """One e-commerce platform: signatures and payloads. Pure; the gateway receives, calls and keeps."""

    @property
    def id(self) -> str:
        """What ``[[stores]]`` and the path of the webhook call it."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def check(self, access: StoreAccess) -> Sequence[SettingFault]:
        """Return what is wrong with the settings of a store, nothing where it can be used."""
        ...

    def fetches(self, access: StoreAccess) -> bool:
        """Tell whether every delivery names an order alone, so that the store is of no use without a base address."""
        ...

    def verify(self, request: HookRequest, access: StoreAccess, now: datetime) -> HookDelivery:
        """Return what was delivered, once its signature holds for one of the secrets (compared in constant time).

        Raises:
            core.errors.SignatureRefused: missing, wrong, or its time is too far from *now*.
            core.errors.ValueRefused: signed, but no delivery (no id, no topic).
        """
        ...

    def read(self, delivery: HookDelivery, body: bytes, access: StoreAccess) -> ShopRead:
        """Return what the delivery tells. Never raises for what a platform may send."""
        ...

    def read_fetched(self, answer: bytes, access: StoreAccess) -> ShopRead:
        """Read what a call back to ``ShopEvent.fetch`` answered."""
        ...

    def login(self, token: str, access: StoreAccess) -> ShopLogin | None:
        """Return the request by which *token* is exchanged first, None where the API takes the token itself.

        Raises:
            core.errors.SettingsInvalid: it can be no token of this platform. No word of it is told.
        """
        ...

    def session(self, answer: bytes) -> ShopSession:
        """Return what the request of :meth:`login` was answered with.

        Raises:
            core.errors.ValueRefused: the answer has no token.
        """
        ...

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return the headers by which the API knows that *call* is ours; *token* is the session's after a login.

        Raises:
            core.errors.SettingsInvalid: it can be no token of this platform. No word of it is told.
        """
        ...

    def asks(self, news: ShopNews, access: StoreAccess) -> Sequence[ShopCall]:
        """Return the calls whose answers :meth:`tell` needs: ids of the platform, and what it was told already."""
        ...

    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:
        """Return the calls, in order, that write *news* back; none where the platform has no place for it.

        *answers* are the bodies that :meth:`asks` brought, in its order. None of it is told twice: what the answers
        show to be there is left out, so that a retry whose first attempt arrived does nothing.

        Raises:
            core.errors.ValueRefused: the answers cannot be read, or do not have what the news is about.
        """
        ...

    def refusal(self, answer: bytes) -> str:
        """Return why the platform refused a call of :meth:`tell` that it answered with 2xx, "" where it took it."""
        ...
