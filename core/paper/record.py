"""What is kept of a reading with its part, JSON-ready: its pages, and the verdict on every field (INT-24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.entry.forms import Origins
from core.paper.evidence import Judgement
from core.paper.forms import origin_of
from core.provenance import Violation, fault
from core.reading import Extracted, Paper
from core.review.violations import pointer_of


def judgement_json(paper: Paper, found: Extracted, verdict: Judgement) -> dict[str, Any]:
    """Return what is kept with a part.

    ``pages``: the sizes of the pages that boxes stand on. ``fields``: of each field what a draft says. ``said``: the
    likeliest reading of everything that was found, as it stood there, also of what only proves other fields.
    """
    return {
        "pages": [
            {
                "number": page.number, "name": page.name, "width": page.width, "height": page.height,
                "unit": page.unit, "medium": page.medium, "reader": page.reader, "quality": page.quality,
                "turned": page.turned, "skew": page.skew,
            }
            for page in paper.pages
        ],
        "fields": {
            **{path: {"value": one.value, **origin_of(one, paper.place)} for path, one in verdict.accepted.items()},
            **{path: origin_of(one, paper.place) for path, one in verdict.doubtful.items()},
        },
        "said": {path: candidates[0].value for path, candidates in found.fields.items() if candidates},
    }  # fmt: skip


def origins_of(part: Mapping[str, Any]) -> Origins:
    """Return where each field of an order that needed nobody was read: of its *part* as it is kept."""
    fields = (part["judgement"] or {}).get("fields", {})
    document = str(part["document_id"])
    return {
        path: {**{name: value for name, value in one.items() if name != "value"}, "document": document}
        for path, one in fields.items()
    }


def doubts_of(verdict: Judgement) -> list[Violation]:
    """Return why a person has to look at a document, field by field; the tag is the pointer of the field."""
    return [
        fault(one.reason, {"path": path})._replace(
            tag=pointer_of(path), value=one.candidates[0].text[:100] if one.candidates else None
        )
        for path, one in verdict.doubtful.items()
    ]
