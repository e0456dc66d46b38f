"""The types of values that master data is made of, each with its rule."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from stdnum import iban
from stdnum.exceptions import ValidationError as NumberInvalid

from core.errors import ValueRefused
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, is_gln, is_gtin, parse_decimal, to_scaled

#: stands for "since ever" in keys that hold a date
SINCE_EVER: Final = date.min


def _printable(value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise ValueRefused("holds a control character")
    return value


def _gln(value: str) -> str:
    if not is_gln(value):
        raise ValueRefused(f"{value!r} is not a GLN: 13 digits with a check digit")
    return value


def _gtin(value: str) -> str:
    if not is_gtin(value):
        raise ValueRefused(f"{value!r} is not a GTIN: 8, 12, 13 or 14 digits with a check digit")
    return value


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise ValueRefused('write decimals as text, "12.50": TOML numbers are not exact')
    return parse_decimal(value)


def _day(value: Any) -> date:
    if type(value) is date:  # TOML's own local date; not a datetime, which is a date too
        return value
    if not isinstance(value, str):
        raise ValueRefused("not a date: write YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueRefused(f"{value!r} is not a date: write YYYY-MM-DD") from error


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueRefused(f"{value!r} is not a time zone of the IANA list, such as Europe/Berlin") from error
    return value


def _iban(value: str) -> str:
    try:
        return str(iban.validate(value))
    except NumberInvalid as error:
        raise ValueRefused(f"{value!r} is not an IBAN: {error}") from error


class _Fits:
    """Refuses decimals that the store would not keep exactly."""

    def __init__(self, scale: int) -> None:
        self.scale = scale

    def __call__(self, value: Decimal) -> Decimal:
        to_scaled(value, self.scale)
        return value


def _digits(scale: int) -> WithJsonSchema:
    """Return what the API's document says of a decimal: text, because a JSON number may have been a float."""
    return WithJsonSchema(
        {"type": "string", "pattern": rf"^[0-9]{{1,13}}(\.[0-9]{{1,{scale}}})?$", "examples": ["12.50"]}
    )


_NOT_NEGATIVE: Final = Field(ge=0)

Text20 = Annotated[str, Field(max_length=20), AfterValidator(_printable)]
Text35 = Annotated[str, Field(max_length=35), AfterValidator(_printable)]
Text100 = Annotated[str, Field(max_length=100), AfterValidator(_printable)]
Text200 = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Text256 = Annotated[str, Field(max_length=256), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
Code35 = Annotated[str, Field(min_length=1, max_length=35), AfterValidator(_printable)]

PartnerCode = Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,20}$")]
WarehouseCode = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_printable)]
Gln = Annotated[str, AfterValidator(_gln), Field(examples=["4012345000009"])]
Gtin = Annotated[str, AfterValidator(_gtin), Field(examples=["4006381333931"])]
Gs1Prefix = Annotated[str, Field(pattern=r"^\d{4,12}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
UnitCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,3}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
EnvironmentName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]
Timezone = Annotated[str, Field(max_length=64), AfterValidator(_timezone)]
Iban = Annotated[str, AfterValidator(_iban)]
Day = Annotated[date, BeforeValidator(_day)]
Money = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_Fits(MONEY_SCALE)), _NOT_NEGATIVE, _digits(MONEY_SCALE)
]
Price = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_Fits(PRICE_SCALE)), _NOT_NEGATIVE, _digits(PRICE_SCALE)
]
Quantity = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_Fits(QUANTITY_SCALE)), _NOT_NEGATIVE, _digits(QUANTITY_SCALE)
]
Factor = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_Fits(QUANTITY_SCALE)), Field(gt=0), _digits(QUANTITY_SCALE)
]
RateValue = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_Fits(RATE_SCALE)), Field(gt=0), _digits(RATE_SCALE)
]
Percent = Annotated[
    Decimal, BeforeValidator(_decimal), AfterValidator(_Fits(MONEY_SCALE)), Field(ge=0, le=1000), _digits(MONEY_SCALE)
]
