"""The desk of fields: what is asked of an order, and what is decided where it differs from the master data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from core.errors import NotFound
from core.intake.customer import find_customer
from core.ordering.confirm import Desk
from core.ordering.discrepancies import Decision, resolve
from core.reporting import validation as views
from core.store.engine import Store, Tx

T = TypeVar("T")
Json = dict[str, Any]


class ValidationDesk:
    """See ``gateway.web.validation_port.ValidationDesk`` for what each method promises."""

    def __init__(
        self, store: Store, desk_of: Callable[[str], Desk], act: Callable[[Callable[[Tx], Json]], Json]
    ) -> None:
        self._store = store
        self._desk_of = desk_of
        self._act = act

    def profile(self, *, partner: str | None = None, channel: str | None = None) -> Json:
        """Return the profile in force."""
        return self._store.read(lambda tx: views.validation_profile(tx, partner=partner, channel=channel))

    def find_customer(self, named: Mapping[str, str]) -> str:
        """Return the code of the customer that is named."""
        return self._store.read(lambda tx: find_customer(tx, named))

    def discrepancies(
        self,
        *,
        partner: str | None = None,
        number: str | None = None,
        undecided: bool = True,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of discrepancies."""
        return self._store.read(
            lambda tx: views.discrepancies(
                tx, partner=partner, number=number, undecided=undecided, cursor=cursor, limit=limit
            )
        )

    def resolve(self, discrepancy_id: str, decision: Decision, *, actor: str, reason: str = "") -> Json:
        """Decide on one and return it as it then is."""
        if not discrepancy_id.isdecimal():
            raise NotFound(f"there is no discrepancy {discrepancy_id}")
        wanted = int(discrepancy_id)
        return self._act(
            lambda tx: views.discrepancy_json(resolve(tx, self._desk_of(actor), wanted, decision, reason=reason))
        )
