"""Where a value of an order stands on the page that it was read from, and who confirmed it (INT-24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.store import drafts, papers
from core.store.engine import Tx

#: fields of an order by what a reading calls them
_READ_AS: Final = {"supplier_code": "sku"}


def paper_place(tx: Tx, document_id: int, field: str, stored: str) -> dict[str, Any] | None:
    """Return the place of *field* on the paper that became an order; None where the document is none.

    ``verified`` says that the reading gave the stored value; a value that a person entered has no place on it.
    """
    part = papers.of_document(tx, document_id)
    if part is None:
        return None
    path = field.split(".")
    path[-1] = _READ_AS.get(path[-1], path[-1])
    name = ".".join(path)
    said: Mapping[str, Any] = ((part["judgement"] or {}).get("fields") or {}).get(name, {})
    inputs = {key: said[key] for key in ("part", "evidence", "doubt") if key in said}
    value = said.get("value")
    if part["draft_id"] is not None:
        origin = drafts.get(tx, part["draft_id"])["origins"].get(name, {})
        inputs |= {key: origin[key] for key in ("by", "at", "confirmed_by", "confirmed_at") if key in origin}
        if origin.get("origin") == "entered":
            return {"verified": True, "kind": "derived", "rule": "paper.entered", "inputs": inputs}
        value = value or next((one["value"] for one in said.get("candidates", ())), None)
    if "page" not in said:
        return {"verified": value == stored, "kind": "derived", "rule": "paper.reading", "inputs": inputs}
    return {
        "verified": value == stored, "kind": "page", "page": said["page"], "box": [round(one) for one in said["box"]],
        "text": said["text"], "confidence": str(said["confidence"]), "rule": "paper.reading", "inputs": inputs,
    }  # fmt: skip
