"""What a page of HTML shows, as lines and cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.html import read_html
from core.reading import Box

LIMITS = Limits()


def cells(text: str) -> list[tuple[str, Box]]:
    return [(word.text, word.box) for page in read_html(text.encode(), "o", LIMITS) for word in page.words]


def test_lines_and_tables_stand_in_their_order() -> None:
    assert cells(
        "<html><head><title>no</title></head><body><p>PO <b>4711</b><br>from Jo"
        "<table><tr><th>Item<th>Qty</tr><tr><td>A&nbsp;1<td> 5 </table>Regards"
    ) == [
        ("PO 4711", Box(0, 0, 2, 1)), ("from Jo", Box(0, 1, 2, 2)),
        ("Item", Box(0, 2, 1, 3)), ("Qty", Box(1, 2, 2, 3)),
        ("A 1", Box(0, 3, 1, 4)), ("5", Box(1, 3, 2, 4)),
        ("Regards", Box(0, 4, 2, 5)),
    ]  # fmt: skip


def test_cells_that_span_others_keep_the_columns() -> None:
    found = cells(
        "<table><tr><td rowspan=2>A<td colspan=2>B<td>C</tr><tr><td>D<td>E<td>F</tr>"
        "<tr><td>G<td>H<td>I<td>J</tr></table>"
    )
    assert [(text, box.left, box.right) for text, box in found] == [
        ("A", 0, 1), ("B", 1, 3), ("C", 3, 4), ("D", 1, 2), ("E", 2, 3), ("F", 3, 4),
        ("G", 0, 1), ("H", 1, 2), ("I", 2, 3), ("J", 3, 4),
    ]  # fmt: skip


def test_a_table_that_only_arranges_others_is_read_through() -> None:
    found = cells("<table><tr><td>Logo<td><table><tr><td>Item<td>5</table></table>")
    assert [text for text, _ in found] == ["Logo", "Item", "5"]
    assert found[1][1].top == found[2][1].top


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>", "<style>x</style>", "<p style='display: none'>x</p>", "<p hidden>x</p>", "<!-- x -->",
        "<table><tr style='visibility:hidden'><td>x<td>y</tr></table>", "<span style='font-size:0'>x</span>",
    ],
)  # fmt: skip
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert [text for text, _ in cells(f"<p>5 of A-1</p>{hidden}")] == ["5 of A-1"]


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="iso-8859-1"?><html><p>Größe</p>'.encode("cp1252"),
        "<meta charset=windows-1252><p>Größe</p>".encode("cp1252"),
        "<meta charset=iso-8859-1><p>Größe</p>".encode(),  # as a mail program left it in a mail of UTF-8
        '<meta content="text/html; charset=gb2312"><p>Größe</p>'.encode("gb18030"),
    ],
)
def test_a_page_is_read_whatever_it_says_of_its_letters(content: bytes) -> None:
    assert read_html(content, "o", LIMITS)[0].words[0].text == "Größe"


def test_nothing_is_no_page_and_too_much_is_told() -> None:
    assert read_html(b"<html><body></body></html>", "o", LIMITS) == ()
    with pytest.raises(Unreadable) as caught:
        read_html(b"<table><tr><td>1<td>2<td>3</table>", "o", Limits(cells=2))
    assert caught.value.violation.code == "paper.too_many_cells"


@given(
    st.lists(
        st.sampled_from(["<table>", "<tr>", "<td colspan=9999999>", "<td rowspan=x>", "</table>", "5", "<p>", "\0"])
    )
)
def test_any_page_gives_words_that_lie_apart(parts: list[str]) -> None:
    try:
        found = cells("".join(parts))
    except Unreadable:
        return
    boxes = [box for _, box in found]
    assert all(one.overlap(other) == 0 for place, one in enumerate(boxes) for other in boxes[:place])
