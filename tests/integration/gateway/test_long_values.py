"""Values longer than they may be get an answer on both databases: SQLite would keep them, PostgreSQL would not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.reporting import views
from core.store.lookup import MasterCache
from core.testing.edifact import Faults, OrdersLine
from core.testing.trade import CUP, GTINS, LAMP

LONG = "X" * 200
ENVELOPES = {
    "sender": {"sender": LONG},
    "sender_qualifier": {"sender_qualifier": "12345"},
    "recipient": {"recipient": LONG},
    "recipient_qualifier": {"recipient_qualifier": "12345"},
    "control_reference": {"control_reference": "R" * 60},
    "charset": {"charset": "UNOCUNOCUNOC"},
}
UNH = "UNH+1+ORDERSORDERSORDERS:DDDDDDDD:96AAAAAAA:UN:EAN008EAN008"
MESSAGES: dict[str, dict[str, Any]] = {
    "order number": {"order_number": "P" * 90},
    "currency": {"currency": "EUROS"},
    "message reference": {"faults": Faults(instead=(("UNH", f"UNH+{'1' * 60}+ORDERS:D:96A:UN:EAN008"),))},
    "message type": {"faults": Faults(instead=(("UNH", UNH),))},
    "document code": {"faults": Faults(instead=(("BGM", "BGM+220220220+PO-1+9"),))},
}
LINES = {
    "buyer code": OrdersLine(GTINS[CUP], buyer_code=LONG),
    "our code": OrdersLine(supplier_code=LONG),
    "gtin": OrdersLine("1" * 40),
    "description": OrdersLine(GTINS[CUP], description=LONG * 3),
    "unit": OrdersLine(GTINS[CUP], unit="PIECES"),
    "line number": OrdersLine(GTINS[CUP], number="99999999999"),
}
#: as long as the directory allows: accepted, though no column is longer
LONGEST = {
    "gtin": OrdersLine("1" * 35),
    "buyer code": OrdersLine(GTINS[LAMP], "1", buyer_code="B" * 35),
    "our code": OrdersLine(supplier_code="S" * 35),
    "description": OrdersLine(GTINS[LAMP], "1", description="d" * 35),
    "line number": OrdersLine(GTINS[LAMP], "1", number="999999"),
}


def explained(works) -> bool:
    return works.store.read(views.reconciliation)["unexplained"] == 0


def test_an_envelope_that_says_too_much_is_rejected(each_works, file, message) -> None:
    works = each_works
    for changes in ENVELOPES.values():
        taken = works.take(file("R1", message("PO-1"), **changes))
        ((outcome, reason),) = works.outcomes(taken.source_id)
        assert (outcome, reason) in {("rejected", "envelope.unb_too_long"), ("rejected", "charset.unsupported")}
    assert explained(works)


def test_a_message_that_says_too_much_is_rejected_alone(each_works, file, message) -> None:
    works = each_works
    cases = MESSAGES | {name: {"lines": (line,)} for name, line in LINES.items()}
    for number, (what, changes) in enumerate(cases.items()):
        made = replace(message("PO-1"), **changes)
        taken = works.take(file(f"R{number}", made, message(f"GOOD-{number}", OrdersLine(GTINS[LAMP], "1"))))
        first, second = works.outcomes(taken.source_id)
        assert (first[0], second[0]) == ("rejected", "accepted"), what
    assert explained(works)


def test_the_longest_that_may_be_sent_is_kept(each_works, file, message) -> None:
    works = each_works
    for number, (what, line) in enumerate(LONGEST.items()):
        taken = works.take(file("R" * 34 + str(number), message(f"PO-{number}" + "X" * 31, line)))
        assert works.outcomes(taken.source_id) == [("accepted", None)], what
    assert explained(works)


@pytest.mark.parametrize("reason", ["", "r" * 500])
def test_long_reasons_of_people_are_kept_as_far_as_they_go(each_works, file, message, reason: str) -> None:
    works = each_works
    works.take(file("R1", message("PO-1")))
    desk = Desk(MasterCache(), "user:eve", works.clock.now())
    cancelled = works.store.write(lambda tx: cancel_order(tx, desk, "2026-ED-000001", reason=reason))
    assert cancelled["state"] == "cancelled"
    assert works.dispatcher.run_once() == 1
