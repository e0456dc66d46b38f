"""Money, quantities, days and moments as readers of a language write them (LNG-01), by the Unicode locale data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

#: the locale of a language that is more than the language: British dates are read by everybody who reads English
_LOCALES: Final = {"en": "en_GB", "de": "de_DE", "zh": "zh_Hans_CN"}
#: names of facts -> what they are; a fact of another name is shown as it is
KINDS: Final = {
    **dict.fromkeys(
        ("net", "tax", "total", "goods", "gross", "base", "amount", "price", "asked_price", "open_amount", "fee"),
        "money",
    ),
    **dict.fromkeys(("quantity", "ordered", "backordered", "rate", "tax_rate"), "quantity"),
    **dict.fromkeys(
        ("requested_date", "promised_date", "order_date", "day", "due", "eta", "expected_date", "issued_on", "sent_on"),
        "day",
    ),
    **dict.fromkeys(("received_at", "answered_at", "shipped_at", "delivered_at", "confirmed_at", "at"), "moment"),
}
#: at least two decimals, and as many as the value has: a price may be a part of a cent
_PLAIN_MONEY: Final = "#,##0.00"
#: as in ISO 8601 dates: texts of exactly this length are days, longer ones moments
_ISO_DAY: Final = 10


class Formats:
    """Writes values for one language, times at one place."""

    def __init__(self, language: str, timezone: str = "UTC") -> None:
        self.language = language
        self._locale = locale_of(language)
        self._zone = ZoneInfo(timezone or "UTC")

    def shown(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return *facts* with every value that :data:`KINDS` names written out; amounts take the nearest currency."""
        order = facts.get("order") or {}
        return {name: self._shown(name, value, order.get("currency") or "") for name, value in facts.items()}

    def _shown(self, name: str, value: Any, currency: str) -> Any:
        if isinstance(value, Mapping):
            own = value.get("currency") or currency
            return {key: self._shown(key, part, own) for key, part in value.items()}
        if isinstance(value, list):
            return [self._shown(name, part, currency) for part in value]
        kind = KINDS.get(name)
        if kind is None or not isinstance(value, str) or not value:
            return value
        if kind == "money":
            return money(value, currency, self._locale)
        if kind == "quantity":
            return quantity(value, self._locale)
        return self.day(value) if kind == "day" else self.moment(value)

    def amount(self, value: str, currency: str) -> str:
        """Return an amount with its currency."""
        return money(value, currency, self._locale)

    def day(self, value: str) -> str:
        """Return an ISO day, or the local day of an ISO instant."""
        if len(value) == _ISO_DAY:
            return day(value, self._locale)
        return day(datetime.fromisoformat(value).astimezone(self._zone).date().isoformat(), self._locale)

    def moment(self, value: str) -> str:
        """Return an ISO instant as local day and minute."""
        if len(value) == _ISO_DAY:
            return day(value, self._locale)
        local = datetime.fromisoformat(value).astimezone(self._zone)
        return format_datetime(local, "medium", tzinfo=self._zone, locale=self._locale)


@lru_cache(64)
def locale_of(language: str) -> Locale:
    """Return the locale of *language*, English where the Unicode data has none of that name."""
    try:
        return Locale.parse(_LOCALES.get(language, language.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(_LOCALES["en"])


# The lines of a document repeat prices, quantities and days.
@lru_cache(4096)
def money(value: str, currency: str, locale: Locale) -> str:
    """Return an amount with its currency; without one, the plain number with two decimals or more."""
    amount = Decimal(value)
    if not currency:
        return str(format_decimal(amount, _PLAIN_MONEY, locale, decimal_quantization=False))
    return str(format_currency(amount, currency, locale=locale, currency_digits=False, decimal_quantization=False))


@lru_cache(4096)
def quantity(value: str, locale: Locale) -> str:
    """Return a quantity with all its decimals."""
    return str(format_decimal(Decimal(value), locale=locale, decimal_quantization=False))


@lru_cache(4096)
def day(value: str, locale: Locale) -> str:
    """Return an ISO day in the usual form of middle length."""
    return str(format_date(date.fromisoformat(value), "medium", locale))
