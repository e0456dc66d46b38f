"""What is read takes a time that a mail of a few kilobytes cannot stretch to minutes (issue 6, part 7)."""

from __future__ import annotations

import time

import pytest

from adapters.email.adapter import ADAPTER


@pytest.mark.parametrize("text", ["1" * 6_000, "1 000 " * 400, "2 x A-1 " * 300], ids=["digits", "numbers", "goods"])
def test_a_long_line_is_read_in_seconds(text: str) -> None:
    started = time.process_time()
    (part,) = ADAPTER.read(f"Order number: 4711\n{text}\n".encode(), "a.txt").parts
    assert part.fate == "paper"
    assert time.process_time() - started < 5
