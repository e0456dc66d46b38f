"""What of a doubtful paper its sender is asked: what only the sender can say, in the sender's own words. Pure.

Doubts that follow from what we know - credit, stock, prices of ours - are never asked, and nothing of the master data
is told: only what stands on the paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from core.paper.evidence import Doubt

Json = dict[str, Any]

#: doubts that the sender of a paper can settle
ASKED_OF_SENDER: Final[frozenset[Doubt]] = frozenset(
    {
        "paper.amounts_differ",
        "paper.date_doubtful",
        "paper.field_doubtful",
        "paper.forms_differ",
        "paper.item_doubtful",
        "paper.item_unknown",
        "paper.missing",
        "paper.reference_doubtful",
        "paper.reference_used",
        "paper.ship_to_new",
        "paper.total_differs",
        "paper.unit_differs",
    }
)
#: the fields that a draft may hold the code of an item in
_CODES: Final = ("sku", "gtin", "buyer_code")
#: doubts about which item a line means
_ITEMS: Final = frozenset({"paper.item_doubtful", "paper.item_unknown"})
#: the head of an order, and a line, as they are read
_HEAD: Final = ("buyer_reference", "document_date", "requested_date", "currency", "ship_to")
_LINE: Final = ("sku", "description", "quantity", "unit", "price", "amount")
#: fields that no form has: what they add up is corrected instead
_SUMS: Final = frozenset({"total", "net_total"})
#: a mail of ours quotes no more of a paper than so many signs at a time, ways to read it, and questions
_LONGEST: Final = 60
_WAYS: Final = 3
_MOST: Final = 20
#: fields whose values are days
_DAYS: Final = frozenset({"document_date", "requested_date"})
#: what somebody else may have put there for our customer to follow; mail programs make links of bare names, too
_LURES: Final = re.compile(
    r"://|www\.|@|[a-z0-9]\.(?:com|net|org|info|biz|shop|site|online|top|xyz)(?![a-z0-9])|[a-z0-9]\.[a-z]{2,}/",
    re.IGNORECASE,
)


def questions_on(judgement: Mapping[str, Any] | None, origins: Mapping[str, Any]) -> list[Json]:
    """Return what to ask about a document, one question for what belongs together; nothing that a person settled.

    Each is ``{"line", "code", "fields"}``: the line's number, None for the head; the doubt; and of each field its name,
    what stands there (``said``) and the ways to read it where there are several (days as ISO 8601).

    Args:
        judgement: the verdict as it is kept (``core.paper.record``).
        origins: of the fields of its draft.
    """
    found: dict[tuple[str, str, str], Json] = {}
    settled = set()
    judged = ((judgement or {}).get("fields") or {}).items()
    for path, one in sorted(judged, key=lambda field: _sequence(field[0])):
        code = one.get("doubt")
        if code not in ASKED_OF_SENDER:
            continue
        line, name = _place(path)
        # Quantity, price and amount of a line are one question, as are days, and name and place of an address.
        key = (line, "" if line or name == "ship_to" or name in _DAYS else name, code)
        asked = found.setdefault(key, {"line": int(line) if line else None, "code": code, "fields": []})
        asked["fields"].append({"field": name, **_said(name, one)})
        if _is_settled(path, origins):
            settled.add(key)
    # The unit of an item that is not known cannot be wrong.
    unclear = {line for line, _, code in found if code in _ITEMS}
    settled |= {key for key in found if key[2] == "paper.unit_differs" and key[0] in unclear}
    return [asked for key, asked in found.items() if key not in settled][:_MOST]


def _sequence(path: str) -> tuple[int, int, int, bool]:
    """Return what sorts fields as people read an order: its head, its lines, its sums."""
    line, name = _place(path)
    known = _LINE if line else _HEAD
    place = known.index(name) if name in known else len(known)
    return 2 if name in _SUMS else int(bool(line)), int(line or 0), place, path != "ship_to.name"


def _place(path: str) -> tuple[str, str]:
    """Return the number of the line, "" the head, and the name of the field."""
    way = path.split(".")
    if way[0] == "lines":
        return way[1], "sku" if way[2] in _CODES else way[2]
    return "", way[0]


def _is_settled(path: str, origins: Mapping[str, Any]) -> bool:
    """Tell whether a person confirmed, corrected or entered what was read at *path*; of a sum, any of its lines."""
    if path in _SUMS:
        return any(_is_decided(origin) for place, origin in origins.items() if place.startswith("lines."))
    prefix, _, name = path.rpartition(".")
    paths = [f"{prefix}.{code}" for code in _CODES] if name in _CODES else [path]
    origin: Mapping[str, Any] = next((origins[one] for one in paths if one in origins), {})
    return bool(origin) and _is_decided(origin)


def _is_decided(origin: Mapping[str, Any]) -> bool:
    return origin["origin"] != "read" or bool({"confirmed_by", "corrected_by"} & origin.keys())


def _said(name: str, one: Mapping[str, Any]) -> Json:
    """Return what stands there and the ways to read it: other words of the paper, or the days that it may mean."""
    said = quoted(one.get("text") or "")
    ways = [way for way in one.get("candidates", ()) if way.get("page") is not None]
    told = [way["value"] if name in _DAYS else quoted(way["text"]) for way in ways]
    several = [way for way in dict.fromkeys(told) if way]
    return {"said": said, "candidates": several[:_WAYS] if len(several) > 1 else []}


def is_lure(text: str) -> bool:
    """Tell whether words may lead somebody somewhere: what a stranger may have written is not sent on with them."""
    return _LURES.search(text) is not None


def quoted(text: str) -> str:
    """Return what may be quoted of words that a stranger may have written, on one line; "" nothing of it."""
    one = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if is_lure(one):
        return ""
    return one if len(one) <= _LONGEST else f"{one[: _LONGEST - 1]}…"
