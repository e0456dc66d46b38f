"""The desk of approvals, of holds and of invoices, for API and command line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from core.approvals import handover
from core.approvals.decide import decide
from core.approvals.standing import Absence, keep, stop, told
from core.billing import drafts
from core.clock import Clock
from core.ordering.confirm import Desk
from core.reporting import approvals as views
from core.reporting import cursor as cursors
from core.review.rulebook import Rules
from core.store import approvals as rows
from core.store import idempotency
from core.store import invoice_drafts as draft_rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company
from core.tasks.desk import roles_served
from gateway.web.approvals_port import Person

T = TypeVar("T")
Json = dict[str, Any]


class Act(Protocol):
    """Runs a function durably and sends what it queued."""

    def __call__(self, work: Callable[[Tx], T]) -> T:
        """Return what *work* returns."""
        ...


class ApprovalDesk:
    """See ``gateway.web.approvals_port.ApprovalDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, act: Act) -> None:
        self._store = store
        self._clock = clock
        self._act = act
        self._cache = MasterCache()

    def approvals(
        self,
        *,
        state: str | None = "pending",
        order: str | None = None,
        mine: Person | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of approvals."""

        def work(tx: Tx) -> Json:
            self._cache.refresh(tx)
            served = None if mine is None else roles_served(self._cache.rules.book.roles, mine.roles)
            return views.approvals(
                tx, now=self._clock.now(), state=state, order=order, roles=served, assignee=mine and mine.name,
                cursor=cursor, limit=limit,
            )  # fmt: skip

        return self._store.read(work)

    def approval(self, approval_id: int) -> Json:
        """Return one approval."""
        return self._store.read(lambda tx: self._told(tx, approval_id))

    def decide(
        self, approval_id: int, *, approve: bool, reason: str, who: Person, idempotency_key: str | None = None
    ) -> Json:
        """Approve or decline."""
        said = hashlib.sha256(f"{approval_id}/{approve}/{reason}".encode()).digest()

        def work(tx: Tx) -> Json:
            if idempotency_key is not None:
                first = idempotency.begin(tx, who.key, idempotency_key, said, self._clock.now())
                if first is not None:
                    return dict(first.answer)
            decide(tx, self._desk(who), approval_id, approve=approve, reason=reason, roles=who.roles)
            answer = self._told(tx, approval_id)
            if idempotency_key is not None:
                idempotency.finish(tx, who.key, idempotency_key, 200, answer)
            return answer

        return self._act(work)

    def delegate(self, approval_id: int, *, to: str, until: datetime | None, reason: str, who: Person) -> Json:
        """Hand an approval to somebody by name."""

        def work(tx: Tx) -> Json:
            new = handover.delegate(
                tx, self._desk(who), approval_id, to=to, until=until, reason=reason, roles=who.roles
            )
            return self._told(tx, new)

        return self._act(work)

    def escalate(self, approval_id: int, *, reason: str, who: Person) -> Json:
        """Hand an approval to the role above."""
        return self._act(lambda tx: self._told(tx, handover.escalate(tx, self._desk(who), approval_id, reason=reason)))

    def ask_for(self, number: str, *, codes: Sequence[str], reason: str, who: Person) -> list[Json]:
        """Ask for the approval of an order's holds."""

        def work(tx: Tx) -> list[Json]:
            asked = handover.ask_for(tx, self._desk(who), number, codes=codes, reason=reason)
            return [self._told(tx, one) for one in asked]

        return self._act(work)

    def delegations(self, *, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of who stands in for whom."""
        (before,) = cursors.decode(cursor, int) or (None,)
        rest = self._store.read(lambda tx: rows.page_of_delegations(tx, before=before, limit=limit + 1))
        found, more = cursors.page(rest, limit)
        return {"items": [told(one) for one in found], "next": cursors.encode(found[-1].id) if more else None}

    def keep_delegation(self, absence: Absence, *, who: Person) -> Json:
        """Keep who stands in for somebody who is away."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            self._cache.refresh(tx)
            today = now.astimezone(ZoneInfo(our_company(tx, self._cache).timezone)).date()
            kept = keep(tx, absence, actor=who.name, roles=who.roles, now=now, today=today)
            return told(rows.delegation(tx, kept))

        return self._act(work)

    def end_delegation(self, delegation_id: int, *, who: Person) -> Json:
        """End a delegation before its time."""
        return self._act(lambda tx: told(stop(tx, delegation_id, actor=who.name, roles=who.roles)))

    def invoice_drafts(self, *, state: str = "draft", cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of drafted invoices."""
        key = cursors.decode(cursor, int)
        after = key[0] if key else None
        read = self._store.read(lambda tx: draft_rows.found(tx, state=state, after=after, limit=limit + 1))
        found, more = cursors.page(read, limit)
        items = [drafts.told(row) for row in found]
        return {"items": items, "next": cursors.encode(found[-1]["id"]) if more else None}

    def draft_invoice(self, shipment: str, *, why: str, who: Person) -> Json:
        """Draft the invoice of a shipment."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            shipment_id = draft_rows.shipment_id_by_number(tx, shipment)
            made = drafts.draft_invoice(tx, shipment_id, self._rules(tx), actor=who.name, why=why, now=now)
            return self._draft(tx, made)

        return self._act(work)

    def decide_invoice(self, draft_id: int, *, approve: bool, reason: str, who: Person) -> Json:
        """Issue a drafted invoice, or decline it."""
        decide_on = drafts.approve_draft if approve else drafts.decline_draft
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            decide_on(tx, draft_id, self._rules(tx), actor=who.name, roles=who.roles, reason=reason, now=now)
            return self._draft(tx, draft_id)

        return self._act(work)

    @staticmethod
    def _draft(tx: Tx, draft_id: int) -> Json:
        return drafts.told(draft_rows.get(tx, draft_id))

    def _rules(self, tx: Tx) -> Rules:
        self._cache.refresh(tx)
        return self._cache.rules

    def _told(self, tx: Tx, approval_id: int) -> Json:
        return views.approval(tx, approval_id, rules=self._rules(tx), now=self._clock.now())

    def _desk(self, who: Person) -> Desk:
        return Desk(self._cache, who.name[:100], self._clock.now())
