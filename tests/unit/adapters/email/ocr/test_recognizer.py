"""Signs are read one by one, and unlikely ones are believed only where they are sure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import rapidocr

from adapters.email.ocr.recognizer import HEIGHT, Recognizer, Sign, least_sure, text_of


@cache
def recognizer() -> Recognizer:
    return Recognizer(Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_rec_small.onnx", 1)


def seen(*steps: dict[str, float]) -> np.ndarray:
    """Return what a model would give: for each step the shares of signs ("" is none)."""
    classes = recognizer()._signs
    given = np.zeros((len(steps), len(classes)), np.float32)
    for row, shares in zip(given, steps, strict=True):
        for sign, share in shares.items():
            row[classes.index(sign)] = share
    return given


def test_a_sign_seen_in_many_steps_is_one_and_a_gap_between_makes_two() -> None:
    signs = recognizer()._decoded(seen({"1": 0.9}, {"1": 0.8}, {"": 1.0}, {"1": 0.7}, {" ": 0.9}, {"x": 0.6}))
    assert text_of(signs) == "11 x"
    assert [one.confidence for one in signs] == pytest.approx([0.9, 0.7, 0.9, 0.6])
    assert [one.at for one in signs] == [4, 28, 36, 44]


@pytest.mark.parametrize(
    ("steps", "said", "confidence"),
    [
        ({"ș": 0.6, "s": 0.3, "": 0.1}, "s", 0.3),  # dirt below an s
        ({"é": 0.98, "e": 0.01}, "é", 0.98),  # René is a name
        ({"ü": 0.5, "u": 0.4}, "ü", 0.5),  # one of our languages has it
        ({"号": 0.5, "弓": 0.4}, "号", 0.5),
    ],
)  # fmt: skip
def test_signs_of_no_language_of_ours_are_believed_where_they_are_sure(
    steps: dict[str, float], said: str, confidence: float
) -> None:
    (sign,) = recognizer()._decoded(seen(steps))
    assert (sign.text, sign.confidence) == (said, pytest.approx(confidence))


@pytest.mark.parametrize(
    ("step", "said", "confidence"),
    [
        ({"0": 0.62, "O": 0.37}, "0", 0.99),  # which of the two it is, the form of the number tells
        ({"O": 0.6, "0": 0.3, "8": 0.1}, "O", 0.9),
        ({"8": 0.6, "6": 0.4}, "8", 0.6),  # digits are never one another
        ({"P": 0.7, "F": 0.3}, "P", 0.7),
    ],
)
def test_a_sign_is_as_sure_as_that_it_looks_so(step: dict[str, float], said: str, confidence: float) -> None:
    (sign,) = recognizer()._decoded(seen(step))
    assert (sign.text, sign.confidence) == (said, pytest.approx(confidence))


@pytest.mark.parametrize(
    ("text", "shares", "least"),
    [("1-2", (0.9, 0.3, 0.8), 0.8), ("--", (0.9, 0.3), 0.3), ("", (), 0.0)],
)
def test_marks_do_not_make_a_word_less_sure(text: str, shares: tuple[float, ...], least: float) -> None:
    assert least_sure([Sign(sign, share, 0.0) for sign, share in zip(text, shares, strict=True)]) == least


def test_white_paper_says_nothing() -> None:
    assert recognizer().read(np.full((HEIGHT, 200), 255, np.uint8)) == []
