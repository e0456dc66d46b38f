"""The receipt of an interchange and of its messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class MessageAcknowledgement(NamedTuple):
    """What CONTRL says of one message (UCM): action 7 acknowledged or 4 rejected, and the faults.

    ``faults`` are (code 0085, segment position counted from UNH = 1, element, component); position None = whole
    message (UCM itself carries the first such code).
    """

    reference: str
    type: str
    version: str
    release: str
    agency: str
    association: str
    action: Literal["4", "7"]
    faults: tuple[tuple[str, int | None, int | None, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Our CONTRL for one received interchange (ISO 9735: UCI once, UCM per message that is told of)."""

    control_reference: str
    sender: str
    sender_qualifier: str
    recipient: str
    recipient_qualifier: str
    action: Literal["4", "7", "8"]
    code: str = ""
    segment_tag: str = ""
    messages: tuple[MessageAcknowledgement, ...] = ()
