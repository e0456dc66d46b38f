"""Fault table, rows that make an order and stop it or warn: counts that differ, codes, character sets; test orders."""

from __future__ import annotations

import pytest

from core.testing.edifact import Faults, OrdersLine, place_of

CUP, CRATE = "4012345100013", "4012345100020"
MISMATCH = "document.count_mismatch"


@pytest.mark.parametrize(
    ("faults", "envelope", "violation"),
    [
        (Faults(segments=99), {}, "envelope.unt_count"),
        (Faults(reference="7"), {}, "envelope.unt_reference"),
        (Faults(lines="9"), {}, "document.line_count"),
        (Faults(), {"messages": 3}, "envelope.unz_count"),
        (Faults(), {"closing_reference": "OTHER"}, "envelope.unz_reference"),
        (Faults(instead=(("CNT", "CNT+1:11"),)), {}, "document.quantity_total"),
    ],
)
def test_counts_and_references_that_differ_hold_the_order(house, faults, envelope, violation):
    file = house.file(house.order(faults=faults), **envelope)
    before = house.serials()
    taken = house.judge(file)
    assert taken.exit_code == 0
    assert taken.outcomes == ["accepted"]
    assert taken.holds == [MISMATCH]
    assert taken.contrl[:5] == (file.control_reference, "7", "", "", ())
    assert taken.answers == []  # an ORDRSP follows when it is decided
    assert house.serials() == before + 1
    order = house.order_of(taken.orders[0]["number"])
    assert order["state"] == "in_review"
    (hold,) = order["holds"]
    assert (hold["stage"], hold["rule"], hold["rule_version"]) == ("confirm", "intake.counts", "1")
    assert [one["code"] for one in hold["inputs"]["violations"]] == [violation]
    assert hold["release_when"]
    assert violation in [one["code"] for one in house.document(taken.documents[0]["id"])["violations"]]


def test_a_count_of_the_envelope_holds_every_order_in_it_and_no_other(house):
    lying = house.file(house.order(), house.order(reference="2"), messages=5)
    taken = house.judge(lying.encode() + house.file().encode())
    assert [[hold["code"] for hold in order["holds"]] for order in taken.orders] == [[MISMATCH], [MISMATCH], []]


def test_a_count_of_one_message_holds_that_order_alone(house):
    orders = [house.order(faults=Faults(segments=3)), house.order(reference="2")]
    taken = house.judge(house.file(*orders))
    assert taken.holds == [MISMATCH]
    assert [answer[0] for answer in taken.answers] == [orders[1].order_number]


def test_a_released_hold_confirms_the_order_and_answers_it(house):
    order = house.order(faults=Faults(lines="9"))
    taken = house.ingest(house.file(order))
    written = set(house.outbox())
    number = taken.orders[0]["number"]
    released = house.gateway.operations.release(number, actor="user:test", reason="the sender says it is whole")
    assert (released["state"], released["holds"]) == ("confirmed", [])
    assert house.answered_since(written) == [(order.order_number, number, "29")]


WARNINGS = [
    (Faults(instead=(("FTX", "FTX+QQQ+++ring twice"),)), {}, "code.unknown", "FTX"),
    (Faults(instead=(("CUX", "CUX+2:EUR:77"),)), {}, "code.unknown", "CUX"),
    (Faults(instead=(("FTX", "FTX+PUR+++ring twice"),)), {"charset": "UNOA"}, "charset.level", "FTX"),
    (Faults(), {"charset": "UNOC", "codec": "utf-8"}, "charset.mismatch", "FTX"),
    (Faults(), {"charset": "UNOY", "syntax_version": "4", "codec": "latin-1"}, "charset.mismatch", "FTX"),
]


@pytest.mark.parametrize(("faults", "envelope", "violation", "where"), WARNINGS)
def test_what_can_be_read_is_accepted_with_a_warning_at_its_place(house, faults, envelope, violation, where):
    order = house.order(notes=("RING",) if envelope.get("charset") == "UNOA" else ("Tür 4",), faults=faults)
    file = house.file(order, **envelope)
    verdict, exit_code = house.check(file)
    (message,) = verdict["interchanges"][0]["messages"]
    assert (message["verdict"], exit_code) == ("accepted_with_warnings", 0)
    (warning,) = message["violations"]
    assert (warning["code"], warning["severity"]) == (violation, "warning")
    place = place_of(file.encode(), where)
    assert place.offset <= warning["offset"] < place.offset + 40
    taken = house.ingest(file)
    assert (taken.exit_code, taken.outcomes, taken.holds) == (0, ["accepted"], [])
    assert taken.contrl[:5] == (file.control_reference, "7", "", "", ())
    assert [answer[0] for answer in taken.answers] == [order.order_number]
    assert house.document(taken.documents[0]["id"])["violations"] == [warning]


def test_a_text_is_read_as_it_was_meant_whatever_unb_says(house):
    order = house.order(OrdersLine(CUP, "10", description="Tasse weiß, größer"))
    taken = house.ingest(house.file(order, codec="utf-8"))
    assert house.order_of(taken.orders[0]["number"])["lines"][0]["description"] == "Tasse weiß, größer"


def test_a_test_order_takes_no_number_no_stock_no_credit_and_is_answered_as_a_test(house):
    order = house.order()
    file = house.file(order, test=True)
    before, stock = house.serials(), house.stock("CUP")
    taken = house.judge(file)
    assert taken.exit_code == 0
    assert taken.outcomes == ["accepted"]
    (made,) = taken.orders
    assert made["number"].startswith("TEST-")
    assert made["number"].removeprefix("TEST-").isdigit()
    assert made["state"] == "confirmed"
    assert house.serials() == before
    assert house.stock("CUP") == stock
    assert sorted(reply.type for reply in taken.replies) == ["CONTRL", "ORDRSP"]
    assert all(reply.is_test for reply in taken.replies)
    assert taken.contrl[:2] == (file.control_reference, "7")
    assert taken.answers == [(order.order_number, made["number"], "29")]
    # Neither is the real order of that number a repeat of the test one.
    real = house.judge(house.file(order))
    assert real.outcomes == ["accepted"]
    assert not any(reply.is_test for reply in real.replies)
    assert house.serials() == before + 1


def test_a_test_order_beyond_stock_and_credit_is_not_stopped_by_either(house):
    taken = house.judge(house.file(house.order(OrdersLine(CRATE, "900000000")), test=True))
    assert taken.holds == []
    assert taken.orders[0]["state"] == "confirmed"


def test_a_rejected_test_order_is_answered_as_a_test(house):
    order = house.order(faults=Faults(instead=(("QTY+21", "QTY+21:0:PCE"),)))
    taken = house.judge(house.file(order, test=True))
    assert (taken.exit_code, taken.outcomes) == (1, ["rejected"])
    assert [reply.is_test for reply in taken.replies] == [True]


def test_a_claimed_allowance_holds_beside_a_count_that_differs_and_is_confirmed_without_it(house):
    """Nothing is taken off by a claim: whoever releases confirms our prices, and the buyer is told them."""
    order = house.order(faults=Faults(lines="9", added=(("CUX", "ALC+A++++DI:::Jahresrabatt"), ("ALC", "PCD+1:5"))))
    taken = house.ingest(house.file(order))
    assert sorted(taken.holds) == ["charges.claimed", MISMATCH]
    number = taken.orders[0]["number"]
    before = house.order_of(number)
    (claimed,) = [hold for hold in before["holds"] if hold["code"] == "charges.claimed"]
    assert (claimed["rule"], claimed["release_role"]) == ("intake.claims", "sales")
    assert "5 %, DI, Jahresrabatt" in claimed["reason"]
    released = house.gateway.operations.release(number, actor="user:test", reason="agreed: no discount")
    assert (released["state"], released["total"]) == ("confirmed", before["total"])
