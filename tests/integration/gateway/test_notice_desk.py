"""The desk of notices over a real store: preferences, what was told and seen, saying it again, what a link opens."""

from __future__ import annotations

import re
from datetime import date, timedelta

import orjson
import pytest

from core.clock import SystemClock
from core.errors import Conflict, NotFound, ValueRefused
from core.partners.notices import Preference
from core.store import events, orders, shipping, tasks
from core.store.engine import Tx
from core.store.master import partner_codes
from core.testing.trade import MONDAY
from gateway.notices import NoticeDesk

from .test_notices import NoticeWorks, notice_works

__all__ = ["notice_works"]

NUMBER = "2026-SR-000001"
TOKEN = re.compile(rb"https://us\.example/public/(?:confirmations|track)/([A-Za-z0-9_-]+)")


@pytest.fixture
def desk(notice_works: NoticeWorks) -> NoticeDesk:
    clock = SystemClock(MONDAY - SystemClock().now())
    return NoticeDesk(notice_works.store, clock, notice_works.store.write)


def token(works: NoticeWorks, lane: str = "mail/ACME") -> str:
    """Return the token of the last link that was sent."""
    content = list(works.sender.received[lane].values())[-1].replace(b"=\r\n", b"")
    return TOKEN.findall(content)[-1].decode()


def test_preferences_are_replaced_and_count_from_the_next_order_on(notice_works: NoticeWorks, desk: NoticeDesk) -> None:
    """CNF-07."""
    wanted = [Preference("order.confirmed", "sms", ("+4930123456",))]
    met: list[dict[str, object]] = []
    read = desk.preferences("ACME")
    assert desk.set_preferences("ACME", wanted, expect=met.append)["preferences"][0]["channel"] == "sms"
    assert met == [read], "what is replaced is told inside the transaction that replaces it"
    notice_works.place(*wanted)
    notice_works.dispatcher.run_once()
    assert [one["channel"] for one in desk.of_order(NUMBER)] == ["sms"]
    with pytest.raises(ValueRefused, match=r"preferences\[0\]\.channel: the partner has no EDI agreement"):
        desk.set_preferences("ACME", [Preference("*", "edi")], expect=met.append)
    with pytest.raises(NotFound):
        desk.set_preferences("NOBODY", [], expect=met.append)


def test_what_was_told_is_listed_with_template_and_outcome(notice_works: NoticeWorks, desk: NoticeDesk) -> None:
    """CNF-10."""
    notice_works.place()
    assert desk.of_order(NUMBER)[0]["state"] == "waiting"
    notice_works.dispatcher.run_once()
    (told,) = desk.of_order(NUMBER)
    assert (told["state"], told["attempts"], told["to"], told["seen_at"]) == ("sent", 1, ["po@acme.example"], None)
    assert told["template_version"]
    with pytest.raises(NotFound):
        desk.of_order(NUMBER, partner="NOBODY")


def test_the_link_of_a_confirmation_opens_it_and_its_button_marks_it(
    notice_works: NoticeWorks, desk: NoticeDesk
) -> None:
    """CNF-10, CNF-18."""
    notice_works.place()
    notice_works.dispatcher.run_once()
    link = token(notice_works)
    found = desk.confirmed(link)
    assert (found["number"], found["status"], found["total"], found["seen_by"]) == (NUMBER, "accepted", "125.00", None)
    assert [line["quantity"] for line in found["lines"]] == ["10"]
    desk.saw(link, "button")
    assert desk.of_order(NUMBER)[0]["seen_by"] == desk.confirmed(link)["seen_by"] == "button"
    kept = notice_works.store.read(lambda tx: tx.connection.exec_driver_sql("SELECT hash FROM links").scalar())
    assert link.encode() not in bytes(kept)  # who reads the database cannot open the page


def test_a_revoked_link_opens_nothing_and_the_next_notice_has_its_own(
    notice_works: NoticeWorks, desk: NoticeDesk
) -> None:
    """Issue 5, part 5: at once, by order or by notice, told once in the order's life, and harmless when repeated."""
    order_id = notice_works.place()
    notice_works.dispatcher.run_once()
    first = token(notice_works)
    (open_link,) = desk.links(NUMBER)["items"]
    again = desk.resend(NUMBER, open_link["id"], channel="mail", actor="eve")[0]["id"]
    notice_works.dispatcher.run_once()
    second = token(notice_works)
    assert [one["id"] for one in desk.links(NUMBER)["items"]] == [open_link["id"], again]

    done = desk.revoke_links(NUMBER, open_link["id"], reason="wrong address", actor="eve")
    assert (done["revoked"], [one["id"] for one in done["items"]]) == (1, [again])
    unknown = refused(desk, "x" * 43)
    assert refused(desk, first) == unknown
    with pytest.raises(NotFound):
        desk.saw(first, "page")
    assert desk.tracked(second)["number"] == NUMBER

    assert desk.revoke_links(NUMBER, None, reason="wrong address", actor="eve")["revoked"] == 1
    assert desk.revoke_links(NUMBER, None, reason="wrong address", actor="eve")["revoked"] == 0
    assert refused(desk, second) == unknown
    life = notice_works.store.read(lambda tx: events.of_order(tx, order_id))
    told = [orjson.loads(one["inputs"]) for one in life if one["event"] == "notice.links_revoked"]
    assert [(one["notice"], one["revoked"], one["reason"]) for one in told] == [
        (open_link["id"], 1, "wrong address"),
        (None, 1, "wrong address"),
    ]


@pytest.mark.parametrize("notice", ["9", "seven"])
def test_a_notice_of_no_order_has_no_link_to_revoke(notice_works: NoticeWorks, desk: NoticeDesk, notice: str) -> None:
    notice_works.place()
    with pytest.raises(NotFound):
        desk.revoke_links(NUMBER, notice, reason="x", actor="eve")


def refused(desk: NoticeDesk, token: str) -> tuple[str, str]:
    """Return what is told of a token that opens nothing."""
    with pytest.raises(NotFound) as met:
        desk.tracked(token)
    return met.value.message, met.value.hint


def test_a_link_opens_its_own_order_alone_and_nothing_internal(notice_works: NoticeWorks, desk: NoticeDesk) -> None:
    """CNF-18."""
    order_id = notice_works.place()
    notice_works.dispatcher.run_once()

    def leave(tx: Tx) -> None:
        row = shipping.ShipmentRow(
            9, "S-9", order_id, partner_codes(tx)["ACME"], "sandbox", "in_transit", "B-9", "SBX9", MONDAY, MONDAY, None,
            None,
        )  # fmt: skip
        shipping.insert_shipment(tx, row)
        orders.set_state(tx, order_id, "in_transit")
        fact = shipping.TrackingFact("e1", "in_transit", MONDAY + timedelta(hours=5), "Graz", "internal remark")
        shipping.insert_tracking(tx, 9, [fact], 1)

    notice_works.store.write(leave)
    assert desk.expect("S-9", date(2026, 3, 12), reason="snow", actor="eve")["changed"]
    found = desk.tracked(token(notice_works))
    assert (found["status"], found["promised_date"], found["expected_date"]) == (
        "in transit", "2026-03-09", "2026-03-12",
    )  # fmt: skip
    (shipment,) = found["shipments"]
    assert shipment["events"] == [{"at": "2026-03-02T13:00:00.000000Z", "status": "in_transit", "place": "Graz"}]
    assert "internal remark" not in str(found)
    assert not {"partner", "channel", "holds", "total", "lines"} & found.keys()
    with pytest.raises(NotFound):
        desk.tracked("x" * 43)
    with pytest.raises(NotFound):
        desk.expect("S-8", date(2026, 3, 12), reason="", actor="eve")


def test_a_notice_is_said_again_by_another_channel_and_does_the_task(
    notice_works: NoticeWorks, desk: NoticeDesk
) -> None:
    """CNF-10."""
    order_id = notice_works.place()
    (told,) = desk.of_order(NUMBER)
    with pytest.raises(Conflict, match="has not left yet"):
        desk.resend(NUMBER, told["id"], channel="sms", to=["+4930123456"], actor="eve")
    notice_works.dispatcher.run_once()
    (again,) = desk.resend(NUMBER, told["id"], channel="sms", to=["+4930123456"], actor="eve")
    assert (again["channel"], again["resends"], again["state"]) == ("sms", told["id"], "waiting")
    notice_works.dispatcher.run_once()
    assert [one["state"] for one in desk.of_order(NUMBER)] == ["sent", "sent"]
    assert token(notice_works, "sms/ACME") != token(notice_works)
    assert notice_works.store.read(lambda tx: tasks.open_of_order(tx, order_id)) == []
    for channel, to in (("sms", []), ("push", []), ("mail", ["nobody"])):
        with pytest.raises(ValueRefused):
            desk.resend(NUMBER, told["id"], channel=channel, to=to, actor="eve")
    with pytest.raises(NotFound):
        desk.resend(NUMBER, "12345", channel="mail", actor="eve")


def test_notices_are_counted_by_channel_and_state(notice_works: NoticeWorks, desk: NoticeDesk) -> None:
    """CNF-07: report of channel mix."""
    notice_works.place(
        Preference("*", "mail"), Preference("*", "sms", ("+4930123456",)), Preference("*", "push", ("device",))
    )
    notice_works.dispatcher.run_once()
    found = desk.mix(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=1))
    assert found["total"] == 3
    assert {one["channel"]: (one["count"], one["percent"], one["states"]) for one in found["items"]} == {
        channel: (1, "33.3", {"sent": 1}) for channel in ("mail", "sms", "push")
    }
    assert desk.mix(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))["items"] == []
