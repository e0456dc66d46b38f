"""Values cross JSON exactly or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway.web.shapes.common import DecimalText, Instant, IsoDate, Text
from gateway.web.shapes.order import LineRequest, OrderRequest, ShipTo

LINE: dict[str, Any] = {"sku": "LAMP-001", "quantity": "24", "price": "12.50", "unit": "PCE"}


@pytest.mark.parametrize(("text", "value"), [("12.50", "12.50"), ("-3", "-3"), ("0.000001", "0.000001")])
def test_decimals_are_text(text: str, value: str) -> None:
    assert TypeAdapter(DecimalText).validate_python(text) == Decimal(value)


@pytest.mark.parametrize(
    "given", [12.5, 12, True, None, "", "1e3", "NaN", "Infinity", "1,5", "0.0000001", "+1", " 1", "٣", "1" * 14]
)
def test_anything_else_is_no_decimal(given: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(DecimalText).validate_python(given)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-11-22", datetime(2025, 11, 22, tzinfo=UTC)),
        ("2025-11-22T08:15:02Z", datetime(2025, 11, 22, 8, 15, 2, tzinfo=UTC)),
        ("2025-11-22T08:15:02+01:00", datetime(2025, 11, 22, 7, 15, 2, tzinfo=UTC)),
    ],
)
def test_instants_become_utc(text: str, instant: datetime) -> None:
    assert TypeAdapter(Instant).validate_python(text) == instant


@pytest.mark.parametrize(
    "given", ["2025-11-22T08:15:02", "yesterday", 1763799302, "2025-02-30", "0001-01-01T00:00:00+14:00"]
)
def test_an_instant_needs_its_offset_and_its_place_in_the_calendar(given: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(given)


@pytest.mark.parametrize("given", [20251122, "20251122", "2025-02-30", "22.11.2025"])
def test_dates_are_iso_text(given: object) -> None:
    assert TypeAdapter(IsoDate).validate_python("2025-11-22") == date(2025, 11, 22)
    with pytest.raises(ValidationError):
        TypeAdapter(IsoDate).validate_python(given)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f"])
def test_control_characters_are_refused(character: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Text).validate_python(f"a{character}b")


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000.000001"])
def test_a_quantity_is_positive_and_sane(quantity: str) -> None:
    with pytest.raises(ValidationError, match="more than 0"):
        LineRequest.model_validate({**LINE, "quantity": quantity})
    assert LineRequest.model_validate({**LINE, "quantity": "1000000000"}).quantity == Decimal(10**9)


@pytest.mark.parametrize("names", [{}, {"sku": "A", "gtin": "4006381333931"}, {"sku": "A", "buyer_code": "B"}])
def test_a_line_names_its_item_once(names: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        LineRequest.model_validate({"quantity": "1", **names})


def test_an_order_becomes_the_canonical_document() -> None:
    request = OrderRequest.model_validate(
        {
            "partner": "NORDHAUS",
            "buyer_reference": "PO-1",
            "type": "urgent",
            "currency": "EUR",
            "requested_date": "2025-11-29",
            "ship_to": {"gln": "4012345000016", "city": "Kiel"},
            "lines": [LINE, {"gtin": "4006381333931", "quantity": "2"}],
        }
    )
    order = request.document()
    assert (order.buyer_reference, order.code, order.type, order.currency) == ("PO-1", "224", "urgent", "EUR")
    assert order.requested_date == date(2025, 11, 29)
    assert order.ship_to is not None
    assert (order.ship_to.role, order.ship_to.gln, order.ship_to.city) == ("DP", "4012345000016", "Kiel")
    assert [line.line for line in order.lines] == [1, 2]
    assert (order.lines[0].supplier_code, order.lines[0].price) == ("LAMP-001", Decimal("12.50"))
    assert (order.lines[1].gtin, order.lines[1].price) == ("4006381333931", None)
    assert ShipTo().gln == ""
