"""What a person adds to a confirmation before it leaves: a note, and files (CNF-06).

Both belong to one revision of the order. From its confirmation on they are as fixed as the rest of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

from core.audit.record import record
from core.errors import Conflict, NotFound, ValueRefused
from core.store import enclosures as rows
from core.store import orders as order_rows
from core.store.engine import Tx

#: states in which the confirmation of the present revision has not left
OPEN: Final = frozenset({"draft", "received", "in_review"})
#: what a note may hold: FTX of ORDRSP has room for it, and people read it
MOST_SIGNS: Final = 1000
#: bytes of one file, and of all that go with one confirmation: mail servers refuse more
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_BYTES_IN_ALL: Final = 10 * 1024 * 1024
MOST_FILES: Final = 10
#: media type -> the ends that a file's name may have, and how its bytes begin
MEDIA_TYPES: Final[Mapping[str, tuple[frozenset[str], bytes]]] = {
    "application/pdf": (frozenset({".pdf"}), b"%PDF-"),
    "image/png": (frozenset({".png"}), b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": (frozenset({".jpg", ".jpeg"}), b"\xff\xd8\xff"),
    "text/plain": (frozenset({".txt"}), b""),
    "text/csv": (frozenset({".csv"}), b""),
}
#: letters, digits and a few signs; no path, no control signs, nothing hidden
_NAME: Final = re.compile(r"\w[\w .()+,-]{0,99}")


class NewFile(NamedTuple):
    """A file to attach, its bytes kept as the blob ``sha256``."""

    name: str
    media_type: str
    sha256: str
    size: int


def check_file(name: str, media_type: str, content: bytes) -> None:
    """Refuse a file that does not go out with a confirmation.

    Raises:
        ValueRefused: its name, kind or size, or bytes that are not what the kind says.
    """
    if media_type not in MEDIA_TYPES:
        raise ValueRefused(f"{media_type} does not go with a confirmation", hint=f"Kinds: {', '.join(MEDIA_TYPES)}.")
    ends, begin = MEDIA_TYPES[media_type]
    if not _NAME.fullmatch(name) or PurePosixPath(name).suffix.lower() not in ends:
        raise ValueRefused(
            f"{name[:100]!r} is no name for a file of {media_type}",
            hint=f"Letters, digits, spaces and .()+,- and at the end {' or '.join(sorted(ends))}.",
        )
    if not 0 < len(content) <= MOST_BYTES:
        raise ValueRefused(f"{name} has {len(content)} bytes; 1 to {MOST_BYTES} may be attached")
    if not content.startswith(begin) or (media_type.startswith("text/") and not _is_text(content)):
        raise ValueRefused(f"{name} is not {media_type}")


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def set_note(tx: Tx, number: str, text: str, *, actor: str, at: datetime) -> dict[str, Any]:
    """Set the note of the confirmation to come, "" takes it away; return the order's row.

    Raises:
        NotFound: there is no such order.
        Conflict: the confirmation has left.
        ValueRefused: more signs than a note may have, or some that cannot be written.
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(text) > MOST_SIGNS:
        raise ValueRefused(f"the note has {len(text)} signs; {MOST_SIGNS} are allowed")
    if any(not sign.isprintable() for sign in text if sign != "\n"):
        raise ValueRefused("the note has control signs")
    order = _open_order(tx, number)
    if text != rows.note_of(tx, order["id"], order["revision"]):
        rows.set_note(tx, order["id"], order["revision"], text, actor=actor, at=at)
        summary = "note for the confirmation " + ("set" if text else "removed")
        _tell(tx, order, "confirmation.noted", summary, {"text": text}, actor=actor, at=at)
    return order


def attach(tx: Tx, number: str, file: NewFile, *, actor: str, at: datetime) -> int:
    """Attach a file to the confirmation to come and return its id.

    Raises:
        NotFound: there is no such order.
        Conflict: the confirmation has left, or has a file of that name.
        ValueRefused: it would carry too much.
    """
    order = _open_order(tx, number)
    held = rows.attachments_of(tx, order["id"], order["revision"])
    if any(one["name"].casefold() == file.name.casefold() for one in held):
        raise Conflict(f"{file.name} is attached already", hint="Take that one away first, or name the file otherwise.")
    if len(held) >= MOST_FILES or sum(one["size"] for one in held) + file.size > MOST_BYTES_IN_ALL:
        raise ValueRefused(f"a confirmation carries {MOST_FILES} files and {MOST_BYTES_IN_ALL} bytes at most")
    attachment_id = rows.attach(tx, order["id"], order["revision"], actor=actor, at=at, **file._asdict())
    _tell(tx, order, "confirmation.attached", f"{file.name} attached", file._asdict(), actor=actor, at=at)
    return attachment_id


def detach(tx: Tx, number: str, attachment_id: int, *, actor: str, at: datetime) -> None:
    """Take a file away from the confirmation to come.

    Raises:
        NotFound: there is no such order, or no such file with it.
        Conflict: the confirmation has left.
    """
    order = _open_order(tx, number)
    if not rows.detach(tx, order["id"], order["revision"], attachment_id):
        raise NotFound(f"{number} has no attachment {attachment_id}")
    told = {"attachment": str(attachment_id)}
    _tell(tx, order, "confirmation.detached", "an attachment taken away", told, actor=actor, at=at)


def said_with(tx: Tx, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the answer to *order* says besides its lines: ``notes``, left out where there is none."""
    note = rows.note_of(tx, order["id"], order["revision"])
    return {"notes": [note]} if note else {}


def _open_order(tx: Tx, number: str) -> dict[str, Any]:
    order = order_rows.by_number(tx, number, lock=True)
    if order["state"] not in OPEN:
        raise Conflict(
            f"the confirmation of {number} has left: it is {order['state']}",
            hint="A change of the order makes a new revision, whose confirmation can carry it.",
            inputs={"state": order["state"], "revision": order["revision"]},
        )
    return order


def _tell(
    tx: Tx, order: Mapping[str, Any], event: str, summary: str, inputs: Mapping[str, Any], *, actor: str, at: datetime
) -> None:
    record(
        tx, order["id"], event, at=at, actor=actor, summary=summary, inputs={**inputs, "revision": order["revision"]}
    )
