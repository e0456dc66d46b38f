"""The fast path: runs of segments of one shape, codes that are learned, and the same reading as one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.collect import RawDocument
from adapters.edi.dialect import Separators
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.tables import load
from adapters.edi.messages import orders

HEAD = "UNH+1+ORDERS:D:96A:UN'BGM+220+PO1+9'DTM+137:20261122:102'"
TAIL = "UNS+S'CNT+2:1'UNT+9+1'"
LINE = "LIN+{n}++4000862141404:EN'IMD+F++:::Tea'QTY+21:4{n}:PCE'PRI+AAA:14.58'"


def compiled() -> CompiledMessage:
    return CompiledMessage(load("D96A"), "ORDERS", Separators(), orders.READERS)


def read(message: CompiledMessage, text: str) -> tuple[list[int] | None, Any]:
    """Return what the fast path says, and what it has read where it says yes."""
    target = RawDocument()
    unknown = message.read(text, target)
    return unknown, target if unknown is not None else None


def warmed() -> CompiledMessage:
    """Return a message that has met the shapes of the tests so often that each is a run."""
    message = compiled()
    for line in (LINE, *LINES):
        text = HEAD + "".join(line.format(n=number) for number in range(1, 41)) + TAIL
        for _ in range(20):
            assert read(message, text)[0] is not None
    return message


LINES = (
    "LIN+{n}++4000862141404:EN'QTY+21:{n}'",
    "LIN+{n}++4000862141404:EN'PIA+1+A?+B:SA'QTY+21:{n}'FTX+LIN+++What is this????'",
    "LIN+{n}++4000862141404:EN'QTY+21:{n}'DTM+2:20261128:102'DTM+64:20261128:102'",
    "LIN+{n}'QTY+21:{n}:PCE'",
)
WARMED = warmed()


@given(
    st.lists(st.sampled_from((LINE, *LINES)), min_size=1, max_size=8), st.sampled_from(("", "MOA+79:1'", "CNT+1:4'"))
)
def test_runs_read_what_segments_one_by_one_read(lines: list[str], summary: str) -> None:
    body = "".join(line.format(n=number) for number, line in enumerate(lines, 1))
    text = HEAD + body + TAIL.replace("CNT", f"{summary}CNT")
    assert read(WARMED, text) == read(compiled(), text)
    assert read(WARMED, text)[0] == []


@pytest.mark.parametrize(
    "fault",
    [
        "LIN+1++4000862141404:EN'QTY+21'",  # the composite lacks its mandatory value
        "LIN+1++4000862141404:EN'BGM+220'QTY+21:4'",
        "LIN+1++4000862141404:EN'QTY+21:x'",
        "LIN+1++" + "4" * 36 + ":EN'QTY+21:4'",
        "LIN+1++4000862141404:EN'QTY+21:4'" + "DTM+2:20261128:102'" * 36,
        "LIN+1++4000862141404:EN'QTY+21:4'PRI+AAA:1'" * 2 + "'",
        "LIN+1++4000862141404:EN'QTY+21:4:PCE",
    ],
)
def test_a_fault_among_runs_is_left_to_the_exact_validator(fault: str) -> None:
    good = "".join(LINES[0].format(n=number) for number in range(1, 41))
    for text in (HEAD + good + fault + TAIL, HEAD + fault + good + TAIL):
        assert read(WARMED, text)[0] is None
        assert read(compiled(), text)[0] is None


def test_repeats_within_a_run_are_counted() -> None:
    """LIN/DTM may stand 35 times (D.96A)."""
    message = compiled()
    line = LINES[0].format(n=1) + "DTM+2:20261128:102'" * 35
    for _ in range(40):
        assert read(message, HEAD + line * 3 + TAIL)[0] == []
        assert read(message, HEAD + line + "DTM+2:20261128:102'" + line + TAIL)[0] is None


def test_a_group_of_runs_may_repeat_to_its_limit_only() -> None:
    """LIN may stand 9,999 times in one CPS of DESADV (D.96A)."""
    message = CompiledMessage(load("D96A"), "DESADV", Separators(), {})
    head, line, tail = "UNH+1+DESADV:D:96A:UN'BGM+351+1+9'CPS+1'", "LIN+1++4000862141404:EN'QTY+12:4'", "UNT+3+1'"
    assert message.read(head + line * 9999 + tail, None) == []
    assert message.read(head + line * 10_000 + tail, None) is None
    assert message.read(head + line * 9999 + "CPS+2'" + line * 9999 + tail, None) == []


def test_unlisted_codes_are_told_by_the_position_of_their_segment() -> None:
    line = "LIN+1++4000862141404:EN'QTY+21:4:PCE'PRI+AAA:14.58'"
    text = HEAD + line + line.replace("PRI+AAA", "PRI+Q9X") + line.replace("++4", "+?'+4") + TAIL
    for message in (compiled(), WARMED):
        for _ in range(40):
            assert read(message, text)[0] == [9, 10]


def test_a_listed_code_that_nobody_reads_is_learned_and_keeps_its_message_on_the_fast_path() -> None:
    """3055 behind an item number (EANCOM sends 9) is no field of the order; it has a list all the same."""
    message = compiled()
    for agency, expected in (("9", []), ("91", []), ("Q9X", [4]), ("92", [])):
        line = f"LIN+1++4000862141404:EN::{agency}'QTY+21:4'"
        for _ in range(40):
            assert read(message, HEAD + line + LINES[0].format(n=2) + TAIL)[0] == expected


def test_more_codes_than_are_learned_are_read_all_the_same() -> None:
    message = compiled()
    listed = sorted(code for code in codes_of("3055") if code.isalnum())[:60]
    for code in listed * 2:
        line = f"LIN+1++4000862141404:EN::{code}'QTY+21:4'"
        unknown, target = read(message, HEAD + line + TAIL)
        assert (unknown, target.lines) == ([], [{"line": "1", "gtin": "4000862141404", "quantity": "4", "unit": ""}])


def codes_of(element: str) -> frozenset[str]:
    parts = (part for item in load("D96A").segments["LIN"].elements for part in item.components)
    return next(part.codes for part in parts if part.id == element and part.codes)
