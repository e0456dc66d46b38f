"""How an order stands when a change of it comes: its row, lines, reservations, holds, and the changes before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.currency import on_account
from core.documents import Order
from core.review.holds import HoldDraft
from core.store.assignments import Assignment
from core.store.promises import SupplyPromise
from core.values import MONEY_SCALE, QUANTITY_SCALE, from_scaled, to_scaled

#: states in which an order holds stock and credit
FIRM: Final = frozenset({"confirmed", "released"})
#: holds that no review sets: a change does not answer them
LASTING: Final = frozenset({"manual", "document.count_mismatch", "charges.claimed"})
_EXPIRED: Final = "stock.expired"

Row = Mapping[str, Any]


class EarlierChange(NamedTuple):
    """A change of the same order that was decided before."""

    reference: str
    hash: bytes
    dated: datetime | None
    applied: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands: its row and lines, what is reserved by line, its holds and the changes before.

    ``order`` is the document of the present revision; ``reserved`` are (warehouse, quantity x 10^6), ``awaits`` is
    what its lines are promised of supply to come. ``assigned`` tells from which warehouse it is served, if that was
    chosen.
    """

    head: Row
    order: Order
    lines: Mapping[int, Row]
    reserved: Mapping[int, Sequence[tuple[str, int]]]
    holds: Sequence[Row]
    changes: Sequence[EarlierChange]
    awaits: Sequence[SupplyPromise] = ()
    assigned: Assignment | None = None

    @property
    def firm(self) -> bool:
        """Whether it is confirmed, with its stock reserved."""
        return self.head["state"] in FIRM and all(hold["code"] != _EXPIRED for hold in self.open_holds)

    @property
    def committed4(self) -> int:
        """What it takes of its partner's credit (x 10^4), in the currency of the account."""
        taken = self.head["state"] in FIRM and not self.head["test"]
        return to_scaled(on_account(self.head["total"], self.head["credit_rate"]), MONEY_SCALE) if taken else 0

    @property
    def lasting(self) -> bool:
        """Whether a hold keeps it from being confirmed, whatever its review says."""
        return any(hold["code"] in LASTING and hold["stage"] == "confirm" for hold in self.open_holds)

    def superseded(self) -> list[Row]:
        """Return the open holds of reviews before, in whose place those of the next one come."""
        return [hold for hold in self.open_holds if hold["code"] not in LASTING]

    def accepted(self) -> frozenset[tuple[str, int | None]]:
        """Return (code, line) of what a person has released: it is not asked again while its cause stays."""
        return frozenset(
            (hold["code"], hold["line"])
            for hold in self.holds
            if hold["released_at"] is not None and not hold["released_by"].startswith("rule:")
        )

    @property
    def open_holds(self) -> list[Row]:
        """Its holds in force."""
        return [hold for hold in self.holds if hold["released_at"] is None]


def served(row: Row) -> Decimal:
    """Return how much of a line is promised: what is reserved, or all of it where that is a test or still to come."""
    if row["state"] == "refused":
        return Decimal(0)
    reserved: Decimal = row["reserved"]
    return reserved if reserved and row["state"] == "reserved" else Decimal(row["quantity"])


def scaled(quantity6: int) -> Decimal:
    """Return a quantity x 10^6 as a decimal."""
    return from_scaled(quantity6, QUANTITY_SCALE)


def hold_row(draft: HoldDraft, rule_version: str) -> dict[str, Any]:
    """Return the row of an open hold that is not stored."""
    return {
        "code": draft.code,
        "stage": draft.stage,
        "line": draft.line,
        "reason": draft.reason[:500],
        "inputs": draft.inputs,
        "rule": draft.rule,
        "rule_version": rule_version,
        "release_role": draft.release_role,
        "release_when": draft.lifted_by[:500],
        "released_at": None,
    }
