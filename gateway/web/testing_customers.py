"""A desk of customers in memory for tests of pages and clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.clock import iso
from core.customers.feedback import Feedback
from core.errors import Conflict, NotFound
from core.reporting.version import version_of
from gateway.master_data.models import Partner
from gateway.web.testing_pages import page

Json = dict[str, Any]


class MemoryCustomerDesk:
    """Keeps ``known`` partners as JSON, and what is ``said`` of ``orders``."""

    def __init__(self, now: datetime, orders: dict[str, Json]) -> None:
        self.now = now
        self.orders = orders
        self.known: dict[str, Json] = {}
        self.said: list[Json] = []
        self.changes: list[Json] = []

    def partner(self, code: str) -> tuple[Json, str]:
        """Return one of ``known``."""
        if code not in self.known:
            raise NotFound(f"there is no partner {code}")
        return self.known[code], version_of(self.known[code])

    def create(self, partner: Partner, *, actor: str, reason: str) -> tuple[Json, str]:
        """Add to ``known``."""
        if partner.code in self.known:
            raise Conflict(f"there is a partner {partner.code} already")
        return self.replace(partner, seen="", actor=actor, reason=reason)

    def replace(self, partner: Partner, *, seen: str, actor: str, reason: str) -> tuple[Json, str]:
        """Set one of ``known``."""
        del seen
        before, after = self.known.get(partner.code), partner.model_dump(mode="json")
        told = {"at": iso(self.now), "actor": actor, "reason": reason, "created": before is None}
        self.changes.insert(0, {**told, "before": before or {}, "after": after})
        self.known[partner.code] = after
        return self.partner(partner.code)

    def history(self, code: str, *, cursor: str | None, limit: int) -> Json:
        """Return those of ``changes`` that are of *code*."""
        self.partner(code)
        return page([one for one in self.changes if one["after"]["code"] == code], cursor, limit)

    def profile(self, code: str) -> Json:
        """Know of no purchase."""
        known, _ = self.partner(code)
        return {
            "partner": code, "name": known["name"], "since": self.now.date().isoformat(), "orders": 0, "totals": [],
            "channels": {}, "types": {}, "first_order": None, "last_order": None, "days_between": None,
            "favourites": [], "days_late": "0.0", "feedback": {"count": 0, "mean_rating": None},
        }  # fmt: skip

    def regrade(self, *, partner: str | None, dry_run: bool, actor: str) -> Json:
        """Change no grade."""
        del partner, dry_run, actor
        day = self.now.date().isoformat()
        return {"rule": "customer.grade", "rule_version": "1", "since": day, "items": []}

    def give_feedback(self, said: Feedback, *, partner: str | None, actor: str) -> Json:
        """Keep what is said."""
        order = self.orders.get(said.order)
        if order is None or partner not in (None, order["partner"]):
            raise NotFound(f"there is no order {said.order}")
        kept = {
            **said._asdict(), "id": str(len(self.said) + 1), "partner": order["partner"], "at": iso(self.now),
            "actor": actor,
        }  # fmt: skip
        self.said.insert(0, kept)
        return kept

    def feedback(
        self,
        *,
        order: str | None = None,
        partner: str | None = None,
        most_rating: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return what was said."""
        found = [
            one
            for one in self.said
            if order in (None, one["order"])
            and partner in (None, one["partner"])
            and (most_rating is None or one["rating"] <= most_rating)
        ]
        return page(found, cursor, limit)
