"""A buyer's ORDCHG, bytes in to bytes out: what it changes, what holds it, what refuses it, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from core.errors import NotFound
from core.testing.edifact import OrdersLine, place_of

CUP, CRATE, RARE = "4012345100013", "4012345100020", "4012345100037"


@dataclass(frozen=True)
class Change:
    """One ORDCHG: its number and function, the order's number, and the segments of its lines."""

    number: str
    order: str
    lines: tuple[str, ...] = ()
    function: str = "4"
    dated: str = "202601051200"
    header: tuple[str, ...] = ()
    reference: str = "1"

    def segments(self) -> list[str]:
        """Return the segments from UNH to UNT without terminators."""
        found = [
            f"UNH+{self.reference}+ORDCHG:D:96A:UN:EAN008",
            f"BGM+230+{self.number}+{self.function}",
            f"DTM+137:{self.dated}:203",
            *self.header,
            f"RFF+ON:{self.order}",
            "NAD+BY+5790000000005::9",
            "NAD+SU+4012345000009::9",
            *self.lines,
            "UNS+S",
        ]
        return [*found, f"UNT+{len(found) + 1}+{self.reference}"]


class Answer(NamedTuple):
    """An ORDRSP: BGM 1225, the change it answers, its reasons, and (line, 1229, ordered, delivered) of each line."""

    function: str
    change: str
    reasons: tuple[str, ...]
    lines: tuple[tuple[str, str, str, str], ...]


def answers(replies) -> list[Answer]:
    """Return every ORDRSP of *replies*, as a partner's program reads them."""
    found = []
    for reply in replies:
        if reply.type != "ORDRSP":
            continue
        for segments in reply.messages():
            bgm = next(one for one in segments if one[0] == "BGM")
            change = next((one[1][1] for one in segments if one[0] == "RFF" and one[1][0] == "PP"), "")
            reasons = tuple(str(one[4]) for one in segments if one[:2] == ["FTX", "AAI"])
            lines, quantities = [one for one in segments if one[0] == "LIN"], [s for s in segments if s[0] == "QTY"]
            ordered = [one[1][1] for one in quantities if one[1][0] == "21"]
            delivered = [one[1][1] for one in quantities if one[1][0] == "113"]
            told = [(line[1], line[2], *pair) for line, *pair in zip(lines, ordered, delivered, strict=True)]
            found.append(Answer(bgm[3], change, reasons, tuple(told)))
    return found


def placed(house, *lines, **how) -> tuple[str, str]:
    """Take an order in and return the buyer's number and ours."""
    order = house.order(*(lines or (OrdersLine(CUP, "10", "12.50"), OrdersLine(CRATE, "3", "100"))), **how)
    taken = house.judge(house.file(order))
    assert taken.outcomes == ["accepted"]
    return order.order_number, taken.orders[0]["number"]


def reserved(house, sku: str) -> Decimal:
    return sum((Decimal(row["reserved"]) for row in [house.stock(sku)]), Decimal(0))


def test_the_confirmation_says_what_was_agreed_and_the_buyer_answers_it(house) -> None:
    """CNF-16: product, quantity, price, amount and delivery stand in ORDRSP; an ORDCHG answers it."""
    day = house.today + timedelta(days=7)
    order = house.order(OrdersLine(CUP, "2", "12.50"), requested_date=day)
    taken = house.judge(house.file(order))
    (segments,) = next(reply for reply in taken.replies if reply.type == "ORDRSP").messages()
    said = [[segment[0], *segment[1:]] for segment in segments]
    line = said.index(["LIN", "1", "5", [CUP, "EN"]])
    assert said[line + 3 : line + 7] == [
        ["QTY", ["21", "2", "PCE"]],
        ["QTY", ["113", "2", "PCE"]],
        ["DTM", ["69", f"{day:%Y%m%d}", "102"]],
        ["PRI", ["AAA", "12.50"]],
    ]
    assert ["MOA", ["86", "25.00"]] in said
    assert ["NAD", "DP", ["5790000000012", "", "9"]] in said

    answer = Change("CHG-0", order.order_number, ("LIN+1+3", "QTY+21:1:PCE"))
    answered = house.judge(house.file(answer))
    (told,) = answers(answered.replies)
    assert (told.function, told.change, told.lines) == ("29", "CHG-0", (("1", "5", "1", "1"),))


def test_a_lower_quantity_is_confirmed_anew(house) -> None:
    """CNF-14, CHG-09: a change after confirmation is confirmed again, under its own revision."""
    sent, number = placed(house)
    before = reserved(house, "CUP")
    taken = house.judge(house.file(Change("CHG-1", sent, ("LIN+1+3", "QTY+21:4:PCE"))))
    assert (taken.outcomes, taken.reasons, taken.exit_code) == (["changed"], [None], 0)
    assert answers(taken.replies) == [Answer("29", "CHG-1", (), (("1", "5", "4", "4"), ("2", "5", "3", "3")))]
    order = house.order_of(number)
    assert (order["state"], order["revision"], order["total"]) == ("confirmed", 2, "350.00")
    assert [(line["quantity"], line["reserved"]) for line in order["lines"]] == [("4", "4"), ("3", "3")]
    assert reserved(house, "CUP") == before - 6
    assert house.events_of(number)[-3:] == ["order.changed", "order.checked", "order.confirmed"]


def test_a_quantity_beyond_stock_holds_the_change_and_a_release_confirms_what_there_is(house) -> None:
    """CNF-14: a held change keeps what was reserved; the answer names the change when a person decided (4, line 3)."""
    sent, number = placed(house, OrdersLine(RARE, "5", "40"))
    free = Decimal(house.stock("RARE")["available"])
    asked = free + 5 + 60
    taken = house.judge(house.file(Change("CHG-2", sent, ("LIN+1+3", f"QTY+21:{asked}:PCE"))))
    assert (taken.outcomes, answers(taken.replies)) == (["changed"], [])
    order = house.order_of(number)
    assert (order["state"], order["revision"], [hold["code"] for hold in order["holds"]]) == (
        "in_review", 2, ["stock.short"],
    )  # fmt: skip
    assert (order["lines"][0]["quantity"], order["lines"][0]["reserved"]) == (str(asked), "5")
    written = set(house.outbox())
    released = house.gateway.operations.release(number, actor="user:eve", reason="what there is")
    assert (released["state"], released["lines"][0]["reserved"]) == ("confirmed", str(free + 5))
    replies = [reply for reply in house.replies_since(written) if reply.type == "ORDRSP"]
    assert answers(replies) == [Answer("4", "CHG-2", (), (("1", "3", str(asked), str(free + 5)),))]
    # the buyer takes what was offered, by one ORDCHG
    taken = house.judge(house.file(Change("CHG-3", sent, ("LIN+1+3", f"QTY+21:{free + 5}:PCE"), dated="202601051300")))
    assert answers(taken.replies) == [Answer("29", "CHG-3", (), (("1", "5", str(free + 5), str(free + 5)),))]
    assert house.order_of(number)["revision"] == 3
    house.gateway.operations.cancel(number, actor="user:eve", reason="test is over")
    assert Decimal(house.stock("RARE")["available"]) == free + 5


def test_an_offered_schedule_is_taken_by_repeating_it(house) -> None:
    """What a schedule adds up to is the quantity, its last day the day that all is wanted by."""
    sent, number = placed(house, OrdersLine(CUP, "30", "12.50"))
    day = house.today.replace(day=1).replace(year=house.today.year + 1)
    lines = ("LIN+1+3", "SCC+1", "QTY+21:10:PCE", "SCC+1", "QTY+21:15:PCE", f"DTM+2:{day:%Y%m%d}:102")
    taken = house.judge(house.file(Change("CHG-4", sent, lines)))
    assert answers(taken.replies) == [Answer("29", "CHG-4", (), (("1", "5", "25", "25"),))]
    assert house.order_of(number)["lines"][0]["quantity"] == "25"


def test_a_line_is_added_and_another_deleted(house) -> None:
    sent, number = placed(house)
    before = reserved(house, "CRATE")
    lines = ("LIN+2+2", "LIN+5+1+" + RARE + ":EN", "QTY+21:1:PCE", "PRI+AAA:40")
    taken = house.judge(house.file(Change("CHG-5", sent, lines)))
    told = (("1", "5", "10", "10"), ("2", "2", "3", "0"), ("5", "1", "1", "1"))
    assert answers(taken.replies) == [Answer("29", "CHG-5", (), told)]
    order = house.order_of(number)
    assert [(line["line"], line["sku"], line["reserved"]) for line in order["lines"]] == [
        (1, "CUP", "10"),
        (5, "RARE", "1"),
    ]
    assert (order["total"], reserved(house, "CRATE")) == ("165.00", before - 3)


def test_a_replacement_says_the_whole_order_anew(house) -> None:
    sent, number = placed(house)
    lines = (f"LIN+2++{CRATE}:EN", "QTY+21:3:PCE", "PRI+AAA:100", f"LIN+3++{CUP}:EN", "QTY+21:1:PCE", "PRI+AAA:12.50")
    taken = house.judge(house.file(Change("CHG-6", sent, lines, function="5")))
    told = (("1", "2", "10", "0"), ("2", "5", "3", "3"), ("3", "1", "1", "1"))
    assert answers(taken.replies) == [Answer("29", "CHG-6", (), told)]
    assert house.order_of(number)["total"] == "312.50"


@pytest.mark.parametrize(
    ("function", "lines"), [("1", ()), ("4", ("LIN+1+2", "LIN+2+2"))], ids=["the whole", "line by line"]
)
def test_an_order_is_cancelled(house, function, lines) -> None:
    """ORD-16, CAN-04: what it had reserved is free again, and the buyer is told that every line is deleted."""
    sent, number = placed(house)
    before = reserved(house, "CUP"), reserved(house, "CRATE")
    taken = house.judge(house.file(Change("CHG-7", sent, lines, function=function)))
    assert (taken.outcomes, taken.reasons) == (["changed"], [None])
    assert answers(taken.replies) == [Answer("29", "CHG-7", (), (("1", "2", "10", "0"), ("2", "2", "3", "0")))]
    order = house.order_of(number)
    assert (order["state"], order["revision"]) == ("cancelled", 1)
    assert (reserved(house, "CUP"), reserved(house, "CRATE")) == (before[0] - 10, before[1] - 3)
    assert house.events_of(number)[-2:] == ["order.changed", "order.cancelled"]


def test_a_price_beyond_the_tolerance_holds_the_change(house) -> None:
    sent, number = placed(house)
    taken = house.judge(house.file(Change("CHG-8", sent, ("LIN+2+3", "PRI+AAA:96"))))
    assert (taken.outcomes, answers(taken.replies)) == (["changed"], [])
    order = house.order_of(number)
    assert (order["state"], [(hold["code"], hold["line"]) for hold in order["holds"]]) == (
        "in_review",
        [("price.mismatch", 2)],
    )
    written = set(house.outbox())
    house.gateway.operations.release(number, actor="user:eve", reason="agreed")
    (answer,) = answers(house.replies_since(written))
    assert answer == Answer("29", "CHG-8", (), (("1", "5", "10", "10"), ("2", "5", "3", "3")))
    assert house.order_of(number)["total"] == "413.00"
    # what was agreed is not asked again by the next change
    taken = house.judge(house.file(Change("CHG-9", sent, ("LIN+1+3", "QTY+21:2:PCE"), dated="202601051300")))
    assert [answer.function for answer in answers(taken.replies)] == ["29"]


@pytest.mark.parametrize("state", ["picking", "packed", "shipped", "in_transit", "delivered", "cancelled", "declined"])
def test_a_change_that_comes_too_late_is_refused_with_the_reason(house, state) -> None:
    """CHG-10, CNF-03: not after the warehouse took it up; the order stays as it is, and the buyer learns why."""
    sent, number = placed(house)
    house.set_state(number, state)
    before = house.order_of(number)
    lines = ("LIN+1+3", "QTY+21:4:PCE", f"LIN+9+1+{CRATE}:EN", "QTY+21:2:PCE")
    taken = house.judge(house.file(Change("CHG-10", sent, lines)))
    assert (taken.outcomes, taken.reasons, taken.exit_code) == (["changed"], ["change.refused"], 0)
    stands = "0" if state in ("cancelled", "declined") else "10"
    (answer,) = answers(taken.replies)
    assert answer._replace(reasons=()) == Answer("27", "CHG-10", (), (("1", "7", "4", stands), ("9", "7", "2", "0")))
    assert answer.reasons == (f"an order that is {state} cannot change",)
    after = house.order_of(number)
    assert {**after, "documents": ()} == {**before, "documents": ()}
    assert house.events_of(number)[-1] == "order.change_refused"


def test_a_change_of_a_line_that_is_not_there_is_refused(house) -> None:
    sent, number = placed(house)
    taken = house.judge(house.file(Change("CHG-11", sent, ("LIN+7+3", "QTY+21:4:PCE"))))
    assert [(one.function, one.reasons) for one in answers(taken.replies)] == [("27", ("line 7 is not in the order",))]
    assert house.order_of(number)["revision"] == 1


def test_a_change_before_its_order_waits_for_it(house) -> None:
    """CONTRACTS, park reasons: it is parked with an alert, and a replay takes it up when the order is there."""
    order = house.order()
    taken = house.judge(house.file(Change("CHG-12", order.order_number, ("LIN+1+3", "QTY+21:7:PCE"))))
    assert (taken.outcomes, taken.reasons, taken.exit_code) == (["parked"], ["order.unknown"], 1)
    assert ("order.unknown", f"ACME/{order.order_number}") in house.alerts()
    parked = taken.documents[0]["id"]
    again = house.gateway.operations.replay(parked, actor="user:eve")
    assert (again["outcome"], again["reason"]) == ("parked", "order.unknown")
    number = house.ingest(house.file(order)).orders[0]["number"]
    written = set(house.outbox())
    taken_up = house.gateway.operations.replay(parked, actor="user:eve")
    assert (taken_up["outcome"], taken_up["orders"]) == ("changed", [number])
    assert answers(house.replies_since(written)) == [Answer("29", "CHG-12", (), (("1", "5", "7", "7"),))]
    assert house.order_of(number)["lines"][0]["quantity"] == "7"
    assert ("order.unknown", f"ACME/{order.order_number}") not in house.alerts()


def test_a_change_in_the_file_of_its_order_follows_it(house) -> None:
    """A confirmed revision keeps its own answer (CNF-14): 10 in the first, 6 in the second."""
    order = house.order()
    change = Change("CHG-13", order.order_number, ("LIN+1+3", "QTY+21:6:PCE"), reference="2")
    taken = house.judge(house.file(order, change))
    assert taken.outcomes == ["accepted", "changed"]
    assert answers(taken.replies) == [
        Answer("29", "", (), (("1", "5", "10", "10"),)),
        Answer("29", "CHG-13", (), (("1", "5", "6", "6"),)),
    ]
    assert [one["number"] for one in taken.orders] == [taken.documents[1]["orders"][0]]


@pytest.mark.parametrize(
    ("ordered", "changes", "states"),
    [
        ((CUP, "10", "12.50"), [("LIN+1+3", "QTY+21:6:PCE")], ["confirmed", "confirmed"]),
        (
            (CUP, "10", "12.50"),
            [("LIN+1+3", "QTY+21:6:PCE"), (f"LIN+2+1+{CRATE}:EN", "QTY+21:1:PCE", "PRI+AAA:100")],
            ["confirmed", "confirmed", "confirmed"],
        ),
        ((CUP, "10", "99"), [("LIN+1+3", "PRI+AAA:12.50")], ["in_review", "confirmed"]),
        ((CUP, "10", "12.50"), [("LIN+1+3", "PRI+AAA:99")], ["confirmed", "in_review"]),
        ((CUP, "10", "12.50"), [("LIN+1+2",)], ["confirmed", "cancelled"]),
        ((CUP, "10", "12.50"), [("LIN+7+2",)], ["confirmed", "confirmed"]),
    ],
    ids=["less", "two changes", "held, then put right", "held by the change", "cancelled", "refused"],
)
def test_a_dry_run_sees_the_order_of_its_own_file(house, ordered, changes, states) -> None:
    """Orders, lines and answers are those of the real run, and the number is the one that is given then."""
    order = house.order(OrdersLine(*ordered))
    sent = [Change(f"CHG-{50 + n}", order.order_number, lines, reference=f"{n + 2}") for n, lines in enumerate(changes)]
    verdict, _ = house.check(file := house.file(order, *sent))
    (interchange,) = verdict["interchanges"]
    planned = [message["order"] for message in interchange["messages"]]
    assert [one["state"] for one in planned] == states
    shown = answers([house.shown(reply) for message in interchange["messages"] for reply in message["replies"]])
    taken = house.ingest(file)
    assert shown == answers(taken.replies)
    (order_then,) = taken.orders
    assert {one["number"] for one in planned} == {order_then["number"]}
    then = house.order_of(order_then["number"])
    told = ("state", "revision", "total", "lines")
    assert {name: planned[-1][name] for name in told} == {name: then[name] for name in told}
    assert [hold["code"] for hold in planned[-1]["holds"]] == [hold["code"] for hold in then["holds"]]


def test_a_change_that_comes_again_is_a_duplicate(house) -> None:
    sent, number = placed(house)
    change = Change("CHG-14", sent, ("LIN+1+3", "QTY+21:4:PCE"))
    house.judge(house.file(change))
    again = house.judge(house.file(change))
    assert (again.outcomes, again.reasons, again.exit_code) == (["duplicate"], ["change.repeated"], 0)
    assert (answers(again.replies), house.order_of(number)["revision"]) == ([], 2)
    other = house.judge(house.file(Change("CHG-14", sent, ("LIN+1+3", "QTY+21:5:PCE"))))
    assert (other.outcomes, other.reasons) == (["parked"], ["order.number_reused"])
    assert house.order_of(number)["revision"] == 2


def test_the_same_bytes_again_send_the_same_answer_again(house) -> None:
    sent, number = placed(house)
    content = house.file(Change("CHG-15", sent, ("LIN+1+3", "QTY+21:4:PCE"))).encode()
    first = house.ingest(content)
    answered = {reply.name: reply.content for reply in first.replies}
    house.fetch()
    again = house.ingest(content)
    assert again.outcomes == ["duplicate"]
    assert {reply.name: reply.content for reply in again.replies} == answered
    assert house.order_of(number)["revision"] == 2


@pytest.mark.parametrize(
    ("late", "dated"), [("CHG-20", "202601041200"), ("CHG-20", "202601051200")], ids=["by date", "by number"]
)
def test_a_change_that_another_overtook_is_refused(house, late, dated) -> None:
    sent, number = placed(house)
    house.judge(house.file(Change("CHG-21", sent, ("LIN+1+3", "QTY+21:4:PCE"))))
    taken = house.judge(house.file(Change(late, sent, ("LIN+1+3", "QTY+21:9:PCE"), dated=dated)))
    assert [(one.function, one.reasons) for one in answers(taken.replies)] == [
        ("27", (f"change {late} was overtaken by CHG-21",))
    ]
    assert house.order_of(number)["lines"][0]["quantity"] == "4"


def test_two_changes_of_one_file_build_on_each_other(house) -> None:
    sent, number = placed(house)
    file = house.file(
        Change("CHG-30", sent, ("LIN+1+3", "QTY+21:4:PCE")),
        Change("CHG-31", sent, ("LIN+2+2",), reference="2"),
    )
    verdict, _ = house.check(file)
    planned = [message["order"] for message in verdict["interchanges"][0]["messages"]]
    assert [(order["revision"], len(order["lines"])) for order in planned] == [(2, 2), (3, 1)]
    taken = house.judge(file)
    assert [(one.change, one.lines) for one in answers(taken.replies)] == [
        ("CHG-30", (("1", "5", "4", "4"), ("2", "5", "3", "3"))),
        ("CHG-31", (("1", "5", "4", "4"), ("2", "2", "3", "0"))),
    ]
    assert house.order_of(number)["revision"] == 3


def test_the_check_says_what_intake_then_does(house) -> None:
    """CHG-08: the dry run shows the order after the change and its answer, and changes nothing."""
    sent, number = placed(house)
    before = house.order_of(number)
    file = house.file(Change("CHG-40", sent, ("LIN+1+3", "QTY+21:4:PCE", "LIN+2+2")))
    verdict, _ = house.check(file)
    (message,) = verdict["interchanges"][0]["messages"]
    assert house.order_of(number) == before
    taken = house.ingest(file)
    after = house.order_of(number)
    assert {**message["order"], "documents": []} == {**after, "documents": []}
    (reply,) = message["replies"]
    assert answers([house.shown(reply)]) == answers(taken.replies)


def test_an_offered_later_date_is_taken_by_one_change(house) -> None:
    """What stock does not serve is promised of supply that comes by the new date, and given back with the line."""
    day = house.today + timedelta(days=20)
    free = Decimal(house.stock("RARE")["available"])
    house.load({"stock": [{"sku": "RARE", "warehouse": "MAIN", "inbound": [{"quantity": "500", "date": str(day)}]}]})
    sent, number = placed(house, OrdersLine(RARE, "5", "40"), requested_date=house.today + timedelta(days=5))
    later = day + timedelta(days=3)
    lines = ("LIN+1+3", f"QTY+21:{free + 100}:PCE")
    change = Change("CHG-50", sent, lines, header=(f"DTM+2:{later:%Y%m%d}:102",))
    taken = house.judge(house.file(change))
    told = str(free + 100)
    assert answers(taken.replies) == [Answer("29", "CHG-50", (), (("1", "5", told, told),))]
    (line,) = house.order_of(number)["lines"]
    assert (line["state"], line["reserved"]) == ("backordered", str(free))
    assert line["promised_date"] > str(day)
    taken = house.judge(house.file(Change("CHG-51", sent, ("LIN+1+3", "QTY+21:2:PCE"), dated="202601051300")))
    assert [answer.function for answer in answers(taken.replies)] == ["29"]
    (line,) = house.order_of(number)["lines"]
    assert (line["state"], line["reserved"], house.stock("RARE")["available"]) == ("reserved", "2", str(free - 2))
    assert house.awaited("RARE") == 0
    house.gateway.operations.cancel(number, actor="user:eve", reason="test is over")


def test_changed_values_lead_into_the_change_and_the_others_into_the_order(house) -> None:
    sent, number = placed(house)
    lines = ("LIN+1+3", "QTY+21:4:PCE", f"LIN+3+1+{RARE}:EN", "QTY+21:1:PCE", "SCC+1", "QTY+21:1:PCE")
    content = house.file(Change("CHG-60", sent, lines)).encode()
    taken = house.judge(content)
    change_id = taken.documents[0]["id"]
    for field, value, occurrence in (("lines.1.quantity", "4", 1), ("lines.3.quantity", "1", 2)):
        source = house.gateway.operations.source(number, field)
        place = place_of(content, "QTY+21", occurrence)
        assert (source["value"], source["verified"], source["document_id"]) == (value, True, change_id)
        assert (source["kind"], source["segment"]) == ("edifact", place.segment)
        found = content[source["offset"] : source["offset"] + source["length"]]
        assert found.decode() == source["text"] == value
    for field in ("lines.2.quantity", "lines.1.price", "buyer_reference"):
        source = house.gateway.operations.source(number, field)
        assert (source["verified"], source["document_id"] == change_id) == (True, False)
    with pytest.raises(NotFound):
        house.gateway.operations.source(number, "lines.9.quantity")


def test_a_quantity_that_only_a_schedule_says_is_derived_from_the_change(house) -> None:
    sent, number = placed(house)
    lines = ("LIN+1+3", "SCC+1", "QTY+21:3:PCE", "SCC+1", "QTY+21:4:PCE")
    taken = house.judge(house.file(Change("CHG-61", sent, lines)))
    source = house.gateway.operations.source(number, "lines.1.quantity")
    assert (source["value"], source["kind"], source["rule"]) == ("7", "derived", "ordering.change")
    assert source["document_id"] == taken.documents[0]["id"]


def test_a_partner_that_wants_no_answers_gets_none(house) -> None:
    house.agree(respond="none")
    try:
        sent, number = placed(house)
        taken = house.judge(house.file(Change("CHG-62", sent, ("LIN+1+3", "QTY+21:4:PCE"))))
        assert (answers(taken.replies), house.order_of(number)["revision"]) == ([], 2)
    finally:
        house.agree()


def test_a_test_changes_test_orders_alone(house) -> None:
    sent, number = placed(house)
    taken = house.judge(house.file(Change("CHG-63", sent, ("LIN+1+3", "QTY+21:4:PCE")), test=True))
    assert (taken.outcomes, taken.reasons) == (["parked"], ["order.unknown"])
    assert house.order_of(number)["revision"] == 1
