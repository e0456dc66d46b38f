"""A gateway in memory: what the web asks of store, views, operations and keys, for tests of pages and clients.

It keeps what it is given and judges nothing; the judgements of the real gateway are tested with the real one.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from core.clock import iso
from core.documents import Order
from core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from core.roles.matrix import DEFAULT_ROLES
from core.values import money_text, text
from gateway.web.ports import Json, Principal
from gateway.web.testing_changes import MemoryChanges, note_change
from gateway.web.testing_customers import MemoryCustomerDesk
from gateway.web.testing_desks import MemoryDesks
from gateway.web.testing_lifecycle import MemoryLifeCycleDesk
from gateway.web.testing_pages import page
from gateway.web.testing_prices import MemoryPrices
from gateway.web.testing_returns import MemoryReturnDesk

T = TypeVar("T")

OUTCOMES: Final = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")


class MemoryGateway(MemoryDesks, MemoryChanges):
    """Store, views, operations and authenticator in one; add orders and documents, then look at the web."""

    change_order = note_change

    def __init__(self, now: datetime) -> None:
        MemoryDesks.__init__(self, now)
        MemoryChanges.__init__(self)
        self.now = now
        self.orders_by_number: dict[str, Json] = {}
        self.lifecycle_desk = MemoryLifeCycleDesk(self.orders_by_number)
        self.customer_desk = MemoryCustomerDesk(now, self.orders_by_number)
        self.return_desk = MemoryReturnDesk(now, self.orders_by_number)
        self.documents_by_id: dict[str, Json] = {}
        self.events: list[Json] = []
        self.open_alerts: list[Json] = []
        self.contents: dict[str, bytes] = {}
        self.segments_by_document: dict[str, list[Json]] = {}
        self.unmapped_by_document: dict[str, list[Json]] = {}
        self.sources: dict[tuple[str, str], Json] = {}
        self.keys: dict[str, Principal] = {}
        self.acts: list[tuple[str, Mapping[str, object]]] = []
        self.lists: dict[str, list[Json]] = {}
        self.ready = True
        self.woken: Callable[[], None] = lambda: None
        self._lock = threading.RLock()

    def read(self, work: Callable[[Any], T]) -> T:
        """Return what *work* reads, while nothing changes."""
        with self._lock:
            return work(self)

    def authenticate(self, token: str) -> Principal:
        """Return whose key *token* is."""
        if token not in self.keys:
            raise Unauthenticated("there is no such key")
        return self.keys[token]

    def add_order(self, order: Json) -> None:
        """Keep *order*, the newest."""
        with self._lock:
            self.orders_by_number[order["number"]] = order
            self.add_event("order.received", order["number"], f"Order {order['buyer_reference']} taken")

    def add_document(self, document: Json, content: bytes, segments: Sequence[Json] = ()) -> None:
        """Keep *document*, the newest, with its bytes."""
        with self._lock:
            self.documents_by_id[document["id"]] = document
            self.contents[document["id"]] = content
            self.segments_by_document[document["id"]] = list(segments)
        self.woken()

    def add_event(self, event: str, number: str, summary: str, actor: str = "gateway", **inputs: object) -> None:
        """Say that something happened to an order."""
        with self._lock:
            self.events.append(
                {
                    "id": len(self.events) + 1,
                    "at": iso(self.now),
                    "event": event,
                    "partner": self.orders_by_number[number]["partner"],
                    "number": number,
                    "channel": self.orders_by_number[number]["channel"],
                    "document_id": None,
                    "summary": summary,
                    "actor": actor,
                    "inputs": inputs,
                }
            )
        self.woken()

    # --- views ---

    def order(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return one order."""
        del tx
        found = self.orders_by_number.get(number)
        if found is None or partner not in (None, found["partner"]):
            raise NotFound(f"there is no order {number}")
        return deepcopy(found)

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
        """Return orders, newest first; every one counts as received now."""
        del tx
        if since is not None and since > self.now:
            return page([], None, limit)
        fitting = [
            order
            for order in reversed(self.orders_by_number.values())
            if state in (None, order["state"], "held" if order["holds"] else None)
            and partner in (None, order["partner"])
            and channel in (None, order["channel"])
            and (q is None or q in order["number"] or q in order["buyer_reference"])
        ]
        return page(fitting, cursor, limit)

    def timeline(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return an order's life."""
        self.order(tx, number, partner)
        shown = ("at", "event", "actor", "summary", "document_id", "inputs")
        own = [{key: event[key] for key in shown} for event in self.events if event["number"] == number]
        return {"number": number, "events": own, "guides": []}

    def checks(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return an order's holds as its failed checks."""
        order = self.order(tx, number, partner)
        return {"number": number, "checks": order["holds"]}

    def documents_of(self, tx: Any, number: str, partner: str | None = None) -> Json:
        """Return an order's documents."""
        order = self.order(tx, number, partner)
        return page([self._listed(self.documents_by_id[link["id"]]) for link in order["documents"]], None, 50)

    def document(self, tx: Any, document_id: str, partner: str | None = None, *, language: str = "en") -> Json:
        """Return one document; its violations have the words that it was given."""
        del tx, language
        found = self.documents_by_id.get(document_id)
        if found is None or partner not in (None, found["partner"]):
            raise NotFound(f"there is no document {document_id}")
        return deepcopy(found)

    def documents(
        self,
        tx: Any,
        *,
        partner: str | None = None,
        direction: str | None = None,
        outcome: str | None = None,
        type: str | None = None,  # noqa: A002 - the port's name
        since: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return documents, newest first; every one counts as received now."""
        del tx
        if since is not None and since > self.now:
            return page([], None, limit)
        asked = {"partner": partner, "direction": direction, "outcome": outcome, "type": type}
        fitting = [
            self._listed(document)
            for document in reversed(self.documents_by_id.values())
            if all(value in (None, document[key]) for key, value in asked.items())
        ]
        return page(fitting, cursor, limit)

    @staticmethod
    def _listed(document: Json) -> Json:
        return {key: value for key, value in document.items() if key not in ("source", "violations")}

    def partners(self, tx: Any, *, partner: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return ``lists["partners"]``."""
        del tx
        return page([row for row in self.lists.get("partners", []) if partner in (None, row["code"])], cursor, limit)

    def items(self, tx: Any, *, q: str | None = None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return ``lists["items"]``."""
        del tx
        return page([row for row in self.lists.get("items", []) if (q or "") in row["sku"]], cursor, limit)

    def stock(
        self, tx: Any, *, sku: str | None = None, warehouse: str | None = None, cursor: str | None = None,
        limit: int = 50,
    ) -> Json:  # fmt: skip
        """Return ``lists["stock"]``."""
        del tx
        rows = self.lists.get("stock", [])
        fitting = [row for row in rows if sku in (None, row["sku"]) and warehouse in (None, row["warehouse"])]
        return page(fitting, cursor, limit)

    def holds(
        self,
        tx: Any,
        *,
        partner: str | None = None,
        stage: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return the open holds of all orders."""
        del tx
        fitting = [
            {**hold, "number": order["number"], "partner": order["partner"]}
            for order in self.orders_by_number.values()
            for hold in order["holds"]
            if partner in (None, order["partner"]) and stage in (None, hold["stage"])
        ]
        return page(fitting, cursor, limit)

    def shipments(
        self,
        tx: Any,
        *,
        order: str | None = None,
        partner: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return ``lists["shipments"]``."""
        del tx
        return page(self._of_order("shipments", order, partner), cursor, limit)

    def invoices(
        self,
        tx: Any,
        *,
        order: str | None = None,
        partner: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return ``lists["invoices"]``."""
        del tx
        return page(self._of_order("invoices", order, partner), cursor, limit)

    def _of_order(self, name: str, order: str | None, partner: str | None) -> list[Json]:
        return [
            row
            for row in self.lists.get(name, [])
            if order in (None, row["order"]) and partner in (None, self.orders_by_number[row["order"]]["partner"])
        ]

    def alerts(self, tx: Any) -> list[Json]:
        """Return open alerts."""
        del tx
        return deepcopy(self.open_alerts)

    def reconciliation(self, tx: Any) -> Json:
        """Count documents by outcome."""
        del tx
        received = [document for document in self.documents_by_id.values() if document["direction"] == "in"]
        counts = {name: sum(document["outcome"] == name for document in received) for name in OUTCOMES}
        return {"documents": len(received), **counts, "unexplained": 0}

    def numbering_proof(self, tx: Any, year: int, channel: str) -> Json:
        """Return a proof of nothing."""
        del tx
        counts = dict.fromkeys(("last", "orders", "voids", "faults"), 0)
        lists: Json = {"gaps": [], "doubles": [], "strays": [], "entries": []}
        return {"year": year, "channel": channel, "ok": True, **counts, **lists, "digest": "0" * 64}

    def pulse(self, tx: Any) -> str:
        """Change with everything that the pages show."""
        del tx
        return f"{len(self.documents_by_id)}.{len(self.events)}.{len(self.open_alerts)}"

    def stream_head(self, tx: Any) -> int:
        """Return the newest position."""
        del tx
        return len(self.events)

    def stream(self, tx: Any, after: int, limit: int) -> list[Json]:
        """Return events after a position."""
        del tx
        shown = ("id", "at", "event", "partner", "number", "channel", "document_id", "summary")
        return [{key: event[key] for key in shown} for event in self.events[after : after + limit]]

    # --- operations ---

    @property
    def prices(self) -> MemoryPrices:
        """Return what answers questions on prices."""
        return MemoryPrices({row["sku"] for row in self.lists.get("items", [])}, self.now.date())

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
        """Note that *content* came; it waits for ever."""
        asked = {"content": content, "channel": channel, "partner": partner, "origin": origin, "dry_run": dry_run}
        self.acts.append(("intake", {**asked, "language": language}))
        if dry_run:
            return {"file": origin, "format": "edifact", "interchanges": []}
        identifier = f"d{len(self.documents_by_id) + 1}"
        document: Json = {
            "id": identifier,
            "source_id": f"s{identifier}",
            "direction": "in",
            "type": None,
            "version": None,
            "partner": partner,
            "control_reference": None,
            "outcome": "waiting",
            "reason": None,
            "orders": [],
            "received_at": iso(self.now),
            "guide": None,
            "replies": [],
        }
        source = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "channel": channel,
            "transport": "api",
            "origin": origin,
        }
        self.add_document({**document, "source": source, "violations": []}, content)
        return {"source_id": document["source_id"], "documents": [document]}

    def place_order(
        self,
        content: bytes,
        document: Order,
        *,
        partner: str,
        actor: str,
        key: str = "",  # noqa: ARG002 - the port's signature
        idempotency_key: str | None = None,
        dry_run: bool = False,
        units: frozenset[str] | None = None,  # noqa: ARG002 - as above
    ) -> Json:
        """Take the order as it is, at the prices it says."""
        asked = {"content": content, "document": document, "key": idempotency_key, "actor": actor}
        self.acts.append(("place_order", asked))
        number = f"{self.now.year}-SR-{len(self.orders_by_number) + 1:06d}"
        lines = [
            {
                "line": line.line,
                "sku": line.supplier_code or None,
                "gtin": line.gtin or None,
                "buyer_code": line.buyer_code or None,
                "description": None,
                "quantity": text(line.quantity),
                "unit": line.unit or None,
                "price": None if line.price is None else text(line.price),
                "amount": None if line.price is None else money_text(line.quantity * line.price),
                "state": "reserved",
                "promised_date": None,
                "reserved": text(line.quantity),
            }
            for line in document.lines
        ]
        order: Json = {
            "number": number,
            "partner": partner,
            "channel": "SR",
            "type": document.type,
            "buyer_reference": document.buyer_reference,
            "state": "confirmed",
            "billing": "not_billed",
            "payment": "open",
            "currency": document.currency or "EUR",
            "total": None,
            "revision": 1,
            "lines": lines,
            "holds": [],
            "documents": [],
        }
        if not dry_run:
            self.add_order(order)
        return deepcopy(order)

    def confirm(self, number: str, *, actor: str) -> Json:
        """Confirm an order that has no hold."""
        order = self.order(None, number)
        if order["holds"]:
            raise Conflict("holds block the order", inputs={"holds": [hold["code"] for hold in order["holds"]]})
        return self._move(number, "confirmed", actor, "")

    def release(
        self,
        number: str,
        *,
        actor: str,
        reason: str = "",
        codes: Sequence[str] = (),
        roles: frozenset[str] | None = None,
    ) -> Json:
        """Lift holds; without any left the order is confirmed."""
        with self._lock:
            order = self.order(None, number)
            needed = {hold["release_role"] for hold in order["holds"] if not codes or hold["code"] in codes}
            if roles is not None and not all(DEFAULT_ROLES.may_release(roles, one) for one in needed):
                raise Forbidden(f"this needs the role {', '.join(sorted(needed))}")
            left = [hold for hold in order["holds"] if codes and hold["code"] not in codes]
            if len(left) == len(order["holds"]):
                raise Conflict("no such hold is open")
            self.orders_by_number[number]["holds"] = left
            return self._move(number, order["state"] if left else "confirmed", actor, reason)

    def cancel(self, number: str, *, actor: str, reason: str, partner: str | None = None) -> Json:
        """Cancel an order."""
        self.order(None, number, partner)
        return self._move(number, "cancelled", actor, reason)

    def _move(self, number: str, state: str, actor: str, reason: str) -> Json:
        self.orders_by_number[number]["state"] = state
        self.add_event(f"order.{state}", number, reason, actor=actor)
        return self.order(None, number)

    def replay(self, document_id: str, *, actor: str, reason: str = "") -> Json:
        """Note that the document was run again."""
        self.acts.append(("replay", {"document_id": document_id, "actor": actor, "reason": reason}))
        return self.document(None, document_id)

    def resend(self, document_id: str, *, actor: str, reissue: bool = False, reason: str = "") -> Json:
        """Note that the document was sent again."""
        self.acts.append(("resend", {"document_id": document_id, "actor": actor, "reissue": reissue, "reason": reason}))
        return self.document(None, document_id)

    def source(self, number: str, field: str, *, partner: str | None = None) -> Json:
        """Return the place kept in ``sources``."""
        self.order(None, number, partner)
        if (number, field) not in self.sources:
            raise NotFound(f"{field} was not sent")
        return deepcopy(self.sources[number, field])

    def raw(self, document_id: str, *, partner: str | None = None) -> bytes:
        """Return a document's bytes."""
        self.document(None, document_id, partner)
        return self.contents[document_id]

    def segments(self, document_id: str) -> list[Json]:
        """Return a document's segments."""
        return deepcopy(self.segments_by_document[document_id])

    def unmapped(
        self, document_id: str, *, partner: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return the values kept in ``unmapped_by_document``, all on one page."""
        self.document(None, document_id, partner)
        values = deepcopy(self.unmapped_by_document.get(document_id, []))
        start = int(cursor or 0)
        more = len(values) > start + limit
        return {"items": values[start : start + limit], "next": str(start + limit) if more else None}

    def audit_verify(self) -> Json:
        """Say that all is intact."""
        return {"ok": True, "events": len(self.events), "unsealed": 0, "first_bad": None}

    def advance_clock(self, delta: timedelta) -> Json:
        """Move the clock."""
        self.now += delta
        return {"now": iso(self.now), "ran": 0}

    def health(self) -> Json:
        """Say what ``ready`` says."""
        return {"ready": self.ready, "started": True, "checks": {"store": "ok" if self.ready else "does not answer"}}

    def metrics(self) -> bytes:
        """Return one metric."""
        return b"# TYPE ordergate_documents gauge\nordergate_documents 0\n"
