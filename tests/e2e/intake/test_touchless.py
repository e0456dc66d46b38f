"""A clean order goes from the partner's file to every reply by rules alone; its history tells each step."""

from __future__ import annotations

from datetime import timedelta

from core.fulfilment.manual import ship_order
from core.fulfilment.tracking import record_tracking
from core.ports import TrackingEvent
from core.reporting import views
from core.store.orders import by_number
from core.testing.edifact import OrdersLine

CUP, CRATE = "4012345100013", "4012345100020"


def history(house, number):
    return house.gateway.store.read(lambda tx: views.timeline(tx, number))["events"]


def test_a_clean_order_is_answered_without_a_hand(house) -> None:
    """INT-04, REV-09, CNF-01: channel ED, CONTRL and ORDRSP in ``out/``; every act but the sending is a rule's."""
    taken = house.judge(house.file(house.order(OrdersLine(CUP, "2", "12.50"), OrdersLine(CRATE, "1", "100"))))
    (order,) = taken.orders
    assert (order["number"].split("-")[1], order["state"], order["holds"]) == ("ED", "confirmed", [])
    assert [reply.type for reply in taken.replies] == ["CONTRL", "ORDRSP"]
    assert [(answer[1], answer[2]) for answer in taken.answers] == [(order["number"], "29")]
    told = [(event["event"], event["actor"].partition(":")[0]) for event in history(house, order["number"])]
    assert told == [
        ("order.received", "partner"),
        ("order.checked", "rule"),
        ("reservation.created", "rule"),
        ("order.confirmed", "rule"),
    ]


def test_one_red_check_keeps_it_for_a_person(house) -> None:
    """CNF-01, REV-09: the other side; nothing is answered, and its history says that it is held."""
    taken = house.judge(house.file(house.order(OrdersLine(CUP, "2", "12.50"), OrdersLine(CRATE, "1", "110"))))
    (order,) = taken.orders
    assert (order["state"], taken.holds, taken.answers) == ("in_review", ["price.mismatch"], [])
    assert house.events_of(order["number"]) == ["order.received", "order.checked", "order.held"]


def test_the_eight_steps_of_a_normal_order_are_in_its_history(house) -> None:
    """REV-02: receive, verify, check stock, review, confirm, order and delivery note, ship, what follows the sale."""
    (order,) = house.judge(house.file()).orders
    now = house.now

    def send(tx) -> None:
        order_id = by_number(tx, order["number"], lock=True)["id"]
        shipment_id = ship_order(tx, order_id, actor="user:anna", now=now, tracking_number="HAND-1")
        arrived = TrackingEvent("T-1", "delivered", now + timedelta(hours=1), signed_by="M. Holm")
        record_tracking(tx, shipment_id, [arrived], document_id=int(house.documents()[0]["id"]), now=now)

    house.gateway.store.write(send)
    events = {event["event"]: event for event in history(house, order["number"])}
    steps = [
        "order.received", "order.checked", "reservation.created", "order.confirmed", "order.packed", "order.shipped",
        "order.delivered",
    ]  # fmt: skip
    assert [event for event in events if event in steps] == steps
    groups = [check["group"] for check in events["order.checked"]["inputs"]["checks"]]
    assert groups == ["credit", "customer", "availability", "price"], "verified, stock checked and reviewed at once"
    house.gateway.dispatcher.run_once()
    papers = house.gateway.store.read(lambda tx: views.documents_of(tx, order["number"]))["items"]
    assert {paper["type"] for paper in papers} == {"ORDERS", "CONTRL", "ORDRSP", "DESADV"}
