"""What a partner found wrong in a document of ours, as violations of that document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.provenance import ENGLISH, Level, Severity, Violation, fault


def refusals(answer: Mapping[str, Any] | None, document_id: int, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Return V of the contracts for each fault that the *answer* to a transmission names in one of its documents.

    Places are segment, element and component as CONTRL counts them, elements with the tag as 0; what stands there, and
    at which byte, is known to who has the bytes. An APERAK tells no place.
    """
    return [] if answer is None else [found.as_json(language) for found in _found(answer, document_id)]


def _found(answer: Mapping[str, Any], document_id: int) -> Iterator[Violation]:
    told = False
    for row_id, code, segment, element, component in answer.get("faults", ()):
        if row_id == document_id:
            told = True
            level = Level.MESSAGE if segment is None else Level.SEGMENT if element is None else Level.ELEMENT
            yield fault(
                "document.refused",
                {"code": code},
                level=level if component is None else Level.COMPONENT,
                segment=segment,
                element=element,
                component=component,
                syntax_code=code,
            )
    if not told and document_id in answer["refused"] and answer["type"] == "CONTRL":
        yield fault(
            "document.refused",
            {"code": answer["codes"]},
            level=Level.INTERCHANGE,
            tag=answer.get("segment_tag") or None,
            syntax_code=answer["codes"],
        )
    if answer["type"] == "APERAK":
        for code, text, severity in answer["texts"]:
            yield fault(
                "document.reported",
                {"code": code, "text": text[:200]},
                severity=Severity(severity),
                level=Level.MESSAGE,
            )
