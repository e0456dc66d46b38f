"""The shipping label: one A6 page a package with its SSCC as GS1-128 (TRN-11).

Sizes follow the GS1 General Specifications for logistic labels (6.6 and 5.4): X-dimension 0.495 mm, bars at least
31.75 mm high, ten modules of quiet zone at either side. The same label always gives the same bytes, so that a
reprint is the label that was confirmed.
"""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MEDIA_TYPE: Final = "application/pdf"
_X_DIMENSION: Final = 0.495 * mm
_BAR_HEIGHT: Final = 32 * mm
_QUIET: Final = 10 * _X_DIMENSION
_MARGIN: Final = 6 * mm
#: FNC1 as reportlab spells it; behind the start character it makes a Code 128 a GS1-128
_FNC1: Final = "\xf1"
#: application identifier of an SSCC
_AI_SSCC: Final = "00"
#: letters that Unicode does not take apart into a base and its mark
_WITHOUT_STROKE: Final = str.maketrans("ŁłĐđĦħŦŧı", "LlDdHhTti")
_REGULAR: Final = "Helvetica"
_BOLD: Final = "Helvetica-Bold"


class Label(NamedTuple):
    """What is printed on one package. ``sender`` and ``receiver`` are address lines, ``weight_kg`` "" if unknown."""

    sscc: str
    tracking_number: str
    order_number: str
    service: str
    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    weight_kg: str
    ordinal: int
    of: int


def printable(text: str) -> str:
    """Return *text* in the letters of the built-in PDF fonts (Windows-1252).

    Strokes and accents that they lack are dropped ("Łódź" is printed "Lódz"), other scripts become "?". Codes are
    ASCII and never change.
    """
    return "".join(letter if _has_glyph(letter) else _without_accents(letter) for letter in text)


def _has_glyph(letter: str) -> bool:
    return letter.isprintable() and letter.encode("cp1252", "ignore") != b""


def _without_accents(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter).translate(_WITHOUT_STROKE)
    return "".join(part for part in plain if _has_glyph(part) and not unicodedata.combining(part)) or "?"


def draw_label(label: Label) -> bytes:
    """Return *label* as a PDF of one A6 page (105 x 148 mm)."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - heavy, and few gateways play their carrier

    page = io.BytesIO()
    canvas = Canvas(page, pagesize=A6, invariant=1, pageCompression=0)
    canvas.setTitle(f"Label {label.sscc}")
    canvas.setAuthor("Sandbox Carrier")
    _draw_addresses(canvas, label)
    _draw_facts(canvas, label)
    _draw_barcode(canvas, label.sscc)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def _draw_addresses(canvas: Canvas, label: Label) -> None:
    width, height = A6
    canvas.setFont(_BOLD, 13)
    canvas.drawString(_MARGIN, height - 11 * mm, "SANDBOX CARRIER")
    canvas.drawRightString(width - _MARGIN, height - 11 * mm, label.service.upper())
    _rule(canvas, height - 14 * mm)
    canvas.setFont(_REGULAR, 7)
    _lines(canvas, height - 18 * mm, 3 * mm, ("From", *label.sender))
    _rule(canvas, height - 36 * mm)
    canvas.setFont(_BOLD, 11)
    _lines(canvas, height - 41 * mm, 5 * mm, ("To", *label.receiver))


def _draw_facts(canvas: Canvas, label: Label) -> None:
    width, height = A6
    _rule(canvas, height - 68 * mm)
    canvas.setFont(_REGULAR, 9)
    weight = f"{label.weight_kg} kg" if label.weight_kg else "weighed on arrival"
    _lines(
        canvas,
        height - 73 * mm,
        5 * mm,
        (f"Tracking number  {label.tracking_number}", f"Order  {label.order_number}", f"Weight  {weight}"),
    )
    canvas.setFont(_BOLD, 13)
    canvas.drawRightString(width - _MARGIN, height - 83 * mm, f"{label.ordinal} / {label.of}")
    _rule(canvas, height - 87 * mm)


def _draw_barcode(canvas: Canvas, sscc: str) -> None:
    from reportlab.graphics.barcode.code128 import Code128  # noqa: PLC0415 - as above

    width, _ = A6
    bars = Code128(
        _FNC1 + _AI_SSCC + sscc,
        barWidth=_X_DIMENSION,
        barHeight=_BAR_HEIGHT,
        quiet=True,
        lquiet=_QUIET,
        rquiet=_QUIET,
        humanReadable=False,
    )
    bars.drawOn(canvas, (width - bars.width) / 2, 16 * mm)
    canvas.setFont(_BOLD, 12)
    canvas.drawCentredString(width / 2, 9 * mm, f"({_AI_SSCC}) {sscc}")


def _lines(canvas: Canvas, top: float, leading: float, lines: tuple[str, ...]) -> None:
    room = A6[0] - 2 * _MARGIN
    for row, line in enumerate(lines):
        canvas.drawString(_MARGIN, top - row * leading, _fitted(canvas, printable(line), room))


def _fitted(canvas: Canvas, line: str, room: float) -> str:
    """Return *line* cut to *room* points; a long name must not run off the label."""
    if canvas.stringWidth(line) <= room:
        return line
    while canvas.stringWidth(f"{line}…") > room:
        line = line[:-1]
    return f"{line}…"


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setLineWidth(0.6)
    canvas.line(_MARGIN, y, A6[0] - _MARGIN, y)
