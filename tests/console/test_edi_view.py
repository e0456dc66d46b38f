"""The view of a partner's bytes: nothing lost, nothing moved, marks at the byte."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.console.edi_view import MAX_SEGMENTS, EdiView, Remark, arrange


def cut(content: bytes) -> list[dict[str, Any]]:
    segments: list[dict[str, Any]] = []
    offset = 0
    for number, part in enumerate(content.split(b"'"), 1):
        if part:
            segments.append({"segment": number, "offset": offset, "length": min(len(part) + 1, len(content) - offset)})
        offset += len(part) + 1
    return segments


def shown(view: EdiView) -> str:
    return "".join(piece.text for line in view.lines for piece in line.pieces)


def exact(view: EdiView) -> str:
    return "".join(piece.text for line in view.lines for piece in line.pieces if piece.exact)


def test_looks_follow_the_separators() -> None:
    (line,) = arrange(b"PRI+AAA:12?+50'", cut(b"PRI+AAA:12?+50'"), []).lines
    assert [(piece.text, piece.look) for piece in line.pieces] == [
        ("PRI", "tag"), ("+", "separator"), ("AAA", "value"), (":", "separator"), ("12?+50'", "value"),
    ]  # fmt: skip


def test_separators_come_from_una() -> None:
    content = b"UNA|^.! 'PRI^AAA|1!^2'"
    line = arrange(content, cut(content), []).lines[1]
    assert [piece.text for piece in line.pieces if piece.look == "separator"] == ["^", "|"]


@given(st.binary(max_size=120), st.integers(0, 130), st.integers(0, 20))
def test_no_byte_is_lost_or_moved(content: bytes, offset: int, length: int) -> None:
    segments = cut(content)
    remark = Remark("error", "x", "wrong", offset=offset, length=length)
    view = arrange(content, segments, [remark])
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    joined = b"".join(content[segment["offset"] :][: segment["length"]] for segment in segments)
    if joined == content:
        assert shown(view).replace("\ufffd", "") in text or "\ufffd" in text or shown(view) == text
        assert len(shown(view)) <= len(content)
    assert len(view.general) + sum(len(line.remarks) for line in view.lines) == 1


def test_an_umlaut_before_the_mark_does_not_move_it() -> None:
    content = "NAD+BY+++Möbel Ärger'PRI+AAA:13.25'".encode()
    view = arrange(
        content, cut(content), [Remark("hold", "price.mismatch", "off", offset=content.index(b"13.25"), length=5)]
    )
    assert exact(view) == "13.25"
    assert [line.kind for line in view.lines] == ["", "hold"]
    assert shown(view) == content.decode()


def test_other_charsets_are_read_as_latin_1() -> None:
    content = "NAD+BY+++Möbel'".encode("latin-1")
    assert shown(arrange(content, cut(content), [])) == "NAD+BY+++Möbel'"


@pytest.mark.parametrize(
    ("remark", "place"),
    [
        (Remark("error", "x", "by byte", offset=5), 0),
        (Remark("error", "x", "by number", segment=2), 1),
        (Remark("error", "x", "past the end", offset=99), 2),
        (Remark("error", "x", "of the whole"), None),
    ],
)
def test_a_remark_finds_its_segment(remark: Remark, place: int | None) -> None:
    content = b"UNH+1'BGM+220'UNT+2'"
    view = arrange(content, cut(content), [remark])
    assert [index for index, line in enumerate(view.lines) if line.remarks] == ([] if place is None else [place])
    assert view.general == (() if place is not None else (remark,))


def test_the_gravest_remark_colours_the_segment() -> None:
    content = b"BGM+220'"
    remarks = [Remark("warning", "a", "a", segment=1), Remark("error", "b", "b", segment=1)]
    assert arrange(content, cut(content), remarks).lines[0].kind == "error"


def test_a_long_document_shows_its_head_and_what_surrounds_the_marks() -> None:
    content = b"QTY+21:1'" * 5000
    view = arrange(content, cut(content), [Remark("error", "x", "wrong", offset=9 * 3000)])
    numbers = [line.number for line in view.lines]
    assert MAX_SEGMENTS - 10 < len(numbers) <= MAX_SEGMENTS
    assert numbers[:2] == [1, 2]
    assert 3001 in numbers
    assert len(numbers) + sum(line.left_out for line in view.lines) + view.left_out == 5000


def test_of_a_long_source_the_document_itself_is_shown() -> None:
    content = b"QTY+21:1'" * 5000
    segments = [
        {**segment, "segment": ordinal - 3999 if 4000 <= ordinal < 4020 else None}
        for ordinal, segment in enumerate(cut(content))
    ]
    view = arrange(content, segments, [])
    assert [line.number for line in view.lines if line.number is not None] == list(range(1, 21))
    assert [line.left_out for line in view.lines if line.left_out] == [3998]
    assert view.left_out == 980


def test_a_huge_segment_is_shortened() -> None:
    content = b"FTX+" + b"A" * 100_000 + b"'"
    (line,) = arrange(content, cut(content), []).lines
    assert sum(len(piece.text) for piece in line.pieces) + line.shortened == len(content)
    assert line.shortened > 90_000
