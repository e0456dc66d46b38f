"""What a partner is told of, and how: its preferences by event and channel (CNF-07, CNF-08, CNF-19)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from core.ports import PartnerNotice

#: what a preference may name as channel; ``edi`` leaves it to the EDI message of the fact, ``none`` to nobody
Channel = Literal["edi", "mail", "sms", "push", "none"]
#: channels that a notice is written for
WRITTEN: Final = frozenset({"mail", "sms", "push"})
EVERY: Final = "*"

#: what a preference may be about; the star is whatever no other names
Event = Literal[PartnerNotice, "*"]
#: facts that have an EDI message: ORDRSP, DESADV, INVOIC
TOLD_BY_EDI: Final = frozenset({"order.confirmed", "order.changed", "order.refused", "order.shipped", "invoice.issued"})

# RFC 5321 allows more, such as quoted local parts and comments; nobody's mailbox needs them, and headers stay safe.
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")
_PHONE_MARKS: Final = str.maketrans("", "", " ()-/.")


class Preference(NamedTuple):
    """One row of a partner's preferences; "" and () stand for the partner's own language and contact."""

    event: str
    channel: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    language: str = ""
    template: str = ""


class Reach(NamedTuple):
    """How a partner can be reached: its contact, whether it speaks EDI, and who of us is in copy ("" nobody)."""

    email: str = ""
    phone: str = ""
    edi: bool = False
    language: str = "en"
    copy: str = ""


class Route(NamedTuple):
    """One notice to write: by which channel, to whom, in which language, by which template ("" the default)."""

    channel: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    language: str
    template: str


class Misfit(NamedTuple):
    """A preference that cannot be followed: which one of them, its key, and why."""

    place: int
    key: str
    why: str


def is_mail_address(text: str) -> bool:
    """Tell whether *text* is a plain mail address, ASCII only (an internationalised domain as ``xn--``)."""
    return len(text) <= 200 and _MAIL.fullmatch(text) is not None


def phone_number(text: str) -> str:
    """Return *text* without its marks, "" where it is no phone number."""
    number = text.translate(_PHONE_MARKS)
    return number if _PHONE.fullmatch(number) else ""


def routes_of(event: str, preferences: Sequence[Preference], reach: Reach, sender: str = "") -> tuple[Route, ...]:
    """Return the notices that tell a partner of *event*; *sender* wrote the mail of the partner's that they answer.

    Preferences that name the event go before those for every event. Without any, a partner with an EDI agreement is
    told by EDI alone and one without by mail to its contact. Where there is nobody to write to, nothing is written.
    A mail that names no address of its own goes to the sender, with the contact in copy.
    """
    named = [one for one in preferences if one.event == event] or [one for one in preferences if one.event == EVERY]
    if not named:
        named = [] if reach.edi else [Preference(event, "mail")]
    return tuple(
        dict.fromkeys(route for one in named if one.channel in WRITTEN for route in _routes(one, reach, sender))
    )


def answer_route(event: str, preferences: Sequence[Preference], reach: Reach, to: str) -> Route | None:
    """Return the mail that answers one of the partner's to its sender; None where it wants none of *event*.

    Its preferences choose language and template, not the channel: a mail is answered by mail.
    """
    named = [one for one in preferences if one.event == event] or [one for one in preferences if one.event == EVERY]
    if named and all(one.channel == "none" for one in named):
        return None
    by_mail = next((one for one in named if one.channel == "mail"), Preference(event, "mail"))
    return Route("mail", (to,), (), by_mail.language or reach.language, by_mail.template)


def _routes(one: Preference, reach: Reach, sender: str) -> Iterator[Route]:
    """Yield the notice of one preference: a mail to all of them, or a message to each."""
    contact = _contact(one.channel, reach)
    answered = sender if one.channel == "mail" and not one.to else ""
    to = one.to or tuple(filter(None, [answered or contact]))
    if one.channel != "mail":
        for address in to:
            yield Route(one.channel, (address,), (), one.language or reach.language, one.template)
    elif to:
        cc = tuple(
            dict.fromkeys(copy for copy in (*one.cc, answered and contact, reach.copy) if copy and copy not in to)
        )
        yield Route("mail", to, cc, one.language or reach.language, one.template)


def _contact(channel: str, reach: Reach) -> str:
    """Return where the partner's contact is reached; what is loaded as its mail address need not be one."""
    if channel == "mail":
        return reach.email if is_mail_address(reach.email) else ""
    return phone_number(reach.phone) if channel == "sms" else ""


def misfits(preferences: Sequence[Preference], reach: Reach) -> Iterator[Misfit]:
    """Yield what keeps a preference from being followed: no such address, no agreement, no message."""
    for place, one in enumerate(preferences):
        if one.channel == "edi":
            if not reach.edi:
                yield Misfit(place, "channel", "the partner has no EDI agreement")
            elif one.event != EVERY and one.event not in TOLD_BY_EDI:
                yield Misfit(place, "channel", f"there is no EDI message for {one.event}")
        elif one.channel in WRITTEN and not one.to and not _contact(one.channel, reach):
            yield Misfit(place, "to", f"names nobody, and the partner's contact cannot be reached by {one.channel}")
        for key, addresses in (("to", one.to), ("cc", one.cc)):
            wrong = [address for address in addresses if not _is_address(one.channel, address)]
            if wrong:
                yield Misfit(place, key, f"{wrong[0]!r} cannot be written to by {one.channel}")
        if one.cc and one.channel != "mail":
            yield Misfit(place, "cc", "only mail has copies")


def _is_address(channel: str, address: str) -> bool:
    if channel == "mail":
        return is_mail_address(address)
    if channel == "sms":
        return phone_number(address) == address
    return bool(address) and address.isprintable()
