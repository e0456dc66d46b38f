"""What a program gives and what is sent: exact decimals, instants with their offset, segments of paths."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.client import AddressRefused, shapes
from gateway.client.retries import Retries, read_retry_after
from gateway.client.values import entity_tag, query_text, segment


def test_a_decimal_is_sent_as_its_digits() -> None:
    line = shapes.LineRequest(sku="A", quantity=Decimal("1E+3"))
    assert line.model_dump_json(exclude_unset=True) == '{"quantity":"1000","sku":"A"}'
    assert query_text(Decimal("1E+3")) == "1000"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_every_decimal_comes_back_as_it_was(value: Decimal) -> None:
    line = shapes.LineRequest(sku="A", quantity=value)
    assert shapes.LineRequest.model_validate_json(line.model_dump_json(exclude_unset=True)).quantity == value


def test_a_float_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValidationError, match="never a float"):
        shapes.LineRequest(sku="A", quantity=0.1)  # type: ignore[arg-type]
    with pytest.raises(AddressRefused, match="never a float"):
        query_text(0.1)


def test_a_misspelt_key_of_a_body_is_refused_and_one_of_an_answer_kept() -> None:
    with pytest.raises(ValidationError, match="qantity"):
        shapes.LineRequest(sku="A", qantity="1")  # type: ignore[call-arg]
    answer = shapes.Alive.model_validate({"status": "ok", "since": "a newer gateway"})
    assert answer.as_json() == {"status": "ok", "since": "a newer gateway"}


def test_only_what_was_set_is_sent() -> None:
    assert shapes.SubscriptionChange(state="paused").model_dump_json(exclude_unset=True) == '{"state":"paused"}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (dt.datetime(2026, 1, 31, 8, tzinfo=dt.UTC), "2026-01-31T08:00:00+00:00"),
    ],
)
def test_a_value_of_a_query(value: object, text: str) -> None:
    assert query_text(value) == text


def test_an_instant_without_its_offset_is_refused() -> None:
    with pytest.raises(AddressRefused, match="offset"):
        query_text(dt.datetime(2026, 1, 31, 8))  # noqa: DTZ001 - it is what is refused


def test_a_value_stays_in_its_segment() -> None:
    assert segment("/orders/{}/lines/{}", "a/b?c#d", 1) == "/orders/a%2Fb%3Fc%23d/lines/1"
    for value in ("", ".", ".."):
        with pytest.raises(AddressRefused):
            segment("/orders/{}", value)


def test_a_version_gets_its_quotes() -> None:
    assert [entity_tag(version) for version in ('"3"', "3", "*")] == ['"3"', '"3"', "*"]


def test_secrets_are_not_in_the_text_of_an_answer() -> None:
    fields = shapes.SecretShape.model_fields
    assert not fields["secret"].repr
    assert fields["secret"].is_required()


class TestRetries:
    def test_pauses_double_up_to_the_longest(self) -> None:
        pauses = [Retries(attempts=6, longest_seconds=1.0).pause(attempt, None) for attempt in range(1, 7)]
        for pause, most in zip(pauses, (0.25, 0.5, 1.0, 1.0, 1.0), strict=False):
            assert pause is not None
            assert most / 2 <= pause <= most
        assert pauses[-1] is None

    def test_the_gateway_is_waited_for_as_long_as_it_asks(self) -> None:
        assert Retries().pause(1, 7.0) == 7.0
        assert Retries().pause(1, 31.0) is None

    @pytest.mark.parametrize(
        ("given", "seconds"),
        [
            ("3", 3.0),
            ("Thu, 01 Jan 1970 00:01:40 GMT", 40.0),
            ("Thu, 01 Jan 1970 00:00:10 GMT", 0.0),
            ("soon", None),
            (None, None),
        ],
    )
    def test_retry_after_is_seconds_or_a_date(self, given: str | None, seconds: float | None) -> None:
        assert read_retry_after(given, 60.0) == seconds
