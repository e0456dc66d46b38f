"""Looking at fields that were read: each is confirmed as it stands or corrected, and keeps who did which (INT-24)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from core.entry.drafts import Writer, open_draft
from core.entry.forms import Form, fields_of
from core.entry.origins import confirmed, corrected
from core.errors import ValueRefused
from core.store import drafts as rows
from core.store.engine import Tx


def confirm_fields(
    tx: Tx, writer: Writer, draft_id: int, decided: Mapping[str, str | None], *, seen: int | None = None
) -> None:
    """Take what a person says of fields by path: None, or what stands there already, confirms; else it is corrected.

    A corrected field keeps where it was read and what was read there.

    Raises:
        NotFound, DraftChanged, Conflict: as ``core.entry.drafts.replace_draft``.
        ValueRefused: a field was not read from a paper.
    """
    draft = open_draft(tx, draft_id, writer.partner, seen=seen)
    form, origins = deepcopy(draft["content"]), dict(draft["origins"])
    stands = fields_of(form)
    for path, value in decided.items():
        origin = origins.get(path)
        if origin is None or origin["origin"] != "read":
            raise ValueRefused(
                f"{path} was not read from a mail or fax", hint="Change the draft itself.", inputs={"path": path}
            )
        if value is None or value == stands[path]:
            origins[path] = confirmed(origin, writer.origin)
        else:
            _put(form, path, value)
            origins[path] = corrected(origin, stands[path], value, writer.origin)
    owner = draft["partner"] or str(form.get("partner", ""))[:20]
    if "partner" in decided and writer.partner is None:
        owner = str(form.get("partner", ""))[:20]
    changed = {
        "version": draft["version"] + 1, "partner": owner, "content": form, "origins": origins,
        "changed_at": writer.now,
    }  # fmt: skip
    rows.put(tx, draft_id, changed)


def _put(form: Form, path: str, value: str) -> None:
    """Set the field at *path*, which is there: ``ship_to.city``, ``lines.2.quantity``."""
    *way, name = path.split(".")
    target: Any = form
    for step in way:
        target = target[int(step) - 1] if step.isdigit() else target[step]
    target[name] = value
