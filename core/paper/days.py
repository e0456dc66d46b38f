"""The days of an order: when it was written, and when the goods are wanted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from core.paper.evidence import SURE, Evidence, Judgement, calibrated
from core.paper.known import Known
from core.reading import Extracted

#: goods are asked for within so many days of the order
_MOST: Final = timedelta(days=120)
#: an order comes within so many days of its date
_ON_THE_WAY: Final = timedelta(days=7)


def judge_days(found: Extracted, known: Known, verdict: Judgement) -> None:
    """Judge the days: each in one reading, the order before its delivery, and not long before.

    A date of the order that was not read surely is asked of nobody where it is of the days before the receipt: the day
    of receipt then stands for it, as for every order that tells none (field 5 of the requirements).
    """
    ordered, wanted = (_day(found.best(name)) for name in ("document_date", "requested_date"))
    if "document_date" in found.fields and _is_of_no_matter(found, known):
        ordered = known.received
    elif said := found.fields.get("document_date"):
        if _is_read(found, "document_date") and (wanted is None or _is_plausible(ordered, wanted)):
            verdict.accept("document_date", said[0], *_proofs(found, both=wanted is not None))
        else:
            verdict.doubt("document_date", "paper.date_doubtful", said)
            ordered = known.received or ordered
    if said := found.fields.get("requested_date"):
        if _is_read(found, "requested_date") and (ordered is None or _is_plausible(ordered, wanted)):
            verdict.accept("requested_date", said[0], *_proofs(found, both=ordered is not None))
        else:
            verdict.doubt("requested_date", "paper.date_doubtful", said)
    for line in range(1, found.lines + 1):
        path = f"lines.{line}.requested_date"
        if said := found.fields.get(path):
            if _is_read(found, path) and (ordered is None or _is_plausible(ordered, _day(said[0].value))):
                verdict.accept(path, said[0], *_proofs(found, both=ordered is not None))
            else:
                verdict.doubt(path, "paper.date_doubtful", said)


def _is_read(found: Extracted, name: str) -> bool:
    """Tell whether a day can be read in one way, and was read surely."""
    said = found.fields[name]
    return len({one.value for one in said}) == 1 and (not found.guessed or calibrated(said[0].confidence) >= SURE)


def _is_of_no_matter(found: Extracted, known: Known) -> bool:
    day = _day(found.best("document_date"))
    near = day is not None and known.received is not None and timedelta() <= known.received - day <= _ON_THE_WAY
    return near and found.guessed and not _is_read(found, "document_date")


def _is_plausible(ordered: date | None, wanted: date | None) -> bool:
    return ordered is not None and wanted is not None and timedelta() <= wanted - ordered <= _MOST


def _proofs(found: Extracted, *, both: bool) -> list[Evidence]:
    proofs: list[Evidence] = ["reader.sure" if found.guessed else "text.exact"]
    return sorted([*proofs, "dates.plausible"]) if both else proofs


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
