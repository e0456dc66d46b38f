"""JMESPath expressions over values that lose nothing: its functions that would make floats make decimals, or fail."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.parser import ParsedResult

LONGEST: Final = 2_000


class ExactFunctions(Functions):
    """JMESPath's functions, with a ``to_number`` that keeps every digit."""

    @signature({"types": []})
    def _func_to_number(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None


_EXACT: Final = jmespath.Options(custom_functions=ExactFunctions())


@lru_cache(maxsize=1024)
def compiled(expression: str) -> ParsedResult:
    """Return an expression that is ready for use.

    Raises:
        ValueError: it is none; the message says where.
    """
    try:
        return jmespath.compile(expression)
    except (JMESPathError, RecursionError) as error:
        raise ValueError(f"no JMESPath expression: {error}") from error


def found_by(expression: str, value: Any) -> Any:
    """Return what *expression* finds in *value*, None where it finds nothing.

    Raises:
        ValueError: it cannot be used on this value; the message says why.
    """
    try:
        return compiled(expression).search(value, options=_EXACT)
    except (JMESPathError, RecursionError, TypeError, ArithmeticError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
