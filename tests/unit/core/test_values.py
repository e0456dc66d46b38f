"""Exact values: nothing drifts, nothing is rounded in silence, keys of GS1 check themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ValueOutOfRange, ValueRefused
from core.values import (
    MONEY_SCALE,
    QUANTITY_SCALE,
    from_scaled,
    gs1_check_digit,
    is_gln,
    is_gtin,
    is_sscc,
    make_sscc,
    money_text,
    parse_decimal,
    round_money,
    same_unit,
    text,
    to_scaled,
)

STORABLE = st.integers(-(2**63 - 1), 2**63 - 1)


@given(STORABLE, st.sampled_from([MONEY_SCALE, QUANTITY_SCALE]))
def test_what_the_store_keeps_comes_back_equal(number: int, scale: int) -> None:
    assert to_scaled(from_scaled(number, scale), scale) == number


@given(st.decimals(-(10**9), 10**9, places=6))
def test_the_text_of_a_decimal_reads_back_equal(value: Decimal) -> None:
    written = text(value)
    assert parse_decimal(written) == value
    assert "E" not in written
    assert not ("." in written and written.endswith("0"))


@pytest.mark.parametrize("value", ["0.0000001", "9223372036854.775808", "-9223372036854.775808", "1e30"])
def test_what_does_not_fit_is_refused_and_never_rounded(value: str) -> None:
    with pytest.raises(ValueOutOfRange) as refused:
        to_scaled(Decimal(value), QUANTITY_SCALE)
    assert refused.value.code == "value.out_of_range"
    assert refused.value.inputs["value"] == str(Decimal(value))


@pytest.mark.parametrize("sent", ["", " 1", "1e3", "NaN", "Infinity", "1,5", "0x10", "--1", "1_000", "\u0661"])
def test_only_plain_digits_are_a_number(sent: str) -> None:
    with pytest.raises(ValueRefused):
        parse_decimal(sent)


def test_amounts_show_cents_and_keep_more_when_there_is_more() -> None:
    assert money_text(Decimal("12.5")) == "12.50"
    assert money_text(Decimal(12)) == "12.00"
    assert money_text(Decimal("0.1234")) == "0.1234"


def test_invoices_round_half_up() -> None:
    assert round_money(Decimal("0.125")) == Decimal("0.13")
    assert round_money(Decimal("-0.125")) == Decimal("-0.13")
    assert round_money(Decimal("0.1249")) == Decimal("0.12")


def test_keys_of_gs1() -> None:
    """The examples are numbers whose check digit GS1 publishes (General Specifications 7.9)."""
    assert gs1_check_digit("629104150021") == "3"
    assert is_gtin("6291041500213")
    assert not is_gtin("6291041500214")
    assert is_gtin("96385074")
    assert is_gln("4012345000009")
    assert not is_gln("401234500000")
    assert is_sscc("106141412345678908")
    assert not is_gln("\uff14012345000009"), "digits are ASCII"


@given(st.text("0123456789", min_size=12, max_size=12))
def test_one_wrong_digit_is_always_seen(body: str) -> None:
    key = body + gs1_check_digit(body)
    assert is_gln(key)
    for place, digit in enumerate(key):
        assert not is_gln(key[:place] + str((int(digit) + 1) % 10) + key[place + 1 :])


@given(st.integers(4, 12).flatmap(lambda length: st.text("0123456789", min_size=length, max_size=length)), st.data())
def test_an_sscc_is_made_of_prefix_and_serial(prefix: str, data: st.DataObject) -> None:
    serial = data.draw(st.integers(0, 10 ** (16 - len(prefix)) - 1))
    made = make_sscc(prefix, serial)
    assert is_sscc(made)
    assert made[1 : 1 + len(prefix)] == prefix
    assert int(made[1 + len(prefix) : -1]) == serial
    with pytest.raises(ValueOutOfRange):
        make_sscc(prefix, 10 ** (16 - len(prefix)))


def test_units_that_mean_the_same() -> None:
    assert same_unit("PCE", "C62")
    assert same_unit("EA", "STK")
    assert not same_unit("PCE", "KGM")
