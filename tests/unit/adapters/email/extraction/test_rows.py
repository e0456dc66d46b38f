"""What stands together on a line (ocr-intake, section 5.4)."""

from __future__ import annotations

from small_pages import Text, small_page

from adapters.email.extraction.rows import rows_of


def cells(*texts: Text) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows_of(small_page(*texts).pages[0])]


#: of one width, a space as wide as three fifths of the height of the type
TYPED: list[Text] = [
    (40, 40, "please"), (76, 40, "deliver"), (117, 40, "the"), (138, 40, "goods"),
    (40, 60, "kindly"), (76, 60, "confirm"), (117, 60, "prices"), (153, 60, "soon"),
    (40, 80, "within"), (76, 80, "thirty"), (112, 80, "days"), (138, 80, "net"),
]  # fmt: skip


def test_a_line_of_a_typewritten_page_is_parted_as_its_others() -> None:
    assert cells(*TYPED, (40, 100, "Bauhofweg"), (91, 100, "3"))[-1] == ["Bauhofweg 3"]


def test_a_line_of_another_page_shows_its_cells_itself() -> None:
    assert cells((40, 100, "Bauhofweg"), (91, 100, "3"))[-1] == ["Bauhofweg", "3"]


def test_leaders_part_a_label_from_its_value() -> None:
    assert cells((40, 40, "Order......PO-4711"))[0] == ["Order PO-4711"]
