"""Approvals that are handed on: to somebody by name, to the role above, to who stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.approvals import handover
from core.approvals.flow import APPROVAL_EXPIRE
from core.approvals.standing import Absence, keep, stop
from core.errors import Conflict, Forbidden, NotFound
from core.ordering.confirm import Desk
from core.ordering.place import Placed
from core.review.approvals import OwnRequest
from core.store import orders as rows
from core.store import timers
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.testing.trade import MONDAY

Read = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Placed]
Act = Callable[..., None]

TODAY = date(2026, 3, 2)
MOMENT = timedelta(microseconds=1)
DUE = MONDAY + timedelta(hours=4)


def desk(name: str, at: datetime = MONDAY) -> Desk:
    return Desk(MasterCache(), name, at)


def delegate(store: Store, approval: str, by: str, to: str, **how: Any) -> int:
    asked = {"until": None, "reason": "on leave", "roles": frozenset({"department_manager"})} | how
    return store.write(lambda tx: handover.delegate(tx, desk(by), int(approval), to=to, **asked))


def run_to(store: Store, at: datetime) -> int:
    due = store.read(lambda tx: timers.due(tx, at, {APPROVAL_EXPIRE}, 10))
    return sum(store.write(lambda tx, one=one: handover.fire(tx, MasterCache(), one, at)) for one in due)


def absence(store: Store, who: str, to: str, day: date, last: date, **by: Any) -> int:
    caller = {"actor": who, "roles": frozenset(), "now": MONDAY, "today": TODAY} | by
    return store.write(lambda tx: keep(tx, Absence(who, to, day, last, "holidays"), **caller))


def test_who_is_handed_it_alone_decides(trading: Store, under: Act, order: Make, pending: Read, say: Act) -> None:
    """REV-17: until a time where one is given; then it is the role's again."""
    under("beside")
    order("1.00")
    _, asked = pending()
    until = MONDAY + timedelta(hours=1)
    new = delegate(trading, asked["id"], "dee", "fay", until=until)
    (gone,) = pending("delegated")
    assert (gone["id"], gone["decided_by"], gone["decision_reason"]) == (asked["id"], "dee", "on leave")
    assert [one["assignee"] for one in pending()] == [None, "fay"]
    with pytest.raises(Forbidden, match="waits for fay"):
        say(str(new), "dee", at=until - MOMENT)
    assert pending(at=until)[-1]["assignee"] is None
    say(str(new), "dee", at=until)


def test_it_is_handed_to_none_but_who_may_decide(trading: Store, under: Act, order: Make, pending: Read) -> None:
    """REV-17, CUS-18: whose role reaches up to it, by who may decide on it."""
    under("beside")
    order("1.00")
    _, asked = pending()
    with pytest.raises(Forbidden, match="ann may not decide"):
        delegate(trading, asked["id"], "dee", "ann")
    with pytest.raises(NotFound):
        delegate(trading, asked["id"], "dee", "nobody")
    with pytest.raises(Forbidden, match="needs the role"):
        delegate(trading, asked["id"], "ann", "fay", roles=frozenset({"sales_rep"}))
    with pytest.raises(Conflict, match="over at once"):
        delegate(trading, asked["id"], "dee", "fay", until=MONDAY)


def test_it_is_not_handed_to_who_decided_before(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    """Invariant 10."""
    under("chain")
    order("10000.5005")
    say(pending()[0]["id"], "fay")
    with pytest.raises(Forbidden, match="decided on another part"):
        delegate(trading, pending()[0]["id"], "flo", "fay", roles=frozenset({"finance_manager"}))


def test_what_nobody_decides_goes_to_the_role_above_when_it_is_due(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    """REV-17: after four hours and not before; it ends with the CFO, who is asked for good."""
    under("beside")
    small = order("1.00")
    assert run_to(trading, DUE - MOMENT) == 0
    assert run_to(trading, DUE) == 2
    assert [one["role"] for one in pending()] == ["sales_director", "finance_manager"]
    assert {one["decision_reason"] for one in pending("expired")} == {"not decided in time"}
    at = DUE
    for roles in (["sales_vp", "cfo"], ["sales_vp", "cfo"]):
        at += timedelta(hours=4)
        run_to(trading, at)
        assert [one["role"] for one in pending()] == roles
    say(pending()[1]["id"], "cal", at=at)
    assert trading.read(lambda tx: rows.by_number(tx, small.number))["state"] == "in_review"


def test_a_special_case_goes_up_by_hand_with_its_reason(
    trading: Store, under: Act, order: Make, pending: Read, story: Callable[[Placed], list[str]]
) -> None:
    """REV-17."""
    under("chain")
    large = order("10000.5005")
    trading.write(lambda tx: handover.escalate(tx, desk("dee"), int(pending()[0]["id"]), reason="above my head"))
    (asked,) = pending()
    assert (asked["role"], asked["step"]) == ("finance_manager", 1)
    assert "approval.escalated" in story(large)
    trading.write(lambda tx: handover.escalate(tx, desk("fay"), int(asked["id"]), reason="mine, too"))
    (asked,) = pending()
    with pytest.raises(Conflict, match="nobody is above cfo"):
        trading.write(lambda tx: handover.escalate(tx, desk("cal"), int(asked["id"]), reason="and now"))


def test_a_special_case_of_one_role_is_asked_of_the_role_above(
    trading: Store, order: Make, pending: Read, say: Act
) -> None:
    """REV-17: without a flow; who asks does not decide."""
    one = order("1.00")
    trading.write(lambda tx: handover.ask_for(tx, desk("flo"), one.number, codes={"credit.limit"}, reason="new owner"))
    (asked,) = pending()
    assert (asked["role"], asked["why"], asked["asked_by"]) == ("finance_manager", "new owner", "flo")
    with pytest.raises(OwnRequest):
        say(asked["id"], "flo")
    say(asked["id"], "fay")
    assert trading.read(lambda tx: rows.by_number(tx, one.number))["state"] == "confirmed"
    with pytest.raises(Conflict, match="no such hold"):
        trading.write(lambda tx: handover.ask_for(tx, desk("flo"), one.number, codes=(), reason="again"))


@pytest.mark.parametrize(
    ("first", "last", "may"),
    [
        (TODAY, TODAY, True),
        (TODAY - timedelta(days=1), TODAY, True),
        (TODAY, TODAY + timedelta(days=9), True),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=9), False),
    ],
)
def test_who_stands_in_decides_on_the_days_of_the_absence(
    *, trading: Store, under: Act, order: Make, pending: Read, say: Act, first: date, last: date, may: bool
) -> None:
    """REV-17: first and last day included, in place of the one who is away."""
    under("beside")
    order("1.00")
    absence(trading, "dee", "ann", first, last)
    _, asked = pending()
    if not may:
        with pytest.raises(Forbidden):
            say(asked["id"], "ann")
        return
    say(asked["id"], "ann")
    (done,) = pending("approved")
    assert (done["decided_by"], done["on_behalf_of"]) == ("ann", "dee")
    with pytest.raises(Forbidden):  # and no more than once, here for a role of her own
        say(pending()[0]["id"], "ann")


def test_an_absence_that_was_ended_counts_no_more(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    under("beside")
    order("1.00")
    kept = absence(trading, "dee", "ann", TODAY, TODAY)
    with pytest.raises(Forbidden, match="only dee"):
        trading.write(lambda tx: stop(tx, kept, actor="sam", roles=frozenset({"sales_manager"})))
    assert trading.write(lambda tx: stop(tx, kept, actor="olga", roles=frozenset({"operations"}))).ended
    with pytest.raises(Forbidden):
        say(pending()[1]["id"], "ann")


def test_an_absence_that_cannot_be_is_refused(trading: Store) -> None:
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(Conflict, match="over on 2026-03-01"):
        absence(trading, "dee", "ann", yesterday, yesterday)
    with pytest.raises(Conflict, match="themselves"):
        absence(trading, "dee", "dee", TODAY, TODAY)
    with pytest.raises(NotFound, match="no user zoe"):
        absence(trading, "dee", "zoe", TODAY, TODAY)
    with pytest.raises(Forbidden, match="only dee or operations"):
        absence(trading, "dee", "ann", TODAY, TODAY, actor="ann")
    assert absence(trading, "dee", "ann", TODAY, TODAY, actor="key", roles=None)
