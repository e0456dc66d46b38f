"""The words and colours of states: what a person reads where a program reads a code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from gateway.web.ports import Json

Tone = Literal["good", "busy", "warn", "bad", "quiet"]

#: header states in the order of an order's life; roll-ups that share a step stand together
STEPS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("Received", frozenset({"draft", "received", "in_review"})),
    ("Confirmed", frozenset({"confirmed"})),
    ("Packed", frozenset({"released", "picking", "packed"})),
    ("Shipped", frozenset({"shipped", "in_transit"})),
    ("Delivered", frozenset({"delivered", "partially_delivered", "refused"})),
    ("Invoiced", frozenset({"invoiced", "settled", "archived"})),
)
_TONES: Final[dict[str, Tone]] = {
    "accepted": "good", "changed": "good", "rejected": "bad", "duplicate": "quiet", "parked": "warn", "waiting": "warn",
    "held": "warn", "declined": "bad", "cancelled": "bad", "refused": "bad", "partially_delivered": "warn",
    "delivered": "good", "invoiced": "good", "settled": "good", "archived": "quiet", "sent": "good",
    "acknowledged": "good", "failed": "bad", "undeliverable": "bad", "outcome_unknown": "warn",
    "error": "bad", "quiet": "quiet", "warning": "warn", "hold": "warn",
}  # fmt: skip
_ENDED: Final = frozenset({"declined", "cancelled"})

#: names of EDIFACT messages in words
_MESSAGES: Final = {
    "ORDERS": "Order", "ORDCHG": "Order change", "ORDRSP": "Order response", "CONTRL": "Syntax report",
    "DESADV": "Despatch advice", "INVOIC": "Invoice", "APERAK": "Application report", "IFTMBC": "Booking confirmation",
    "IFTSTA": "Tracking", "BOOKING": "Carrier booking", "TRACKING": "Carrier scan",
}  # fmt: skip


def tone(state: str) -> Tone:
    """Return the colour of a state, outcome or severity."""
    return _TONES.get(state, "busy")


def label(code: str | None) -> str:
    """Return a code as words: ``in_review`` -> ``In review``, ``price.mismatch`` -> ``Price mismatch``."""
    return (code or "").replace("_", " ").replace(".", " ").capitalize() or "Not said"


def billing(code: str) -> str:
    """Return how far an order is billed: ``none`` -> ``Not billed``."""
    return {"none": "Not billed", "part": "Part billed", "full": "Billed"}.get(code, label(code))


def message_name(type_: str | None) -> str:
    """Return what a message type is called: ``ORDRSP`` -> ``Order response``."""
    return _MESSAGES.get(type_ or "", "Document")


def order_state(order: Json) -> str:
    """Return the state to show: an order with open holds is held, whatever its state."""
    return "held" if order["holds"] and order["state"] not in _ENDED else str(order["state"])


def steps(state: str) -> list[tuple[str, Literal["done", "here", "ahead"]]]:
    """Return the six steps of an order's life and where *state* is on it; no step when it ended early."""
    here = next((place for place, (_, states) in enumerate(STEPS) if state in states), None)
    if here is None:
        return []
    last = len(STEPS) - 1
    return [
        (name, "done" if place < here or here == last else "here" if place == here else "ahead")
        for place, (name, _) in enumerate(STEPS)
    ]


def instant(text: str) -> datetime:
    """Return the instant of RFC 3339 *text* in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


_FORMS: Final = {"clock": "%H:%M:%S", "short": "%-d %b %H:%M:%S", "day": "%-d %B %Y", "long": "%-d %b %Y, %H:%M:%S UTC"}


def moment(text: str, form: Literal["clock", "short", "day", "long"] = "long") -> str:
    """Return an instant for a person: ``22 Nov 2025, 08:15:02 UTC``, or a shorter form."""
    return instant(text).strftime(_FORMS[form])


def sentence(text: str) -> str:
    """Return *text* with a capital first letter."""
    return text[:1].upper() + text[1:]


def price(text: str | None) -> str:
    """Return a price with two decimals at least: ``4.9`` -> ``4.90``, ``0.125`` stays."""
    if text is None:
        return amount(None)
    whole, _, decimals = text.partition(".")
    return amount(f"{whole}.{decimals.ljust(2, '0')}")


def amount(text: str | None, currency: str | None = None) -> str:
    """Return a decimal with thin spaces between its thousands, and the currency: ``12 500.00 EUR``."""
    if text is None:
        return "\u2013"
    sign = "\u2212" if text.startswith("-") else ""
    whole, point, decimals = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}".replace(",", "\u202f") + point + decimals + (f"\u00a0{currency}" if currency else "")
