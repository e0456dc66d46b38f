"""The truth of a page that was scanned askew lies where the picture shows it, so that boxes can be measured there."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from degrade import WAYS, degraded
from hungry_papers import drawn
from PIL import Image
from truth import Expected, Truth

from core.reading import Box

POINTS = 72


@pytest.mark.parametrize("kind", ["png", "jpg", "fax_fine_mid", "fax_std_mid"])
@pytest.mark.parametrize("box", [Box(40, 60, 120, 80), Box(440, 700, 560, 720)])
def test_a_box_is_where_the_picture_shows_it(kind: str, box: Box) -> None:
    bar = b"%g %g %g %g re f\n" % (box.left, 842 - box.bottom, box.width, box.height)
    way = WAYS[kind]._replace(specks=0.0, lost=0)
    content, (lies,) = degraded(drawn(zlib.compress(bar)), way, np.random.default_rng(7))
    with Image.open(io.BytesIO(content)) as picture:
        down, across = np.nonzero(np.asarray(picture.convert("L")) < 128)
    middle = (across.mean() + 0.5) * POINTS / way.dpi[0], (down.mean() + 0.5) * POINTS / way.dpi[1]
    moved = lies.moved(box)
    assert middle == pytest.approx(((moved.left + moved.right) / 2, (moved.top + moved.bottom) / 2), abs=0.5)
    assert (moved.width, moved.height) == pytest.approx((box.width, box.height))
    assert (lies.angle == 0) == (way.skew == 0)
    if lies.angle:
        assert max(abs(moved.left - box.left), abs(moved.top - box.top)) > 1


def test_a_truth_follows_its_pages() -> None:
    where = Box(0, 0, 1, 1)
    truth = Truth("a", "1", {"total": Expected("5", 2, where)}, ({"sku": Expected("A", 1, None)},), "en", ())
    moved = truth.moved([lambda _: where, lambda box: Box(*(side + 1 for side in box))])
    assert moved.head["total"].box == Box(1, 1, 2, 2)
    assert moved.lines[0]["sku"].box is None
    assert moved.follows
    assert not truth.follows
