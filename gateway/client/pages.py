"""Lists come in pages; a page knows how to get the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its ``items``, and in ``next`` the cursor of the following one, None at the end.

    ``wire`` is the JSON that came; ``turn`` gets the page at a cursor.
    """

    items: list[T]
    next: str | None
    wire: Any = field(repr=False)
    turn: Callable[[str], Page[T]] = field(repr=False)

    def all(self) -> Iterator[T]:
        """Yield the items of this page and of all that follow; each page is asked for when it is needed."""
        page = self
        yield from page.items
        while page.next is not None:
            page = self.turn(page.next)
            yield from page.items

    def as_json(self) -> Any:
        """Return the page as it came."""
        return self.wire
