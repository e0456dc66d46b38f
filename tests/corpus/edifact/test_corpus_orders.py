"""Documents of other hands: every EDIFACT file of a sample corpus is read, judged and never raises.

The corpus is not part of the repository. It is looked for in ``ORDERGATE_CORPUS`` and beside the checkout; where it
is missing, one loud line says so.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from corpus_files import CORPUS

from adapters.edi.decoder import EdifactDecoder, segments
from core.texts.catalogue import LANGUAGES, text_of

FILES = sorted(CORPUS.glob("*/*.edi"))


def judge(path: Path) -> Counter[str]:
    """Read one file through every door of the decoder and count the verdicts on its ORDERS."""
    source, decoder = path.read_bytes(), EdifactDecoder()
    verdicts: Counter[str] = Counter()
    interchanges = decoder.scan(source)
    assert interchanges
    for interchange in interchanges:
        assert all(violation.offset is not None for violation in interchange.violations)
        assert all(view.length > 0 and view.offset < len(source) for view in segments(source, interchange))
        verdicts["envelope refused" if interchange.failed else "envelope taken"] += 1
        for decoded in decoder.decode(source, interchange, interchange.messages):
            for violation in decoded.violations:
                assert violation.offset is not None, (path.name, violation)
                for language in LANGUAGES:
                    assert text_of(violation.code, violation.parameters, language), (path.name, violation, language)
            if decoded.span.type == "ORDERS" and decoded.span.release_name in {"D.96A", "D.01B"}:
                verdicts["orders refused" if decoded.failed else "orders taken"] += 1
                place = decoder.locate(source, interchange, decoded.span, "buyer_reference")
                if decoded.document is not None:
                    assert place is not None
                    assert place.value == decoded.document.buyer_reference
    return verdicts


def test_every_file_of_the_corpus_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    if not FILES:
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no EDIFACT corpus in {CORPUS}; documents of other hands were not read\n")
    verdicts = sum((judge(path) for path in FILES), Counter())
    assert verdicts["envelope taken"] >= len(FILES) // 2
    assert verdicts["orders taken"] >= verdicts["orders refused"]
