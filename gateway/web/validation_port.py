"""What the web needs of the desk of fields, :class:`gateway.validation.ValidationDesk`; every method blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from core.ordering.discrepancies import Decision

Json = dict[str, Any]


class ValidationDesk(Protocol):
    """Tells what is asked of an order, and decides where it differs from the master data."""

    def profile(self, *, partner: str | None = None, channel: str | None = None) -> Json:
        """Return the 30 fields with rule and format, as they are in force for a partner and a channel.

        Raises:
            NotFound: no such partner.
        """
        ...

    def find_customer(self, named: Mapping[str, str]) -> str:
        """Return the code of the customer that *named* names by code, GLN, tax number or name.

        Raises:
            ValidationFailed: nobody is named so, or several are.
        """
        ...

    def discrepancies(
        self,
        *,
        partner: str | None = None,
        number: str | None = None,
        undecided: bool = True,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of discrepancies, oldest first; *undecided* leaves out what was decided."""
        ...

    def resolve(self, discrepancy_id: str, decision: Decision, *, actor: str, reason: str = "") -> Json:
        """Keep the order or update the master, and return the discrepancy.

        Raises:
            NotFound: there is none of that id.
            Conflict: it is decided already, no master data has the field, or its order cannot go on.
        """
        ...
