"""Approvals by several people, as data: which steps a hold needs, who may decide on one, and what follows from it.

A flow is a list of steps for the code of a hold. Steps come one after another; the roles of one step decide side by
side (REV-07, REV-14). A hold without a flow is released by its own role alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.errors import Forbidden
from core.review.holds import RELEASES
from core.roles.matrix import TEAMS, RoleRules

NEEDS: Final = ("all", "any")


class OwnRequest(Forbidden):
    """Nobody approves a request of their own."""

    code = "approval.own"


class DecidedBefore(Forbidden):
    """Nobody fills two places of one flow of approvals."""

    code = "approval.twice"


def _next_roles() -> Mapping[str, str]:
    return {
        "sales": "sales_manager",
        "sales_rep": "sales_manager",
        "order_processor": "sales_manager",
        "account_manager": "sales_manager",
        "sales_manager": "sales_director",
        "sales_director": "sales_vp",
        "finance": "department_manager",
        "department_manager": "finance_manager",
        "finance_manager": "cfo",
        "warehouse": "warehouse_supervisor",
        "qc": "warehouse_supervisor",
    }


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One step: every role of it decides, or any one of them, as ``needs`` says.

    With ``above`` it is needed only where the amount, in our currency, is larger.
    """

    roles: tuple[str, ...]
    needs: str = "all"
    above: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a step in which nobody decides, or one role twice."""
        if not self.roles or len(set(self.roles)) < len(self.roles):
            raise ValueError("a step names its roles, each once")
        if self.needs not in NEEDS:
            raise ValueError(f"needs is one of {', '.join(NEEDS)}")
        if self.above is not None and self.above < 0:
            raise ValueError("an amount is not below 0")


@dataclass(frozen=True, slots=True)
class ApprovalFlow:
    """The steps of a flow in their sequence."""

    steps: tuple[ApprovalStep, ...]

    def __post_init__(self) -> None:
        """Refuse a flow without steps."""
        if not self.steps:
            raise ValueError("a flow has a step or more")


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """Which holds several people approve, who is asked next, and what nobody releases on an order of their own.

    ``flows`` maps the code of a hold to its flow; by default each hold is released by its own role. ``next_role`` is
    the one above a role: who is asked when nobody decided in time, or for a special case (REV-17). ``separate`` are the
    codes of holds that nobody releases alone on an order that they entered or changed.
    """

    flows: Mapping[str, ApprovalFlow] = field(default_factory=dict)
    next_role: Mapping[str, str] = field(default_factory=_next_roles)
    separate: tuple[str, ...] = (
        "credit.limit", "credit.overdue", "credit.prepayment", "credit.review", "discount.authority", "margin.low",
    )  # fmt: skip

    def __post_init__(self) -> None:
        """Refuse codes that no hold has, and roles that come above themselves."""
        if unknown := {*self.flows, *self.separate} - {*RELEASES}:
            raise ValueError(f"no hold has the code {', '.join(sorted(unknown))}")
        for role in self.next_role:
            above, seen = self.next_role.get(role), {role}
            while above is not None:
                if above in seen:
                    raise ValueError(f"{role} comes above itself")
                seen.add(above)
                above = self.next_role.get(above)

    def check(self, matrix: RoleRules) -> None:
        """Refuse roles that there are not.

        Raises:
            ValueError: which.
        """
        asked = {role for flow in self.flows.values() for step in flow.steps for role in step.roles}
        if unknown := {*asked, *self.next_role, *self.next_role.values()} - {*matrix.roles, *TEAMS}:
            raise ValueError(f"approvals: no such role: {', '.join(sorted(unknown))}")

    def above(self, matrix: RoleRules, role: str) -> str | None:
        """Return who is asked when *role* does not decide; None where nobody above may decide for it."""
        next_role = self.next_role.get(role)
        return next_role if next_role is not None and matrix.may_release((next_role,), role) else None


class Step(NamedTuple):
    """A step as it is asked for: its roles, and whether ``all`` or ``any`` of them decide."""

    roles: tuple[str, ...]
    needs: str


class Verdict(NamedTuple):
    """What follows from the decisions so far: ``waiting``, ``next`` (*step* is asked), ``granted`` or ``declined``."""

    outcome: str
    step: int


class Grant(NamedTuple):
    """Somebody who is away, and the roles with which the one who stands in for them may decide."""

    name: str
    roles: Collection[str]


class Claim(NamedTuple):
    """Who wants to decide. *roles* None is a key without roles, which may decide for every role.

    ``requesters`` entered, changed or asked for what is decided on, ``approvers`` decided on other parts of the same
    flow, for themselves or for somebody else; ``grants`` are those for whom the actor stands in now.
    """

    actor: str
    roles: Collection[str] | None
    requesters: Collection[str]
    approvers: Collection[str] = ()
    grants: Sequence[Grant] = ()


def steps_for(
    rules: ApprovalRules, matrix: RoleRules, code: str, release_role: str, amount: Decimal
) -> tuple[Step, ...]:
    """Return the steps that lift a hold; none where its ``release_role`` alone does.

    No flow takes a limit away: where none of its steps reaches up to *release_role*, that role decides last.
    """
    flow = rules.flows.get(code)
    if flow is None:
        return ()
    steps = [
        Step(one.roles, one.needs if len(one.roles) > 1 else "all")
        for one in flow.steps
        if one.above is None or amount > one.above
    ]
    alone = Step((release_role,), "all")
    if not any(_reaches(matrix, step, release_role) for step in steps):
        steps.append(alone)
    return () if steps == [alone] else tuple(steps)


def amount_of(inputs: Mapping[str, Any], total: Decimal) -> Decimal:
    """Return the amount that a hold is about, in our currency: what is short or missing, else the order's *total*.

    A hold on an account of another currency says itself what its amount is in ours.
    """
    for name in ("company_amount", "short", "missing"):
        if name in inputs:
            return Decimal(inputs[name])
    return total


def verdict(steps: Sequence[Step], states: Mapping[tuple[int, int], str], step: int) -> Verdict:
    """Return what follows when *step* is asked and its places (step, slot) stand as *states* say."""
    asked = [states.get((step, slot)) for slot in range(len(steps[step].roles))]
    if "declined" in asked:
        return Verdict("declined", step)
    enough = any if steps[step].needs == "any" else all
    if not enough(state == "approved" for state in asked):
        return Verdict("waiting", step)
    return Verdict("next", step + 1) if step + 1 < len(steps) else Verdict("granted", step)


def authority(matrix: RoleRules, role: str, claim: Claim) -> str | None:
    """Return on whose behalf the actor of *claim* decides for *role*; None by a right of their own (invariant 10).

    Raises:
        OwnRequest: the actor asked for it, or stands in for nobody but who did.
        DecidedBefore: the actor decided on another part of the flow, or stands in for nobody but who did.
        Forbidden: it is another role's.
    """
    actor = claim.actor
    if actor in claim.requesters:
        raise OwnRequest(f"nobody approves a request of their own: {actor} entered, changed or asked for it")
    if actor in claim.approvers:
        raise DecidedBefore(f"{actor} decided on another part of it")
    if claim.roles is None or matrix.may_release(claim.roles, role):
        return None
    may = [grant.name for grant in claim.grants if matrix.may_release(grant.roles, role)]
    for name in may:
        if name not in claim.requesters and name not in claim.approvers:
            return name
    if any(name in claim.requesters for name in may):
        raise OwnRequest(f"nobody approves in place of who asked for it: {', '.join(may)}")
    if may:
        raise DecidedBefore(f"{', '.join(may)} decided on another part of it")
    raise Forbidden(
        f"it needs the role {role}",
        hint=f"One who may: {', '.join(sorted(matrix.deciders(role)))}.",
        inputs={"role": role, "roles": sorted(claim.roles)},
    )


def _reaches(matrix: RoleRules, step: Step, role: str) -> bool:
    """Tell whether whoever completes *step* has the authority of *role*."""
    enough: Callable[[Iterable[bool]], bool] = all if step.needs == "any" else any
    return enough(matrix.may_release((one,), role) for one in step.roles)
