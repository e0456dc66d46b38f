"""What a reader makes of one source: the letter that it came with, its parts, and what each part says.

The reader runs in a process of its own, which may be killed; this is what it hands back. Nothing here is believed yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.paper.extracted import Extracted
from core.paper.page import Paper
from core.provenance import Violation

#: what became of a part: ``paper`` was read as pages of words; ``format`` is for a decoder of its own (EDIFACT);
#: ``picture`` waits for a reader of pictures that is not installed; ``ignored`` is a signature, a logo or an envelope;
#: ``quarantined`` may be dangerous and was not opened; ``unreadable`` is broken
Fate = Literal["paper", "format", "picture", "ignored", "quarantined", "unreadable"]


class Letter(NamedTuple):
    """What the head of a mail claims. None of it is proof of who sent it.

    ``authentication`` are the results that our own mail server wrote (RFC 8601); ``forwarded_from`` is the sender in
    the quoted head of a forwarded mail. ``automatic`` says that a machine sent it (RFC 3834): it gets no answer.
    """

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    sent_at: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    authentication: tuple[str, ...] = ()
    forwarded_from: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class PartRead:
    """One part of a source and what became of it; ``place`` and ``name`` as in :class:`core.paper.page.Paper`.

    ``content`` are its bytes where they are no plain copy of the source's, so that they can be kept as evidence.
    ``violation`` says why it was not read.
    """

    place: str
    name: str
    media_type: str
    sha256: str
    size: int
    fate: Fate
    content: bytes | None = None
    paper: Paper | None = None
    extracted: Extracted | None = None
    violation: Violation | None = None


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source as it was read: its letter (None where it is no mail), its parts, and why it failed as a whole."""

    letter: Letter | None
    parts: tuple[PartRead, ...]
    violation: Violation | None = None
