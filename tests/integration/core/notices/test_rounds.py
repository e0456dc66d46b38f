"""What is looked after in rounds, on both sides of its time: late notices, exceptions for our people, old links."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.notices import rounds
from core.notices.rules import NoticeRules
from core.store import alerts, links, notices, timers
from core.store.engine import Store
from core.store.exceptions import Raised
from core.store.links import Link, find_link, make_link
from core.store.tables.messaging import outbox
from core.testing.trade import MONDAY, Trade, a_line

from .conftest import NoticeDesk

DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
STAFF = NoticeRules(staff={"price.*": "sales", "*": "operations", "quiet.*": ""})


def open_alerts(desk: NoticeDesk) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in desk.store.read(alerts.open_alerts)]


def test_a_confirmation_that_has_not_left_after_24_hours_raises_one_alert_until_it_has(each_desk: NoticeDesk) -> None:
    """CNF-09."""
    desk, rules = each_desk, NoticeRules()
    desk.place("PO-1")
    assert not desk.act(lambda tx: rounds.tell_late(tx, rules, MONDAY + DAY - SECOND))
    assert desk.act(lambda tx: rounds.tell_late(tx, rules, MONDAY + DAY))
    assert not desk.act(lambda tx: rounds.tell_late(tx, rules, MONDAY + DAY + SECOND))
    assert open_alerts(desk) == [("notice.late", "outbox")]
    desk.act(lambda tx: tx.execute(outbox.update().values(transmission_id=5)))
    desk.act(lambda tx: rounds.tell_late(tx, rules, MONDAY + 2 * DAY))
    assert open_alerts(desk) == []


@pytest.fixture
def staffed(store: Store) -> NoticeDesk:
    trade = Trade(edi=[])
    trade.users = [
        {"name": "Ada", "roles": ["sales"], "email": "ada@us.example"},
        {"name": "Bo", "roles": ["sales", "operations"], "email": "bo@us.example"},
        {"name": "Cy", "roles": ["operations"], "email": ""},
    ]
    return NoticeDesk(store, trade)


def staff_mails(desk: NoticeDesk) -> list[dict[str, Any]]:
    statement = outbox.select().where(outbox.c.partner_id == 0).order_by(outbox.c.id)
    ids = [row.id for row in desk.store.read(lambda tx: tx.execute(statement).all())]
    return [
        desk.store.read(lambda tx, one=one: notices.notice_row(tx, one) | notices.said_by(tx, one)["exception"])
        for one in ids
    ]


def test_holds_and_alerts_are_told_to_the_role_of_their_code_once(staffed: NoticeDesk) -> None:
    """CNF-17."""
    held = staffed.place("PO-1", "PO-2", lines=[a_line(price="99.00")])
    assert len(held) == 2
    staffed.act(lambda tx: alerts.raise_alert(tx, "folder.gone", "ACME", "the folder is gone", at=MONDAY))
    assert staffed.act(lambda tx: rounds.tell_staff(tx, STAFF, MONDAY + SECOND)) == 2
    by_code = {mail["code"]: mail for mail in staff_mails(staffed)}
    assert by_code["folder.gone"]["to"] == ["bo@us.example"]
    price = next(mail for code, mail in by_code.items() if code.startswith("price."))
    assert (price["to"], price["role"]) == (["ada@us.example", "bo@us.example"], "sales")
    assert price["summary"].count("2026-SR-") == 2
    assert staffed.act(lambda tx: rounds.tell_staff(tx, STAFF, MONDAY + 2 * SECOND)) == 0


def test_nobody_of_us_is_told_by_default_or_of_what_is_old(staffed: NoticeDesk) -> None:
    """CNF-17."""
    staffed.place("PO-1", lines=[a_line(price="99.00")])
    assert staffed.act(lambda tx: rounds.tell_staff(tx, NoticeRules(), MONDAY)) == 0
    assert staffed.act(lambda tx: rounds.tell_staff(tx, STAFF, MONDAY + DAY + SECOND)) == 0
    assert staffed.act(lambda tx: rounds.tell_staff(tx, STAFF, MONDAY + DAY)) == 1


def test_a_mail_names_twenty_exceptions_and_counts_the_others() -> None:
    raised = [Raised(number, "x", f"O-{number}", "why", "hold") for number in range(21)]
    assert rounds.summary_of(raised[:20]).count("\n") == 19
    assert rounds.summary_of(raised).endswith("… and 1 more")


def test_a_round_sets_the_next_and_forgets_links_that_expired(desk: NoticeDesk) -> None:
    """CNF-18: a link expires."""
    link = Link(1, 2)
    token = desk.act(lambda tx: make_link(tx, link, at=MONDAY, expires_at=MONDAY + DAY))
    assert desk.store.read(lambda tx: find_link(tx, token, MONDAY + DAY - SECOND)) == link
    assert desk.store.read(lambda tx: find_link(tx, token, MONDAY + DAY)) is None
    assert desk.store.read(lambda tx: find_link(tx, token[:-1] + "_", MONDAY)) is None

    def run(now: datetime) -> None:
        desk.act(lambda tx: rounds.start(tx, now))
        (timer,) = desk.store.read(lambda tx: timers.due(tx, now, {rounds.ROUND}, 10))
        desk.act(lambda tx: rounds.fire(tx, desk.cache, timer, now))

    run(MONDAY + DAY)
    assert desk.act(lambda tx: links.forget_expired(tx, MONDAY + 2 * DAY)) == 0
    assert desk.store.read(lambda tx: timers.next_due(tx, [rounds.ROUND])) == MONDAY + DAY + timedelta(minutes=5)
