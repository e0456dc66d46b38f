"""What the web needs of the desk of approvals, :class:`gateway.approvals.ApprovalDesk`; every method blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from core.approvals.standing import Absence

Json = dict[str, Any]


class Person(NamedTuple):
    """Who acts: the name, the roles (None: a key without roles) and the public part of the key."""

    name: str
    roles: frozenset[str] | None
    key: str = ""


class ApprovalDesk(Protocol):
    """Lists what is to be approved, takes decisions, hands them on."""

    def approvals(
        self,
        *,
        state: str | None = "pending",
        order: str | None = None,
        mine: Person | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of approvals, the earliest asked first; *mine* keeps what that person may decide on.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def approval(self, approval_id: int) -> Json:
        """Return one with its hold, limit, flow and what approving it does.

        Raises:
            NotFound: there is none.
        """
        ...

    def decide(
        self, approval_id: int, *, approve: bool, reason: str, who: Person, idempotency_key: str | None = None
    ) -> Json:
        """Approve or decline and return the approval.

        Raises:
            NotFound: there is none.
            Conflict: it is decided already, or its order cannot go on.
            OwnRequest, DecidedBefore, Forbidden: it is not for this person.
            IdempotencyMismatch: the key was used before with another decision.
        """
        ...

    def delegate(self, approval_id: int, *, to: str, until: datetime | None, reason: str, who: Person) -> Json:
        """Hand an approval to somebody by name and return what is asked now.

        Raises:
            NotFound: there is no such approval or user.
            Conflict: it is decided already, or *until* is over.
            Forbidden: one of the two may not decide on it.
        """
        ...

    def escalate(self, approval_id: int, *, reason: str, who: Person) -> Json:
        """Hand an approval to the role above and return what is asked now.

        Raises:
            NotFound: there is none.
            Conflict: it is decided already, or nobody is above.
        """
        ...

    def ask_for(self, number: str, *, codes: Sequence[str], reason: str, who: Person) -> list[Json]:
        """Ask for the approval of an order's holds and return what is asked now.

        Raises:
            NotFound: no such order.
            Conflict: it has no such hold, it is asked for already, or nobody is above.
        """
        ...

    def delegations(self, *, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of who stands in for whom, the latest first.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def keep_delegation(self, absence: Absence, *, who: Person) -> Json:
        """Keep who stands in for somebody who is away, and return it.

        Raises:
            NotFound: there is no such user.
            Conflict: it is over, or somebody would stand in for themselves.
            Forbidden: it is another's absence.
        """
        ...

    def end_delegation(self, delegation_id: int, *, who: Person) -> Json:
        """End a delegation before its time and return it.

        Raises:
            NotFound: there is none.
            Forbidden: it is another's.
        """
        ...

    def invoice_drafts(self, *, state: str = "draft", cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of drafted invoices, the earliest first.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def draft_invoice(self, shipment: str, *, why: str, who: Person) -> Json:
        """Draft the invoice of a shipment and return the draft.

        Raises:
            NotFound: there is no such shipment.
            Conflict: it is drafted or billed already, or cannot be billed.
        """
        ...

    def decide_invoice(self, draft_id: int, *, approve: bool, reason: str, who: Person) -> Json:
        """Issue a drafted invoice, or decline it, and return the draft.

        Raises:
            NotFound: there is none.
            Conflict: it is decided already, or cannot be billed any more.
            OwnRequest, Forbidden: this person drafted it, or it is another role's.
        """
        ...
