"""Digits that were not read surely are looked at twice (ocr-intake, section 3: dates have no check digit)."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.email.ocr.engine import Engine, Found
from adapters.email.ocr.recognizer import Grey
from adapters.email.ocr.second_look import confirmed

PAGE = np.full((100, 400), 255, np.uint8)
CORNERS = np.array([[100.0, 40.0], [200.0, 40.0], [200.0, 60.0], [100.0, 60.0]])


class Again(Engine):
    """Reads the same whatever it looks at, and knows how much that was."""

    def __init__(self, text: str, confidence: float) -> None:
        self.said = (text, confidence)
        self.looked: list[tuple[int, ...]] = []

    def read_line(self, pixels: Grey) -> tuple[str, float]:
        self.looked.append(pixels.shape)
        return self.said


@pytest.mark.parametrize(
    ("first", "second", "sure"),
    [
        (("12.03.2026", 0.9), ("12.03.2026", 0.999), 0.999),  # both looks agree: as sure as the surer
        (("12.03.2026", 0.9), ("12.03.2026", 0.7), 0.9),
        (("12.03.2026", 0.9), ("12.08.2026", 0.999), 0.9),  # they differ: the doubt stays
    ],
)
def test_two_looks_that_agree_are_surer(first: tuple[str, float], second: tuple[str, float], sure: float) -> None:
    engine = Again(*second)
    (one,) = confirmed(PAGE, [Found(first[0], CORNERS, first[1])], engine)
    assert (one.text, one.confidence) == (first[0], sure)
    assert engine.looked == [(25, 111)]  # the word with a little around it


@pytest.mark.parametrize(("text", "confidence"), [("12.03.2026", 0.99), ("Liefertermin", 0.4)])
def test_what_is_sure_or_has_no_digits_is_not_looked_at_again(text: str, confidence: float) -> None:
    engine = Again("other", 1.0)
    (one,) = confirmed(PAGE, [Found(text, CORNERS, confidence)], engine)
    assert one.confidence == confidence
    assert not engine.looked
