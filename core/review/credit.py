"""Credit check: grade, limit, exposure, overdue invoices, prepayment (CUS-06 to CUS-09, CUS-12).

Amounts are in the currency of the partner's account; an order of another one is worth what the rate of the day says.
Limits of authority are in our currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final, Protocol

from core.currency import Exchange, Quote, worth
from core.partners.model import Partner
from core.review.holds import CheckResult, HoldDraft
from core.values import money_text, round_money, text

_NOTHING: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
#: the code of a hold for want of a rate
UNRATED: Final = "credit.currency"
GRADES: Final = ("A", "B", "C", "D")


def _factors() -> Mapping[str, Decimal]:
    return {"A": Decimal(3), "B": Decimal(2), "C": Decimal(1)}


def _terms() -> Mapping[str, int]:
    return {"A": 60, "B": 30, "C": 15, "D": 0}


def _approvals() -> Mapping[str, Decimal]:
    return {"department_manager": Decimal(50_000), "finance_manager": Decimal(200_000)}


@dataclass(frozen=True, slots=True)
class CreditRules:
    """What grades are worth, and who may grant more.

    The limit is a factor x the mean monthly volume (CUS-06 to CUS-08), D pays in advance (CUS-09). An order of grade B
    up to ``b_small_amount``, else ``b_small_percent`` of the limit, passes without a look at the limit (CUS-07,
    decision D6). ``approvals`` says up to which amount, inclusive, a role approves; above them it is ``top_role``
    (CUS-18, decision D4). The daily report of ``report_hour``, in our
    time zone, names who has used ``warning_percent`` of the limit (CUS-20).
    """

    factors: Mapping[str, Decimal] = field(default_factory=_factors)
    terms_days: Mapping[str, int] = field(default_factory=_terms)
    ungraded_terms_days: int = 30
    b_small_percent: Decimal = Decimal(10)
    b_small_amount: Decimal | None = None
    approvals: Mapping[str, Decimal] = field(default_factory=_approvals)
    top_role: str = "cfo"
    warning_percent: Decimal = Decimal(80)
    report_hour: int = 6

    def __post_init__(self) -> None:
        """Refuse grades that there are not, and negative values."""
        if not set(self.factors) <= {"A", "B", "C"} or any(factor < 0 for factor in self.factors.values()):
            raise ValueError("factors are for the grades A, B and C, and not below 0")
        days = (self.ungraded_terms_days, *self.terms_days.values())
        if not set(self.terms_days) <= set(GRADES) or not all(0 <= one <= 365 for one in days):
            raise ValueError("terms are for the grades A, B, C and D, 0 to 365 days")
        small = _NOTHING if self.b_small_amount is None else self.b_small_amount
        if min(self.b_small_percent, small, self.warning_percent, *self.approvals.values()) < 0 or not self.top_role:
            raise ValueError("amounts and per cents are not below 0, and somebody approves what is above all others")
        if not 0 <= self.report_hour <= 23:
            raise ValueError("hours are 0 to 23")


class Position(Protocol):
    """What the partner owes now; ``committed`` grows with every order confirmed in this run.

    ``open_amount`` is what invoices leave to pay, ``prepaid`` what was paid and no invoice has taken; ``raised`` is the
    sum of temporary limits and guarantees in force, ``deferred`` that of payment plans. ``volumes`` are the invoiced
    net amounts of the last twelve closed months, or of those since the first order if fewer (decision D7). ``unrated``
    are currencies of open invoices that no rate is known for.
    """

    committed: Decimal
    open_amount: Decimal
    overdue: list[tuple[str, date, Decimal]]
    volumes: list[Decimal]
    prepaid: Decimal
    raised: Decimal
    deferred: Decimal
    unrated: list[str]


def credit_limit(rules: CreditRules, partner: Partner, volumes: list[Decimal]) -> Decimal | None:
    """Return the lasting limit, to the cent: none for D, the one agreed, else the grade's; None when none is known."""
    if partner.grade == "D":
        return _NOTHING
    if partner.credit_limit is not None:
        return partner.credit_limit
    factor = rules.factors.get(partner.grade)
    if factor is None or not volumes:
        return None
    return round_money(factor * sum(volumes, _NOTHING) / len(volumes))


def limit_origin(rules: CreditRules, partner: Partner, volumes: list[Decimal]) -> str:
    """Return in words where :func:`credit_limit` comes from."""
    if partner.grade == "D":
        return "grade D pays in advance"
    if partner.credit_limit is not None:
        return "agreed"
    factor = rules.factors.get(partner.grade)
    if factor is None or not volumes:
        return "neither agreed nor given by grade and sales history"
    mean = money_text(round_money(sum(volumes, _NOTHING) / len(volumes)))
    return f"grade {partner.grade}: {factor} x {mean}, the mean of {len(volumes)} closed months"


def limit_now(rules: CreditRules, partner: Partner, position: Position) -> Decimal | None:
    """Return the limit with what is granted for a time, which gives one where there was none (CUS-10)."""
    limit = credit_limit(rules, partner, position.volumes)
    if limit is None:
        return position.raised or None
    return limit + position.raised


def exposure_of(position: Position) -> Decimal:
    """Return open invoices + confirmed orders not invoiced yet - prepayments."""
    return position.open_amount + position.committed - position.prepaid


def terms_days(rules: CreditRules, partner: Partner) -> int:
    """Return how many days after its issue an invoice is due: as agreed, else by grade (CUS-21)."""
    if partner.payment_terms_days is not None:
        return partner.payment_terms_days
    return rules.terms_days.get(partner.grade, rules.ungraded_terms_days)


def approver(rules: CreditRules, amount: Decimal) -> str:
    """Return the role with the least authority that may grant *amount* of our currency (CUS-18)."""
    fitting = [(limit, role) for role, limit in rules.approvals.items() if amount <= limit]
    return min(fitting)[1] if fitting else rules.top_role


def may_approve(rules: CreditRules, roles: frozenset[str], amount: Decimal) -> bool:
    """Tell whether one of *roles* reaches up to *amount* of our currency: who may grant more may also grant less."""
    return rules.top_role in roles or any(
        amount <= limit for role, limit in rules.approvals.items() if role in roles
    )  # fmt: skip


def passes_limit(rules: CreditRules, partner: Partner, position: Position, committed: Decimal) -> bool:
    """Tell whether *committed*, as read back after this run took its part, is more than the limit allows.

    The checks before saw less: another worker has confirmed an order of the same partner meanwhile. What this run
    itself granted, *position* knows and is not judged again: a small amount may pass the limit.
    """
    if committed <= position.committed:
        return False
    limit = limit_now(rules, partner, position)
    return limit is not None and position.open_amount + committed - position.prepaid > limit


def check_credit(
    rules: CreditRules, partner: Partner, position: Position, total: Decimal, currency: str, *,
    paid: Decimal = _NOTHING, exchange: Exchange | None = None,
) -> CheckResult:  # fmt: skip
    """Check that the order of *total*, of which *paid* is paid in advance, fits: exposure + total <= limit.

    *total* is in *currency*, *paid* and *position* are in that of the account. Every hold that applies is set, and
    each says the smallest change that lifts it: what is overdue, what is missing of a prepayment or under the limit,
    and that a person reviews grade C and whom no limit is known for. Where *exchange* lacks a rate that is needed, that
    is the one hold; without it all is in one currency.
    """
    if exchange is None or (currency == exchange.account == exchange.company and not position.unrated):
        return _in_account(rules, partner, position, total, currency, paid=paid)
    rate, ours = exchange.to_account(currency), exchange.rates.quote(exchange.account, exchange.company, exchange.day)
    if rate is None or ours is None or position.unrated:
        return _unrated(exchange, position, total, currency)
    told: dict[str, Any] = {}
    if currency != exchange.account:
        told |= {"order_currency": currency, "order_amount": money_text(total)}
        told |= {"rate": text(rate.rate), "rate_from": rate.day.isoformat()}
        total = worth(total, rate.rate)
    found = _in_account(rules, partner, position, total, exchange.account, paid=paid)
    holds = [hold._replace(inputs={**hold.inputs, **told}) for hold in found.holds]
    if exchange.account != exchange.company:
        holds = [_in_ours(rules, hold, ours) for hold in holds]
        told |= {"company_rate": text(ours.rate), "company_rate_from": ours.day.isoformat()}
    return CheckResult(found.group, tuple(holds), {**found.evidence, **told})


def _unrated(exchange: Exchange, position: Position, total: Decimal, currency: str) -> CheckResult:
    """Return the hold of an order that cannot be compared with the limit, or with an authority."""
    wanted = [*((one, exchange.account) for one in (currency, *position.unrated)), (exchange.account, exchange.company)]
    lacking = [pair for pair in dict.fromkeys(wanted) if exchange.rates.quote(*pair, exchange.day) is None]
    rates, day = [f"{source}->{target}" for source, target in lacking], exchange.day.isoformat()
    inputs: dict[str, Any] = {"rates": rates, "day": day, "order_total": money_text(total), "currency": currency}
    why, lift = f"no rate is known on {day}: {', '.join(rates)}", f"a rate {', '.join(rates)}"
    hold = HoldDraft(UNRATED, why, inputs, "credit.currency", release_when=lift)
    return CheckResult("credit", (hold,), inputs)


def _in_ours(rules: CreditRules, hold: HoldDraft, ours: Quote) -> HoldDraft:
    """Return *hold* with what it is about in our currency, by which it is decided who may release it."""
    about = next(hold.inputs[name] for name in ("short", "missing", "order_total") if name in hold.inputs)
    amount = worth(Decimal(about), ours.rate)
    hold = hold._replace(inputs={**hold.inputs, "company_amount": money_text(amount)})
    if not hold.role:
        return hold
    role = approver(rules, amount)
    return hold._replace(role=role, release_when=hold.release_when.replace(hold.role, role))


def _in_account(
    rules: CreditRules, partner: Partner, position: Position, total: Decimal, currency: str, *, paid: Decimal
) -> CheckResult:
    """Check *total*, which is in the *currency* of the account."""
    limit = limit_now(rules, partner, position)
    exposure = exposure_of(position)
    inputs: dict[str, Any] = {
        "grade": partner.grade,
        "limit": None if limit is None else money_text(limit),
        "exposure": money_text(exposure),
        "order_total": money_text(total),
        "currency": currency,
    }
    if position.raised:
        inputs["raised"] = money_text(position.raised)
    holds = []
    if position.overdue:
        holds += _overdue(position, inputs)
    if partner.grade == "D":
        holds += _unpaid(limit or _NOTHING, exposure, total, paid, inputs)
    else:
        if partner.grade == "C":
            why = "grade C: every order is reviewed by a person"
            holds.append(_review(rules, why, "credit.grade", total, inputs))
        small = _small_amount(rules, partner, position)
        if small is not None and total <= small:
            inputs["small_amount"] = money_text(small)
        elif limit is None:
            if not holds or partner.grade != "C":
                why = "no credit limit is agreed, and grade and sales history give none"
                holds.append(_review(rules, why, "credit.limit", total, inputs))
        elif exposure + total > limit:
            holds.append(_over(rules, limit, exposure, total, inputs))
    return CheckResult("credit", tuple(holds), inputs)


def _small_amount(rules: CreditRules, partner: Partner, position: Position) -> Decimal | None:
    """Return up to what an order of grade B passes without a look at the limit, None for the other grades."""
    if partner.grade != "B":
        return None
    if rules.b_small_amount is not None:
        return rules.b_small_amount
    limit = credit_limit(rules, partner, position.volumes)
    return None if limit is None else round_money(limit * rules.b_small_percent / 100)


def _overdue(position: Position, inputs: dict[str, Any]) -> list[HoldDraft]:
    owed = sum((amount for _, _, amount in position.overdue), _NOTHING)
    missing = owed - position.deferred
    if missing <= 0:
        return []
    numbers = [number for number, _, _ in position.overdue]
    currency, said = inputs["currency"], money_text(_up_to_cent(missing))
    return [
        HoldDraft(
            "credit.overdue",
            f"{len(numbers)} overdue invoices, {money_text(owed)} {currency}: {', '.join(numbers[:5])}",
            {**inputs, "overdue": numbers, "overdue_amount": money_text(owed), "missing": said},
            "credit.overdue",
            release_when=f"payment of {said} {currency}, or a payment plan for {said}",
        )
    ]


def _unpaid(
    limit: Decimal, exposure: Decimal, total: Decimal, paid: Decimal, inputs: dict[str, Any]
) -> list[HoldDraft]:
    """Return the hold of an order of grade D that is neither paid nor covered by a guarantee or another advance."""
    missing = min(total - paid, exposure + total - limit)
    if missing <= 0:
        return []
    currency, said = inputs["currency"], money_text(_up_to_cent(missing))
    guarantee = money_text(_up_to_cent(exposure + total - limit))
    return [
        HoldDraft(
            "credit.prepayment",
            f"grade D pays in advance: {said} of {money_text(total)} {currency} are not paid",
            {**inputs, "paid": money_text(paid), "missing": said, "guarantee": guarantee},
            "credit.grade",
            release_when=f"payment of {said} {currency} for the order, or a guarantee of {guarantee}",
        )
    ]


def _review(rules: CreditRules, why: str, rule: str, total: Decimal, inputs: dict[str, Any]) -> HoldDraft:
    role = approver(rules, total)
    return HoldDraft(
        "credit.review", why, dict(inputs), rule, release_when=f"approval by {role}" if rule == "credit.grade" else "",
        role=role,
    )  # fmt: skip


def _over(rules: CreditRules, limit: Decimal, exposure: Decimal, total: Decimal, inputs: dict[str, Any]) -> HoldDraft:
    """Return the hold of an order over the limit; who may grant what is short may release it."""
    short = _up_to_cent(exposure + total - limit)
    currency, said = inputs["currency"], money_text(short)
    return HoldDraft(
        "credit.limit",
        f"exposure {money_text(exposure)} + order {money_text(total)} is {said} {currency} "
        f"over the limit of {money_text(limit)}",
        {**inputs, "short": said},
        "credit.limit",
        release_when=f"payment of {said} {currency}, or limit +{said}",
        role=approver(rules, short),
    )


def _up_to_cent(amount: Decimal) -> Decimal:
    """Return the least that can be paid: what is below a cent counts as one."""
    return amount.quantize(_CENT, rounding=ROUND_CEILING)
