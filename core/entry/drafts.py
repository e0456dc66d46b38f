"""Drafts: orders that are not complete yet. A draft has no number and takes neither stock nor credit (state table, 3).

A draft is changed as a whole. Who says which version they saw is refused when another changed it since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.clock import iso
from core.entry.forms import Form, Origins
from core.entry.origins import origins_after
from core.errors import Conflict
from core.store import drafts as rows
from core.store import papers, timers
from core.store.engine import Tx
from core.store.rulebooks import rules_in_force
from core.store.timers import Timer

DRAFT_EXPIRE: Final = "draft.expire"
#: the version of a draft that nobody changed yet
_FIRST: Final = 1

Draft = dict[str, Any]


class DraftChanged(Conflict):
    """Somebody changed this since you read it."""

    code = "version.changed"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes a draft: the key's name, the only partner that it sees (None: the house), and when."""

    name: str
    partner: str | None
    now: datetime

    @property
    def origin(self) -> dict[str, Any]:
        """What is said of a field that this writer filled in."""
        said = {"origin": "entered", "by": self.name, "at": iso(self.now)}
        return said if self.partner is None else {**said, "partner": self.partner}


def create_draft(tx: Tx, writer: Writer, form: Form, origins: Origins | None = None) -> int:
    """Keep *form* as a new draft and return its id; *origins* are those of fields that the writer did not enter."""
    draft_id = tx.ids.next()
    expires_at = _expiry(tx, writer.now)
    row = {
        "id": draft_id,
        "version": _FIRST,
        "state": "open",
        "partner": _owner(writer, form),
        "content": form,
        "origins": origins_after(form, origins or {}, form, writer.origin),
        "entered_by": writer.name[:100],
        "created_at": writer.now,
        "changed_at": writer.now,
        "expires_at": expires_at,
        "order_number": None,
    }
    rows.add(tx, row)
    timers.schedule(tx, DRAFT_EXPIRE, draft_id, expires_at)
    return draft_id


def replace_draft(tx: Tx, writer: Writer, draft_id: int, form: Form, *, seen: int | None = None) -> None:
    """Make *form* the content of a draft; see :func:`core.entry.origins.origins_after` for where its fields come from.

    Raises:
        NotFound: there is none that the writer may see.
        DraftChanged: it is not the version *seen* any more.
        Conflict: it is submitted.
    """
    draft = open_draft(tx, draft_id, writer.partner, seen=seen)
    expires_at = _expiry(tx, writer.now)
    changed = {
        "version": draft["version"] + 1,
        "partner": _owner(writer, form),
        "content": form,
        "origins": origins_after(draft["content"], draft["origins"], form, writer.origin),
        "changed_at": writer.now,
        "expires_at": expires_at,
    }
    rows.put(tx, draft_id, changed)
    timers.cancel(tx, DRAFT_EXPIRE, draft_id)
    timers.schedule(tx, DRAFT_EXPIRE, draft_id, expires_at)


def discard_draft(tx: Tx, draft_id: int, partner: str | None, *, seen: int | None = None) -> None:
    """Remove a draft.

    Raises:
        NotFound, DraftChanged, Conflict: as :func:`replace_draft`.
    """
    open_draft(tx, draft_id, partner, seen=seen)
    timers.cancel(tx, DRAFT_EXPIRE, draft_id)
    rows.remove(tx, draft_id)


def close_draft(tx: Tx, draft_id: int, number: str, partner: str, now: datetime) -> None:
    """Keep that the draft became the order *number* of *partner*; from now on it stays as it is, with its order."""
    closed = {"state": "submitted", "order_number": number, "partner": partner, "changed_at": now, "expires_at": None}
    rows.put(tx, draft_id, closed)
    timers.cancel(tx, DRAFT_EXPIRE, draft_id)


def open_draft(tx: Tx, draft_id: int, partner: str | None, *, seen: int | None = None) -> Draft:
    """Return the locked row of a draft that can still be changed.

    Raises:
        NotFound, DraftChanged, Conflict: as :func:`replace_draft`.
    """
    draft = rows.get(tx, draft_id, partner=partner, lock=True)
    if draft["state"] != "open":
        raise Conflict(f"draft {draft_id} is order {draft['order_number']}", hint="Change the order instead.")
    if seen is not None and seen != draft["version"]:
        raise DraftChanged(
            f"draft {draft_id} is at version {draft['version']}, not {seen}",
            hint="Read it again and send your change for that version.",
            inputs={"version": draft["version"]},
        )
    return draft


def expire_draft(tx: Tx, timer: Timer) -> bool:
    """Remove the draft that *timer* is about; False when another process was first.

    One that was read from a customer's mail or fax stays, as the customer waits for it: its task reminds of it.
    """
    if not timers.take(tx, timer.id):
        return False
    if papers.of_draft(tx, timer.subject_id) is None:
        rows.remove(tx, timer.subject_id)
    else:
        rows.put(tx, timer.subject_id, {"expires_at": None})
    return True


def _expiry(tx: Tx, now: datetime) -> datetime:
    return now + timedelta(days=rules_in_force(tx).book.entry.draft_days)


def _owner(writer: Writer, form: Mapping[str, Any]) -> str:
    """Return whose draft it is: a partner's key writes its own alone."""
    return writer.partner or str(form.get("partner", ""))[:20]
