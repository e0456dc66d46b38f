"""Column types that keep values exact on both databases (ARCHITECTURE decision 8).

Money, prices and quantities are scaled BIGINTs, instants are BIGINT microseconds UTC, dates are ISO text and
structured values are JSON text. Hot paths bypass these types and hand plain integers to the driver.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import BigInteger, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from core.clock import from_micros, to_micros
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, to_scaled


class Scaled(TypeDecorator[Decimal]):
    """A decimal kept as an integer of 10^-scale."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the scaled integer."""
        return None if value is None else to_scaled(value, self.scale)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the decimal."""
        return None if value is None else from_scaled(int(value), self.scale)


def money() -> Scaled:
    """Return the type of an amount: 10^-4."""
    return Scaled(MONEY_SCALE)


def price() -> Scaled:
    """Return the type of a unit price: 10^-6."""
    return Scaled(PRICE_SCALE)


def quantity() -> Scaled:
    """Return the type of a quantity: 10^-6."""
    return Scaled(QUANTITY_SCALE)


class Instant(TypeDecorator[datetime]):
    """A UTC instant kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the instant."""
        return None if value is None else from_micros(int(value))


class Day(TypeDecorator[date]):
    """A calendar day kept as ISO text, which sorts and reads the same on both databases."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return ``YYYY-MM-DD``."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the day."""
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A structured value kept as JSON text with sorted keys."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the JSON text."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the value."""
        return None if value is None else orjson.loads(value)
