"""Credit check: grade, limit, exposure, overdue invoices (CUS-06 to CUS-09, first cut)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from core.partners.model import Partner
from core.review.holds import CheckResult, HoldDraft
from core.values import money_text


def _factors() -> Mapping[str, Decimal]:
    return {"A": Decimal(3), "B": Decimal(2), "C": Decimal(1)}


@dataclass(frozen=True, slots=True)
class CreditRules:
    """What grades are worth: the limit is a factor x the mean monthly volume (CUS-06 to CUS-08); D pays in advance."""

    factors: Mapping[str, Decimal] = field(default_factory=_factors)

    def __post_init__(self) -> None:
        """Refuse grades that there are not, and negative limits."""
        if not set(self.factors) <= {"A", "B", "C"} or any(factor < 0 for factor in self.factors.values()):
            raise ValueError("factors are for the grades A, B and C, and not below 0")


class Position(Protocol):
    """What the partner owes now; ``committed`` grows with every order confirmed in this run."""

    committed: Decimal
    open_amount: Decimal
    overdue: list[tuple[str, date, Decimal]]
    volumes: list[Decimal]


def credit_limit(rules: CreditRules, partner: Partner, volumes: list[Decimal]) -> Decimal | None:
    """Return the limit: the one agreed, else the grade's factor x the mean of the closed months, else None."""
    if partner.credit_limit is not None:
        return partner.credit_limit
    factor = rules.factors.get(partner.grade)
    if factor is None or not volumes:
        return None
    return factor * sum(volumes, Decimal(0)) / len(volumes)


def passes_limit(rules: CreditRules, partner: Partner, position: Position, committed: Decimal) -> bool:
    """Tell whether *committed*, as read back after an order took its part, is more than the limit allows.

    The check before saw less: another worker has confirmed an order of the same partner meanwhile.
    """
    limit = credit_limit(rules, partner, position.volumes)
    return limit is not None and position.open_amount + committed > limit


def check_credit(
    rules: CreditRules, partner: Partner, position: Position, total: Decimal, currency: str
) -> CheckResult:
    """Check that the order of *total* fits: exposure + total <= limit, nothing overdue, no prepayment due.

    Exposure = open invoices + confirmed orders not invoiced yet.
    """
    limit = credit_limit(rules, partner, position.volumes)
    exposure = position.open_amount + position.committed
    inputs = {
        "grade": partner.grade,
        "limit": None if limit is None else money_text(limit),
        "exposure": money_text(exposure),
        "order_total": money_text(total),
        "currency": currency,
    }
    if partner.grade == "D":
        hold = HoldDraft(
            "credit.prepayment",
            f"grade D pays in advance: {money_text(total)} {currency} are not paid",
            inputs,
            "credit.grade",
            release_when=f"payment of {money_text(total)} {currency}",
        )
    elif position.overdue:
        owed = sum((amount for _, _, amount in position.overdue), Decimal(0))
        numbers = [number for number, _, _ in position.overdue]
        hold = HoldDraft(
            "credit.overdue",
            f"{len(numbers)} overdue invoices, {money_text(owed)} {currency}: {', '.join(numbers[:5])}",
            {**inputs, "overdue": numbers},
            "credit.overdue",
            release_when=f"payment of {money_text(owed)} {currency}",
        )
    elif limit is None:
        hold = HoldDraft(
            "credit.review",
            "no credit limit is agreed, and grade and sales history give none",
            inputs,
            "credit.limit",
        )
    elif exposure + total > limit:
        short = exposure + total - limit
        hold = HoldDraft(
            "credit.limit",
            f"exposure {money_text(exposure)} + order {money_text(total)} is {money_text(short)} {currency} "
            f"over the limit of {money_text(limit)}",
            {**inputs, "short": money_text(short)},
            "credit.limit",
            release_when=f"payment of {money_text(short)} {currency}, or limit +{money_text(short)}",
        )
    else:
        return CheckResult("credit", (), inputs)
    return CheckResult("credit", (hold,), inputs)
