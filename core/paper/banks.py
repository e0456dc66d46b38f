"""Bank details on the paper of a customer: those that it always prints, told from new ones (issue 6, part 7).

An order needs none. A letter's foot has them all the same, so what a person of the house once left there is remembered,
and only what is new is looked at: it may be a fraud that begins with a plain order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from stdnum import iban

from core.paper.evidence import Judgement
from core.paper.known import Known
from core.reading import Candidate

#: ISO 13616-1: a country, two check digits, and what a bank numbers its accounts by; the shortest has 15 signs
_LIKE_AN_IBAN: Final = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}")
#: a number of fewer digits is no account
_DIGITS: Final = 4


def account_of(text: str) -> str:
    """Return the letters and digits of a bank detail, as capitals and without the word IBAN before them."""
    said = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in said if sign.isalnum()).removeprefix("IBAN")


def judge_banks(said: Iterable[Candidate], known: Known, verdict: Judgement) -> None:
    """Doubt the bank details that are not known to be this customer's."""
    named = [(account_of(one.value), one) for one in said]
    if new := tuple(one for account, one in named if account and not _is_known(account, known.memory.banks)):
        verdict.doubt("bank", "paper.bank_named", new)


def _is_known(account: str, banks: Collection[str]) -> bool:
    """Tell whether a detail is one of those that are known, several of them in a row, or a part of one's name.

    A foot says ``Sparkasse, sort code 305 000 00, account 4410073`` in one go; no digit of it may be new.
    """
    if account in banks:
        return True
    digits = "".join(sign for sign in account if sign.isdigit())
    if _LIKE_AN_IBAN.fullmatch(account) or not digits:
        return not digits and any(account in one for one in banks)
    for number in sorted(("".join(filter(str.isdigit, one)) for one in banks), key=len, reverse=True):
        digits = digits.replace(number, "", 1) if len(number) >= _DIGITS else digits
    return not digits


def banks_left(judgement: Mapping[str, Any] | None) -> list[str]:
    """Return the new bank details of a part that a person submitted, as they are remembered.

    There are none where it was in doubt who wrote it, and no IBAN whose check digits are wrong: it was misread or is
    nobody's account.
    """
    fields = (judgement or {}).get("fields", {})
    if "doubt" in fields.get("partner", {}):
        return []
    found = [account_of(one["value"]) for one in fields.get("bank", {}).get("candidates", ())]
    return [one for one in dict.fromkeys(found) if one and (not _LIKE_AN_IBAN.fullmatch(one) or iban.is_valid(one))]
