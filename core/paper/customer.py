"""Who ordered: what of a document or its letter names a customer, and what names another (INT-14)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from core.reading import Extracted, Letter
from core.store import paper_memory
from core.store.customers import codes_of, codes_of_sender
from core.store.engine import Tx

#: fields that name a customer, the surest first: name of the evidence, path, what it is looked up by
_NAMED_BY: Final = (
    ("account", "account", "code"),
    ("gln", "buyer_gln", "gln"),
    ("tax_id", "tax_id", "tax_id"),
)
#: our own server found that the sender is not who it says (RFC 8601)
_FORGED: Final = ("dmarc=fail", "spf=fail")


class Named(NamedTuple):
    """The customer's code, "" unknown; what names it, and what names another."""

    code: str = ""
    named_by: frozenset[str] = frozenset()
    contradicted_by: frozenset[str] = frozenset()


def name_customer(tx: Tx, found: Extracted | None, letter: Letter | None) -> Named:
    """Return the customer that is named; *found* is None where nothing could be read.

    What names several customers, as the domain of a group does, decides nothing and contradicts none of them.
    """
    votes = {name: codes for name, codes in _votes(tx, found, letter) if codes}
    single = next((codes for codes in votes.values() if len(codes) == 1), None)
    common = single or (frozenset.intersection(*votes.values()) if votes else frozenset())
    if len(common) != 1:
        return Named()
    code = next(iter(common))
    return Named(
        code,
        frozenset(name for name, codes in votes.items() if code in codes),
        frozenset(name for name, codes in votes.items() if code not in codes),
    )


def _votes(tx: Tx, found: Extracted | None, letter: Letter | None) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what names customers, the surest first, with their codes."""
    for name, path, field in _NAMED_BY:
        if found is not None and (said := found.best(path)):
            yield name, frozenset(codes_of(tx, field, said))
    yield "sender", frozenset(code for address in senders_of(letter) for code in codes_of_address(tx, address))
    if found is not None and (said := found.best("buyer.name")):
        yield "name", frozenset(codes_of(tx, "name", said))


def codes_of_address(tx: Tx, address: str) -> list[str]:
    """Return the customers whom an address belongs to by our master data, else those whose orders came from it."""
    return codes_of_sender(tx, address) or paper_memory.partners_of(tx, "sender", address.lower())


def is_forged(letter: Letter) -> bool:
    """Tell whether our own mail server found that a mail is not from whom it says."""
    return any(mark in result.lower() for result in letter.authentication for mark in _FORGED)


def senders_of(letter: Letter | None) -> list[str]:
    """Return the addresses that a mail says it comes from, unless our own server found them forged."""
    if letter is None or is_forged(letter):
        return []
    return [address for address in (letter.sender, letter.forwarded_from) if address]
