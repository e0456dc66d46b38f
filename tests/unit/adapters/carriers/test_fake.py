"""The fake's scripted failures say what they say: taken or not taken."""

from __future__ import annotations

from collections import deque

import pytest

from core.errors import DeliveryFailed, OutcomeUnknown
from core.testing.carrier import Failure, FakeCarrier, SteppedClock, booking_request


async def test_a_failure_before_taking_leaves_nothing_behind() -> None:
    fake = FakeCarrier(SteppedClock(), failures=deque([Failure(DeliveryFailed("refused connection"))]))
    with pytest.raises(DeliveryFailed, match="refused connection"):
        await fake.book(booking_request("B-1"))
    assert await fake.find("B-1") is None
    assert fake.asked == 1


async def test_a_failure_after_taking_leaves_the_booking_behind() -> None:
    fake = FakeCarrier(SteppedClock(), failures=deque([None, Failure(OutcomeUnknown("timed out"), taken=True)]))
    first = await fake.book(booking_request("B-1"))
    with pytest.raises(OutcomeUnknown, match="timed out"):
        await fake.book(booking_request("B-2"))
    found = await fake.find("B-2")
    assert found is not None
    assert fake.read_booking(found.content).tracking_number != fake.read_booking(first.content).tracking_number
    assert fake.asked == 2
