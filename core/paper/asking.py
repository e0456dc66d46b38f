"""Whom a doubtful paper may be asked about: a mail address that is the customer's, or nobody, for a coded reason.

A question tells what a customer orders, so it goes to nobody who only says to be that customer (INT-05). It is
an automatic answer, and heeds RFC 3834: none to machines, none to ourselves, few to any address.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from core.paper.asked import ASKED_OF_SENDER
from core.paper.customer import codes_of_address, is_forged
from core.provenance import Violation, fault
from core.reading import Letter
from core.store.engine import Tx

#: why nobody is asked: the variants of ``paper.not_asked``
Unasked = Literal[
    "answer",
    "automatic",
    "bank",
    "fax",
    "file",
    "forged",
    "never",
    "often",
    "ours",
    "own",
    "picture",
    "preference",
    "returned",
    "stranger",
]

NOT_ASKED: Final = "paper.not_asked"


@dataclass(frozen=True, slots=True)
class AskRules:
    """When the senders of doubtful mails are asked: ``never`` leaves it to people.

    ``own`` are addresses of ours in small letters, and ``@domain`` for all of one.
    """

    ask: Literal["known", "never"] = "known"
    after_minutes: int = 15
    own: frozenset[str] = frozenset()


class Asked(NamedTuple):
    """The address to ask, "" nobody; ``reason`` why nobody is asked by itself. With both, a person still may."""

    to: str
    reason: Violation | None = None


def not_asked(variant: Unasked) -> Violation:
    """Return why nobody is asked."""
    return fault(NOT_ASKED, variant=variant)


def whom(
    tx: Tx, letter: Letter | None, rules: AskRules, *, transport: str, partner: str, guessed: bool,
    doubts: Collection[str],
) -> Asked:  # fmt: skip
    """Return whom to ask about a doubtful document of *letter*.

    Args:
        tx: where addresses are looked up.
        letter: its mail, None where it came otherwise.
        rules: the settings.
        transport: how it came: mail or fax.
        partner: the code of its customer, "" where that is not certain.
        guessed: whether it was read from a picture: then whoever looks at the page first may see what stands there.
        doubts: the reasons of its doubtful fields.
    """
    nobody = _nobody(letter, rules, transport)
    if letter is None or nobody is not None:
        return Asked("", not_asked(nobody or "file"))
    address = address_of(tx, letter, partner)
    if not address or _is_own(address, rules.own):
        return Asked("", not_asked("stranger"))
    by_hand: dict[Unasked, bool] = {
        "bank": "paper.bank_named" in doubts,
        "picture": guessed,
        "ours": not ASKED_OF_SENDER.intersection(doubts),
        "never": rules.ask == "never",
    }
    reason = next((variant for variant, applies in by_hand.items() if applies), None)
    return Asked(address, reason and not_asked(reason))


def _nobody(letter: Letter | None, rules: AskRules, transport: str) -> Unasked | None:
    """Return why a letter is answered to nobody, whoever may have sent it; None where it may be."""
    if transport == "fax":
        return "fax"
    if letter is None or not letter.sender:
        return "file"
    if letter.automatic:
        return "automatic"
    if _is_own(letter.sender, rules.own):
        return "own"
    return "forged" if is_forged(letter) else None


def address_of(tx: Tx, letter: Letter, partner: str) -> str:
    """Return where *letter* is answered, "" nowhere: its Reply-To or its sender, as far as they are the customer's."""
    if not partner or partner not in codes_of_address(tx, letter.sender):
        return ""
    if letter.reply_to and partner in codes_of_address(tx, letter.reply_to):
        return letter.reply_to
    return letter.sender


def _is_own(address: str, own: Collection[str]) -> bool:
    wanted = address.lower()
    return wanted in own or f"@{wanted.rpartition('@')[2]}" in own
