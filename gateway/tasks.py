"""The desk of tasks of API and console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.clock import Clock
from core.reporting.tasks import tasks
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.tasks.desk import finish_task, roles_served, told

Json = dict[str, Any]


class TaskDesk:
    """See ``gateway.web.tasks_port.TaskDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, on_commit: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_commit = on_commit
        self._cache = MasterCache()

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
        """Return a page of tasks."""

        def work(tx: Tx) -> Json:
            self._cache.refresh(tx)
            name, owned = mine or (None, None)
            served = roles_served(self._cache.rules.book.roles, owned)
            if role is not None:
                served = frozenset({role}) & (served if served is not None else {role})
            return tasks(
                tx, now=self._clock.now(), roles=served, assignee=name, kind=kind, order=order, state=state,
                overdue=overdue, cursor=cursor, limit=limit,
            )  # fmt: skip

        return self._store.read(work)

    def finish(self, task_id: int, *, reason: str, actor: str, roles: frozenset[str] | None) -> Json:
        """Close a task that was done by hand."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            self._cache.refresh(tx)
            matrix = self._cache.rules.book.roles
            return told(
                finish_task(tx, task_id, matrix=matrix, roles=roles, actor=actor[:100], reason=reason, at=now), now
            )

        answer = self._store.write(work)
        self._on_commit()
        return answer
