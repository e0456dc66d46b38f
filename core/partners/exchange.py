"""How interchanges are exchanged under one agreement: receipts, repeats, what is held up, what we wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

#: days for which a reference counts as used: longer than any partner sends again, shorter than any counter turns over
DUPLICATE_DAYS: Final = 90
#: the key of ``acknowledged_within`` that holds for every message type without one of its own
ANY_TYPE: Final = "any"

Level = Literal["interchange", "group", "message"]


@dataclass(frozen=True, slots=True)
class ExchangeTerms:
    """The part of an agreement that is about envelopes and what we answer, none of it about trade.

    ``receipt`` says when the technical receipt (CONTRL, UCI action 8) is sent, apart from the functional one.
    ``tell_accepted`` names accepted messages in CONTRL, too. ``suspend`` says what one rejected message holds up:
    itself, or the whole interchange, whose other messages are then parked until they are replayed. ``strangers`` and
    ``tests`` park or take, or refuse by CONTRL, envelopes that name other parties or the test indicator.
    ``tell_pending`` tells by ORDRSP 12 that an order waits for our review, and asks by it what the buyer must answer.
    ``report`` says when an APERAK tells what became of a document that CONTRL accepts; "on_request" goes by BGM 4343.
    ``unique`` are the levels at which a reference must be new within ``duplicate_days`` (0: for ever).
    ``messages`` are the message types agreed on, () for any. ``acknowledged_within`` are hours by message type in
    which the partner acknowledges what we send, :data:`ANY_TYPE` for the rest; nothing is waited for without it.
    """

    receipt: Literal["always", "on_request", "never"] = "on_request"
    tell_accepted: bool = False
    tell_pending: bool = False
    suspend: Literal["message", "interchange"] = "message"
    strangers: Literal["park", "refuse"] = "park"
    tests: Literal["take", "refuse"] = "take"
    report: Literal["always", "on_request", "on_error", "never"] = "never"
    duplicate_days: int = DUPLICATE_DAYS
    unique: tuple[Level, ...] = ("interchange",)
    messages: tuple[str, ...] = ()
    acknowledged_within: Mapping[str, int] = field(default_factory=dict)

    def patience(self, message_type: str) -> timedelta | None:
        """Return how long the partner may take to acknowledge a *message_type*; None where nothing is waited for."""
        hours = self.acknowledged_within.get(message_type, self.acknowledged_within.get(ANY_TYPE))
        return None if hours is None or message_type == "CONTRL" else timedelta(hours=hours)


def terms_from(kept: Mapping[str, Any] | None) -> ExchangeTerms:
    """Return the terms of an agreement's row, which keeps what differs from the defaults."""
    if not kept:
        return DEFAULT_TERMS
    lists = {name: tuple(kept[name]) for name in ("unique", "messages") if name in kept}
    return ExchangeTerms(**{**kept, **lists})


DEFAULT_TERMS: Final = ExchangeTerms()
