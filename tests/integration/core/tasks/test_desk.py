"""Tasks: open once a cause, routed by role or name, reminded of, told once when late, closed with their outcome."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Conflict, Forbidden, NotFound
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.reporting.tasks import tasks
from core.review.rulebook import read_rulebook
from core.roles.matrix import DEFAULT_ROLES
from core.store import events, timers
from core.store.alerts import open_alerts
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.store.rulebooks import put_in_force
from core.tasks import clock
from core.tasks.desk import TaskDraft, close_task, finish_task, open_task, roles_served
from core.testing.trade import CUP, MONDAY, Trade, a_line, an_order, place

DUE = MONDAY + timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def trading(each_store: Store) -> Store:
    each_store.write(Trade().load)
    return each_store


@pytest.fixture
def order(trading: Store) -> Any:
    """An order that is held for stock."""
    return trading.write(lambda tx: place(tx, [an_order("PO-1", a_line(CUP, 500))]))[0]


def draft(subject: str = "1", **changes: Any) -> TaskDraft:
    fields: dict[str, Any] = {"kind": "confirmation.unseen", "role": "sales_rep", "words": "call the buyer"}
    return TaskDraft(subject=subject, **(fields | changes))


def opened(store: Store, subject: str = "1", **changes: Any) -> int | None:
    return store.write(lambda tx: open_task(tx, draft(subject, **changes), at=MONDAY, actor="rule:test"))


def listed(store: Store, at: datetime = MONDAY, **asked: Any) -> list[str]:
    return [one["subject"] for one in store.read(lambda tx: tasks(tx, now=at, **asked))["items"]]


def run_to(store: Store, at: datetime) -> int:
    due = store.read(lambda tx: timers.due(tx, at, clock.KINDS, 10))
    return sum(store.write(lambda tx, one=one: clock.fire(tx, one, at)) for one in due)


def alerts(store: Store) -> list[str]:
    return [one["kind"] for one in store.read(open_alerts)]


def story(store: Store, order: Any) -> list[str]:
    told = [row["event"] for row in store.read(lambda tx: events.of_order(tx, order.order_id))]
    return [event for event in told if event.startswith("task.")]


def test_a_cause_has_one_task_until_it_is_closed(trading: Store) -> None:
    first = opened(trading)
    assert first is not None
    assert opened(trading, words="another word for it") is None
    assert opened(trading, kind="draft.incomplete") is not None
    assert listed(trading) == ["1", "1"]
    close = {"at": MONDAY, "actor": "rule:test", "outcome": "seen"}
    assert trading.write(lambda tx: close_task(tx, "confirmation.unseen", "1", **close))
    assert not trading.write(lambda tx: close_task(tx, "confirmation.unseen", "1", **close))
    assert listed(trading, kind="confirmation.unseen") == []
    (done,) = trading.read(lambda tx: tasks(tx, now=MONDAY, state="done"))["items"]
    assert (done["words"], done["outcome"], done["done_by"]) == ("call the buyer", "seen", "rule:test")
    assert opened(trading) not in (None, first)


def test_tasks_are_routed_by_role(trading: Store) -> None:
    """REV-11: each sees what waits for their role, for one that they decide for, or for them by name."""
    opened(trading, "sales", role="sales_rep")
    opened(trading, "money", role="finance")
    opened(trading, "eve", role="finance", assignee="eve")

    def mine(name: str, *roles: str) -> list[str]:
        return listed(trading, roles=roles_served(DEFAULT_ROLES, roles), assignee=name)

    assert mine("ann", "sales_rep") == ["sales"]
    assert mine("bob", "sales_vp") == ["sales"]
    assert mine("cid", "cfo") == ["money"]
    assert mine("eve", "cfo") == ["money", "eve"]
    assert mine("dan", "warehouse") == []
    assert mine("root", "admin") == ["sales", "money"]
    assert listed(trading) == ["sales", "money", "eve"]


def test_a_task_is_done_by_its_role_or_by_whom_it_names(trading: Store) -> None:
    """REV-11."""
    task = opened(trading, role="finance")
    named = opened(trading, "2", role="finance", assignee="eve")
    assert task is not None
    assert named is not None

    def finish(task_id: int, actor: str, *roles: str) -> Any:
        who = {"roles": frozenset(roles), "actor": actor, "reason": "called", "at": MONDAY}
        return trading.write(lambda tx: finish_task(tx, task_id, matrix=DEFAULT_ROLES, **who))

    with pytest.raises(Forbidden, match="waits for the role finance") as refused:
        finish(task, "ann", "sales_vp")
    assert refused.value.hint == "One who may: admin, cfo, department_manager, finance, finance_manager."
    with pytest.raises(Forbidden, match="waits for eve"):
        finish(named, "ann", "cfo")
    assert finish(task, "ann", "cfo")["state"] == "done"
    assert finish(named, "eve", "finance")["reason"] == "called"
    with pytest.raises(Conflict, match="is done"):
        finish(task, "ann", "cfo")
    with pytest.raises(NotFound):
        finish(1, "ann", "cfo")


def test_an_approval_is_not_done_by_saying_so(trading: Store) -> None:
    task = opened(trading, kind="approval", role="finance")
    assert task is not None
    with pytest.raises(Conflict, match="by its approval"):
        trading.write(
            lambda tx: finish_task(
                tx, task, matrix=DEFAULT_ROLES, roles=None, actor="ann", reason="", at=MONDAY,
            )
        )  # fmt: skip


def test_a_reminder_comes_before_and_one_alert_when_it_is_late(trading: Store, order: Any) -> None:
    """REV-08, REV-03: half an hour before it is due, and on the moment."""
    opened(trading, due_at=DUE, order_id=order.order_id)
    remind = DUE - timedelta(minutes=30)
    assert (run_to(trading, remind - MOMENT), alerts(trading)) == (0, [])
    assert (run_to(trading, remind), alerts(trading)) == (1, ["task.due"])
    assert (run_to(trading, DUE - MOMENT), listed(trading, DUE - MOMENT, overdue=True)) == (0, [])
    assert (run_to(trading, DUE), alerts(trading)) == (1, ["task.overdue"])
    assert listed(trading, DUE, overdue=True) == ["1"]
    assert run_to(trading, DUE + timedelta(days=9)) == 0
    assert story(trading, order) == ["task.opened", "task.reminded", "task.overdue"]
    trading.write(lambda tx: close_task(tx, "confirmation.unseen", "1", at=DUE, actor="ann"))
    assert alerts(trading) == []


def test_how_early_a_reminder_comes_is_a_rule(trading: Store) -> None:
    """REV-08: and one that there is no time for is left out."""
    book = read_rulebook({"flow": {"remind_minutes": 90}})
    trading.write(lambda tx: put_in_force(tx, book, at=MONDAY, actor="user:eve", reason="earlier"))
    opened(trading, due_at=DUE)
    opened(trading, "2", due_at=MONDAY + timedelta(minutes=90))
    assert run_to(trading, MONDAY + timedelta(minutes=90)) == 1
    assert alerts(trading) == ["task.overdue"]
    assert run_to(trading, DUE - timedelta(minutes=90)) == 1
    assert sorted(alerts(trading)) == ["task.due", "task.overdue"]


def test_what_is_closed_is_neither_reminded_of_nor_late(trading: Store, order: Any) -> None:
    opened(trading, due_at=DUE, order_id=order.order_id)
    trading.write(lambda tx: close_task(tx, "confirmation.unseen", "1", at=MONDAY, actor="ann", reason="seen"))
    assert trading.read(lambda tx: timers.next_due(tx, clock.KINDS)) is None
    assert story(trading, order) == ["task.opened", "task.done"]


def test_the_tasks_of_a_cancelled_order_are_cancelled(trading: Store, order: Any) -> None:
    opened(trading, due_at=DUE, order_id=order.order_id)
    trading.write(lambda tx: cancel_order(tx, Desk(MasterCache(), "eve", MONDAY), order.number, reason="no longer"))
    assert listed(trading) == []
    assert story(trading, order) == ["task.opened", "task.cancelled"]
    assert trading.read(lambda tx: timers.next_due(tx, clock.KINDS)) is None


def test_a_list_goes_on_where_its_page_ended(trading: Store, order: Any) -> None:
    for number in range(3):
        opened(trading, str(number), order_id=order.order_id)
    first = trading.read(lambda tx: tasks(tx, now=MONDAY, order=order.number, limit=2))
    assert [one["subject"] for one in first["items"]] == ["0", "1"]
    assert listed(trading, cursor=first["next"]) == ["2"]
    assert listed(trading, order="2026-ED-999999") == []
