"""Mutilated despatch advices, receipts, stock reports and statuses: judged with places, never an error of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.edi.decoder import EdifactDecoder
from core.ports import Decoded

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"
SOURCES = sorted(
    path for kind in ("desadv", "recadv", "invrpt", "iftsta") for path in GOLDEN.glob(f"{kind}/received/*.edi")
)
SEGMENTS = {path.stem: re.split(r"(?<!\?)'\n?", path.read_bytes().decode("latin-1"))[:-1] for path in SOURCES}


def judged(segments: list[str]) -> list[Decoded]:
    """Read a source and ask it for fields, as every door of ours does; return what became of each message."""
    content = "".join(f"{segment}'" for segment in segments).encode("latin-1")
    decoder = EdifactDecoder()
    interchanges = decoder.scan(content)
    assert interchanges, "a source always has an interchange, if only one that cannot be read"
    found = []
    for interchange in interchanges:
        for decoded in decoder.decode(content, interchange, interchange.messages):
            for field in ("number", "lines.1.quantity", "lines.1.batches", "buyer.gln"):
                decoder.locate(content, interchange, decoded.span, field)
            found.append(decoded)
    return found


def is_sound(decoded: Decoded) -> bool:
    """Tell whether a message has a document or an error, and a place for each fault."""
    told = decoded.document is not None or any(one.severity == "error" for one in decoded.violations)
    return told and all(violation.offset is not None for violation in decoded.violations)


@pytest.mark.parametrize("name", SEGMENTS)
def test_a_message_may_lack_any_segment(name: str) -> None:
    segments = SEGMENTS[name]
    for place in range(len(segments)):
        assert all(map(is_sound, judged([*segments[:place], *segments[place + 1 :]])))


@settings(max_examples=60)
@given(st.sampled_from(sorted(SEGMENTS)), st.data())
def test_segments_may_stand_anywhere_and_say_anything(name: str, data: st.DataObject) -> None:
    segments = list(SEGMENTS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place, other = (data.draw(st.integers(0, len(segments) - 1)) for _ in range(2))
        match data.draw(st.sampled_from(["swap", "drop", "repeat", "strip", "empty"])):
            case "swap":
                segments[place], segments[other] = segments[other], segments[place]
            case "drop":
                del segments[place]
            case "repeat":
                segments.insert(other, segments[place])
            case "strip":
                segments[place] = segments[place][: data.draw(st.integers(3, 60))]
            case _:
                segments[place] = segments[place][:3]
        if not segments:
            return
    assert all(map(is_sound, judged(segments)))
