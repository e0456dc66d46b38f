"""A guide drafted from any document of other hands loads, and that document follows it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from corpus_files import CORPUS

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.report import drafted
from core.ports import judged

FILES = sorted(CORPUS.glob("*/*.edi"))


def deviations(path: Path) -> list[str]:
    """Draft a guide from one file and return what the file itself breaks of it."""
    source, decoder = path.read_bytes(), EdifactDecoder()
    found = drafted([(path.name, source)], path.stem)
    guide = parse_guide(found.guide.encode(), path.stem)
    assert found.page
    codes = []
    for scanned in decoder.scan(source):
        interchange = judged(scanned, guide)
        for decoded in decoder.decode(source, interchange, interchange.messages, guide):
            assert all(fault.offset is not None for fault in decoded.violations), path.name
            codes += [f"{path.name}: {fault.code}" for fault in decoded.violations if fault.code.startswith("guide.")]
    return codes


def test_every_file_follows_the_guide_that_is_drafted_from_it(capsys: pytest.CaptureFixture[str]) -> None:
    if not FILES:
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no EDIFACT corpus in {CORPUS}; no guide was drafted from other hands\n")
    assert [code for path in FILES for code in deviations(path)] == []
