"""A buyer's ORDCHG, bytes in to bytes out: what it changes, what holds it, what refuses it, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.testing.edifact import OrdersLine

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
            reasons = tuple(str(one[4]) for one in segments if one[0] == "FTX")
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
