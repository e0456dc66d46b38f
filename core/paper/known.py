"""What is known before a document is read: the customer, its addresses and forms, the items that it may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from core.documents import Party
from core.hints import Names
from core.manner import Manner

#: what names a customer and proves nothing by itself: anybody can write a name, or the head of a mail that he hands on
HEARSAY: Final = frozenset({"name", "forwarded"})


class KnownItem(NamedTuple):
    """An item that a line may mean: its descriptions in every language, and our price for this customer.

    ``price`` is for the quantity that was read; ``tolerance`` is how far from it the customer's may be, both by unit.
    """

    sku: str
    gtin: str
    unit: str
    descriptions: tuple[str, ...]
    price: Decimal | None = None
    tolerance: Decimal = Decimal(0)

    def sells_at(self, price: Decimal) -> bool:
        """Tell whether a price of one unit is ours, within what the customer's may differ."""
        return self.price is not None and abs(price - self.price) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Memory:
    """What confirmed orders of a customer taught.

    ``references`` are the forms of its order numbers: digits as ``9``, letters as they stand (``PO-999999``).
    ``senders`` are mail addresses or fax numbers that its orders came from. ``codes`` go from its own codes of items to
    SKUs, ``ship_tos`` from the letters and digits of an address as it writes it to the place that was meant. ``manner``
    is how its forms are read, ``banks`` are the letters and digits of bank details that it prints.
    """

    references: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    ship_tos: Mapping[str, Party] = field(default_factory=dict)
    manner: Manner = field(default_factory=Manner)
    banks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """All of it for one customer.

    ``named_by`` says what of the document or its letter names the customer: ``account``, ``gln``, ``tax_id``,
    ``sender``, ``forwarded`` or ``name``; ``contradicted_by`` what names another, and ``forged`` says that our own mail
    server found the sender to be somebody else. ``items`` go by SKU, ``by_gtin`` and ``by_code`` from the document's
    own codes to SKUs; all that are nearly written like a code of the document are there, too. ``used`` are the
    references that it has ordered under before, ``names`` what names it. ``received`` is the day on which the document
    came.
    """

    partner: str = ""
    currency: str = ""
    named_by: frozenset[str] = frozenset()
    contradicted_by: frozenset[str] = frozenset()
    forged: bool = False
    addresses: tuple[Party, ...] = ()
    items: Mapping[str, KnownItem] = field(default_factory=dict)
    by_gtin: Mapping[str, str] = field(default_factory=dict)
    by_code: Mapping[str, str] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    memory: Memory = Memory()
    names: Names = field(default_factory=Names)
    received: date | None = None
