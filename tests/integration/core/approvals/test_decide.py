"""Approvals of real orders: asked step by step, decided by who may, and what becomes of the hold."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.approvals.handover import ask_for
from core.errors import Conflict, Forbidden, NotFound
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.place import Placed
from core.ordering.release import release_holds
from core.reporting.approvals import approval
from core.reporting.tasks import tasks
from core.review.approvals import DecidedBefore, OwnRequest
from core.store import orders as rows
from core.store import timers
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.rulebooks import rules_in_force
from core.testing.trade import MONDAY

Read = Callable[..., list[dict[str, Any]]]
Make = Callable[..., Placed]
Act = Callable[..., None]


def state_of(store: Store, order: Placed) -> str:
    return str(store.read(lambda tx: rows.by_number(tx, order.number))["state"])


def waiting(found: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(one["role"], one["step"], one["steps"]) for one in found]


def test_one_after_another_the_next_is_asked_when_the_former_approved(
    *, trading: Store, under: Act, order: Make, pending: Read, say: Act, story: Callable[[Placed], list[str]]
) -> None:
    """REV-07, REV-14, CUS-18: 200,000.01 over the limit needs three, and all of them."""
    under("chain")
    large = order("10000.5005")
    for step, (role, name) in enumerate(
        [("department_manager", "dee"), ("finance_manager", "fay"), ("cfo", "cal")], start=1
    ):
        (asked,) = pending()
        assert (asked["role"], asked["step"], asked["steps"], asked["code"]) == (role, step, 3, "credit.limit")
        assert state_of(trading, large) == "in_review"
        say(asked["id"], name, reason=f"seen by {name}")
    assert (pending(), state_of(trading, large)) == ([], "confirmed")
    assert [one["decided_by"] for one in pending("approved")] == ["dee", "fay", "cal"]
    told = story(large)
    assert told.count("approval.asked") == told.count("approval.approved") == 3
    assert told[-3:] == ["approval.approved", "hold.released", "order.confirmed"]
    assert trading.read(lambda tx: timers.next_due(tx, ["approval.expire", "task.overdue", "task.remind"])) is None


@pytest.mark.parametrize(
    ("price", "roles"),
    [("2500.5", []), ("2500.5005", ["department_manager"]), ("10000.5", ["department_manager"])],
)
def test_a_step_is_asked_above_its_amount_alone(
    under: Act, order: Make, pending: Read, price: str, roles: list[str]
) -> None:
    """CUS-18: 50,000 is the department manager's alone and no flow; 50,000.01 and 200,000 begin one of two steps."""
    under("chain")
    order(price)
    assert [(one["role"], one["steps"]) for one in pending()] == [(role, 2) for role in roles]


def test_side_by_side_all_decide_in_any_sequence(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    """REV-14: two at once; the order moves when both are done."""
    under("beside")
    small = order("1.00")
    first, second = pending()
    assert waiting([first, second]) == [("sales_manager", 1, 1), ("department_manager", 1, 1)]
    say(second["id"], "dee")
    assert state_of(trading, small) == "in_review"
    say(first["id"], "sam")
    assert state_of(trading, small) == "confirmed"


def test_two_who_decide_at_the_same_moment_let_the_order_go_on_once(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    """REV-14: whoever comes second sees the first."""
    under("beside")
    small = order("1.00")
    hers, his = (one["id"] for one in pending())
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(say, hers, "sam"), pool.submit(say, his, "dee")]:
            done.result(timeout=30)
    assert state_of(trading, small) == "confirmed"
    assert {one["decided_by"] for one in pending("approved")} == {"sam", "dee"}


def test_of_either_one_is_enough(trading: Store, under: Act, order: Make, pending: Read, say: Act) -> None:
    """REV-14."""
    under("either")
    small = order("1.00")
    first, second = pending()
    say(second["id"], "fay")
    assert state_of(trading, small) == "confirmed"
    assert [one["id"] for one in pending("expired")] == [first["id"]]
    with pytest.raises(Conflict, match="the approval is expired"):
        say(first["id"], "dee")


def test_a_declined_approval_ends_the_flow_and_the_order_stays_held(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    """REV-07: with who declined and why; it may be asked for again, by somebody who then does not decide."""
    under("beside")
    small = order("1.00")
    first, _ = pending()
    say(first["id"], "sam", approve=False, reason="they never pay")
    assert (pending(), state_of(trading, small)) == ([], "in_review")
    (no,) = pending("declined")
    assert (no["decided_by"], no["decision_reason"]) == ("sam", "they never pay")
    desk = Desk(MasterCache(), "dee", MONDAY)
    again = trading.write(lambda tx: ask_for(tx, desk, small.number, codes=(), reason="they paid"))
    assert [(one["id"], one["round"], one["asked_by"]) for one in pending()] == [(str(one), 2, "dee") for one in again]
    with pytest.raises(Conflict, match="already"):
        trading.write(lambda tx: ask_for(tx, desk, small.number, codes=(), reason="again"))
    with pytest.raises(OwnRequest):
        say(str(again[1]), "dee")


def test_a_hold_that_several_approve_is_not_released_by_one(trading: Store, under: Act, order: Make) -> None:
    """REV-07: not even by a key that may release everything."""
    under("beside")
    small = order("1.00")
    with pytest.raises(Conflict, match=r"credit\.limit is lifted by its approvals"):
        trading.write(lambda tx: release_holds(tx, Desk(MasterCache(), "root", MONDAY), small.number))


def test_nobody_decides_twice_or_for_another_role(under: Act, order: Make, pending: Read, say: Act) -> None:
    """Invariant 10, CUS-18: a CFO may decide for both finance steps, and does so once."""
    under("chain")
    order("10000.5005")
    (asked,) = pending()
    with pytest.raises(Forbidden, match="needs the role department_manager"):
        say(asked["id"], "ann")
    say(asked["id"], "cal")
    (asked,) = pending()
    with pytest.raises(DecidedBefore):
        say(asked["id"], "cal")
    with pytest.raises(NotFound):
        say("1", "cal")


def test_nobody_decides_on_an_order_that_they_entered(under: Act, pending: Read, order: Make, say: Act) -> None:
    """Invariant 10: whatever roles they have; ``partner:ACME`` entered it."""
    under("beside")
    order("1.00")
    for asked in pending():
        with pytest.raises(OwnRequest):
            say(asked["id"], "partner:ACME")


def test_who_entered_an_order_does_not_release_its_credit(trading: Store, order: Make) -> None:
    """Invariant 10, CUS-18: without a flow, too; another of the role does."""
    one = order("1.00")
    own, other = (Desk(MasterCache(), name, MONDAY) for name in ("partner:ACME", "dee"))
    roles = frozenset({"department_manager"})
    with pytest.raises(OwnRequest, match=r"credit\.limit: nobody approves a request of their own"):
        trading.write(lambda tx: release_holds(tx, own, one.number, roles=roles))
    trading.write(lambda tx: release_holds(tx, other, one.number, roles=roles))
    assert state_of(trading, one) == "confirmed"


def test_what_is_approved_is_told_with_inputs_rule_and_what_it_does(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    under("chain")
    order("2500.5005")
    (asked,) = pending()
    rules = trading.read(rules_in_force)
    told = trading.read(lambda tx: approval(tx, int(asked["id"]), rules=rules, now=MONDAY))
    assert (told["limit"], told["hold"]["inputs"]["short"], told["rule_version"]) == ("50000", "50000.01", "2")
    assert told["flow"][1]["roles"] == ["finance_manager"]
    assert told["approving_does"] == "step 2 is asked: finance_manager"
    say(asked["id"], "dee")
    (asked,) = pending()
    told = trading.read(lambda tx: approval(tx, int(asked["id"]), rules=rules, now=MONDAY))
    assert told["approving_does"] == "the hold is lifted; the order goes on"
    assert [one["state"] for one in told["decisions"]] == ["approved", "pending"]


def test_what_is_asked_is_a_task_of_its_role_until_it_is_decided(
    trading: Store, under: Act, order: Make, pending: Read, say: Act
) -> None:
    """REV-11."""
    under("chain")
    order("2500.5005")

    def open_tasks(role: str) -> list[str]:
        return [one["subject"] for one in trading.read(lambda tx: tasks(tx, now=MONDAY, roles=[role]))["items"]]

    (asked,) = pending()
    assert open_tasks("department_manager") == [asked["id"]]
    say(asked["id"], "dee")
    assert open_tasks("department_manager") == []
    assert open_tasks("finance_manager") == [pending()[0]["id"]]


def test_a_cancelled_order_asks_for_nothing_more(trading: Store, under: Act, order: Make, pending: Read) -> None:
    under("beside")
    small = order("1.00")
    trading.write(lambda tx: cancel_order(tx, Desk(MasterCache(), "ann", MONDAY), small.number, reason="no longer"))
    assert pending() == []
    assert len(pending("expired")) == 2
    assert trading.read(lambda tx: tasks(tx, now=MONDAY))["items"] == []
