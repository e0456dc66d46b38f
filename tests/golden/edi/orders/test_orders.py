"""Golden pairs: an interchange as a partner sends it, and beside it the orders and violations that it gives."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.edi.decoder import EdifactDecoder

FOLDER = Path(__file__).parent


def plain(value: object) -> object:
    """Return *value* as JSON knows it, with decimals as text and empty fields left out."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if part not in (None, "", ()) and part is not False}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def reading(source: bytes) -> list[object]:
    decoder = EdifactDecoder()
    return [
        {
            "control_reference": interchange.control_reference,
            "readable": interchange.readable,
            "test": interchange.test,
            "acknowledgement_request": interchange.acknowledgement_request,
            "violations": [violation.as_json() for violation in interchange.violations],
            "messages": [
                {
                    "reference": decoded.span.reference,
                    "order": plain(asdict(decoded.document)) if decoded.document else None,
                    "violations": [violation.as_json() for violation in decoded.violations],
                }
                for decoded in decoder.decode(source, interchange, interchange.messages)
            ],
        }
        for interchange in decoder.scan(source)
    ]


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.edi")))
def test_an_interchange_reads_as_agreed(name: str) -> None:
    source = (FOLDER / f"{name}.edi").read_bytes()
    assert reading(source) == json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("told/*.json")))
def test_what_is_wrong_is_told_as_agreed(name: str) -> None:
    """LNG-01: ``{language: [[code, message, hint], ...]}`` in ``told/``, for those to read who speak it."""
    source, decoder = (FOLDER / f"{name}.edi").read_bytes(), EdifactDecoder()
    found = [
        violation
        for interchange in decoder.scan(source)
        for violations in (
            interchange.violations,
            *(one.violations for one in decoder.decode(source, interchange, interchange.messages)),
        )
        for violation in violations
    ]
    agreed = json.loads((FOLDER / "told" / f"{name}.json").read_text("utf-8"))
    assert list(agreed) == ["de", "zh"]
    for language, told in agreed.items():
        assert [[violation.code, *violation.told(language)] for violation in found] == told


def test_there_are_pairs() -> None:
    assert len(list(FOLDER.glob("*.edi"))) >= 5
    assert {path.stem for path in FOLDER.glob("*.edi")} == {path.stem for path in FOLDER.glob("*.json")}
