"""The process that draws: a PNG comes back, or a coded reason; it is ended at its limits (issue 6, part 7)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from gateway.paper.drawing import Drawer, NoPicture


def scan(side: int) -> bytes:
    """Return a white page of so many pixels each way."""
    kept = io.BytesIO()
    Image.new("L", (side, side), 255).save(kept, "PNG")
    return kept.getvalue()


def test_draws_a_page_and_a_piece_of_one() -> None:
    drawer = Drawer()
    assert Image.open(io.BytesIO(drawer.draw(scan(100), 1))).size == (100, 100)
    assert Image.open(io.BytesIO(drawer.draw(scan(100), 1, [10, 10, 30, 20]))).size == (32, 22)


@pytest.mark.parametrize(("content", "reason"), [(scan(100)[:60], "paper.broken"), (b"SKU;Qty\n", None)])
def test_tells_why_there_is_none(content: bytes, reason: str | None) -> None:
    with pytest.raises(NoPicture) as refused:
        Drawer().draw(content, 1)
    assert refused.value.inputs.get("reason") == reason


def test_what_takes_too_much_memory_ends_its_own_process_alone() -> None:
    with pytest.raises(NoPicture) as refused:
        Drawer(most_bytes=48 * 1024 * 1024).draw(scan(6000), 1)
    assert refused.value.inputs["reason"] == "paper.limits"
