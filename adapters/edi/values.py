"""Canonical values out of the texts of EDIFACT: numbers, dates, joined texts.

One table of kinds serves the mapping and the source of a field alike: what a field's text means is said once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

from core.errors import ValueOutOfRange, ValueRefused
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, parse_decimal, text, to_scaled

#: a value as the mapping collects it: one component, or the components that make one value together
Raw = str | Sequence[str]

#: UN data element 2379 -> how the digits of 2380 read
DATE_FORMATS: Final = {
    "2": "%d%m%y",
    "101": "%y%m%d",
    "102": "%Y%m%d",
    "201": "%y%m%d%H%M",
    "203": "%Y%m%d%H%M",
    "204": "%Y%m%d%H%M%S",
    "303": "%Y%m%d%H%M",
}
#: what 2379 is taken for where it was not sent
DEFAULT_DATE_FORMAT: Final = "102"
_DATE_LENGTHS: Final = {"2": 6, "101": 6, "102": 8, "201": 10, "203": 12, "204": 14}
#: number of digits -> the only format with a century that it can be
_BY_LENGTH: Final = {8: "102", 12: "203", 14: "204"}
#: 2151 -> the word for a period of payment
_PERIODS: Final = {"D": "days", "W": "weeks", "M": "months", "Y": "years", "WD": "working days", "CD": "days"}
#: tells a number above 0 that any kind takes as it is: up to nine digits and four decimals
is_plain: Final = re.compile(r"(?!0+\.?0*$)[0-9]{1,9}(?:\.[0-9]{1,4})?").fullmatch
#: 303 is CCYYMMDDHHMMZZZ; some send seconds besides
_ZONED: Final = re.compile(r"([0-9]{12})(?:[0-9]{2})?(?:([+-][0-9]{2})|UTC|GMT)?")
#: lengths that a directory gives a component of names (3036) and descriptions (7008), and of free text (4440): what
#: fills one runs on into the next, where senders cut without regard to words
_FULL: Final = frozenset({35, 256})
_FULL_TEXT: Final = frozenset({70, 512})


class DateFormatUnknown(ValueRefused):
    """The date format is none of those that are read."""

    code = "date.format_unknown"


class Kind(Enum):
    """What the text of a field means."""

    TEXT = "text"
    JOINED = "joined"
    WORDS = "words"
    INTEGER = "integer"
    QUANTITY = "quantity"
    PRICE = "price"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    TERMS = "terms"
    ORDER_TYPE = "order_type"


#: fields, by the last part of their path, that are not plain text
KINDS: Final = {
    "line": Kind.INTEGER,
    "quantity": Kind.QUANTITY,
    "ordered": Kind.QUANTITY,
    "backordered": Kind.QUANTITY,
    "price": Kind.PRICE,
    "price_basis": Kind.QUANTITY,
    "amount": Kind.MONEY,
    "total": Kind.MONEY,
    "requested_date": Kind.DATE,
    "promised_date": Kind.DATE,
    "document_date": Kind.INSTANT,
    "order_date": Kind.INSTANT,
    "answered_at": Kind.INSTANT,
    "reported_at": Kind.INSTANT,
    "name": Kind.JOINED,
    "street": Kind.JOINED,
    "description": Kind.JOINED,
    "note": Kind.WORDS,
    "notes": Kind.WORDS,
    "payment_terms": Kind.TERMS,
    "type": Kind.ORDER_TYPE,
    **dict.fromkeys(
        ("allowance_total", "base", "discount", "due", "net", "paid", "payable", "prepaid", "tax"), Kind.MONEY
    ),
    **dict.fromkeys(("max_quantity", "min_order_quantity", "min_quantity", "pack_quantity"), Kind.QUANTITY),
    **dict.fromkeys(("percent", "rate", "tax_rate"), Kind.QUANTITY),
    "gross_price": Kind.PRICE,
    "order_line": Kind.INTEGER,
    **dict.fromkeys(
        ("accepted", "damaged", "despatched", "destroyed", "missing", "received", "returned", "surplus"), Kind.QUANTITY
    ),
    **dict.fromkeys(("delivered_at", "despatched_at", "issued_at", "received_at", "stock_date"), Kind.INSTANT),
    **dict.fromkeys(("period_end", "period_start"), Kind.INSTANT),
    **dict.fromkeys(("best_before", "expected_date", "expires", "produced"), Kind.DATE),
    **dict.fromkeys(("corrects_date", "due_date", "issued", "paid_on", "tax_point", "until"), Kind.DATE),
    "reason": Kind.JOINED,
    **dict.fromkeys(("tax_note", "text"), Kind.WORDS),
}
_SCALES: Final = {Kind.QUANTITY: QUANTITY_SCALE, Kind.PRICE: PRICE_SCALE, Kind.MONEY: MONEY_SCALE}
#: UN data element 1001 -> our order type; any other order is a standard one
ORDER_TYPES: Final = {"224": "urgent", "228": "sample"}

Value = str | int | Decimal | date | datetime


def number(raw: str, kind: Kind, decimal: str) -> Decimal:
    """Return the decimal of *raw*, whose decimal mark is *decimal*.

    Raises:
        ValueRefused: it is not a plain number.
        ValueOutOfRange: it has more decimals, or is larger, than the store keeps for this *kind*.
    """
    if decimal != "." and raw:
        if "." in raw:
            raise ValueRefused(f"not a plain decimal number with the mark {decimal!r}: {raw[:40]!r}")
        raw = raw.replace(decimal, ".")
    if is_plain(raw):
        return Decimal(raw)
    value = parse_decimal(str(raw))
    if value.adjusted() > 18 or len(value.as_tuple().digits) > 40:
        raise ValueOutOfRange(f"{raw[:40]} is beyond any amount that is kept")
    to_scaled(value, _SCALES[kind])
    return value


def dated(raw: Sequence[str]) -> tuple[str, str]:
    """Return (2380, 2379) with the format that the digits have, where the one that was sent has another length."""
    digits, form = raw[0], raw[1] or DEFAULT_DATE_FORMAT
    if _DATE_LENGTHS.get(form, len(digits)) != len(digits) and digits.isascii() and digits.isdigit():
        form = _BY_LENGTH.get(len(digits), form)
    return digits, form


def instant(raw: Sequence[str]) -> datetime:
    """Return the moment of (2380, 2379) in the zone that it names; UTC where it names none, as nearly always.

    Digits that do not fit their format are read as :func:`dated` says.

    Raises:
        DateFormatUnknown: the format is none of :data:`DATE_FORMATS`.
        ValueRefused: it is no date in that format.
    """
    digits, form = dated(raw)
    pattern = DATE_FORMATS.get(form)
    if pattern is None:
        raise DateFormatUnknown(f"date format {form[:10]!r} is not read")
    try:
        return _calendar(digits, form, pattern)
    except ValueError as error:
        raise ValueRefused(f"{digits[:40]!r} is not a date in format {form}") from error


@lru_cache(maxsize=1024)
def _calendar(digits: str, form: str, pattern: str) -> datetime:
    """Read digits of exactly the length that their format has; strptime alone would take fewer, and is slow."""
    if form == "303":
        zoned = _ZONED.fullmatch(digits)
        if zoned is None:
            raise ValueError(digits)
        zone = timezone(timedelta(hours=int(zoned[2]))) if zoned[2] else UTC
        return datetime.strptime(zoned[1], pattern).replace(tzinfo=zone)
    if not (digits.isascii() and digits.isdigit() and len(digits) == _DATE_LENGTHS[form]):
        raise ValueError(digits)
    if form == "102":
        return datetime(int(digits[:4]), int(digits[4:6]), int(digits[6:]), tzinfo=UTC)
    if form == "203":
        year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
        return datetime(year, month, day, int(digits[8:10]), int(digits[10:]), tzinfo=UTC)
    return datetime.strptime(digits, pattern).replace(tzinfo=UTC)


def joined(parts: Raw, full: Collection[int] = _FULL) -> str:
    """Return a name or a description that was sent in one or several components.

    A component that is *full*, which is told by its length, runs on into the next one; else a blank stands between.
    """
    if isinstance(parts, str):
        return parts.strip()
    text, previous = "", 0
    for part in parts:
        if part:
            text += part if not text or previous in full else f" {part}"
            previous = len(part)
    return text.strip()


def words(parts: Raw) -> str:
    """Return a free text (FTX) that was sent in one or several components."""
    return joined(parts, _FULL_TEXT)


def terms(raw: Sequence[str]) -> str:
    """Return payment terms as text: (2475, 2009, 2151, 2152) "5:3:D:30" -> "30 days"."""
    _, _, period, count = (*raw, "", "", "", "")[:4]
    return f"{count} {_PERIODS.get(period, period)}".strip() if count else ""


def convert(kind: Kind, raw: Raw, decimal: str) -> Value:
    """Return the canonical value of a field's texts.

    Raises:
        ValueRefused: the text does not have that kind.
    """
    if kind in _SCALES:
        return number(_single(raw), kind, decimal)
    if kind in _CONVERTERS:
        return _CONVERTERS[kind](raw)
    return _single(raw).strip()


def canonical_text(value: Value) -> str:
    """Return how a value reads in evidence: plain digits, ISO dates, text as is."""
    if isinstance(value, Decimal):
        return text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def integer(raw: str) -> int:
    """Return the line number of *raw*.

    Raises:
        ValueRefused: it is not made of one to nine digits.
    """
    raw = raw.strip()
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        raise ValueRefused(f"not a whole number: {raw[:40]!r}")
    return int(raw)


def _single(raw: Raw) -> str:
    return raw if isinstance(raw, str) else raw[0]


_CONVERTERS: Final[dict[Kind, Callable[[Raw], Value]]] = {
    Kind.JOINED: joined,
    Kind.WORDS: words,
    Kind.INTEGER: lambda raw: integer(_single(raw)),
    Kind.DATE: lambda raw: instant(raw).date(),
    Kind.INSTANT: lambda raw: instant(raw).astimezone(UTC),
    Kind.TERMS: terms,
    Kind.ORDER_TYPE: lambda raw: ORDER_TYPES.get(_single(raw).strip(), "standard"),
}
