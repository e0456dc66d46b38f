"""The thread that an answer of ours belongs to: the mail that an order came by (RFC 5322, 3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from core.paper.asked import is_lure
from core.paper.asking import address_of
from core.paper.customer import is_forged
from core.reading import Letter
from core.store import papers
from core.store.engine import Tx

#: a field of ours names no other: some mail programs write ids that are not ASCII
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,248}>")
#: how mail programs begin the subject of an answer (en, de, zh)
_ANSWER: Final = re.compile(r"\s*(re|aw|antw|回复|答复)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)


class Thread(NamedTuple):
    """What an answer names: the mail that it answers, those before, and its subject, "" where it has one of its own."""

    in_reply_to: str
    references: tuple[str, ...]
    subject: str


def thread_of(tx: Tx, source_id: int, to: Collection[str]) -> Thread | None:
    """Return the thread of the mail *source_id* for an answer to these addresses.

    None where it was no mail, has no Message-ID that a field may name, was sent by a machine, or is answered to
    somebody else: they would not know what it is an answer to.
    """
    letter = (papers.source(tx, source_id) or {}).get("letter")
    if not letter or letter["automatic"]:
        return None
    if not {letter["sender"], letter["reply_to"]} & {address.lower() for address in to}:
        return None
    answered = _MESSAGE_ID.search(letter["message_id"])
    if answered is None:
        return None
    before = [one for one in _before(letter) if one != answered[0]]
    return Thread(answered[0], (*before, answered[0]), _subject(letter["subject"]))


def sender_to_answer(tx: Tx, letter: Mapping[str, Any] | None, partner: str) -> str:
    """Return the address of *partner*'s that a mail of its is answered at, "" where it gets no answer.

    It gets none where a machine sent it (RFC 3834, 2), it is forged, or the address is not known to be the partner's.
    """
    if not letter or letter["automatic"]:
        return ""
    found = Letter(**letter)
    return "" if is_forged(found) else address_of(tx, found, partner)


def _before(letter: Mapping[str, Any]) -> list[str]:
    """Return the mails that a mail follows: its references, else what it answers."""
    before = letter.get("references") or _MESSAGE_ID.findall(letter["in_reply_to"])[:1]
    return [one for one in before if _MESSAGE_ID.fullmatch(one)]


def _subject(subject: str) -> str:
    """Return the subject of an answer, "" where it leads somewhere: who wrote it may only say to be our customer."""
    if is_lure(subject):
        return ""
    if not subject.strip() or _ANSWER.match(subject):
        return subject.strip()
    return f"Re: {subject.strip()}"
