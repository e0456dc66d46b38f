"""The way of an order by its type, as data: steps in sequence, and what the rules in force give each type (ORD-12).

The steps are triggers of the state machine, so that a way it does not know cannot be told.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from core.ordering.states import advance, roll_up
from core.review.rulebook import Rulebook

#: what an order can be (ORD-07)
ORDER_TYPES: Final = ("standard", "urgent", "pre_order", "sample")


class Step(NamedTuple):
    """One step: its phase (ORD-01), the state that it leads to, and what is done."""

    phase: str
    step: str
    state: str
    what: str


#: phase, trigger, what is done
_WAY: Final = (
    ("review", "submit", "customer, credit, price and availability are checked"),
    ("review", "confirm", "stock is reserved, the revision locked, the answer sent"),
    ("execute", "release", "the warehouse gets the order"),
    ("execute", "pick", "goods are picked"),
    ("execute", "pack", "goods are packed and labelled"),
    ("execute", "ship", "the carrier takes the goods, the despatch advice is sent"),
    ("deliver", "move", "the carrier tells where the goods are"),
    ("deliver", "deliver", "the receipt is proven"),
)
#: what differs from the words above, by type and trigger
_OTHERWISE: Final = {
    ("pre_order", "confirm"): "planned production is promised to the order, nothing on hand is locked",
    ("pre_order", "release"): "once what was produced is here, the warehouse gets the order",
    ("urgent", "submit"): "the same checks; a person who has to decide is called first",
    ("sample", "submit"): "the same checks; it may cost nothing",
}


def flows(book: Rulebook) -> list[dict[str, Any]]:
    """Return the flow of each order type under the rules *book*, JSON-ready.

    ``priority`` are the points that it starts with, ``review_minutes`` the time in which a held order is decided on,
    ``handling_days`` the days to the promise where none is asked for.
    """
    return [_flow(book, order_type) for order_type in ORDER_TYPES]


def _flow(book: Rulebook, order_type: str) -> dict[str, Any]:
    return {
        "type": order_type,
        "priority": book.priority.base(order_type),
        "review_minutes": book.flow.minutes(order_type),
        "handling_days": book.promise.handling_days(order_type),
        "supply": ["planned"] if order_type == "pre_order" else ["on_hand", "inbound", "planned"],
        "steps": [step._asdict() for step in _steps(order_type)],
    }


def _steps(order_type: str) -> list[Step]:
    state = "received"
    steps = [Step("receive", "receive", state, "the order is entered, numbered and read")]
    for phase, trigger, what in _WAY:
        state = advance(state, trigger)
        steps.append(Step(phase, trigger, state, _OTHERWISE.get((order_type, trigger), what)))
    invoiced, settled = roll_up(state, "full", "open"), roll_up(state, "full", "paid")
    return [
        *steps,
        Step("settle", "invoice", invoiced, "what was shipped is billed"),
        Step("settle", "pay", settled, "the payment covers the invoice"),
        Step("settle", "archive", advance(state, "archive"), "nothing is open: the order is closed and read-only"),
    ]
