"""What the value of a field looks like: one named format a rule, each with its words and the code that tells a fault.

Pure, and remembered where it is costly: the values of one customer recur with every order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from core.errors import ValueRefused
from core.review.codes import COUNTRIES, CURRENCIES, INCOTERMS
from core.values import MAX_QUANTITY, is_gln, is_gtin, parse_decimal

#: what tells of a value whose format has no code of its own
MALFORMED: Final = "field.malformed"


class Format(NamedTuple):
    """How a value must look: in *words* for people, as *check* of the text.

    A check is also given the country, "" where unknown; that of postal codes the picture of the country.
    """

    words: str
    code: str
    check: Callable[[str, str], bool]


#: postal codes as pictures by country: N is a digit, A a letter, any other sign itself; blanks do not count, | parts
#: alternatives. China's six digits are in the register (VAL-02, decision D15); the others are those of each country's
#: post. In the Netherlands the two letters are often left out: the digits alone name the place.
POSTAL_CODES: Final[Mapping[str, str]] = {
    "AT": "NNNN", "AU": "NNNN", "BE": "NNNN", "BR": "NNNNN-NNN|NNNNNNNN", "CH": "NNNN", "CN": "NNNNNN", "CZ": "NNNNN",
    "DE": "NNNNN", "DK": "NNNN|DK-NNNN", "ES": "NNNNN", "FI": "NNNNN", "FR": "NNNNN", "IN": "NNNNNN", "IT": "NNNNN",
    "JP": "NNN-NNNN|NNNNNNN", "KR": "NNNNN", "LU": "NNNN|L-NNNN", "MX": "NNNNN", "NL": "NNNN|NNNNAA", "NO": "NNNN",
    "PL": "NN-NNN", "PT": "NNNN-NNN", "RU": "NNNNNN", "SE": "NNNNN", "SG": "NNNNNN", "SK": "NNNNN",
    "US": "NNNNN|NNNNN-NNNN",
}  # fmt: skip

#: ITU-T E.164 section 6.1: at most 15 digits; an extension may follow
_PHONE: Final = re.compile(r"(?P<number>\+?[0-9(][0-9 ()/.\-]*)(?: ?(?:ext\.?|x) ?[0-9]{1,6})?")
_PHONE_DIGITS: Final = range(5, 16)
#: RFC 5321 sections 4.1.2 and 4.5.3.1: an unquoted local part, and a domain of two labels or more
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_UNIT: Final = re.compile(r"[A-Z0-9]{1,3}")
_CHANNEL: Final = re.compile(r"[A-Z0-9]{2,4}")
_PICTURE: Final = re.compile(r"[A-Z0-9-]{1,12}(?:\|[A-Z0-9-]{1,12})*")
_ORDER_TYPES: Final = frozenset({"standard", "urgent", "pre_order", "sample"})
#: whose tax numbers begin with another code than the country's (Council Directive 2006/112/EC, article 215)
_TAX_PREFIXES: Final = {"EL": "gr", "XI": "gb"}


def is_picture(picture: str) -> bool:
    """Tell whether *picture* says how a postal code looks."""
    return _PICTURE.fullmatch(picture) is not None


@lru_cache(maxsize=256)
def _pattern(picture: str) -> re.Pattern[str]:
    signs = {"N": "[0-9]", "A": "[A-Za-z]", "|": "|"}
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in picture))


def fits_picture(value: str, picture: str) -> bool:
    """Tell whether a postal code looks like *picture* says; blanks do not count."""
    return _pattern(picture).fullmatch(value.replace(" ", "")) is not None


@lru_cache(maxsize=4096)
def is_tax_id(value: str, country: str) -> bool:
    """Tell whether *value* is a tax number by the rules of its country, check digits included.

    The country is that of its prefix, else *country*; a country without rules takes any text of 4 to 35 characters.
    The United States have no number for sales tax: the employer's (EIN) stands for it.
    """
    plain = value.strip()
    prefix = plain[:2].upper()
    home = _TAX_PREFIXES.get(prefix) or (prefix if prefix in COUNTRIES else country).lower()
    rules = [rule for kind in ("vat", "tin") if home and (rule := get_cc_module(home, kind)) is not None][:1]
    if not rules:
        return _is_text(plain, 35) and len(plain) >= 4
    try:
        rules[0].validate(plain)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_phone(value: str, _: str) -> bool:
    found = _PHONE.fullmatch(value.strip())
    return found is not None and sum(sign.isdigit() for sign in found["number"]) in _PHONE_DIGITS


@lru_cache(maxsize=4096)
def _is_email(value: str, _: str) -> bool:
    local, _, _ = value.partition("@")
    return len(value) <= 254 and len(local) <= 64 and _EMAIL.fullmatch(value) is not None


def _is_text(value: str, longest: int) -> bool:
    return 0 < len(value) <= longest and value.isprintable() and not value.isspace()


def _is_unit(value: str, _: str) -> bool:
    return _UNIT.fullmatch(value) is not None


def _is_date(value: str, _: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: str, least: Decimal, above: Decimal | None = None) -> bool:
    try:
        number = parse_decimal(value)
    except ValueRefused:
        return False
    return number <= MAX_QUANTITY and (number >= least if above is None else number > above)


#: name -> format, as a profile names it
FORMATS: Final[Mapping[str, Format]] = {
    "text": Format("printable text of 1 to 200 characters", MALFORMED, lambda value, _: _is_text(value, 200)),
    "code": Format("1 to 35 printable characters", MALFORMED, lambda value, _: _is_text(value, 35)),
    "channel": Format(
        "2 to 4 letters or digits", MALFORMED, lambda value, _: _CHANNEL.fullmatch(value) is not None
    ),
    "order_type": Format(
        "standard, urgent, pre_order or sample", MALFORMED, lambda value, _: value in _ORDER_TYPES
    ),
    "date": Format("a day, YYYY-MM-DD", MALFORMED, _is_date),
    "currency": Format("a code of ISO 4217", "currency.format", lambda value, _: value in CURRENCIES),
    "country": Format("a code of ISO 3166-1, two letters", "country.format", lambda value, _: value in COUNTRIES),
    "incoterm": Format("a code of the Incoterms of the ICC", MALFORMED, lambda value, _: value in INCOTERMS),
    "gln": Format("13 digits with a check digit", "gln.check_digit", lambda value, _: is_gln(value)),
    "gtin": Format("8, 12, 13 or 14 digits with a check digit", "gtin.check_digit", lambda value, _: is_gtin(value)),
    "tax_id": Format("the country's own rule, check digits included", "tax_id.format", is_tax_id),
    "phone": Format("5 to 15 digits, with +, blanks, ( ) / . - and an extension", "phone.format", _is_phone),
    "email": Format("local part, @, and a domain", "email.format", _is_email),
    "postal_code": Format(
        "the picture of the country", "postal.format",
        lambda value, picture: not picture or fits_picture(value, picture),
    ),
    "line": Format(
        "a whole number from 1 to 999999", MALFORMED,
        lambda value, _: value.isascii() and value.isdigit() and 1 <= int(value[:7]) <= 999999,
    ),
    "quantity": Format(
        "more than 0 and at most 10^9", MALFORMED, lambda value, _: _is_number(value, Decimal(0), Decimal(0))
    ),
    "unit": Format("a unit code of 1 to 3 letters or digits", MALFORMED, _is_unit),
    "price": Format("0 or more", MALFORMED, lambda value, _: _is_number(value, Decimal(0))),
}  # fmt: skip
