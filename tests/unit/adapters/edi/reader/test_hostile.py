"""Bytes of any kind: nothing raises, every fault has a place, and both speeds come to the same verdict."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.edi import decoder as reader
from adapters.edi.decoder import EdifactDecoder, segments
from core.ports import Decoded
from core.provenance import Severity

SEGMENTS = (
    "UNA:+.? ",
    "UNB+UNOC:3+A:14+B:14+261122:0800+1++ORDERS",
    "UNH+1+ORDERS:D:96A:UN:EAN008",
    "BGM+220+PO?'1+9",
    "DTM+137:202611221530:203",
    "FTX+DEL+++Gate ?+ ??:ring",
    "NAD+BY+5412345000013::9++Name",
    "RFF+VA:BE1",
    "CTA+OC+:Anna",
    "COM+1:TE",
    "CUX+2:EUR:9",
    "LIN+1++4000862141404:EN",
    "PIA+1+A:SA",
    "IMD+F++:::Käse",
    "QTY+21:394:PCE",
    "MOA+203:51353.96",
    "PRI+AAA:130.34",
    "LIN+2++4061718942873:EN",
    "QTY+21:1.5:KGM",
    "UNS+S",
    "MOA+79:51353.96",
    "CNT+2:2",
    "UNT+21+1",
    "UNZ+1+1",
)
ORDER = "'".join(SEGMENTS).encode("latin-1") + b"'"


def read(source: bytes) -> list[Decoded]:
    decoder = EdifactDecoder()
    found: list[Decoded] = []
    for interchange in decoder.scan(source):
        for violation in interchange.violations:
            assert violation.offset is not None
            assert 0 <= violation.offset <= len(source)
        assert 0 <= interchange.offset <= interchange.offset + interchange.length <= len(source)
        list(segments(source, interchange))
        for decoded in decoder.decode(source, interchange, interchange.messages):
            assert decoded.document is not None or decoded.failed
            for violation in decoded.violations:
                assert violation.message
                assert "\x00" not in f"{violation.value}{violation.tag}{violation.message}"
                assert violation.offset is not None
                assert 0 <= violation.offset <= len(source)
            decoder.locate(source, interchange, decoded.span, "lines.1.quantity")
            found.append(decoded)
    return found


def test_the_order_that_is_mutated_is_right():
    (decoded,) = read(ORDER)
    assert decoded.violations == ()


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(source):
    for decoded in read(source):
        assert decoded.failed


@given(st.lists(st.sampled_from([*SEGMENTS, "", "?", "UNA", "UNB", "UNH+", "UNG+A+B", "UNE+1+1", "\n"]), max_size=30))
def test_segments_in_any_order_never_raise(chosen):
    source = "'".join(chosen).encode("latin-1")
    assert all(decoded.span.offset < len(source) for decoded in read(source))


def mutations() -> st.SearchStrategy[bytes]:
    """Return the order with up to three stretches of it cut, doubled or overwritten."""
    edit = st.tuples(
        st.integers(0, len(ORDER)),
        st.integers(0, 12),
        st.binary(max_size=3)
        | st.sampled_from([b"'", b"+", b":", b"?", b"?'", b"\n", b"0", b"-", b"UNT", b"'UNZ+1+1'"]),
    )

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        source = ORDER
        for at, length, new in edits:
            source = source[:at] + new + source[at + length :]
        return source

    return st.lists(edit, min_size=1, max_size=3).map(apply)


@given(mutations())
@settings(max_examples=400)
def test_mutated_orders_never_raise_and_every_error_has_an_offset(source):
    for decoded in read(source):
        errors = [violation for violation in decoded.violations if violation.severity is Severity.ERROR]
        assert bool(errors) == decoded.failed


def test_no_nul_reaches_what_a_database_keeps(several):
    source = several("A").replace(b"+A'", b"+\x00A'").replace(b"REF1", b"R\x00F").replace(b"PO1", b"P\x001")
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(b"\x00 junk \x00 " + source + b"'\x00\x00X\x00'")
    (decoded,) = decoder.decode(source, interchange, interchange.messages)
    kept = [interchange.control_reference, decoded.span.reference]
    for violation in (*interchange.violations, *decoded.violations):
        kept += [violation.message, violation.value or "", violation.tag or ""]
    assert not any("\x00" in text for text in kept)


def slowly(source: bytes) -> list[Decoded]:
    """Read *source* by the exact validator alone."""
    fits = reader._is_plain
    reader._is_plain = lambda *_: False
    try:
        return read(source)
    finally:
        reader._is_plain = fits


@given(mutations())
@settings(max_examples=400)
def test_both_speeds_come_to_the_same_verdict(source):
    fast, exact = read(source), slowly(source)
    assert [decoded.document for decoded in fast] == [decoded.document for decoded in exact]
    assert [sorted(decoded.violations, key=repr) for decoded in fast] == [
        sorted(decoded.violations, key=repr) for decoded in exact
    ]
