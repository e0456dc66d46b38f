"""Where a value of an order stands on the page that it was read from, and who confirmed it (INT-24)."""

from __future__ import annotations

from typing import Any, Final

from core.entry.forms import fields_of
from core.paper.record import origins_of
from core.paper.sums import number_of
from core.store import drafts, papers
from core.store.engine import Tx

#: fields of an order by what a reading calls them
_READ_AS: Final = {"supplier_code": "sku"}
#: what is told beside the place itself
_TOLD: Final = (
    "part", "crop", "found_by", "evidence", "doubt", "by", "at", "confirmed_by", "confirmed_at", "corrected_by",
    "corrected_at", "was", "partner",
)  # fmt: skip


def paper_place(tx: Tx, document_id: int, field: str, stored: str) -> dict[str, Any] | None:
    """Return the place of *field* on the paper that became an order; None where the document is none.

    ``verified`` says that what was read, or what a person made of it, is the stored value; one that a person entered
    has no place on the paper, and one that a person corrected names its place and what was read there.
    """
    part = papers.of_document(tx, document_id)
    if part is None:
        return None
    path = field.split(".")
    path[-1] = _READ_AS.get(path[-1], path[-1])
    name = ".".join(path)
    if part["draft_id"] is not None:
        draft = drafts.get(tx, part["draft_id"])
        said = draft["origins"].get(name, {})
        value = fields_of(draft["content"]).get(name)
    else:
        said = origins_of(part).get(name, {})
        value = (((part["judgement"] or {}).get("fields") or {}).get(name) or {}).get("value")
    inputs = {key: said[key] for key in _TOLD if key in said}
    if said.get("origin") == "entered":
        return {"verified": True, "kind": "derived", "rule": "paper.entered", "inputs": inputs}
    rule = "paper.corrected" if "corrected_by" in said else "paper.reading"
    if "page" not in said:
        return {"verified": _is_same(value, stored), "kind": "derived", "rule": rule, "inputs": inputs}
    return {
        "verified": _is_same(value, stored), "kind": "page", "page": said["page"],
        "box": [round(one) for one in said["box"]], "text": said["text"], "confidence": str(said["confidence"]),
        "rule": rule, "inputs": inputs,
    }  # fmt: skip


def _is_same(value: str | None, stored: str) -> bool:
    """Tell whether two values are the same; numbers by their worth, as ``24.00`` is stored as ``24``."""
    if value == stored:
        return True
    number = number_of(value or "")
    return number is not None and number == number_of(stored)
