"""The receipt of an interchange, of its groups and of its messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class MessageAcknowledgement(NamedTuple):
    """What CONTRL says of one message (UCM): action 7 acknowledged or 4 rejected, and the faults.

    ``faults`` are (code 0085, segment position counted from UNH = 1, element, component); position None = whole
    message (UCM itself carries the first such code). ``segment_tag`` names the service segment (UNH, UNT) that the
    code of UCM is about, ``element`` and ``component`` the place in it; elements count from 1, the tag is 0, and each
    repeat of an element counts. ``tags`` are (segment position, tag) of the segments with faulty elements: the
    directory tells by them which position an element repeats.
    """

    reference: str
    type: str
    version: str
    release: str
    agency: str
    association: str
    action: Literal["4", "7"]
    faults: tuple[tuple[str, int | None, int | None, int | None], ...] = ()
    segment_tag: str = ""
    element: int | None = None
    component: int | None = None
    tags: tuple[tuple[int, str], ...] = ()


class GroupAcknowledgement(NamedTuple):
    """What CONTRL says of one functional group (UCF) and of its messages; places as in UCM, in UNG or UNE."""

    reference: str
    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str
    action: Literal["4", "7"]
    code: str = ""
    segment_tag: str = ""
    element: int | None = None
    component: int | None = None
    messages: tuple[MessageAcknowledgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """CONTRL on one interchange (ISO 9735: UCI once, UCM per message that is told of, UCF per group).

    Action 8 says that it was received and no more; 7 acknowledges it, and what is below unless it is rejected
    explicitly; 4 rejects all of it. ``code`` is the first error, found in ``segment_tag`` at ``element`` and
    ``component`` (counted as in UCM). ``messages`` are those outside of groups.
    """

    control_reference: str
    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str
    action: Literal["4", "7", "8"]
    code: str = ""
    segment_tag: str = ""
    messages: tuple[MessageAcknowledgement, ...] = ()
    element: int | None = None
    component: int | None = None
    groups: tuple[GroupAcknowledgement, ...] = ()

    @property
    def every_message(self) -> tuple[MessageAcknowledgement, ...]:
        """All messages that are told of, in groups or not."""
        return (*self.messages, *(message for group in self.groups for message in group.messages))
