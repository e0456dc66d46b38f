"""Pages of a TIFF are counted in a bounded time, however it is chained (issue 6, part 7)."""

from __future__ import annotations

import io
import struct
import time

import pytest
from PIL import Image

from adapters.email.frames import MOST, frames
from adapters.email.limits import Limits, Unreadable
from adapters.email.ocr.pictures import frames_of

#: one white pixel, at the eighth byte: width, height, bits, packing, white, strip, rows, bytes
_TAGS = ((256, 4, 1), (257, 4, 1), (258, 3, 1), (259, 3, 1), (262, 3, 0), (273, 4, 8), (278, 4, 1), (279, 4, 1))


def chained(pages: int, *, back_to: int = 0) -> bytes:
    """A TIFF of so many pages; its last one leads to the byte *back_to* (TIFF 6.0, section 2)."""
    content = bytearray(b"II*\0\x08\0\0\0")
    for page in range(1, pages + 1):
        content += struct.pack("<H", len(_TAGS))
        content += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in _TAGS)
        content += struct.pack("<I", back_to if page == pages else len(content) + 4)
    return bytes(content)


@pytest.mark.parametrize(("content", "count"), [(chained(1), 1), (chained(7), 7), (chained(3, back_to=8), 3)])
def test_pages_are_counted_also_where_the_chain_is_a_ring(content: bytes, count: int) -> None:
    with Image.open(io.BytesIO(content)) as image:
        assert frames(image) == count


def test_a_chain_of_a_hundred_thousand_pages_is_refused_at_once() -> None:
    """10 MB; Pillow's ``n_frames`` compares each page with all before and takes minutes."""
    content = chained(100_000)
    started = time.process_time()
    with Image.open(io.BytesIO(content)) as image:
        assert frames(image) == MOST + 1
    with pytest.raises(Unreadable) as caught:
        next(frames_of(content, "fax.tif", Limits()))
    assert caught.value.violation.code == "paper.too_many_pages"
    assert time.process_time() - started < 5
