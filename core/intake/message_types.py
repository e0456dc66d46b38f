"""The message types whose documents are acted on, for who counts messages without their documents."""

from __future__ import annotations

from typing import Final

#: those of the documents in ``core.intake.handlers.HANDLERS``; any other is read, kept and parked
ACTED_ON: Final = frozenset({"APERAK", "CONTRL", "ORDCHG", "ORDERS"})
UNHANDLED: Final = "document.unhandled"
