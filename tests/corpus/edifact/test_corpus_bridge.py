"""pydifact's objects from our reader, on documents of other hands: equal wherever pydifact reads them right."""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from pathlib import Path

import pytest
from corpus_files import CORPUS
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.segments import Segment

from adapters.edi.bridge import EdifactParser
from adapters.edi.decoder import segments
from adapters.edi.dialect import read_text
from adapters.edi.envelope import dialect_at, scan

FILES = sorted(CORPUS.glob("*/*.edi"))


def theirs(text: str) -> list[Segment] | None:
    """Return what pydifact's parser makes of *text*, None where it gives up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(Parser().parse(text))
        except Exception:  # noqa: BLE001 - it raises whatever comes: StopIteration, IndexError, ValueError
            return None


def ours(text: str) -> list[Segment] | None:
    """Return what our parser makes of *text*, None where it refuses it."""
    try:
        return list(EdifactParser().parse(text))
    except EDISyntaxError:
        return None


def compare(path: Path) -> str:
    """Read one file both ways and tell how the two answers stand to each other."""
    source = path.read_bytes()
    interchanges = scan(source)
    dialect = dialect_at(source, interchanges[0].offset)
    text = read_text(source, dialect).text
    expected, found = theirs(text), ours(text)
    if expected is None:
        return "pydifact gives up"
    whole = len(interchanges) == 1 and not any(
        violation.code in {"envelope.unz_missing", "envelope.junk"} for violation in interchanges[0].violations
    )
    if not whole:
        assert found is None, path.name
        return "not one whole interchange"
    assert found is not None, path.name
    if found == expected:
        return "equal"
    # what is left are values that pydifact reads wrong: a line end, a repeat, or a "?" that releases nothing
    released = re.escape(dialect.separators.released)
    odd = re.compile(f"[\\r\\n]|\\?[^{released}]" + ("|\\*" if dialect.separators.repetition else ""))
    views = [view for interchange in interchanges for view in segments(source, interchange)]
    offset = len(found) - len(views)  # UNA is a segment for pydifact
    for place, (mine, peer) in enumerate(zip(found, expected, strict=True)):
        if mine != peer:
            view = views[place - offset]
            raw = source[view.offset : view.offset + view.length].decode("iso8859-1")
            assert odd.search(raw), (path.name, mine, peer)
    return "pydifact reads a value wrong"


def test_every_file_that_pydifact_reads_right_is_equal(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = Counter(map(compare, FILES))
    if not FILES:
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no EDIFACT corpus in {CORPUS}; documents of other hands were not read\n")
    assert verdicts["equal"] >= 0.7 * len(FILES)
    assert verdicts["pydifact reads a value wrong"] <= 0.05 * len(FILES)
