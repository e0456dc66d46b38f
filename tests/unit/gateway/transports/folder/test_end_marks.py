"""Does the tail of a file hold a complete UNZ? (ARCHITECTURE decision 7)"""

from __future__ import annotations

import pytest

from gateway.transports.folder.end_marks import closed_is_complete, edifact_complete

BEFORE = b"LIN+1++4000862141404:EN'UNS+S'UNT+5+1'"


@pytest.mark.parametrize(
    "tail",
    [
        BEFORE + b"UNZ+1+4711'",
        BEFORE + b"\r\nUNZ+1+4711'\r\n",
        BEFORE + b"UNZ+1+4711'\n\n  \t\x00\x1a",
        BEFORE + b"UNZ+100+REF/2026.1'",
        BEFORE + b"UNZ+1'",
        b"UNT|5|1~UNZ|1|4711~",
        b"UNT*5*1\x1cUNZ*1*4711\x1c",
        b"UNT+5+1\nUNZ+1+4711\n",
        b"UNZ+1+A'\r\nUNB+UNOC:3+A+B+260101:1200+2'UNT+5+1'UNZ+1+4711'",
        b"FTX+AAI+++THE UNZ+1+2 TEXT'UNT+5+1'UNZ+1+4711'",
    ],
)
def test_complete(tail):
    assert edifact_complete(tail)


@pytest.mark.parametrize(
    "tail",
    [
        b"",
        b"UNZ",
        b"UNZ+",
        b"hello",
        BEFORE,
        BEFORE + b"UN",
        BEFORE + b"UNZ+1+47",
        BEFORE + b"UNZ+1+4711",
        BEFORE + b"UNZ+1+4711\n",
        BEFORE + b"UNZ+1+4711'X",
        BEFORE + b"UNZ+1+4711'UNB+UNOC:3+A+B+2601",
        BEFORE + b"UNZ+X+4711'",
        b"FTX+AAI+++SEE UNZ'",
        b"UNT+5+1'UNZA1A2A",
        bytes(range(256)),
    ],
)
def test_not_complete(tail):
    assert not edifact_complete(tail)


def test_every_cut_of_an_interchange_is_incomplete():
    whole = b"UNB+UNOC:3+A+B+260101:1200+4711'UNH+1+ORDERS:D:96A:UN'BGM+220+PO1+9'UNT+3+1'UNZ+1+4711'"
    cuts = [cut for cut in range(len(whole)) if edifact_complete(whole[:cut])]
    assert cuts == []
    assert edifact_complete(whole)


def test_formats_without_an_end_mark_are_complete_when_they_hold_bytes():
    assert closed_is_complete(b"%PDF")
    assert not closed_is_complete(b"")
