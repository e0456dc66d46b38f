"""Documents of other hands, read piece by piece: what is told of them is what is told of the whole."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from corpus_files import CORPUS

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.library import InterchangeStream, check, read

FILES = sorted(CORPUS.glob("*/*.edi"))

Told = list[tuple[object, ...]]


def as_a_whole(source: bytes) -> Told:
    decoder = EdifactDecoder()
    return [
        (
            interchange.offset,
            interchange.length,
            interchange.violations,
            [
                (decoded.span, decoded.document, decoded.violations)
                for decoded in decoder.decode(source, interchange, interchange.messages)
            ],
        )
        for interchange in decoder.scan(source)
    ]


def piece_by_piece(source: bytes, chunk: int) -> Told:
    found: Told = []
    for interchange in read(io.BytesIO(source), chunk_bytes=chunk):
        messages = [(message.span, message.document, message.violations) for message in interchange]
        found.append((interchange.envelope.offset, interchange.envelope.length, interchange.violations, messages))
    return found


def judged(interchanges: Iterable[InterchangeStream]) -> Told:
    """Return what interchanges tell, their documents aside."""
    found: Told = []
    for interchange in interchanges:
        messages = [(message.span, message.group, message.violations, message.failed) for message in interchange]
        found.append((interchange.envelope, interchange.violations, messages))
    return found


def test_every_file_and_all_of_them_in_one_are_read_alike(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if not FILES:
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no EDIFACT corpus in {CORPUS}; documents of other hands were not read\n")
    contents = [path.read_bytes() for path in FILES]
    sizes = random.Random(1)
    for path, content in zip(FILES, contents, strict=True):
        assert piece_by_piece(content, sizes.randrange(1, 3000)) == as_a_whole(content), path.name
    everything = b"\n".join(contents)
    assert piece_by_piece(everything, 4096) == as_a_whole(everything)
    joined = tmp_path / "everything.edi"
    joined.write_bytes(everything * 4)  # so that the other processes begin before it ends
    assert judged(check(joined, processes=3)) == judged(read(joined))
