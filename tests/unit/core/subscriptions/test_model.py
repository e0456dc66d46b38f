"""What a subscription hears, how long a delivery is tried, and what its message says."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook

import core
from core.errors import ValueRefused
from core.ordering.states import TRANSITIONS
from core.store.hook_deliveries import DeliveryRow, ToldFact
from core.subscriptions.catalogue import event_types
from core.subscriptions.messages import check_of, event_message, probe_message, secret_of, signed_headers
from core.subscriptions.model import BACKOFF, Fact, Wanted, check_patterns, next_try

AT = datetime(2026, 3, 2, 8, 0, 0, 5, tzinfo=UTC)
FACT = Fact(7, 70, "order.confirmed", 1, 11, "ED", "urgent", test=False)
DELIVERY = DeliveryRow(
    900, 5, 3, 70, 1, 7, "order.confirmed", None, "attempting", 1, AT, AT, None, 1, None, None
)  # fmt: skip
TOLD = ToldFact(
    AT, "key:anna", "confirmed for 2026-03-05", '{"why": "touchless", "margin": "12.00"}', 42, 4, "2026-ED-000123",
    "PO-1", 11, "ED", "urgent", test=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(events=("order.confirmed",)), True),
        (Wanted(events=("order.*",)), True),
        (Wanted(events=("*",)), True),
        (Wanted(events=("order.held", "shipment.*")), False),
        (Wanted(channels=("ED", "EC")), True),
        (Wanted(channels=("EC",)), False),
        (Wanted(order_types=("urgent",)), True),
        (Wanted(order_types=("standard",)), False),
        (Wanted(partner_id=11), True),
        (Wanted(partner_id=12), False),
        (Wanted(events=("order.*",), channels=("EC",)), False),
    ],
)
def test_every_part_that_is_named_must_fit(wanted: Wanted, *, fits: bool) -> None:
    assert wanted.fits(FACT) is fits


def test_tests_are_told_only_where_they_are_asked_for() -> None:
    test = FACT._replace(test=True)
    assert not Wanted().fits(test)
    assert Wanted(tests=True).fits(test)
    assert Wanted(tests=True).fits(FACT)


def test_a_star_is_a_whole_subject() -> None:
    wanted = Wanted(events=("order.*",))
    assert not wanted.fits(FACT._replace(event="orders.confirmed"))
    assert check_patterns(["order.*", "hold.released", "order.*"], tuple(event_types())) == ("order.*", "hold.released")


@pytest.mark.parametrize("pattern", ["", "order", "order.", ".confirmed", "Order.*", "order.nothing", "*.held", "x.*"])
def test_a_pattern_that_names_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValueRefused, match="names no event"):
        check_patterns([pattern], tuple(event_types()))


def test_at_most_fifty_patterns() -> None:
    assert check_patterns(["*"] * 50, tuple(event_types())) == ("*",)
    with pytest.raises(ValueRefused, match="at most 50"):
        check_patterns(["*"] * 51, tuple(event_types()))


def test_tries_go_on_for_more_than_a_day_and_then_end() -> None:
    waits = [next_try(attempts) for attempts in range(1, len(BACKOFF) + 1)]
    assert waits == sorted(waits, key=lambda wait: wait or timedelta(0))
    assert timedelta(days=1) < sum((wait for wait in waits if wait), timedelta(0)) < timedelta(days=2)
    assert next_try(len(BACKOFF) + 1) is None


def told(**changes: Any) -> dict[str, Any]:
    content = event_message(
        DELIVERY, TOLD._replace(**changes), partner="ACME", source="urn:ordergate:1", of_partner=False
    )
    found: dict[str, Any] = orjson.loads(content)
    return found


def test_a_message_is_a_cloud_event() -> None:
    message = told()
    assert message["data"].pop("inputs") == {"why": "touchless", "margin": None}
    assert message == {
        "specversion": "1.0",
        "id": "2026-ED-000123/4",
        "source": "urn:ordergate:1",
        "type": "ordergate.order.confirmed",
        "subject": "2026-ED-000123",
        "time": "2026-03-02T08:00:00.000005Z",
        "datacontenttype": "application/json",
        "sequence": "3",
        "partitionkey": "2026-ED-000123",
        "data": {
            "number": "2026-ED-000123",
            "buyer_reference": "PO-1",
            "partner": "ACME",
            "channel": "ED",
            "type": "urgent",
            "test": False,
            "summary": "confirmed for 2026-03-05",
            "document_id": "42",
            "order": "/api/v1/orders/2026-ED-000123",
            "actor": "key:anna",
        },
    }
    assert told(document_id=None)["data"]["document_id"] is None


def test_a_partner_does_not_hear_who_decided_and_from_what() -> None:
    content = event_message(DELIVERY, TOLD, partner="ACME", source="urn:ordergate:1", of_partner=True)
    assert {"actor", "inputs"} & set(orjson.loads(content)["data"]) == set()
    assert b"anna" not in content
    assert b"touchless" not in content


def test_the_same_fact_gives_the_same_bytes_at_every_try() -> None:
    again = DELIVERY._replace(attempts=4, state="queued", due_at=AT + timedelta(hours=1), last_error="answered 500")
    first, later = (
        event_message(row, TOLD, partner="ACME", source="urn:ordergate:1", of_partner=False)
        for row in (DELIVERY, again)
    )
    assert first == later


@pytest.mark.parametrize("generations", [(1,), (2, 1)])
def test_another_library_verifies_every_secret_that_counts(generations: tuple[int, ...]) -> None:
    secrets = [secret_of(b"k" * 32, 5, generation) for generation in generations]
    body = probe_message(DELIVERY, source="urn:ordergate:1")
    headers = dict(signed_headers(DELIVERY, body, secrets, datetime.now(UTC)))
    for secret in secrets:
        assert Webhook(secret).verify(body, headers)["type"] == "ordergate.order.confirmed"
    for wrong in (secret_of(b"k" * 32, 6, 1), secret_of(b"K" * 32, 5, 1), secret_of(b"k" * 32, 5, 3)):
        with pytest.raises(Exception, match="No matching signature"):
            Webhook(wrong).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(secrets[0]).verify(body + b" ", headers)


def test_the_signature_is_what_the_specification_says() -> None:
    secret = secret_of(b"k" * 32, 5, 1)
    headers = signed_headers(DELIVERY, b'{"a":1}', [secret], AT)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, b'msg_900.1772438400.{"a":1}', hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(signed).decode()
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_900", "1772438400")


def test_a_secret_is_recognised_and_not_given_away() -> None:
    secret = secret_of(b"k" * 32, 5, 1)
    assert check_of(secret) == check_of(secret)
    assert len(check_of(secret)) == 8
    assert check_of(secret) != check_of(secret_of(b"k" * 32, 5, 2))


def test_the_catalogue_names_every_event_once() -> None:
    names = list(event_types())
    assert len(names) == len(set(names))
    assert all(words and words[0].islower() and not words.endswith(".") for words in event_types().values())


def test_the_catalogue_names_nothing_that_never_happens() -> None:
    """Each name stands in the core, or is made there of a subject and a state."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in Path(core.__path__[0]).rglob("*.py"))
    made = {f"order.{state}" for state in TRANSITIONS.values()} | {
        f"task.{end}" for end in ("done", "cancelled", "expired")
    }
    made |= {"return.authorised", "return.refused"}
    made |= {"approval.approved", "approval.declined", "notice.reduced"}  # the last by whoever renders notices
    made |= {f"message.{verb}" for verb in ("acknowledged", "refused", "resent", "reissued")}
    assert [name for name in event_types() if f'"{name}"' not in sources and name not in made] == []
