"""A font may say that its shapes mean what no eye sees: numbers of a text are looked at (issue 6, part 3)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject
from reportlab.pdfgen import canvas

from adapters.email.claims import Claim
from adapters.email.limits import Limits
from adapters.email.ocr.reader import Pictures
from adapters.email.words.pdf import read_pdf

LIMITS = Limits()
READER = Pictures()
#: the shape of a 0 means an 8 by it (ISO 32000-2, 9.10.3)
LIE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Lie def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfrange <20> <2F> <0020> <31> <7E> <0031> endbfrange
1 beginbfchar <30> <0038> endbfchar endcmap end end"""


def order(*, lies: bool) -> bytes:
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, pagesize=(400, 300), invariant=1)
    paper.setFont("Helvetica", 9)
    paper.drawString(40, 250, "Quantity")
    paper.drawString(120, 250, "10")
    paper.drawString(160, 250, "PO-I8S5l")
    paper.showPage()
    paper.drawString(40, 250, "27")
    paper.save()
    if not lies:
        return kept.getvalue()
    writer = PdfWriter(clone_from=kept)
    told = StreamObject()
    told.set_data(LIE)
    (font,) = writer.pages[0]["/Resources"]["/Font"].values()
    font.get_object()[NameObject("/ToUnicode")] = writer._add_object(told)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def claims(content: bytes) -> list[Claim]:
    """Return every word of every page as a claim."""
    pages = read_pdf(content, "o.pdf", LIMITS)
    assert all(page.quality == 1 for page in pages)  # each sign has its ink: only a look tells
    return [Claim(page.number, word.box, word.text) for page in pages for word in page.words]


def test_a_font_that_lies_is_found_out_and_its_page_named() -> None:
    content = order(lies=True)
    told = claims(content)
    assert "18" in [claim.text for claim in told]
    assert READER.look(content, "o.pdf", told, LIMITS) == {1}


def test_an_honest_text_is_kept_also_where_signs_look_alike() -> None:
    content = order(lies=False)
    assert READER.look(content, "o.pdf", claims(content), LIMITS) == frozenset()


@pytest.mark.parametrize("said", ["1000", "11", "10 pcs", "7"])
def test_a_number_that_is_not_shown_is_found_out(said: str) -> None:
    content = order(lies=False)
    (ten,) = [claim for claim in claims(content) if claim.text == "10"]
    assert READER.look(content, "o.pdf", [ten._replace(text=said)], LIMITS) == {1}


def test_what_cannot_be_read_surely_proves_nothing() -> None:
    content = order(lies=False)
    (ten,) = [claim for claim in claims(content) if claim.text == "10"]
    half = ten.box._replace(top=ten.box.top + ten.box.height * 0.6)  # the feet of the digits alone
    assert READER.look(content, "o.pdf", [ten._replace(box=half)], LIMITS) == frozenset()


def test_without_claims_nothing_is_started() -> None:
    lazy = Pictures()
    assert lazy.look(order(lies=False), "o.pdf", [], LIMITS) == frozenset()
    assert lazy._started is None
