"""One mail as bytes (RFC 5322, MIME): made once, stored, and sent as it is by every try.

Names and subjects become header fields by :mod:`email.policy`, which folds and encodes them (RFC 2047, file names by
RFC 2231) and refuses line breaks; what comes from outside loses its control characters before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any, Final, NamedTuple

from core.errors import DeliveryRefused
from core.ports import Attachment, WrittenNotice


class _MessageIds(BaseHeader):
    """A field of Message-IDs, one a line: the library would encode a long one, and no thread be found by it."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, found: dict[str, Any]) -> None:
        """Take the ids down as they are given."""
        found |= {"decoded": " ".join(value.split()), "defects": [], "parse_tree": None}

    def fold(self, *, policy: Policy) -> str:
        """Return the field as it is sent (RFC 5322, 2.2.3)."""
        return f"{self.name}: {f'{policy.linesep} '.join(str(self).split())}{policy.linesep}"


_FIELDS: Final = HeaderRegistry()
for _name in ("message-id", "in-reply-to", "references"):
    _FIELDS.map_to_type(_name, _MessageIds)
#: a server need not take eight bits, and a stored mail is not made anew for one that does not
_SEVEN_BIT: Final = SMTP.clone(cte_type="7bit", header_factory=_FIELDS)
_BAD_NAME: Final = re.compile(r'[/\\:*?"<>|]')
_NAME_LENGTH: Final = 150
_PLAIN: Final = "application/octet-stream"
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")


class Letter(NamedTuple):
    """The outside of a mail. ``id`` is its own for good: every try, also after a crash, carries the same one.

    ``in_reply_to`` is the mail that it answers, ``references`` those of the thread, all with their angle brackets.
    """

    id: str
    sender: str
    sender_name: str
    to: Sequence[str]
    cc: Sequence[str]
    reply_to: str
    at: datetime
    in_reply_to: str = ""
    references: Sequence[str] = ()


def compose(letter: Letter, notice: WrittenNotice) -> bytes:
    """Return the mail that carries *notice*: text, HTML beside it, attachments after them.

    Raises:
        ValueError: an address is none.
    """
    mail = EmailMessage(policy=_SEVEN_BIT)
    mail["Message-ID"] = f"<{letter.id}@{letter.sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(letter.at)
    mail["From"] = _address(letter.sender, letter.sender_name)
    mail["To"] = [_address(one) for one in letter.to]
    if letter.cc:
        mail["Cc"] = [_address(one) for one in letter.cc]
    if letter.reply_to:
        mail["Reply-To"] = _address(letter.reply_to)
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
        mail["References"] = " ".join(letter.references)
    mail["Subject"] = _line(notice.subject)
    # RFC 3834, 5: nobody's holiday notice answers it
    mail["Auto-Submitted"] = "auto-replied" if letter.in_reply_to else "auto-generated"
    mail.set_content(notice.text)
    if notice.html:
        mail.add_alternative(notice.html, subtype="html")
    for attachment in notice.attachments:
        _attach(mail, attachment)
    mail["Content-Language"] = _line(notice.language)  # last: it would move into the first part
    _fix_boundaries(mail, letter.id)
    return mail.as_bytes()


def recipients(content: bytes) -> tuple[str, list[str], list[str]]:
    """Return sender, recipients and those in copy of a stored mail: its envelope (RFC 5321).

    Raises:
        DeliveryRefused: it names no sender or no recipient.
    """
    mail = message_from_bytes(content, policy=SMTP)
    sender, to, cc = (_specs(mail, name) for name in ("From", "To", "Cc"))
    if not sender or not to:
        raise DeliveryRefused("the mail names no sender or no recipient")
    return sender[0], to, cc


def _specs(mail: EmailMessage, name: str) -> list[str]:
    field = mail[name]
    return [] if field is None else [address.addr_spec for address in field.addresses]


def _address(spec: str, name: str = "") -> Address:
    return Address(display_name=_line(name), addr_spec=spec)


def _line(words: str) -> str:
    """Return *words* on one line without control characters: what a header may say."""
    shown = "".join(" " if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") else one for one in words)
    return " ".join(shown.split())


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    media_type = attachment.media_type if _MEDIA_TYPE.fullmatch(attachment.media_type) else _PLAIN
    kind, _, subtype = media_type.partition("/")
    name = _BAD_NAME.sub("_", _line(attachment.name))[-_NAME_LENGTH:].strip(". ") or "attachment"
    mail.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=name)


def _fix_boundaries(mail: EmailMessage, letter_id: str) -> None:
    """Name the boundaries after the mail, so that the same facts always make the same bytes."""
    token = re.sub(r"[^0-9A-Za-z]", "", letter_id)
    parts = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(parts, 1):
        part.set_boundary(f"==={token}.{number}===")
