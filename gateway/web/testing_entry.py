"""An entry desk in memory for tests of pages and clients: drafts are kept, and nothing is ever wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.clock import iso
from core.errors import Conflict, NotFound
from core.provenance import ENGLISH, Violation

Json = dict[str, Any]


class MemoryEntryDesk:
    """Keeps ``kept`` drafts and ``made`` templates by id."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.kept: dict[int, Json] = {}
        self.made: dict[int, Json] = {}

    def create(self, form: Json, *, actor: str, partner: str | None) -> Json:
        """Keep a draft."""
        at = iso(self.now)
        draft_id = len(self.kept) + 1
        self.kept[draft_id] = {
            "id": str(draft_id), "version": 1, "state": "open", "partner": partner or form.get("partner"),
            "entered_by": actor, "created_at": at, "changed_at": at, "expires_at": at, "order": None,
            "content": form, "origins": {}, "paper": None, "question": None,
        }  # fmt: skip
        return self.kept[draft_id]

    def replace(self, draft_id: int, form: Json, *, seen: int, actor: str, partner: str | None) -> Json:
        """Change a draft."""
        del actor
        found = self.draft(draft_id, partner=partner)
        found |= {"content": form, "version": seen + 1}
        return found

    def confirm_fields(
        self, draft_id: int, decided: dict[str, str | None], *, seen: int, actor: str, partner: str | None
    ) -> Json:
        """Put what is corrected at the head of the content."""
        del actor
        found = self.draft(draft_id, partner=partner)
        found["content"] |= {path: value for path, value in decided.items() if value is not None}
        found["version"] = seen + 1
        return found

    def discard(self, draft_id: int, *, seen: int, actor: str, partner: str | None) -> None:
        """Remove a draft."""
        del seen, actor
        self.draft(draft_id, partner=partner)
        del self.kept[draft_id]

    def draft(self, draft_id: int, *, partner: str | None, language: str = ENGLISH) -> Json:
        """Return a draft."""
        del language
        found = self.kept.get(draft_id)
        if found is None or partner not in (None, found["partner"]):
            raise NotFound(f"there is no draft {draft_id}")
        return found

    def drafts(
        self,
        *,
        partner: str | None,
        entered_by: str | None = None,
        state: str | None = "open",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return what fits, on one page."""
        del cursor, limit
        asked = {"partner": partner, "entered_by": entered_by, "state": state}
        fitting = [
            one for one in self.kept.values() if all(value in (None, one[name]) for name, value in asked.items())
        ]
        return {"items": fitting, "next": None}

    def checks(self, draft_id: int, *, partner: str | None) -> tuple[Json, list[Violation]]:
        """Find nothing wrong, and tell nothing of what it would become."""
        found = self.draft(draft_id, partner=partner)
        return {**{name: found[name] for name in ("id", "version", "partner")}, "outlook": None}, []

    def submit(
        self,
        draft_id: int,
        *,
        actor: str,
        partner: str | None,
        may_order: Callable[[str], None],
        units: frozenset[str] | None = None,
    ) -> Json:
        """Refuse: orders are made by the real desk."""
        del actor, units
        may_order(str(self.draft(draft_id, partner=partner)["content"].get("type", "standard")))
        raise Conflict("no order is made here")

    def create_template(self, name: str, form: Json, *, actor: str, partner: str | None) -> Json:
        """Keep a template."""
        template_id = len(self.made) + 1
        self.made[template_id] = {
            "id": str(template_id), "version": 1, "name": name, "partner": partner, "changed_by": actor,
            "changed_at": iso(self.now), "content": form,
        }  # fmt: skip
        return self.made[template_id]

    def template_of_order(self, number: str, name: str, *, actor: str, partner: str | None) -> Json:
        """Know no order."""
        del name, actor, partner
        raise NotFound(f"there is no order {number}")

    def replace_template(
        self, template_id: int, name: str, form: Json, *, seen: int, actor: str, partner: str | None
    ) -> Json:
        """Change a template."""
        found = self.template(template_id, partner=None)
        found |= {"name": name, "content": form, "version": seen + 1, "changed_by": actor, "partner": partner}
        return found

    def remove_template(self, template_id: int, *, seen: int) -> None:
        """Remove a template."""
        del seen
        self.template(template_id, partner=None)
        del self.made[template_id]

    def template(self, template_id: int, *, partner: str | None) -> Json:
        """Return a template."""
        found = self.made.get(template_id)
        if found is None or (partner is not None and found["partner"] not in (None, partner)):
            raise NotFound(f"there is no order template {template_id}")
        return found

    def templates(self, *, partner: str | None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return what fits, on one page."""
        del cursor, limit
        fitting = [one for one in self.made.values() if partner is None or one["partner"] in (None, partner)]
        return {"items": fitting, "next": None}

    def source_of(self, number: str, *, partner: str | None) -> Json:
        """Know no order."""
        del partner
        raise NotFound(f"there is no order {number}")

    def case_file(self, number: str) -> Json:
        """Know no order."""
        raise NotFound(f"there is no order {number}")

    def instantiate(self, template_id: int, overrides: Json, *, actor: str, partner: str | None) -> Json:
        """Make a draft of a template."""
        template = self.template(template_id, partner=partner)
        return self.create({**template["content"], **overrides}, actor=actor, partner=partner)
