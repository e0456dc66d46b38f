"""Golden pairs of received messages: bytes as a partner sends them, and beside them what they are read as.

``<message>/received/<case>.edi`` has its twin ``<case>.json``. Run this file as a program to write the twins anew after
a wanted change; the difference is the review.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.provenance import Violation

HERE = Path(__file__).parent
PAIRS = sorted(HERE.glob("*/received/*.edi"))


def plain(value: Any) -> Any:
    """Return *value* as JSON knows it, with decimals and dates as text and empty fields left out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    named = value._asdict() if hasattr(value, "_asdict") else None
    if is_dataclass(value):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
    if named is not None:
        return {name: plain(part) for name, part in named.items() if part not in (None, "", ())}
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def told(violation: Violation) -> dict[str, object]:
    return {name: value for name, value in violation.as_json().items() if value is not None and name != "hint"}


def reading(source: bytes) -> list[dict[str, Any]]:
    decoder = EdifactDecoder()
    return [
        {
            "type": decoded.span.type,
            "version": decoded.span.release_name,
            "document": plain(decoded.document),
            "violations": [told(violation) for violation in decoded.violations],
        }
        for interchange in decoder.scan(source)
        for decoded in decoder.decode(source, interchange, interchange.messages)
    ]


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_received_message_reads_as_agreed(path: Path) -> None:
    assert reading(path.read_bytes()) == json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_every_message_has_pairs_and_every_pair_both_sides() -> None:
    assert {path.parts[-3] for path in PAIRS} >= {"aperak", "invoic", "ordchg", "ordrsp", "pricat", "remadv", "slsrpt"}
    assert set(HERE.glob("*/received/*.json")) == {path.with_suffix(".json") for path in PAIRS}


if __name__ == "__main__":
    for pair in PAIRS:
        read = json.dumps(reading(pair.read_bytes()), ensure_ascii=False, indent=1)
        pair.with_suffix(".json").write_text(read + "\n", "utf-8")
