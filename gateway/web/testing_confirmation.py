"""Confirmations in memory, for tests of the web."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import NotFound

Json = dict[str, Any]


class MemoryConfirmationDesk:
    """Knows the confirmations that a test puts into ``told``, by (number, partner); partner None sees each."""

    def __init__(self) -> None:
        self.told: dict[tuple[str, str], Json] = {}

    def confirmation(
        self, number: str, *, preview: bool = False, language: str | None = None, partner: str | None = None
    ) -> Json:
        """Show a confirmation of ``told``."""
        del preview, language
        for (of_order, owner), told in self.told.items():
            if of_order == number and partner in (None, owner):
                return told
        raise NotFound(f"there is no order {number}")

    def document(
        self, number: str, *, preview: bool = False, language: str | None = None, partner: str | None = None
    ) -> tuple[str, bytes]:
        """Make the document of no order."""
        del preview, language, partner
        raise NotFound(f"there is no order {number}")

    def enclosed(self, number: str, *, partner: str | None = None) -> Json:
        """Tell what goes with no confirmation."""
        del partner
        raise NotFound(f"there is no order {number}")

    def note(self, number: str, text: str, *, actor: str, expect: Callable[[Json], None]) -> Json:
        """Note nothing."""
        del text, actor, expect
        raise NotFound(f"there is no order {number}")

    def attach(self, number: str, name: str, media_type: str, content: bytes, *, actor: str) -> Json:
        """Attach nothing."""
        del name, media_type, content, actor
        raise NotFound(f"there is no order {number}")

    def detach(self, number: str, attachment: str, *, actor: str) -> Json:
        """Detach nothing."""
        del attachment, actor
        raise NotFound(f"there is no order {number}")
