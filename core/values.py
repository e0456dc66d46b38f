"""Exact values of the trade: scaled money and quantities, GS1 keys, units of measure.

Everything is ``Decimal`` in the program, text in JSON and a scaled 64-bit integer in SQL (ARCHITECTURE decision 8).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from typing import Final

from core.errors import ValueOutOfRange, ValueRefused

MONEY_SCALE: Final = 4
PRICE_SCALE: Final = 6
QUANTITY_SCALE: Final = 6
#: decimals of a rate of exchange as it is loaded
RATE_SCALE: Final = 10
#: the largest quantity of one line that is an order and not a slip (fault table of ARCHITECTURE section 2)
MAX_QUANTITY: Final = Decimal(10) ** 9
_MAX_BIGINT: Final = 2**63 - 1
#: a value with more digits before the point is beyond 64 bits at every scale
_MAX_DIGITS: Final = 18
_CENT: Final = Decimal("0.01")
#: the digits of a rate that is computed from others
RATES: Final = Context(prec=20, rounding=ROUND_HALF_UP)
_EXACT: Final = Context(prec=64, traps=[Inexact])


def to_scaled(value: Decimal, scale: int) -> int:
    """Return *value* x 10^scale as an integer.

    Raises:
        ValueOutOfRange: more decimals than *scale*, or beyond a signed 64-bit integer.
    """
    if value.is_finite() and value.adjusted() <= _MAX_DIGITS:
        scaled = value.scaleb(scale)
        number = int(scaled)
        if number == scaled and -_MAX_BIGINT <= number <= _MAX_BIGINT:
            return number
    raise ValueOutOfRange(f"{value} does not fit {scale} decimals and 64 bits", inputs={"value": str(value)})


def from_scaled(number: int, scale: int) -> Decimal:
    """Return the decimal of :func:`to_scaled`."""
    return Decimal(number).scaleb(-scale)


def text(value: Decimal) -> str:
    """Return *value* as plain digits: no exponent, no trailing zeros after the point ("12.5", "100")."""
    plain = str(value)
    if "E" in plain:
        plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def money_text(value: Decimal) -> str:
    """Return an amount with at least two decimals ("12.50", "0.1234")."""
    plain = text(value)
    _, _, decimals = plain.partition(".")
    return plain if len(decimals) >= 2 else format(value, ".2f")


def round_money(value: Decimal) -> Decimal:
    """Round an amount half up to the cent, as invoices do."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def parse_decimal(value: str) -> Decimal:
    """Return the finite decimal of plain digits with an optional sign and point.

    Raises:
        ValueRefused: exponent, NaN, infinity, blanks or anything else than digits.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or not set(value) <= set("+-.0123456789"):
        raise ValueRefused(f"not a plain decimal number: {value[:40]!r}")
    return number


def gs1_check_digit(body: str) -> str:
    """Return the check digit of *body*: digits from the right weigh 3 and 1 (GS1 General Specifications 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _is_gs1(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isdigit() and gs1_check_digit(value[:-1]) == value[-1]


def is_gln(value: str) -> bool:
    """Tell whether *value* is a GLN: 13 digits with a right check digit."""
    return _is_gs1(value, 13)


def is_gtin(value: str) -> bool:
    """Tell whether *value* is a GTIN-8, -12, -13 or -14 with a right check digit."""
    return any(_is_gs1(value, length) for length in (8, 12, 13, 14))


def make_sscc(gs1_prefix: str, serial: int, extension: int = 0) -> str:
    """Return the SSCC-18 of a package: extension digit, company prefix, serial, check digit.

    Raises:
        ValueOutOfRange: the serial does not fit what the prefix leaves of the 16 digits.
    """
    room = 16 - len(gs1_prefix)
    if (
        not 0 <= extension <= 9
        or not gs1_prefix.isdigit()
        or not 4 <= len(gs1_prefix) <= 12
        or not 0 <= serial < 10**room
    ):
        raise ValueOutOfRange(f"no SSCC for prefix {gs1_prefix!r} and serial {serial}")
    body = f"{extension}{gs1_prefix}{serial:0{room}d}"
    return body + gs1_check_digit(body)


def is_sscc(value: str) -> bool:
    """Tell whether *value* is an SSCC: 18 digits with a right check digit."""
    return _is_gs1(value, 18)


#: unit codes that partners send and UN/ECE recommendation 20 does not know -> the code of the recommendation
UNIT_ALIASES: Final = dict.fromkeys(("PCE", "PC", "ST", "STK", "EA", "PCS", "UN", "NAR", "H87"), "C62")


def same_unit(one: str, other: str) -> bool:
    """Tell whether two unit codes mean the same unit, aliases considered."""
    one, other = one.upper(), other.upper()
    return one == other or UNIT_ALIASES.get(one, one) == UNIT_ALIASES.get(other, other)
