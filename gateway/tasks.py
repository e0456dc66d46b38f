"""The desk of tasks of API and console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from core.clock import Clock
from core.ordering.confirm import Desk
from core.ordering.question import ask_customer
from core.reporting.tasks import tasks
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.tasks.desk import finish_task, roles_served, told

T = TypeVar("T")
Json = dict[str, Any]


class Act(Protocol):
    """Runs a function durably and sends what it queued."""

    def __call__(self, work: Callable[[Tx], T]) -> T:
        """Return what *work* returns."""
        ...


class TaskDesk:
    """See ``gateway.web.tasks_port.TaskDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, act: Act) -> None:
        self._store = store
        self._clock = clock
        self._act = act
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

        return self._act(work)

    def ask_customer(self, number: str, *, code: str, question: str, actor: str) -> Json:
        """Put a question on a hold to the customer."""
        desk = Desk(self._cache, actor[:100], self._clock.now())
        return self._act(lambda tx: ask_customer(tx, desk, number, code=code, question=question))
