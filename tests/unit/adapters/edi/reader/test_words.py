"""Whatever is wrong with a file can be told in every language, from what is kept of it (LNG-01)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.decoder import EdifactDecoder
from core.provenance import Violation, told_again
from core.texts.catalogue import LANGUAGES, text_of

ORDER = (
    b"UNA:+.? 'UNB+UNOC:3+5412345000013:14+4012345500004:14+261122:0800+REF1++ORDERS'"
    b"UNG+ORDERS+A+B+261122:0800+7+UN+D:96A'"
    b"UNH+1+ORDERS:D:96A:UN'BGM+220+PO1+9'DTM+137:20261122:102'NAD+BY+5412345000013::9'NAD+SU+4012345500004::9'"
    b"LIN+1++4000862141404:EN'QTY+21:48:PCE'MOA+203:699.84'PRI+AAA:14.58'LIN+2++4000862141411:EN'QTY+21:1.5'UNS+S'"
    b"MOA+79:699.84'CNT+2:2'UNT+15+1'UNE+1+7'UNZ+1+REF1'"
)
#: what faults are made of: separators, digits, marks, letters, controls, bytes of no character
INSERTED = st.sampled_from([*b"+:'?.,-09AXZz \n\r\x00\x07\x1b\xfc\xff"]).map(lambda byte: bytes([byte]))
EDITS = st.lists(
    st.tuples(st.integers(0, len(ORDER)), st.integers(0, 12), st.one_of(st.just(b""), INSERTED)), min_size=1, max_size=4
)


def faults(source: bytes) -> Iterator[Violation]:
    decoder = EdifactDecoder()
    for interchange in decoder.scan(source):
        yield from interchange.violations
        for decoded in decoder.decode(source, interchange, interchange.messages):
            yield from decoded.violations


def test_the_order_itself_is_right() -> None:
    assert list(faults(ORDER)) == []


@given(EDITS)
def test_every_fault_can_be_told_in_every_language(edits: list[tuple[int, int, bytes]]) -> None:
    source = ORDER
    for at, cut, put in edits:
        source = source[:at] + put + source[at + cut :]
    for violation in faults(source):
        kept = json.loads(json.dumps(violation.kept()))
        for language in LANGUAGES:
            words = text_of(violation.code, violation.parameters, language)
            assert words is not None, (violation.code, language)
            assert words.message.isprintable()
            assert words.hint.isprintable()
            assert told_again(kept, language) == violation.as_json(language)
