"""A stretch of text is cut into words where its paper is white, not only where a space was read (issue 6, part 4)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont

from adapters.email.ocr.recognizer import HEIGHT, Grey, Sign, text_of
from adapters.email.ocr.words import cut

FONT = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 30)


def drawn(*texts: tuple[str, int]) -> tuple[Grey, list[Sign]]:
    """Return a picture of texts, each from a pixel on, and its signs, spaces left out, as the model places them."""
    page = Image.new("L", (500, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    signs = []
    for text, left in texts:
        draw.text((left, 36), text, font=FONT, fill=0, anchor="ls")
        for place, sign in enumerate(text):
            begin, end = (FONT.getlength(text[:until]) for until in (place, place + 1))
            signs.append(Sign(sign, 0.99, left + (begin + end) / 2))
    return np.array(page), signs


def words(crop: Grey, signs: list[Sign]) -> list[str]:
    return [text_of(one) for one, _, _ in cut(crop, signs)]


def test_cells_that_were_read_as_one_are_cut_at_the_white_between_them() -> None:
    crop, signs = drawn(("10", 20), ("BX-7947", 130))
    assert words(crop, signs) == ["10", "BX-7947"]
    (_, begin, end), (_, next_begin, next_end) = cut(crop, signs)
    ten, item = FONT.getbbox("10"), FONT.getbbox("BX-7947")
    edges = [20 + ten[0], 20 + ten[2], 130 + item[0], 130 + item[2]]
    assert [one * crop.shape[1] for one in (begin, end, next_begin, next_end)] == pytest.approx(edges, abs=4)


def test_dirt_between_cells_joins_nothing() -> None:
    crop, signs = drawn(("10", 20), ("BX-7947", 130))
    crop[20:23, 95:98] = 0
    (_, _, end), (_, begin, _) = cut(crop, signs)
    assert (begin - end) * crop.shape[1] > 45


def test_signs_of_a_word_stay_together() -> None:
    for text in ("1.1.2026", "W i l l", "i'll-11:1"):
        crop, signs = drawn((text, 20))
        assert words(crop, [one for one in signs if one.text != " "]) == [text.replace(" ", "")]


def test_words_end_at_a_space_and_where_chinese_meets_other_signs() -> None:
    crop = np.full((HEIGHT, 400), 255, np.uint8)
    signs = [Sign(sign, 0.9, 20.0 + 20 * place) for place, sign in enumerate("PO 7订单：A3件")]
    assert words(crop, signs) == ["PO", "7", "订单：", "A3", "件"]


def test_nothing_has_no_words() -> None:
    assert cut(np.full((HEIGHT, 400), 255, np.uint8), []) == []
