"""Standing delegations: who decides in place of somebody who is away, from a day to a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from core.clock import iso
from core.errors import Conflict, Forbidden, NotFound
from core.review.approvals import Grant
from core.store import approvals as rows
from core.store.approvals import Delegation
from core.store.engine import Tx
from core.store.keys import user_roles

#: whoever has it may delegate for others, too
_FOR_OTHERS = "operations"


class Absence(NamedTuple):
    """Who is away and who stands in, on the days from *valid_from* to *valid_to* of our time zone."""

    from_user: str
    to_user: str
    valid_from: date
    valid_to: date
    reason: str


def keep(tx: Tx, absence: Absence, *, actor: str, roles: Collection[str] | None, now: datetime, today: date) -> int:
    """Keep a delegation and return its id.

    Raises:
        NotFound: there is no such user.
        Forbidden: it is somebody else's absence, and the caller has neither no roles nor ``operations``.
        Conflict: somebody would stand in for themselves, or it is over.
    """
    _permit(absence.from_user, actor, roles)
    for name in (absence.from_user, absence.to_user):
        if user_roles(tx, name) is None:
            raise NotFound(f"there is no user {name}")
    if absence.from_user == absence.to_user:
        raise Conflict("nobody stands in for themselves")
    if absence.valid_to < max(absence.valid_from, today):
        raise Conflict(f"it would be over on {absence.valid_to}", inputs={"valid_to": absence.valid_to.isoformat()})
    return rows.add_delegation(tx, **absence._asdict(), created_by=actor, created_at=now)


def stop(tx: Tx, delegation_id: int, *, actor: str, roles: Collection[str] | None) -> Delegation:
    """End a delegation before its time and return it.

    Raises:
        NotFound: there is none.
        Forbidden: it is somebody else's.
    """
    found = rows.delegation(tx, delegation_id)
    _permit(found.from_user, actor, roles)
    rows.end_delegation(tx, delegation_id)
    return rows.delegation(tx, delegation_id)


def grants_to(tx: Tx, name: str, timezone: str, now: datetime) -> tuple[Grant, ...]:
    """Return for whom the user *name* may decide now."""
    found = rows.stands_in_for(tx, name, now.astimezone(ZoneInfo(timezone)).date())
    return tuple(Grant(one, roles) for one, roles in found.items())


def told(one: Delegation) -> dict[str, Any]:
    """Return a delegation JSON-ready."""
    return {
        "id": str(one.id),
        "away": one.from_user,
        "to": one.to_user,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat(),
        "reason": one.reason,
        "created_by": one.created_by,
        "created_at": iso(one.created_at),
        "ended": one.ended,
    }


def _permit(from_user: str, actor: str, roles: Collection[str] | None) -> None:
    if actor != from_user and roles is not None and not {_FOR_OTHERS, "admin"} & set(roles):
        raise Forbidden(f"only {from_user} or operations delegate what is theirs to decide")
