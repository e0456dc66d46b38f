"""What the web needs of the desk of tasks, :class:`gateway.tasks.TaskDesk`; every method blocks."""

from __future__ import annotations

from typing import Any, Protocol

Json = dict[str, Any]


class TaskDesk(Protocol):
    """Lists what waits for a person, and takes what a person did."""

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
        """Return a page of tasks, the earliest opened first.

        *mine* is somebody's name and roles (None: every role): what they may do, by their roles or by name.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def finish(self, task_id: int, *, reason: str, actor: str, roles: frozenset[str] | None) -> Json:
        """Close a task that was done by hand and return it.

        Raises:
            NotFound: no such task.
            Forbidden: it waits for another role, or for somebody else by name.
            Conflict: it is closed already, or is done by its decision alone.
        """
        ...

    def ask_customer(self, number: str, *, code: str, question: str, actor: str) -> Json:
        """Put a question on a hold of an order to its customer; return what is sent, and the task that waits for it.

        Raises:
            NotFound: no such order.
            Conflict: it has no such hold.
        """
        ...
