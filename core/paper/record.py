"""What is kept of a reading with its part, JSON-ready: its pages, and the verdict on every field (INT-24)."""

from __future__ import annotations

from typing import Any

from core.paper.evidence import Judgement
from core.paper.forms import origin_of
from core.provenance import Violation, fault
from core.reading import Paper
from core.review.violations import pointer_of


def judgement_json(paper: Paper, verdict: Judgement) -> dict[str, Any]:
    """Return ``{"pages", "fields"}``: sizes of the pages that boxes stand on, and of each field what a draft says."""
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
    }  # fmt: skip


def doubts_of(verdict: Judgement) -> list[Violation]:
    """Return why a person has to look at a document, field by field; the tag is the pointer of the field."""
    return [
        fault(one.reason, {"path": path})._replace(
            tag=pointer_of(path), value=one.candidates[0].text[:100] if one.candidates else None
        )
        for path, one in verdict.doubtful.items()
    ]
