"""The events, each with what it tells and a message that tells it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from reference.markdown import code, page, table


def events() -> str:
    """Every event of the stream and of subscriptions, and the message of one."""
    from core.store.hook_deliveries import DeliveryRow, ToldFact  # noqa: PLC0415 - so that pages fail singly
    from core.subscriptions.catalogue import event_types  # noqa: PLC0415 - as above
    from core.subscriptions.messages import event_message  # noqa: PLC0415 - as above

    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    delivery = DeliveryRow(900, 5, 17, 70, 1, 7, "order.confirmed", None, "queued", 0, at, at, None, None, None, None)
    fact = ToldFact(
        at, "rule:touchless", "confirmed for 2026-03-05", '{"why": "touchless"}', 42, 4, "2026-ED-000123", "PO-1", 11,
        "ED", "standard", test=False,
    )  # fmt: skip
    told = event_message(delivery, fact, partner="ALPINA", source="urn:ordergate:4012345000009", of_partner=False)
    return page(
        "Events",
        "What the [event stream and subscriptions](../how-to/events.md) tell. Every message has the same form; `type` "
        "is `ordergate.` and the name, and `data.inputs`, which partners do not get, are what the fact was made from.",
        "```json\n" + json.dumps(json.loads(told), indent=2) + "\n```",
        table(("event", "tells that"), [(code(name), words) for name, words in event_types().items()]),
    )
