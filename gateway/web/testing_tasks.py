"""A desk of tasks in memory for tests of pages and clients."""

from __future__ import annotations

from typing import Any

from core.errors import NotFound
from gateway.web.testing_pages import page

Json = dict[str, Any]


class MemoryTaskDesk:
    """Lists ``waiting`` whoever asks; what is done leaves it."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []

    def tasks(
        self,
        *,
        role: str | None = None,
        kind: str | None = None,
        order: str | None = None,
        state: str | None = "open",
        overdue: bool = False,
        mine: tuple[str, frozenset[str] | None] | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return those of ``waiting`` that fit."""
        del mine
        asked = {"role": role, "kind": kind, "order": order, "state": state, "overdue": overdue or None}
        fitting = [one for one in self.waiting if all(want in (None, one[key]) for key, want in asked.items())]
        return page(fitting, cursor, limit)

    def finish(self, task_id: int, *, reason: str, actor: str, roles: frozenset[str] | None) -> Json:
        """Take a task off ``waiting``."""
        del roles
        for place, one in enumerate(self.waiting):
            if one["id"] == str(task_id):
                return {**self.waiting.pop(place), "state": "done", "done_by": actor, "reason": reason}
        raise NotFound(f"there is no task {task_id}")

    def ask_customer(self, number: str, *, code: str, question: str, actor: str) -> Json:
        """Find no hold to ask about."""
        del question, actor
        raise NotFound(f"{number} has no hold {code}")
