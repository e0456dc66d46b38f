"""Strict readers of numbers, days, units and currencies: every reading that a text allows, and none that it does not.

A lenient reader guesses; here each guess is a candidate, and the sums of the order choose (ocr-intake, section 5).
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from adapters.email.extraction.lexicon import apart, folded, lexicon
from adapters.email.extraction.misread import digits_of, misread_days, misread_numbers
from core.manner import First

#: signs that a picture turns into one another, where a number is meant
_ALIKE: Final = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})
_MONEY: Final = re.compile(r"^(?:[A-Z]{3}|[€$£¥￥元]|RMB)?\s*|\s*(?:[A-Z]{3}|[€$£¥￥元]|RMB)?[.;:]?$")
_NUMBER: Final = re.compile(r"[+-]?\d[\d.,' \u00a0\u202f]*")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*")
_CURRENCIES: Final = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "CNY",
    "￥": "CNY",
    "元": "CNY",
    "rmb": "CNY",
    "人民币": "CNY",
}
_MONTHS: Final = 12
#: shorter names of months differ by a stroke
_NAME: Final = 4
_PARTS_OF_DAYS: Final = frozenset("年月日")
_CODE: Final = re.compile(r"\b(?:EUR|USD|GBP|CNY|CHF|PLN|CZK|SEK|DKK|NOK|HUF|JPY|HKD|CAD|AUD|SGD|TWD|KRW|INR|TRY)\b")
_ISO: Final = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_CHINESE: Final = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_DOTTED: Final = re.compile(r"(?<!\d)(?<!\d[^\W\d_])(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
_NAMED: Final = re.compile(r"(?<!\d)(\d{1,2})\.?(?:st|nd|rd|th)?[ -]?([^\W\d_]{3,9})\.?,?[ -]?(\d{4})(?!\d)")
_NAMED_FIRST: Final = re.compile(r"([^\W\d_]{3,9})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?,?[ -]?(\d{4})(?!\d)")


def numbers(text: str, *, guessed: bool = False, money: bool = False) -> list[Decimal]:
    """Return every number that *text* can be, the likeliest first; none where it is anything beside a number.

    ``1.234`` is 1234 or 1.234; ``1.234,50`` is one number. Where signs were *guessed* from a picture, letters that look
    like digits count as them, and of *money* the mark may be lost.
    """
    bare = _MONEY.sub("", text.strip().translate(_ALIKE) if guessed else text.strip())
    strict = _strict(bare) if _NUMBER.fullmatch(bare) else []
    loose = misread_numbers(_MONEY.sub("", text.strip()), money=money) if guessed else []
    return strict or loose if not money else [*strict, *(one for one in loose if one not in strict)]


def _strict(bare: str) -> list[Decimal]:
    sign = "-" if bare.startswith("-") else ""
    digits = bare.lstrip("+-").strip()
    found: list[Decimal] = []
    for whole, fraction in _readings(digits):
        with suppress(ArithmeticError):
            number = Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
            if number not in found:
                found.append(number)
    return found


def number_with(text: str, mark: str) -> str | None:
    """Return the number in *text* with *mark* before its fraction, None where it holds none or is none then."""
    bare = _MONEY.sub("", text.strip())
    readings = {f"{one:f}" for one in numbers(text)}
    whole, _, fraction = bare.partition(mark)
    told = re.sub(r"[^\d-]", "", whole) + (f".{fraction}" if fraction else "")
    return told if told in readings else None


def _readings(digits: str) -> list[tuple[str, str]]:
    """Return whole and fractional digits of each reading."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        bare = re.sub(r"['\s]", "", digits)
        return [(bare, "")] if bare == digits or _GROUPED.fullmatch(digits) else []
    head, tail = digits[:last], digits[last + 1 :]
    mark = digits[last]
    readings = []
    grouped = _GROUPED.fullmatch(digits) is not None
    plain_head = head.isdigit() or (_GROUPED.fullmatch(head) is not None and mark not in head)
    if tail.isdigit() and plain_head:
        readings.append((re.sub(r"\D", "", head), tail))
    if grouped:
        readings.append((re.sub(r"\D", "", digits), ""))
    # three digits after the only mark: more often thousands than thousandths of a whole number without a leading zero
    if len(readings) == 2 and not head.startswith("0"):
        readings.reverse()
    return readings


def days(text: str, *, guessed: bool = False, of_all: bool = False) -> list[date]:
    """Return every day that *text* names, the likeliest first.

    ``03/04/2026`` is the third of April or the other, unless it is known how the customer writes, which *of_all* leaves
    aside. Where signs were *guessed* from a picture, what parts a day may be any mark.
    """
    found: list[date] = []
    said, first = digits_of(text) if guessed else text, "" if of_all else lexicon().manner.first
    for year, month, day in _parts(said, first) or (misread_days(said, first) if guessed else ()):
        with suppress(ValueError):
            one = date(year, month, day)
            if one not in found:
                found.append(one)
    return found


def first_shown(text: str) -> First:
    """Return which of two numbers of a day comes first in *text*, ``day`` or ``month``; "" where it does not show."""
    for found in _DOTTED.finditer(text):
        first, second = int(found[1]), int(found[2])
        if "." not in found[0] and max(first, second) > _MONTHS:
            return "day" if first > _MONTHS else "month"
    return ""


def _parts(text: str, known: str) -> list[tuple[int, int, int]]:
    """Return year, month and day of each reading; *known* says whether the day or the month comes first."""
    parts = [
        (int(found[1]), int(found[2]), int(found[3])) for found in (*_ISO.finditer(text), *_CHINESE.finditer(text))
    ]
    parts += [(int(found[3]), _month(found[2]), int(found[1])) for found in _NAMED.finditer(text)]
    parts += [(int(found[3]), _month(found[1]), int(found[2])) for found in _NAMED_FIRST.finditer(text)]
    for found in _DOTTED.finditer(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
        ways = [(year, second, first)]
        if "." not in found[0]:  # only with a slash or a hyphen does anybody write the month first
            ways.append((year, first, second))
        if known and len(ways) == 2 and max(first, second) <= _MONTHS:
            ways = ways[:1] if known == "day" else ways[1:]
        parts += ways
    return parts


def _month(name: str) -> int:
    """Return the month of a name or of its first three letters; 0, which is none, where it is no name of one."""
    months = lexicon().months
    return months.get(folded(name)) or months.get(folded(name)[:3], 0)


def names_day(text: str) -> bool:
    """Tell whether a word of a day has no number and yet only one meaning: ``April``, and no month is nearly so.

    What it stands for is sure once it is read so; ``Juni`` is a stroke from ``Juli``, and ``Mar`` from ``May``.
    """
    word = folded(text)
    months = lexicon().months
    if word in _PARTS_OF_DAYS:
        return True
    if len(word) < _NAME or word not in months:
        return False
    return all(apart(word, other, 1) > 1 for other, month in months.items() if month != months[word])


def unit(text: str) -> str:
    """Return the unit that *text* names as UN/ECE Recommendation 20, "" where it is none that is known."""
    return lexicon().units.of(text) or ""


def currency(text: str) -> str:
    """Return the currency that *text* names as ISO 4217, "" where it names none."""
    if found := _CODE.search(text.upper()):
        return found[0]
    lowered = text.lower()
    return next((code for sign, code in _CURRENCIES.items() if sign in lowered), "")
