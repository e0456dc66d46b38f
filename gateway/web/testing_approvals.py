"""A desk of approvals in memory for tests of pages and clients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.approvals.standing import Absence
from core.errors import NotFound
from gateway.web.approvals_port import Person
from gateway.web.testing_pages import page

Json = dict[str, Any]


class MemoryApprovalDesk:
    """Lists ``asked`` whoever looks, keeps what was ``decided``; nothing is ever handed on."""

    def __init__(self) -> None:
        self.asked: list[Json] = []
        self.decided: list[tuple[str, bool, Person]] = []

    def approvals(
        self,
        *,
        state: str | None = "pending",
        order: str | None = None,
        mine: Person | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return those of ``asked`` that fit."""
        del mine
        asked = {"state": state, "order": order}
        fitting = [one for one in self.asked if all(want in (None, one[key]) for key, want in asked.items())]
        return page(fitting, cursor, limit)

    def approval(self, approval_id: int) -> Json:
        """Return one of ``asked``."""
        for one in self.asked:
            if one["id"] == str(approval_id):
                return one
        raise NotFound(f"there is no approval {approval_id}")

    def decide(
        self, approval_id: int, *, approve: bool, reason: str, who: Person, idempotency_key: str | None = None
    ) -> Json:
        """Keep the decision."""
        del idempotency_key
        one = self.approval(approval_id)
        one |= {"state": "approved" if approve else "declined", "decided_by": who.name, "decision_reason": reason}
        self.decided.append((one["id"], approve, who))
        return one

    def delegate(self, approval_id: int, *, to: str, until: datetime | None, reason: str, who: Person) -> Json:
        """Find nobody to hand it to."""
        del to, until, reason, who
        return self.approval(approval_id)

    def escalate(self, approval_id: int, *, reason: str, who: Person) -> Json:
        """Find nobody above."""
        del reason, who
        return self.approval(approval_id)

    def ask_for(self, number: str, *, codes: Sequence[str], reason: str, who: Person) -> list[Json]:
        """Ask nobody."""
        del codes, reason, who
        return [one for one in self.asked if one["order"] == number]

    def delegations(self, *, cursor: str | None = None, limit: int = 50) -> Json:
        """Know of nobody who is away."""
        del cursor, limit
        return {"items": [], "next": None}

    def keep_delegation(self, absence: Absence, *, who: Person) -> Json:
        """Know none of the two."""
        del who
        raise NotFound(f"there is no user {absence.from_user}")

    def end_delegation(self, delegation_id: int, *, who: Person) -> Json:
        """Know of none."""
        del who
        raise NotFound(f"there is no delegation {delegation_id}")

    def invoice_drafts(self, *, state: str = "draft", cursor: str | None = None, limit: int = 50) -> Json:
        """Know of none."""
        del state
        return page([], cursor, limit)

    def draft_invoice(self, shipment: str, *, why: str, who: Person) -> Json:
        """Know of no shipment."""
        del why, who
        raise NotFound(f"there is no shipment {shipment}")

    def decide_invoice(self, draft_id: int, *, approve: bool, reason: str, who: Person) -> Json:
        """Know of none."""
        del approve, reason, who
        raise NotFound(f"there is no draft {draft_id} of an invoice")
