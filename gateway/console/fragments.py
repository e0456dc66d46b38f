"""Parts of a page that live: each has an id, and the browser puts it where that id is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Fragment:
    """One element with its id; ``html`` is the whole element, escaped."""

    id: str
    html: Markup


class Seen:
    """What one browser was sent, so that only what differs is sent again."""

    def __init__(self) -> None:
        self._sent: dict[str, Markup] = {}

    def fresh(self, fragments: Sequence[Fragment]) -> list[Fragment]:
        """Return those of *fragments* that the browser does not show yet, and take them as shown."""
        fresh = [fragment for fragment in fragments if self._sent.get(fragment.id) != fragment.html]
        self._sent = {fragment.id: fragment.html for fragment in fragments}
        return fresh
