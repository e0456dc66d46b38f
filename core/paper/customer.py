"""Who ordered: what of a document or its letter names a customer, and what names another (INT-14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from core.paper.known import HEARSAY
from core.reading import Extracted, Letter
from core.store import paper_memory
from core.store.customers import codes_of, codes_of_sender
from core.store.engine import Tx
from core.store.lookup import partner_id_by_code

#: fields that name a customer, the surest first: name of the evidence, path, what it is looked up by
_NAMED_BY: Final = (
    ("account", "account", "code"),
    ("gln", "buyer_gln", "gln"),
    ("tax_id", "tax_id", "tax_id"),
)
#: what a sender may have put into a result: quoted texts and comments (RFC 8601, section 2.2)
_TOLD: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
#: a text or comment that does not end
_OPENED: Final = re.compile(r'["(]')


class Named(NamedTuple):
    """The customer's code, "" unknown; what names it, and what names another.

    ``forged`` says that our own server found the mail to come from somebody else than it says.
    """

    code: str = ""
    named_by: frozenset[str] = frozenset()
    contradicted_by: frozenset[str] = frozenset()
    forged: bool = False

    @property
    def certain(self) -> bool:
        """Whether nothing but proofs speaks, and nothing speaks against them."""
        return not (self.forged or self.contradicted_by or self.named_by <= HEARSAY)


def name_customer(tx: Tx, found: Extracted | None, letter: Letter | None) -> Named:
    """Return the customer that is named; *found* is None where nothing could be read.

    What names several customers, as the domain of a group does, decides nothing and contradicts none of them.
    """
    votes = {name: codes for name, codes in _votes(tx, found, letter) if codes}
    single = next((codes for codes in votes.values() if len(codes) == 1), None)
    common = single or (frozenset.intersection(*votes.values()) if votes else frozenset())
    forged = letter is not None and is_forged(letter)
    if len(common) != 1:
        return Named(forged=forged)
    code = next(iter(common))
    return Named(
        code,
        frozenset(name for name, codes in votes.items() if code in codes),
        frozenset(name for name, codes in votes.items() if code not in codes),
        forged,
    )


def partner_of_sender(tx: Tx, letter: Letter) -> int | None:
    """Return the id of the one partner that the master data have the sender of, None where it is not just one."""
    codes = [] if is_forged(letter) else codes_of_sender(tx, letter.sender)
    return partner_id_by_code(tx, codes[0]) if len(codes) == 1 else None


def is_forged(letter: Letter) -> bool:
    """Tell whether our own server found that a mail is not from whom it says (RFC 8601; RFC 7489, section 6.6.2).

    A mail that its sender's own server sent on fails SPF and yet passes DMARC, by its signature.
    """
    found, certain = set(), set()
    for told in map(_without_told, letter.authentication):
        found |= _results(told)
        certain |= _results(_OPENED.split(told)[0])
    return "dmarc=fail" in found or ("spf=fail" in found and "dmarc=pass" not in certain)


def _without_told(result: str) -> str:
    """Return a result without what its sender may have put into it; comments may stand in one another."""
    told, before = result.lower(), ""
    while told != before:
        told, before = _TOLD.sub(" ", told), told
    return told


def _results(told: str) -> set[str]:
    _, *methods = told.split(";")
    return {method.split()[0] for method in methods if method.strip()}


def _votes(tx: Tx, found: Extracted | None, letter: Letter | None) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what names customers, the surest first, with their codes."""
    for name, path, field in _NAMED_BY:
        if found is not None and (said := found.best(path)):
            yield name, frozenset(codes_of(tx, field, said))
    if letter is not None and not is_forged(letter):
        yield "sender", frozenset(codes_of_address(tx, letter.sender))
        yield "forwarded", frozenset(codes_of_address(tx, letter.forwarded_from))
    if found is not None and (said := found.best("buyer.name")):
        yield "name", frozenset(codes_of(tx, "name", said))


def codes_of_address(tx: Tx, address: str) -> list[str]:
    """Return the customers whom an address belongs to by our master data, else those whose orders came from it."""
    return codes_of_sender(tx, address) or paper_memory.partners_of(tx, "sender", address.lower())


def senders_of(letter: Letter | None) -> list[str]:
    """Return the addresses that a mail says it comes from, unless our own server found it forged."""
    if letter is None or is_forged(letter):
        return []
    return [address for address in (letter.sender, letter.forwarded_from) if address]
