"""How long what is being entered is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntryRules:
    """A draft that nobody changed for ``draft_days`` is removed; it never was an order."""

    draft_days: int = 30

    def __post_init__(self) -> None:
        """Refuse drafts that end before they can be completed."""
        if not 1 <= self.draft_days <= 3650:
            raise ValueError("a draft is kept for 1 to 3650 days")
