"""A hold blocks one stage of one order and says why, by which rule, and what would lift it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

#: hold code -> (who may release it, what would lift it without a person)
RELEASES: Mapping[str, tuple[str, str]] = {
    "customer.unknown": ("sales", "the customer is in the master data"),
    "customer.blocked": ("sales", "the customer's account is opened"),
    "customer.incomplete": ("sales", "the missing fields are in the order or in the master data"),
    "customer.discrepancy": ("sales", "order and master data agree, or one of them is chosen"),
    "credit.currency": ("finance", "the rate that is missing is loaded"),
    "credit.limit": ("finance", "a payment or a higher limit covers the order"),
    "credit.overdue": ("finance", "the overdue invoices are paid"),
    "credit.prepayment": ("finance", "the order is paid in advance"),
    "credit.review": ("finance", "a credit limit or a grade with sales history is set"),
    "price.mismatch": ("sales", "the price is within the tolerance; a release accepts the buyer's price"),
    "discount.authority": ("sales_manager", "the price is closer to ours; a release grants the discount"),
    "margin.low": ("sales_manager", "prices are higher or costs lower; a release accepts the margin"),
    "price.missing": ("sales", "a price is loaded; a release accepts the buyer's price"),
    "charges.claimed": ("sales", "the buyer drops the claim; a release confirms the order at our prices without it"),
    "total.mismatch": ("finance", "the sender's sums add up; a release bills what we found"),
    "item.unknown": ("sales", "the item is in the master data; a release refuses the line"),
    "stock.short": ("sales", "stock arrives; a release confirms what there is"),
    "stock.expired": ("sales", "the stock is reserved again"),
    "date.unmet": ("sales", "the buyer accepts the promised date"),
    "document.count_mismatch": ("operations", "the sender confirms that the message is complete"),
    "manual": ("operations", "the person who set it lifts it"),
}


class HoldDraft(NamedTuple):
    """A hold before it is stored. ``inputs`` are JSON-ready."""

    code: str
    reason: str
    inputs: dict[str, Any]
    rule: str
    line: int | None = None
    stage: str = "confirm"
    release_when: str = ""
    #: where the rule knows it better than the code: by the amount
    role: str = ""

    @property
    def release_role(self) -> str:
        """Who may release it: by the rule's own word, else the code's."""
        return self.role or RELEASES[self.code][0]

    @property
    def lifted_by(self) -> str:
        """What would lift it: the rule's own sentence, else the code's."""
        return self.release_when or RELEASES[self.code][1]


class CheckResult(NamedTuple):
    """The verdict of one check group with its evidence."""

    group: str
    holds: tuple[HoldDraft, ...]
    evidence: dict[str, Any]

    def as_json(self, rule_version: str) -> dict[str, Any]:
        """Return what the ``order.checked`` event keeps."""
        return {
            "group": self.group,
            "ok": not self.holds,
            "holds": [hold.code for hold in self.holds],
            "rule_version": rule_version,
            "evidence": self.evidence,
        }
