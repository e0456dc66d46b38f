"""Shapes that every subject shares: text, decimals, instants, pages, violations, problems."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from core.errors import ValueRefused
from core.values import parse_decimal
from gateway.web.languages import wanted_language

T = TypeVar("T")


class Request(BaseModel):
    """What a caller sends: an unknown key is a fault, and no value is bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


class Shape(BaseModel):
    """What we answer: exactly these keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


#: characters that no trade document needs and some databases refuse: C0 but tab, LF and CR, and DEL
_PRINTABLE: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
DECIMAL_PATTERN: Final = r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$"


def _decimal(given: object) -> Decimal:
    """Return the decimal of plain digits; a JSON number is refused because it may have been a float on its way."""
    if isinstance(given, Decimal):
        return given
    if not isinstance(given, str) or not re.fullmatch(DECIMAL_PATTERN, given, re.ASCII):
        raise ValueError('a decimal is text of plain digits, such as "12.50"')
    return parse_decimal(given)


def _instant(given: object) -> datetime:
    """Return the UTC instant of RFC 3339 text, or the start of a UTC day given as a date."""
    if isinstance(given, datetime):
        return given
    if not isinstance(given, str):
        raise ValueRefused("an instant is text")
    try:
        if len(given) == len("2025-01-31"):
            return datetime.combine(date.fromisoformat(given), time(), UTC)
        instant = datetime.fromisoformat(given)
        if instant.tzinfo is None:
            raise ValueRefused("an instant needs its offset, such as 2025-01-31T08:00:00Z")
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueRefused("the instant is out of range") from None


def _iso_date(given: object) -> object:
    """Let only ISO 8601 text through: a bare number would be read as seconds since 1970."""
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("a date is text such as 2025-01-31")
    return given


#: decimals cross JSON as text: a number could be 5e-324 on its way and still be valid JSON
DecimalText = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN, "examples": ["12.50"]}),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}),
]
IsoDate = Annotated[date, BeforeValidator(_iso_date), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, StringConstraints(max_length=500, pattern=_PRINTABLE)]
#: our or the buyer's code of an item, as EDIFACT 7140 has it
ItemCode = Annotated[str, StringConstraints(min_length=1, max_length=35, pattern=_PRINTABLE)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=70, pattern=_PRINTABLE)]
PartnerCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,20}$")]
OrderNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]
Channel = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:=-]{1,200}$")]
#: an amount, a price or a quantity as we answer it
DecimalOut = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]

#: how far something is off, with its sign
DifferenceOut = Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]+(\.[0-9]+)?$")]


class Paging(Request):
    """Where a list goes on and how long a page is."""

    cursor: Cursor | None = Field(None, description="`next` of the page before")
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class Page(Shape, Generic[T]):
    """A page of a list; ``next`` is the cursor of the following page, null at the end."""

    items: list[T]
    next: str | None


class LanguageHeader(Request):
    """In which language people are told what is wrong."""

    accepted: str = Field(
        "", alias="Accept-Language", description="en, de or zh; English where none of them is accepted"
    )

    @property
    def language(self) -> str:
        """The language to tell it in."""
        return wanted_language(self.accepted)

    @property
    def answered(self) -> dict[str, str]:
        """The headers of an answer that depends on the language."""
        return {"Content-Language": self.language}


class ViolationShape(Shape):
    """One fault and its place: in an interchange by segment and byte, in a JSON body by pointer."""

    code: str
    severity: Literal["error", "warning"]
    level: Literal["interchange", "group", "message", "segment", "element", "component"]
    segment: int | None = Field(description="UNH = 1; null on the envelope")
    tag: str | None
    element: int | None
    component: int | None
    offset: int | None = Field(description="zero-based byte in the file")
    value: str | None
    message: str
    hint: str


class RequestViolation(ViolationShape):
    """A violation in an answer to a request: where in the body or which parameter."""

    pointer: str | None = Field(None, description="RFC 6901, into the JSON body")
    parameter: str | None = Field(None, description="name of a path, query or header parameter")


class ProblemShape(BaseModel):
    """RFC 9457 problem document."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="stable; see the list of error codes")
    hint: str
    violations: list[RequestViolation]
    holds: list[dict[str, Any]] | None = Field(None, description="on 409 of an order: its open holds")
