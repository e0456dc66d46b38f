"""The message references (0062) that an interchange has used, known again in memory that does not grow with it."""

from __future__ import annotations

from typing import Final

#: longer references are not looked at; 0062 is an..14
_LONGEST: Final = 64
#: series that are followed at once; real senders have one
_SERIES: Final = 16
#: at least so many of the latest references outside of any series are known again
_REMEMBERED: Final = 10_000


class References:
    """Tells whether a reference was used before.

    Exact for references that count up by one, as those of real senders do, however many there are; others are known
    again among the latest ten thousand.
    """

    def __init__(self) -> None:
        #: text before the number and count of its digits -> first and last number of the series
        self._series: dict[tuple[str, int], tuple[int, int]] = {}
        self._others: set[str] = set()
        self._older: set[str] = set()

    def add(self, reference: str) -> bool:
        """Take note of *reference*; return whether it was used before."""
        if len(reference) > _LONGEST:
            return False
        text = reference.rstrip("0123456789")
        digits = reference[len(text) :]
        known = reference in self._others or reference in self._older
        if digits:
            key, number = (text, len(digits)), int(digits)
            first, last = self._series.get(key, (number, number - 1))
            if first <= number <= last:
                return True
            if number == last + 1 and (key in self._series or len(self._series) < _SERIES):
                self._series[key] = (first, number)
                return known
        if not known:
            if len(self._others) == _REMEMBERED:
                self._others, self._older = set(), self._others
            self._others.add(reference)
        return known
