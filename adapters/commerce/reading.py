"""Reading a platform's JSON: each value with its place (RFC 6901), each fault collected instead of raised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

from adapters.commerce.json_body import Unkept
from core.errors import ValueOutOfRange
from core.provenance import Level, Severity, Violation, fault
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, to_scaled

#: no name, note or address of an order is longer
LONGEST_TEXT: Final = 10_000
#: what is kept of references, of codes of items and of descriptions
_LONGEST_KEY: Final = 70
_LONGEST_CODE: Final = 35
_LONGEST_DESCRIPTION: Final = 256
#: significant digits that decimal arithmetic keeps
_MOST_DIGITS: Final = 28
#: the longest way to write an instant
_LONGEST_DATE: Final = 64
#: what is shown of a value that cannot be used
_SHOWN: Final = 80
#: lone surrogates, NUL and other controls: no database keeps them all, and no text needs them
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_LAST_SECOND: Final = 253_402_300_799
_ABSENT: Final = None


def clean(sent: str) -> str:
    """Return *sent* without blanks around it and with a mark for each character that cannot be kept."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", sent).strip()


class Node:
    """A value of a JSON document and its place. A missing one is a node too: absent, as null is.

    Faults go to the list that all nodes of a document share; a value that cannot be used reads as absent.
    """

    __slots__ = ("faults", "pointer", "value")

    def __init__(self, value: Any, faults: list[Violation], pointer: str = "") -> None:
        self.value = value
        self.pointer = pointer
        self.faults = faults

    def __getitem__(self, key: str) -> Node:
        value = self.value
        return Node(value.get(key) if isinstance(value, dict) else _ABSENT, self.faults, f"{self.pointer}/{key}")

    def at(self, *keys: str) -> Node:
        """Return the node below that *keys* lead to."""
        node = self
        for key in keys:
            node = node[key]
        return node

    def first(self, *keys: str) -> Node:
        """Return the first of these members that is there, the first one's place where none is."""
        return next((node for key in keys if (node := self[key]).there), self[keys[0]])

    @property
    def there(self) -> bool:
        """Tell whether there is a value: neither absent, nor null, nor an empty text."""
        return self.value is not _ABSENT and self.value != ""

    def missing(self) -> None:
        """Note that a value which is needed is not there."""
        self.faults.append(
            fault("shop.value_missing", {"pointer": self.pointer}, level=Level.ELEMENT, tag=self.pointer)
        )

    def unknown(self) -> None:
        """Note that the value is none of those that are known here."""
        self._wrong("shop.value_unknown")

    def note(self, violation: Violation) -> None:
        """Note a fault of the document that no single value shows."""
        self.faults.append(violation)

    @property
    def failed(self) -> bool:
        """Tell whether any error was noted in the document so far."""
        return any(found.severity == "error" for found in self.faults)

    def text(self) -> str:
        """Return a text, "" where there is none; a number counts as one (ids are sent both ways)."""
        value = self.value
        if value is _ABSENT:
            return ""
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                self._wrong("shop.value_too_long")
                return ""
            return clean(value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        self._wrong("shop.value_not_text")
        return ""

    def needed(self) -> str:
        """Return a text that must be there; "" after noting that it is not."""
        if not self.there:
            self.missing()
            return ""
        return self.text()

    def key(self) -> str:
        """Return what names an order or a line, "" after noting that it is not there, or longer than is kept."""
        found = self.needed()
        if len(found) > _LONGEST_KEY:
            self._wrong("shop.value_too_long")
            return ""
        return found

    def code(self) -> str:
        """Return the code of an item, "" where there is none.

        One that is longer than those of our items names none of them: it is left out with a warning, and the line is
        held for its unknown item.
        """
        found = self.text()
        if len(found) > _LONGEST_CODE:
            self._wrong("shop.value_too_long", Severity.WARNING)
            return ""
        return found

    def words(self) -> str:
        """Return the beginning of a description, as much as is kept of one."""
        return self.text()[:_LONGEST_DESCRIPTION]

    def number(self, scale: int = MONEY_SCALE) -> Decimal | None:
        """Return an exact number, None where there is none. Texts of digits are numbers: amounts are sent as such.

        *scale* is how many decimals are kept; more, or more than 64 bits, are out of range.
        """
        if not self.there:
            return None
        value = self.value
        if isinstance(value, str) and not isinstance(value, Unkept):
            stripped = value.strip()
            if not _NUMBER.fullmatch(stripped[:LONGEST_TEXT]):
                self._wrong("shop.value_not_number")
                return None
            value = Decimal(stripped) if len(stripped) <= _MOST_DIGITS else Unkept(stripped)
        elif isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal | Unkept):
            self._wrong("shop.value_not_number")
            return None
        if isinstance(value, Unkept) or not _fits(value, scale):
            self._wrong("shop.value_out_of_range")
            return None
        return value

    def price(self) -> Decimal | None:
        """Return the price of one piece."""
        return self.number(PRICE_SCALE)

    def amount(self) -> Decimal:
        """Return an amount of money, 0 where there is none."""
        found = self.number()
        return Decimal(0) if found is None else found

    def quantity(self) -> Decimal | None:
        """Return a quantity, None where there is none; a negative one is none."""
        found = self.number(QUANTITY_SCALE)
        if found is not None and found < 0:
            self._wrong("shop.value_negative")
            return None
        return found

    def flag(self) -> bool:
        """Return a truth, False where there is none; 1 and 0 count, as numbers and as texts."""
        value = self.value
        if value in (True, "1", "true"):
            return True
        if value not in (None, False, "0", "false", ""):
            self._wrong("shop.value_not_flag")
        return False

    def instant(self) -> datetime | None:
        """Return an instant in UTC from ISO 8601, RFC 2822 or a count of seconds; without a zone it is UTC."""
        value = self.value
        if not self.there:
            return None
        try:
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                seconds = int(value) if 0 <= value <= _LAST_SECOND else None
                found = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
            else:
                found = _written(value) if isinstance(value, str) and len(value) <= _LONGEST_DATE else None
        except (ValueError, TypeError, OverflowError, IndexError):
            found = None
        if found is None:
            self._wrong("shop.value_not_date")
        return found

    def each(self) -> Iterator[Node]:
        """Yield the members of a list; none where there is none."""
        value = self.value
        if isinstance(value, list):
            for index, member in enumerate(value):
                yield Node(member, self.faults, f"{self.pointer}/{index}")
        elif value is not _ABSENT:
            self._wrong("shop.value_not_list")

    def is_object(self) -> bool:
        """Tell whether this is an object; anything else that is there is noted."""
        if isinstance(self.value, dict):
            return True
        if self.value is not _ABSENT:
            self._wrong("shop.value_not_object")
        return False

    def currency(self) -> str:
        """Return a currency code (ISO 4217: three letters), "" after noting that there is none."""
        found = self.needed()
        if found and not (len(found) == 3 and found.isascii() and found.isalpha()):
            self._wrong("shop.value_not_currency")
            return ""
        return found.upper()

    def _wrong(self, code: str, severity: Severity = Severity.ERROR) -> None:
        """Note that the value is not what belongs here."""
        given = {"pointer": self.pointer, "sent": _shown(self.value)}
        self.faults.append(
            fault(code, given, severity=severity, level=Level.ELEMENT, tag=self.pointer, value=given["sent"])
        )


def _fits(value: Decimal, scale: int) -> bool:
    """Tell whether *value* is kept exactly; beyond 28 digits decimals themselves would round it."""
    _, digits, exponent = value.as_tuple()
    if len(digits) > _MOST_DIGITS or not isinstance(exponent, int) or exponent < -_MOST_DIGITS:
        return False
    try:
        to_scaled(value, scale)
    except ValueOutOfRange:
        return False
    return True


def _written(sent: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(sent.strip())
    except ValueError:
        found = parsedate_to_datetime(sent.strip())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _shown(value: Any) -> str:
    """Return the beginning of a value that cannot be used, without walking through a large one."""
    if isinstance(value, dict):
        return "{...}"
    if isinstance(value, list):
        return "[...]"
    if isinstance(value, bool):
        return str(value).lower()
    return clean(str(value)[:_SHOWN])
