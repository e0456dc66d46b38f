"""What readers of pictures take for one another (ocr-intake, section 3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paper.signs import gtins_near, in_form, is_misread, looks, looks_near, numbers_in
from core.values import is_gtin

CODES = st.text("ABCDEFXYZ0123456789-", min_size=1, max_size=12)


def test_twins_and_separators_look_the_same() -> None:
    assert looks("HX-10O0") == looks("hx 1000") == "HX1000"
    assert looks("MC-9942-D19") == looks("MC-9942-019")
    assert looks("HX-1000") != looks("HX-1006")


@given(CODES, st.data())
def test_every_code_with_one_sign_misread_is_among_those_near_it(code: str, data: st.DataObject) -> None:
    look = looks(code)
    place = data.draw(st.integers(0, len(look)))
    sign = data.draw(st.sampled_from("0123456789ACEFHXY"))
    for other in (
        look[:place] + sign + look[place + 1 :],
        look[:place] + look[place + 1 :],
        look[:place] + sign + look[place:],
    ):
        assert other in looks_near(look)
        assert other == look or is_misread(other, look)
        assert other == look or is_misread(look, other)


@given(CODES, CODES)
def test_what_is_misread_is_near_and_nothing_else(one: str, other: str) -> None:
    one, other = looks(one), looks(other)
    assert (one == other or is_misread(one, other)) == (one in looks_near(other))


def test_a_gtin_with_one_wrong_digit_may_be_as_many_as_it_has_digits() -> None:
    near = gtins_near("4006381333930")
    assert "4006381333931" in near
    assert len(near) == 13
    assert all(is_gtin(one) for one in near)
    assert gtins_near("40063B1333931") == set()


@pytest.mark.parametrize(
    ("read", "form", "meant"),
    [
        ("P02026000836", "PO9999999999", "PO2026000836"),
        ("PQ2O26", "PO9999", "PO2026"),
        ("CG.00067003", "CG-99999999", "CG-00067003"),
        ("4500O25595", "9999999999", "4500025595"),
        ("PO-4711", "PO-99999", ""),
        ("PX-4711", "PO-9999", ""),
        ("PO-47A1", "PO-9999", ""),
    ],
)
def test_a_form_says_which_twin_was_meant(read: str, form: str, meant: str) -> None:
    assert in_form(read, form) == meant


def test_numbers_of_an_address_keep_the_letters_that_belong_to_them() -> None:
    assert numbers_in("14 Foundry Lane; Leeds LS1O 1JR") == numbers_in("Leeds LS10 1JR, 14 Foundry Lane")
    assert numbers_in("04317Leipzig") == ["04317"]
    assert numbers_in("Unit7, Quay Road") == numbers_in("Unit 7, Quay Road")
    assert numbers_in("\u6d66\u4e1c\u65b0\u533a\u5f20\u6c5f\u8def688\u53f73\u53f7\u697c") == ["3", "688"]
