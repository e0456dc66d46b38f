"""A page of a PDF is weighed before its signs are placed: 10 kB took its reader a minute and a gigabyte (part 7)."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from hungry_papers import drawn
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, RectangleObject

from adapters.email.limits import Limits, Unreadable
from adapters.email.words.pdf import read_pdf

ORDER = b"BT /F1 10 Tf 1 0 0 1 50 700 Tm (Order PO-4711) Tj ET\n"


def page(content: bytes) -> bytes:
    return drawn(zlib.compress(content, 9))


def within_forms(content: bytes, *, forms: int, times: int) -> bytes:
    """A page that draws a form so many times, which draws the next one so many times, and the last one *content*."""
    writer = PdfWriter(clone_from=io.BytesIO(page(ORDER)))
    fonts = writer.pages[0][NameObject("/Resources")]
    inner = content
    resources: DictionaryObject = fonts  # type: ignore[assignment] # pypdf tells any object
    for _ in range(forms):
        form = DecodedStreamObject()
        form.set_data(inner)
        form[NameObject("/Type")] = NameObject("/XObject")
        form[NameObject("/Subtype")] = NameObject("/Form")
        form[NameObject("/BBox")] = RectangleObject([NumberObject(one) for one in (0, 0, 595, 842)])
        form[NameObject("/Resources")] = resources
        held = DictionaryObject({NameObject("/X"): writer._add_object(form)})
        resources = DictionaryObject({NameObject("/XObject"): held})
        inner = b"/X Do " * times
    contents = DecodedStreamObject()
    contents.set_data(inner)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(contents)
    writer.pages[0][NameObject("/Resources")] = resources
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        page(ORDER * 200_000),
        page(ORDER + b"BT /F1 1 Tf 1 0 0 1 50 600 Tm " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 100_000 + b"ET"),
        page(ORDER + b"1 1 2 2 re f " * 60_000),
        within_forms(ORDER, forms=8, times=10),
        within_forms(ORDER, forms=25, times=1),
    ],
    ids=["words", "signs", "lines", "forms of forms", "forms in forms"],
)
def test_a_page_that_holds_too_much_is_refused_before_its_signs_are_placed(content: bytes) -> None:
    assert len(content) < 50_000
    started = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read_pdf(content, "o.pdf", Limits())
    assert caught.value.violation.code == "paper.page_too_full"
    assert time.process_time() - started < 10


@pytest.mark.parametrize("content", [page(ORDER + b"0 0 9 9 re f " * 3_000), within_forms(ORDER, forms=3, times=1)])
def test_a_page_that_a_person_could_read_is_read(content: bytes) -> None:
    (read,) = read_pdf(content, "o.pdf", Limits())
    assert "PO-4711" in {word.text for word in read.words}
