"""A platform's JSON as values that lose nothing: numbers are decimals, never floats (RFC 8259)."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from core.provenance import Level, Violation, fault

#: a number with more characters is no quantity, amount or id of any shop
_LONGEST_NUMBER: Final = 40
#: integers up to here are ``int``, so that expressions of a generic channel can compare them
_LONGEST_INT: Final = 18


class Unkept(str):
    """A number that is too long, or too large, to be kept; its text tells what was sent."""

    __slots__ = ()


def _number(sent: str) -> Decimal | Unkept:
    if len(sent) <= _LONGEST_NUMBER:
        try:
            return Decimal(sent)
        except InvalidOperation:
            return Unkept(sent)  # an exponent beyond what decimals have
    return Unkept(sent[:_LONGEST_NUMBER])


def _integer(sent: str) -> int | Decimal | Unkept:
    return int(sent) if len(sent) <= _LONGEST_INT else _number(sent)


def _constant(sent: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(sent)


def parse(body: bytes) -> tuple[Any, Violation | None]:
    """Return the JSON value of *body*, or None and why it is none. Never raises.

    Integers are ``int`` up to 18 digits, all other numbers ``Decimal``, and :class:`Unkept` beyond 40 characters.
    """
    try:
        return json.loads(
            body.decode("utf-8-sig"), parse_float=_number, parse_int=_integer, parse_constant=_constant
        ), None
    except UnicodeDecodeError as error:
        return None, fault("shop.not_utf8", {"offset": error.start}, level=Level.INTERCHANGE, offset=error.start)
    except json.JSONDecodeError as error:
        offset = len(error.doc[: error.pos].encode())
        return None, fault("shop.not_json", {"offset": offset}, level=Level.INTERCHANGE, offset=offset)
    except ValueError as error:
        constant = str(error)
        return None, fault(
            "shop.not_json", {"sent": constant}, variant="constant", level=Level.INTERCHANGE, value=constant
        )
    except RecursionError:
        return None, fault("shop.too_deep", level=Level.INTERCHANGE)
