"""What the person who completed a draft found of its fields: whether the doubts were worth their time (part 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.entry.forms import Origins, fields_of
from core.paper.measured import is_measured
from core.store.engine import Tx
from core.store.papers import Outcome, Row, settle_doubts

#: where a field of a paper stands in the form of a draft, if under another name
_MOVED: Final = {"ship_to.address": "ship_to.street"}
#: what names an item in a form: one of them is filled in
_CODES: Final = ("sku", "gtin", "buyer_code")


def keep_what_was_found(tx: Tx, part: Row, form: Mapping[str, Any], origins: Origins) -> None:
    """Keep of each doubt of *part* what became of it in the submitted *form*, and count what slipped through."""
    fields = (part["judgement"] or {"fields": {}})["fields"]
    found = {path: outcome_of(path, one, form, origins) for path, one in fields.items()}
    doubts = {path: found[path] for path, one in fields.items() if "doubt" in one}
    slipped = sum(
        found[path] == "corrected" for path, one in fields.items() if "doubt" not in one and is_measured(path)
    )
    settle_doubts(tx, part, doubts, slipped=slipped)


def keep_as_dropped(tx: Tx, part: Row) -> None:
    """Keep that nobody looked at the doubts of *part* to the end: its draft was discarded."""
    fields = (part["judgement"] or {"fields": {}})["fields"]
    settle_doubts(tx, part, {path: "dropped" for path, one in fields.items() if "doubt" in one}, slipped=0)


def outcome_of(path: str, kept: Mapping[str, Any], form: Mapping[str, Any], origins: Origins) -> Outcome:
    """Return what became of the field *path* of a paper, of which *kept* is the verdict.

    A field that stands in the form as it was read is confirmed; one whose value a person gave is corrected, also where
    nothing was read, and one that a person took away. What no form takes, as a total, was seen.
    """
    names = _places(path)
    if not names:
        return "seen"
    stands = fields_of(form)
    filled = [name for name in names if name in stands]
    if not filled:
        return "corrected" if kept.get("value") or kept.get("candidates") else "confirmed"
    return "confirmed" if all(_is_read(origins.get(name, {})) for name in filled) else "corrected"


def _places(path: str) -> list[str]:
    """Return where a field of a paper may stand in the form of a draft."""
    head, _, name = path.rpartition(".")
    if path.startswith("lines."):
        return [f"{head}.{code}" for code in _CODES] if name in _CODES else [path] if name in _LINE else []
    moved = _MOVED.get(path, path)
    return [moved] if moved in _HEAD or moved.startswith("ship_to.") else []


_LINE: Final = ("quantity", "unit", "price", "description")
_HEAD: Final = ("partner", "buyer_reference", "currency", "requested_date")


def _is_read(origin: Mapping[str, Any]) -> bool:
    return origin.get("origin") == "read" and "corrected_by" not in origin
