"""What came by mail and fax as people read it: its parts, what each became, and the verdict on every field (INT-24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.clock import iso
from core.errors import NotFound
from core.provenance import ENGLISH, told_again
from core.reporting import cursor as cursors
from core.reporting import paper_questions
from core.store.engine import Tx
from core.store.views import papers as views
from core.store.views.orders import numbers_of
from core.store.views.papers import PaperFilter
from core.texts.catalogue import Text, text_of

Json = dict[str, Any]

_SAID: Final = ("name", "state", "transport", "origin", "sha256", "size", "attempts")
_OF_PART: Final = ("place", "name", "media_type", "sha256", "size", "fate", "became", "reason", "kind", "language")
#: a part that may be looked at: it was read, or could have been
_OPENED: Final = frozenset({"paper", "picture"})
_MAX_ID: Final = 2**63


def papers(tx: Tx, wanted: PaperFilter, *, language: str = ENGLISH, cursor: str | None = None, limit: int = 50) -> Json:
    """Return a page of sources, newest first, each with its parts but without their fields.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    found, more = cursors.page(views.page(tx, wanted, key[0] if key else None, limit + 1), limit)
    parts = views.parts_of(tx, [row["id"] for row in found])
    numbers = _numbers(tx, [part for each in parts.values() for part in each])
    return {
        "items": [_source(row, parts[row["id"]], numbers, language) for row in found],
        "next": cursors.encode(found[-1]["id"]) if more else None,
    }


def paper(tx: Tx, paper_id: str, *, language: str = ENGLISH) -> Json:
    """Return one source with its parts, their pages, and of each field its value, place, evidence or doubt.

    Raises:
        NotFound: nothing of that id came by mail or fax.
    """
    row = views.one(tx, _id(paper_id))
    if row is None:
        raise _unknown(paper_id)
    parts = views.parts_of(tx, [row["id"]])[row["id"]]
    told = _source(row, parts, _numbers(tx, parts), language)
    for part, shown in zip(parts, told["parts"], strict=True):
        judgement = part["judgement"] or {"pages": [], "fields": {}}
        shown["pages"] = judgement["pages"]
        shown["fields"] = {path: _field(path, one, language) for path, one in judgement["fields"].items()}
    return {
        **told,
        "question": paper_questions.question(tx, row["id"], language=language),
        "answers": paper_questions.answers(tx, row["id"]),
    }


def part_to_show(tx: Tx, paper_id: str, ordinal: int) -> Json:
    """Return the row of a part that people may look at.

    Raises:
        NotFound: there is none, or it was left closed: it may be dangerous, or is no document.
    """
    part = views.part(tx, _id(paper_id), ordinal)
    if part is None:
        raise _unknown(f"{paper_id}, part {ordinal}")
    if part["fate"] not in _OPENED:
        raise NotFound(f"part {ordinal} of paper {paper_id} was not opened", inputs={"fate": part["fate"]})
    return part


def _id(paper_id: str) -> int:
    number = int(paper_id) if paper_id.isascii() and paper_id.isdigit() else _MAX_ID
    return number if number < _MAX_ID else -1


def _unknown(paper_id: str) -> NotFound:
    return NotFound(f"there is no paper {paper_id}", hint="`ordergate papers list` has those that came.")


def _numbers(tx: Tx, parts: list[Json]) -> dict[int, str]:
    return numbers_of(tx, sorted({part["order_id"] for part in parts if part["order_id"] is not None}))


def _source(row: Json, parts: list[Json], numbers: Mapping[int, str], language: str) -> Json:
    ended = row["ended_at"]
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in _SAID},
        "received_at": iso(row["received_at"]),
        "ended_at": None if ended is None else iso(ended),
        "letter": row["letter"],
        "problem": None if row["problem"] is None else told_again(row["problem"], language),
        "parts": [_part(part, numbers, language) for part in parts],
    }


def _part(part: Json, numbers: Mapping[int, str], language: str) -> Json:
    fields = (part["judgement"] or {"fields": {}})["fields"]
    return {
        "part": part["ordinal"],
        **{name: part[name] for name in _OF_PART},
        "partner": part["partner"] or None,
        "reference": part["reference"] or None,
        "quality": part["quality"],
        "guessed": part["guessed"],
        "document": _text(part["document_id"]),
        "order": numbers.get(part["order_id"]),
        "draft": _text(part["draft_id"]),
        "handed_on": _text(part["handed_source_id"]),
        "accepted": sum("doubt" not in one for one in fields.values()),
        "doubtful": sum("doubt" in one for one in fields.values()),
        "violation": None if part["violation"] is None else told_again(part["violation"], language),
    }


def _field(path: str, kept: Json, language: str) -> Json:
    """Return the verdict on a field; a doubt in the words of *language*."""
    doubt = None
    if code := kept.get("doubt"):
        words = text_of(code, {"path": path}, language) or text_of(code, {"path": path}, ENGLISH) or Text(code, "")
        doubt = {"code": code, **words._asdict()}
    return {
        **{name: kept.get(name) for name in ("value", "text", "confidence", "page", "box", "crop", "found_by")},
        "evidence": kept.get("evidence", []),
        "doubt": doubt,
        "candidates": [
            {name: one.get(name) for name in ("value", "text", "page", "box")} for one in kept.get("candidates", ())
        ],
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
