"""A desk of fields in memory for tests of pages and clients: the register's profile, and decisions that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import Conflict, NotFound
from core.ordering.discrepancies import Decision
from core.review.fields import FIELDS
from core.review.formats import FORMATS

Json = dict[str, Any]


class MemoryValidationDesk:
    """Knows ``differing``, by id."""

    def __init__(self) -> None:
        self.differing: dict[str, Json] = {}

    def profile(self, *, partner: str | None = None, channel: str | None = None) -> Json:
        """Return the register's profile."""
        fields = [
            {
                "number": one.number,
                "field": one.name,
                "meaning": one.meaning,
                "scope": "line" if one.on_lines else "order",
                "required": True,
                "format": one.format,
                "rule": FORMATS[one.format].words,
                "derived_from": one.derived_from or None,
                "if_missing": one.lack,
                "if_malformed": FORMATS[one.format].code,
            }
            for one in FIELDS
        ]
        head: Json = {"partner": partner, "channel": channel, "country": None, "rule_version": "1"}
        return {**head, "required": len(fields), "fields": fields}

    def find_customer(self, named: Mapping[str, str]) -> str:
        """Return the code that is named; nothing else is known here."""
        return named["code"]

    def discrepancies(
        self,
        *,
        partner: str | None = None,
        number: str | None = None,
        undecided: bool = True,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return what fits, on one page."""
        del cursor, limit
        fitting = [
            one
            for one in self.differing.values()
            if partner in (None, one["partner"])
            and number in (None, one["number"])
            and not (undecided and one["decision"])
        ]
        return {"items": fitting, "next": None}

    def resolve(self, discrepancy_id: str, decision: Decision, *, actor: str, reason: str = "") -> Json:
        """Keep the decision."""
        one = self.differing.get(discrepancy_id)
        if one is None:
            raise NotFound(f"there is no discrepancy {discrepancy_id}")
        if one["decision"] is not None:
            raise Conflict(f"discrepancy {discrepancy_id} is decided already")
        one |= {"decision": decision, "decided_by": actor, "decided_at": one["found_at"], "reason": reason or None}
        return one
