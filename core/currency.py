"""Amounts of several currencies compared: rates of exchange by day, and what an amount is worth at one of them.

A partner's account is kept in its currency, or ours where it has none; limits of authority are in ours. Rates are
master data; none is fetched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from core.values import MONEY_SCALE, RATES, from_scaled, round_money, to_scaled

_ONE: Final = Decimal(1)


class Quote(NamedTuple):
    """What one unit of ``source`` is worth in ``target``, from ``day`` on."""

    source: str
    target: str
    rate: Decimal
    day: date


class Rates:
    """Every rate that is loaded, and those that follow from them through our currency *company*."""

    def __init__(self, company: str, quotes: Iterable[Quote] = ()) -> None:
        self._company = company
        self._quotes: dict[tuple[str, str], list[Quote]] = {}
        for quote in sorted(quotes, key=lambda one: one.day):
            self._quotes.setdefault((quote.source, quote.target), []).append(quote)

    def quote(self, source: str, target: str, day: date) -> Quote | None:
        """Return what *source* is worth in *target* on *day*, None where no rate that is loaded says so.

        The rate itself counts, else the reciprocal of the other direction, else both ways through our currency; a rate
        that is computed has 20 digits, and the day of the older of those it is made of.
        """
        if source == target:
            return Quote(source, target, _ONE, day)
        direct = self._direct(source, target, day)
        if direct is not None or self._company in (source, target):
            return direct
        first, second = self._direct(source, self._company, day), self._direct(self._company, target, day)
        if first is None or second is None:
            return None
        return Quote(source, target, RATES.multiply(first.rate, second.rate), min(first.day, second.day))

    def _direct(self, source: str, target: str, day: date) -> Quote | None:
        found = self._in_force(source, target, day)
        if found is not None:
            return found
        back = self._in_force(target, source, day)
        return None if back is None else Quote(source, target, RATES.divide(_ONE, back.rate), back.day)

    def _in_force(self, source: str, target: str, day: date) -> Quote | None:
        known = self._quotes.get((source, target), [])
        place = bisect_right(known, day, key=lambda one: one.day)
        return known[place - 1] if place else None


class Exchange(NamedTuple):
    """How the amounts of one partner are compared on a day: its ``account``'s currency, that of our ``company``."""

    account: str
    company: str
    day: date
    rates: Rates

    def to_account(self, currency: str) -> Quote | None:
        """Return what a unit of *currency* is worth on the partner's account."""
        return self.rates.quote(currency, self.account, self.day)

    def rate_kept(self, currency: str) -> str | None:
        """Return the rate that an order of *currency* keeps: none for the account's own, or where there is none."""
        if currency == self.account:
            return None
        quote = self.to_account(currency)
        return None if quote is None else str(quote.rate)

    def in_company(self, amount: Decimal, currency: str) -> Decimal:
        """Return *amount* in our currency; without a rate it counts as more than any limit."""
        if currency == self.company:
            return amount
        quote = self.rates.quote(currency, self.company, self.day)
        return Decimal("Infinity") if quote is None else worth(amount, quote.rate)


def worth(amount: Decimal, rate: Decimal) -> Decimal:
    """Return *amount* at *rate*, half up to the cent."""
    return round_money(amount * rate)


def on_account(amount: Decimal, rate: str | None) -> Decimal:
    """Return what *amount* is on the account of its partner at the *rate* that was kept; without one it is in its own.

    The same amount at the same rate is always the same: what was added is taken back to the cent.
    """
    return amount if rate is None else worth(amount, Decimal(rate))


def credit_taken4(total4: int, rate: str | None) -> int:
    """Return :func:`on_account` of an order's total, both x 10^4."""
    return total4 if rate is None else to_scaled(on_account(from_scaled(total4, MONEY_SCALE), rate), MONEY_SCALE)
