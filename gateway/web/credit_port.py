"""What the web needs of the credit desk, :class:`gateway.credit.CreditDesk`; every method blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from core.credit.adjustments import Request
from core.credit.payments import Payment

Json = dict[str, Any]


class CreditDesk(Protocol):
    """Keeps credit accounts and tells how they stand."""

    def standing(self, partner: str) -> Json:
        """Return limit, exposure, what is available, terms and overdue invoices.

        Raises:
            NotFound: no such partner.
        """
        ...

    def payments(self, partner: str, *, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of payments with the invoices that each went to, the latest first.

        Raises:
            NotFound: no such partner.
        """
        ...

    def pay(self, payment: Payment, *, actor: str) -> tuple[Json, bool]:
        """Keep a payment and review the orders held for credit; return where the partner stands, and if it is new.

        Raises:
            NotFound: no such partner, or no such order of it.
            Conflict: its reference was used for another payment.
        """
        ...

    def reverse(self, partner: str, reference: str, *, actor: str, reason: str) -> Json:
        """Take back a payment that the bank returned, once, and return where the partner stands.

        Raises:
            NotFound: no such partner, or no payment of it under that reference.
        """
        ...

    def give_grade(self, partner: str, grade: str, *, reason: str, actor: str) -> Json:
        """Set the credit grade and return where the partner stands.

        Raises:
            NotFound: no such partner.
        """
        ...

    def request(self, request: Request, *, actor: str) -> Json:
        """Ask for a credit adjustment and return it with the role that it waits for.

        Raises:
            NotFound: no such partner.
            Conflict: it would be over before it counts.
        """
        ...

    def decide(
        self, adjustment_id: int, *, approve: bool, actor: str, reason: str, roles: frozenset[str] | None
    ) -> Json:
        """Approve or decline a credit adjustment and return it.

        *roles* are the caller's; None stands for every role.

        Raises:
            NotFound: no such request.
            Forbidden: the caller asked for it, or has no role that reaches up to its amount.
            Conflict: it is decided already, or over.
        """
        ...

    def adjustments(
        self, *, partner: str | None = None, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of credit adjustments, the latest first.

        Raises:
            NotFound: no such partner.
        """
        ...

    def check(self, orders: Sequence[str]) -> list[Json]:
        """Return the credit check of many orders, as of now and in the sequence given."""
        ...

    def warnings(self, day: date | None = None) -> Json:
        """Return whom to warn: as it is now, or as it was kept on *day*.

        Raises:
            NotFound: nothing was kept on that day.
        """
        ...
