"""What the web needs from the rest of the gateway: operations, read models, keys.

The composition root passes the real ones in. Every method blocks and is called in a worker thread; every
``dict`` is JSON-ready in the shape that CONTRACTS gives it. Methods that take ``partner`` hide what belongs to
another partner behind :class:`core.errors.NotFound`; ``None`` sees everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeVar

from core.catalogue.requests import PriceRequest
from core.documents import Order, OrderChange
from core.roles.hiding import hide
from core.roles.matrix import DEFAULT_ROLES, RoleRules
from gateway.web.changes_port import ChangeViews
from gateway.web.desks import Desks

T = TypeVar("T")
Json = dict[str, Any]

Scope = Literal["read", "submit", "operate", "admin"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: the key's name, what it may do and the one partner it is bound to (None: the house).

    ``key`` is the public part of the key, which no two share; names may be given twice. Of a token of an identity
    provider, ``name`` is ``subject@issuer`` and ``key`` a digest of both. ``roles`` narrow what the
    scopes allow, by the permission matrix ``matrix``; None is a key without roles, which its scopes alone limit.
    """

    name: str
    scopes: frozenset[str]
    partner: str | None = None
    key: str = ""
    roles: frozenset[str] | None = None
    matrix: RoleRules = DEFAULT_ROLES
    #: the business units that it may enter orders for; None for all
    units: frozenset[str] | None = None
    #: calls a second that the key may make for long; None for the rate of the settings
    rate: int | None = None

    def may(self, scope: str) -> bool:
        """Tell whether the key has *scope*; ``admin`` has every scope."""
        return scope in self.scopes or "admin" in self.scopes

    def may_call(self, operation: str, *, acting: bool) -> bool:
        """Tell whether the roles allow *operation* of the API; *acting* when it changes something."""
        return self.roles is None or self.matrix.may_call(self.roles, operation, acting=acting)

    def may_order(self, order_type: str) -> bool:
        """Tell whether the roles allow to enter an order of *order_type*."""
        return self.roles is None or self.matrix.may_order(self.roles, order_type)

    def shown(self, answer: Any) -> Any:
        """Return *answer* without what the roles do not see; of what we earn no partner sees anything."""
        hidden = frozenset() if self.roles is None else self.matrix.hidden_from(self.roles)
        return hide(answer, hidden if self.partner is None else hidden | {"margin"})


class Authenticator(Protocol):
    """Knows the API keys."""

    def authenticate(self, token: str) -> Principal:
        """Return whose key *token* is.

        Raises:
            core.errors.Unauthenticated: no such key, expired or revoked.
        """
        ...


class TokenDoor(Protocol):
    """Knows the bearer tokens of an identity provider."""

    async def admit(self, token: str) -> Principal:
        """Return who holds *token* and what it allows.

        Raises:
            core.errors.TokenRefused: it does not count; ``reason`` is for our log.
            core.errors.IssuerUnavailable: there are no keys to judge it by.
        """
        ...


class ReadStore(Protocol):
    """Runs a reading function inside one read transaction."""

    def read(self, work: Callable[[Any], T]) -> T:
        """Return ``work(tx)``."""
        ...


class Views(ChangeViews, Protocol):
    """The read models, ``core.reporting.views``. Lists are ``{"items": [...], "next": cursor | None}``."""

    def order(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return one order."""
        ...

    def orders(
        self,
        tx: Any,
        *,
        state: str | None = None,
        partner: str | None = None,
        channel: str | None = None,
        since: datetime | None = None,
        q: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return orders, newest first."""
        ...

    def timeline(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return an order's life."""
        ...

    def checks(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return the review checks of an order with their inputs and rule versions."""
        ...

    def documents_of(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return the documents, in and out, that belong to an order."""
        ...

    def document(self, tx: Any, document_id: str, partner: str | None = None, *, language: str = "en") -> Json:
        """Return one document with its violations, told in *language*."""
        ...

    def documents(
        self,
        tx: Any,
        *,
        partner: str | None = None,
        direction: str | None = None,
        outcome: str | None = None,
        type: str | None = None,  # noqa: A002 - the name of the query parameter in CONTRACTS' document shape
        since: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return documents, newest first."""
        ...

    def partners(self, tx: Any, *, partner: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return trading partners by code."""
        ...

    def items(self, tx: Any, *, q: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return catalogue items by SKU."""
        ...

    def stock(
        self, tx: Any, *, sku: str | None = None, warehouse: str | None = None, cursor: str | None = None,
        limit: int = 50,
    ) -> Json:  # fmt: skip
        """Return on hand, reserved and available by SKU and warehouse, and how the item is stocked."""
        ...

    def holds(
        self,
        tx: Any,
        *,
        partner: str | None = None,
        stage: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return open holds, oldest first."""
        ...

    def shipments(
        self,
        tx: Any,
        *,
        order: str | None = None,
        partner: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return shipments, newest first."""
        ...

    def invoices(
        self,
        tx: Any,
        *,
        order: str | None = None,
        partner: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return invoices, newest first."""
        ...

    def alerts(self, tx: Any) -> list[Json]:
        """Return open alerts."""
        ...

    def reconciliation(self, tx: Any) -> Json:
        """Return the six outcomes, ``documents`` and ``unexplained``."""
        ...

    def numbering_proof(self, tx: Any, year: int, channel: str) -> Json:
        """Return the proof that serials of a year and channel are 1..max without gap or double."""
        ...

    def pulse(self, tx: Any) -> str:
        """Return a text that changes whenever a document, an order, an event or an alert was added or changed.

        It is asked several times a second while somebody looks, so it costs a few index look-ups at most.
        """
        ...

    def stream_head(self, tx: Any) -> int:
        """Return the position of the newest sealed event, 0 when there is none."""
        ...

    def stream(self, tx: Any, after: int, limit: int) -> list[Json]:
        """Return at most *limit* events of the sealed stream after position *after*, oldest first.

        Each is ``{"id", "at", "event", "partner", "number", "document_id", "summary"}``; ``id`` is the position.
        """
        ...


class Prices(Protocol):
    """Questions on prices, :class:`gateway.prices.Prices`."""

    def price(
        self,
        *,
        partner: str,
        sku: str,
        quantity: Decimal,
        day: date | None = None,
        currency: str | None = None,
        contract: str = "",
    ) -> Json:
        """Return the price of an item for a buyer, with every candidate and why the chosen one is taken.

        Raises:
            NotFound: no such partner or item.
        """
        ...

    def price_explanation(self, number: str, line: int, *, partner: str | None = None) -> Json:
        """Return how the price of a line was composed when it was reviewed, and who accepted what since.

        Raises:
            NotFound: no such order or line.
        """
        ...

    def agree_price(self, number: str, line: int, *, request: str, actor: str) -> Json:
        """Give a line under review the price of a granted request and return its explanation.

        Raises:
            NotFound: no such order, line or request.
            Conflict: the price is locked, or the request is not for this.
        """
        ...

    def order_margin(self, number: str) -> Json:
        """Return what an order earns, by line and in all.

        Raises:
            NotFound: no such order.
        """
        ...

    def request_price(self, asked: PriceRequest, *, actor: str) -> Json:
        """Keep a request for a special price and return it.

        Raises:
            NotFound: no such partner or item.
            Conflict: no price applies that it could be held against.
        """
        ...

    def price_request(self, number: str) -> Json:
        """Return a request for a special price.

        Raises:
            NotFound: there is none of that number.
        """
        ...

    def decide_request(
        self, number: str, *, grant: bool, reason: str, actor: str, roles: frozenset[str] | None = None
    ) -> Json:
        """Grant or decline a request for a special price and return it; a granted one is a price from now on.

        Raises:
            NotFound: there is none of that number.
            Conflict: it is decided already.
            Forbidden: another role, or another person, has to grant it.
        """
        ...

    def verify_contract(self, contract: str, *, since: datetime) -> Json:
        """Return which lines ordered under a contract since then are off its prices.

        Raises:
            NotFound: no price is of that contract.
        """
        ...


class Operations(Desks, Protocol):
    """The acts of the gateway, :class:`gateway.wiring.Gateway`."""

    def intake(
        self,
        content: bytes,
        *,
        channel: str,
        partner: str | None,
        origin: str,
        dry_run: bool = False,
        language: str = "en",
    ) -> Json:
        """Keep *content* as a source and judge it; a dry run tells violations in *language*.

        Returns:
            ``{"source_id", "documents": [...]}``; the source is committed when this returns.
        """
        ...

    def place_order(
        self,
        content: bytes,
        document: Order,
        *,
        partner: str,
        actor: str,
        key: str = "",
        idempotency_key: str | None = None,
        dry_run: bool = False,
        units: frozenset[str] | None = None,
    ) -> Json:
        """Place *document*, read from the JSON body *content*, through intake and review; return the order.

        *units* are the business units that the caller may order from, None for all.

        Raises:
            Forbidden: it is another unit's.
            ValidationFailed: every violation at once.
            Conflict: the buyer reference was used before with another content.
            IdempotencyMismatch: the key was used before with another body.
        """
        ...

    def change_order(
        self,
        content: bytes,
        document: OrderChange,
        *,
        number: str,
        partner: str | None,
        actor: str,
        reason: str = "",
        key: str = "",
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Json:
        """Change the order *number* as *document*, read from the JSON body *content*, says; return it.

        Raises:
            Conflict: it cannot be changed so; the message says why.
            ValidationFailed: every violation at once.
            IdempotencyMismatch: the key was used before with another body.
        """
        ...

    def confirm(self, number: str, *, actor: str) -> Json:
        """Confirm a reviewed order; return it.

        Raises:
            Conflict: the state does not allow it; ``inputs["holds"]`` lists what blocks.
        """
        ...

    def release(
        self,
        number: str,
        *,
        actor: str,
        reason: str = "",
        codes: Sequence[str] = (),
        roles: frozenset[str] | None = None,
    ) -> Json:
        """Lift the open holds (or those of *codes*), review again and return the order.

        Raises:
            Forbidden: *roles* (None: every role) are not those that one of the holds waits for.
        """
        ...

    def cancel(self, number: str, *, actor: str, reason: str, partner: str | None = None) -> Json:
        """Cancel an order and return it."""
        ...

    def replay(self, document_id: str, *, actor: str, reason: str = "") -> Json:
        """Run a kept document through intake again and return the document."""
        ...

    def resend(self, document_id: str, *, actor: str, reissue: bool = False, reason: str = "") -> Json:
        """Send a document of ours once more and return the one that tells it now.

        The same bytes under the same references; with *reissue* it is rendered anew under new ones.

        Raises:
            Conflict: it has not left yet, or was issued anew already.
        """
        ...

    def source(self, number: str, field: str, *, partner: str | None = None) -> Json:
        """Return the place that *field* of an order was read from."""
        ...

    def raw(self, document_id: str, *, partner: str | None = None) -> bytes:
        """Return the bytes of the source that holds the document, or of the document we sent."""
        ...

    def segments(self, document_id: str) -> list[Json]:
        """Return the segments of the document's message: ``{"segment", "tag", "offset", "length"}``.

        ``segment`` counts from UNH = 1 and is None on the envelope; offsets are bytes in :meth:`raw`. Empty where
        the document is not EDIFACT.
        """
        ...

    def unmapped(
        self, document_id: str, *, partner: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of what a received document says and no field takes, in the order of its bytes.

        Items are ``core.provenance.UnmappedValue`` as JSON. Empty for a document of ours, or one that is not EDIFACT.
        """
        ...

    @property
    def prices(self) -> Prices:
        """Return what answers questions on prices."""
        ...

    def audit_verify(self) -> Json:
        """Return ``{"ok", "events", "unsealed", "first_bad"}``."""
        ...

    def advance_clock(self, delta: timedelta) -> Json:
        """Move the sandbox clock, run what became due and return ``{"now", "ran"}``."""
        ...

    def health(self) -> Json:
        """Return ``{"ready": bool, "started": bool, "checks": {name: "ok" | reason}}``."""
        ...

    def metrics(self) -> bytes:
        """Return the metrics in the Prometheus text format."""
        ...
