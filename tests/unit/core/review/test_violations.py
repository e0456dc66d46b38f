"""Every fault of a field has words, and a pointer into the body (VAL-02, INT-19)."""

from __future__ import annotations

import pytest

from core.review.customer import MISSING, FieldFault
from core.review.formats import FORMATS, MALFORMED
from core.review.violations import pointer_of, violation_of


@pytest.mark.parametrize("code", sorted({one.code for one in FORMATS.values()}))
def test_every_format_has_its_code_told(code: str) -> None:
    """VAL-05."""
    told = violation_of(FieldFault("buyer.phone", code, "20003"))
    assert (told.code, told.tag, told.value) == (code, "/buyer/phone", "20003")
    assert "20003" in told.message
    assert ("buyer.phone" in told.message) is (code == MALFORMED)
    for language in ("de", "zh"):
        assert told.told(language).message not in ("", told.message)


def test_what_is_missing_has_no_value() -> None:
    told = violation_of(FieldFault("buyer.phone", MISSING))
    assert (told.code, told.tag, told.value) == ("field.missing", "/buyer/phone", None)
    assert "buyer.phone" in told.message


@pytest.mark.parametrize(
    ("field", "pointer"),
    [("currency", "/currency"), ("ship_to.postal_code", "/ship_to/postal_code"), ("lines.2.gtin", "/lines/1/gtin")],
)
def test_lines_are_pointed_to_by_their_place(field: str, pointer: str) -> None:
    assert pointer_of(field) == pointer
