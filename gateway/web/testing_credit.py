"""A credit desk in memory for tests of pages and clients: every partner stands well, and nothing is ever asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from core.clock import iso
from core.credit.adjustments import Request
from core.credit.payments import Payment
from core.errors import NotFound

Json = dict[str, Any]


class MemoryCreditDesk:
    """Answers with ``standings``, keeps ``paid`` and ``asked``."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.standings: dict[str, Json] = {}
        self.paid: dict[str, Payment] = {}
        self.asked: list[Request] = []

    def standing(self, partner: str) -> Json:
        """Return what ``standings`` says."""
        if partner not in self.standings:
            raise NotFound(f"there is no partner {partner}")
        return self.standings[partner]

    def payments(self, partner: str, *, cursor: str | None = None, limit: int = 50) -> Json:
        """Return an empty page."""
        del partner, cursor, limit
        return {"items": [], "next": None}

    def pay(self, payment: Payment, *, actor: str) -> tuple[Json, bool]:
        """Keep the payment by its reference."""
        del actor
        new = payment.reference not in self.paid
        self.paid[payment.reference] = payment
        return self.standing(payment.partner), new

    def reverse(self, partner: str, reference: str, *, actor: str, reason: str) -> Json:
        """Forget the payment."""
        del actor, reason
        if self.paid.pop(reference, None) is None:
            raise NotFound(f"there is no payment {reference} of {partner}")
        return self.standing(partner)

    def give_grade(self, partner: str, grade: str, *, reason: str, actor: str) -> Json:
        """Set the grade in ``standings``."""
        del reason, actor
        self.standing(partner)["grade"] = grade
        return self.standing(partner)

    def request(self, request: Request, *, actor: str) -> Json:
        """Keep the request, which waits for the CFO."""
        self.asked.append(request)
        return {
            **request._asdict(), "id": str(len(self.asked)), "amount": str(request.amount), "state": "requested",
            "valid_to": request.valid_to.isoformat(), "release_role": "cfo", "requested_by": actor,
            "requested_at": iso(self.now), "decided_by": None, "decided_at": None, "decision_reason": None,
        }  # fmt: skip

    def decide(
        self, adjustment_id: int, *, approve: bool, actor: str, reason: str, roles: frozenset[str] | None
    ) -> Json:
        """Find none to decide on."""
        del approve, actor, reason, roles
        raise NotFound(f"there is no credit adjustment {adjustment_id}")

    def adjustments(
        self, *, partner: str | None = None, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return an empty page."""
        del partner, state, cursor, limit
        return {"items": [], "next": None}

    def check(self, orders: Sequence[str]) -> list[Json]:
        """Know none of them."""
        unknown: Json = {"partner": None, "state": None, "ok": None, "holds": [], "evidence": {}}
        return [{"number": number, **unknown} for number in orders]

    def warnings(self, day: date | None = None) -> Json:
        """Warn of nobody."""
        shown = (day or self.now.date()).isoformat()
        return {"day": shown, "at": iso(self.now), "warning_percent": "80", "items": []}
