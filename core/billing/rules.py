"""Which invoices a person approves, as data (REV-18; ARCHITECTURE decision 15)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

#: the kind of the task of who approves an invoice or a credit note
INVOICE_APPROVAL: Final = "approval.invoice"


@dataclass(frozen=True, slots=True)
class BillingRules:
    """An invoice that a rule makes is approved by the rule, up to the total of ``approve_above``, tax included.

    What is above it waits as a draft, as every invoice does that a person drafts: one of ``role`` approves it, never
    who drafted it. Without an amount the rule approves all that it makes.
    """

    approve_above: Decimal | None = None
    role: str = "finance"

    def __post_init__(self) -> None:
        """Refuse amounts below 0, and that nobody approves."""
        if self.approve_above is not None and self.approve_above < 0:
            raise ValueError("an amount is not below 0")
        if not self.role:
            raise ValueError("somebody approves")

    def waits(self, total: Decimal) -> bool:
        """Tell whether an invoice of *total* that a rule makes waits for a person."""
        return self.approve_above is not None and total > self.approve_above
