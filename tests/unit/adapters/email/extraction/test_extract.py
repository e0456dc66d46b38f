"""What a document says, whatever it is written on (issue 6, part 4)."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import pytest
from mail_samples import mail
from reportlab.pdfgen import canvas
from workbooks import workbook

from adapters.email.adapter import ADAPTER
from adapters.email.extraction.extract import extract
from core.reading import Box, Extracted, Page, Paper, Word

TABLE = ((60, "l"), (120, "l"), (330, "r"), (340, "l"), (430, "r"), (520, "r"))


def drawn(*pages: Sequence[tuple[float, float, str] | tuple[float, Sequence[str]]]) -> bytes:
    """Return a PDF: texts at x and y from the top, or rows of the table at y."""
    kept = io.BytesIO()
    paper = canvas.Canvas(kept, pagesize=(595, 842), invariant=1)
    for page in pages:
        paper.setFont("Helvetica", 9)
        for one in page:
            if len(one) == 3:
                paper.drawString(one[0], 842 - one[1], one[2])
                continue
            for (x, side), cell in zip(TABLE, one[1], strict=True):
                (paper.drawString if side == "l" else paper.drawRightString)(x, 842 - one[0], cell)
        paper.showPage()
    paper.save()
    return kept.getvalue()


HEAD = [(60, 60, "Acme Works Ltd"), (400, 60, "PURCHASE ORDER"), (330, 90, "PO Number:"), (430, 90, "PO-4711"),
        (330, 105, "Order Date:"), (430, 105, "02 Nov 2026"), (330, 120, "Required by"), (430, 120, "20 Nov 2026"),
        (330, 135, "Customer No.:"), (430, 135, "100200"), (60, 90, "Ship To:"), (60, 102, "Acme Works Ltd"),
        (60, 114, "14 Foundry Lane"), (60, 126, "Leeds LS10 1JR")]  # fmt: skip
COLUMNS = ("Item No.", "Description", "Qty", "UoM", "Unit Price", "Amount")
ENGLISH = [*HEAD, (180, COLUMNS),
           (200, ("HX-1", "Hex bolt M8x40 A2", "1,250", "pcs", "0.42", "525.00")),
           (216, ("BR-62", "Ball bearing 6204-2RS", "8", "pcs", "3.85", "30.80")), (120, 227, "sealed both sides"),
           (340, 260, "Subtotal"), (495, 260, "555.80"), (340, 275, "VAT 20%"), (495, 275, "111.16"),
           (340, 290, "Total"), (480, 290, "GBP 666.96")]  # fmt: skip


def said(content: bytes) -> Extracted:
    (part,) = ADAPTER.read(content, "order").parts
    assert part.extracted is not None
    return part.extracted


def best(found: Extracted, *names: str) -> list[str]:
    return [found.best(name) for name in names]


def test_a_table_with_its_head_and_its_totals() -> None:
    found = said(drawn(ENGLISH))
    assert (found.kind, found.language, found.lines, found.guessed) == ("order", "en", 2, False)
    assert best(found, "buyer_reference", "document_date", "requested_date", "account", "currency") == [
        "PO-4711", "2026-11-02", "2026-11-20", "100200", "GBP",
    ]  # fmt: skip
    assert best(found, "net_total", "tax_total", "total") == ["555.80", "111.16", "666.96"]
    assert best(found, *(f"lines.1.{name}" for name in ("sku", "quantity", "unit", "price", "amount"))) == [
        "HX-1", "1250", "PCE", "0.42", "525.00",
    ]  # fmt: skip
    assert found.best("lines.2.description") == "Ball bearing 6204-2RS sealed both sides"
    assert best(found, "buyer.name", "ship_to.name", "ship_to.address", "ship_to.postal_code") == [
        "Acme Works Ltd", "Acme Works Ltd", "14 Foundry Lane; Leeds LS10 1JR", "LS10 1JR",
    ]  # fmt: skip


def test_every_value_has_its_place() -> None:
    found = said(drawn(ENGLISH))
    for name, (first, *_) in found.fields.items():
        assert first.spot is not None, name
        assert first.spot.page == 1
    spot = found.fields["lines.2.price"][0].spot
    assert spot is not None
    assert spot.box.right == pytest.approx(430, abs=1)
    assert spot.box.bottom == pytest.approx(216 + 2, abs=3)


def test_german_numbers_and_labels() -> None:
    found = said(
        drawn(
            [
                (60, 60, "Müller GmbH"),
                (400, 60, "Bestellung"),
                (60, 90, "Bestell-Nr.: 2026/00815"),
                (60, 105, "Datum: 02.11.2026"),
                (60, 120, "Liefertermin: 20.11.2026"),
                (60, 135, "Währung: EUR"),
                (180, ("Artikel-Nr.", "Bezeichnung", "Menge", "ME", "Einzelpreis", "Gesamtpreis")),
                (200, ("HX-1", "Sechskantschraube", "1.250", "Stk", "0,42", "525,00")),
                (216, ("DR-9", "Schneidöl, Fass 200 l", "3", "Fass", "1.389,00", "4.167,00")),
                (340, 260, "Nettosumme"),
                (480, 260, "4.692,00"),
                (340, 275, "MwSt. 19%"),
                (490, 275, "891,48"),
                (340, 290, "Gesamtbetrag"),
                (480, 290, "5.583,48"),
            ]
        )
    )
    assert (found.language, found.best("buyer_reference"), found.best("currency")) == ("de", "2026/00815", "EUR")
    assert best(found, "lines.1.quantity", "lines.2.price", "lines.2.unit") == ["1250", "1389.00", "DRM"]
    assert best(found, "net_total", "tax_total", "total") == ["4692.00", "891.48", "5583.48"]


def test_a_head_of_two_lines_and_labels_that_share_a_value() -> None:
    found = said(
        drawn(
            [
                (60, 60, "Bestellung"),
                (330, 90, "Bestellnummer/Datum"),
                (330, 101, "4500577539 / 02.11.2026"),
                (180, ("Artikel-", "", "Bestell-", "", "Einzel-", "Gesamt-")),
                (189, ("Nr.", "Bezeichnung", "menge", "ME", "preis", "preis")),
                (210, ("HX-1", "Sechskantschraube", "1.250", "Stk", "0,42", "525,00")),
                (340, 260, "Gesamtnettowert ohne MwSt EUR"),
                (495, 260, "525,00"),
                (340, 275, "zzgl. 19% MwSt"),
                (500, 275, "99,75"),
                (340, 290, "Gesamt"),
                (495, 290, "624,75"),
            ]
        )
    )
    assert best(found, "buyer_reference", "document_date") == ["4500577539", "2026-11-02"]
    assert best(found, "lines.1.sku", "lines.1.quantity", "lines.1.price", "lines.1.amount") == [
        "HX-1", "1250", "0.42", "525.00",
    ]  # fmt: skip
    assert best(found, "net_total", "tax_total", "total") == ["525.00", "99.75", "624.75"]


PARTIES = [
    ([(60, 90, "Ship To:"), (60, 102, "Depot 7 Ltd"), (60, 114, "2 Dock Road")], "2 Dock Road"),
    ([(60, 90, "Goods to:"), (140, 90, "Depot 7 Ltd"), (140, 102, "2 Dock Road")], "2 Dock Road"),
    ([(60, 90, "Ship to: Depot 7 Ltd, 2 Dock Road, Hull HU1 2AB")], "2 Dock Road; Hull HU1 2AB"),
    ([(60, 90, "Delivery address"), (60, 102, "Depot 7 Ltd"), (60, 114, "2 Dock Road"), (330, 90, "Delivery"),
      (430, 90, "20.11.2026")], "2 Dock Road"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "address"), PARTIES)
def test_an_address_stands_below_its_label_beside_it_or_on_its_line(
    texts: list[tuple[float, float, str]], address: str
) -> None:
    found = said(drawn([(60, 60, "Purchase order PO-4711"), *texts]))
    assert best(found, "ship_to.name", "ship_to.address") == ["Depot 7 Ltd", address]
    assert found.best("requested_date") == ("2026-11-20" if len(texts) == 5 else "")


def test_a_description_may_stand_below_its_code() -> None:
    columns = ("Part No", "", "Ordered", "Unit", "Each", "Ext. Price")
    found = said(
        drawn([(60, 60, "Purchase order PO-4711"), (180, columns), (200, ("HX-1", "", "1,250", "EA", "0.42", "525.00")),
               (60, 211, "Hex bolt M8x40, 100 m"), (222, ("BR-62", "", "8", "EA", "3.85", "30.80")),
               (60, 233, "Bearing")])
    )  # fmt: skip
    assert best(found, "lines.1.description", "lines.2.description") == ["Hex bolt M8x40, 100 m", "Bearing"]
    assert best(found, "lines.1.quantity", "lines.2.amount") == ["1250", "30.80"]


def test_heads_of_two_meanings_take_the_one_that_is_free() -> None:
    found = said(
        drawn([(60, 60, "Purchase order PO-4711"),
               (180, ("Item", "Material", "Order qty.", "Unit", "Price per unit", "Net value")),
               (200, ("00010", "HX-1", "1,250", "EA", "0.42", "525.00")), (340, 260, "Total"), (495, 260, "525.00")])
    )  # fmt: skip
    assert best(found, "lines.1.number", "lines.1.sku", "lines.1.quantity") == ["00010", "HX-1", "1250"]


def test_a_table_goes_on_over_pages() -> None:
    rows = [(200 + 14 * n, (f"A-{n}", f"Part {n}", str(n), "pcs", "2.00", f"{2 * n}.00")) for n in range(1, 41)]
    first = [*HEAD, (180, COLUMNS), *rows[:30], (340, 700, "Carried forward"), (490, 700, "930.00")]
    moved = [(y - 500, cells) for y, cells in rows[30:]]
    second = [(60, 45, "PO Number: PO-4711"), (90, COLUMNS), (340, 110, "Carried forward"), (490, 110, "930.00"),
              *moved, (340, 300, "Total"), (470, 300, "1,640.00")]  # fmt: skip
    found = said(drawn(first, second))
    assert found.lines == 40
    assert found.best("lines.40.quantity") == "40"
    spot = found.fields["lines.40.sku"][0].spot
    assert spot is not None
    assert spot.page == 2
    assert found.best("total") == "1640.00"


LETTERS = [
    ("Our order no. PO-4711|- 1,250 pcs HX-1 Hex bolt, 100 m at 0.42 GBP = 525.00 GBP|Please deliver by 20 Nov 2026 to:"
     "|Acme Works Ltd|14 Foundry Lane, Leeds LS10 1JR"),
    ("Unsere Bestellung Nr. PO-4711|- 1.250 Stk HX-1 Sechskantschraube zu je 0,42 EUR = 525,00 EUR"
     "|Bitte liefern Sie bis 20.11.2026 an:|Acme Works Ltd|Lager 3, 70565 Stuttgart"),
    ("我司订单号：PO-4711|1、HX-1 螺栓 A2，1250 个，单价 0.42 元，金额 525.00 元"
     "|请于2026年11月20日前送达：|Acme Works Ltd|上海市"),
]  # fmt: skip


@pytest.mark.parametrize("letter", LETTERS)
def test_an_order_in_sentences_is_proved_by_its_product(letter: str) -> None:
    found = said(mail(letter.replace("|", "\n")).as_bytes())
    assert found.kind == "order"
    assert best(found, "buyer_reference", "requested_date", "ship_to.name") == [
        "PO-4711",
        "2026-11-20",
        "Acme Works Ltd",
    ]
    assert best(found, *(f"lines.1.{name}" for name in ("sku", "quantity", "unit", "price", "amount"))) == [
        "HX-1", "1250", "PCE", "0.42", "525.00",
    ]  # fmt: skip


SHEET = [
    ["Purchase order", None, None, None],
    ["PO Number", "PO-4711", None, None],
    ["Currency", "GBP", None, None],
    [],
    ["Item No.", "Description", "Quantity", "Unit price"],
    ["HX-1", "Hex bolt", 1250, 0.42],
    ["BR-62", "Bearing", 8, 3.85],
]


def test_a_workbook_a_csv_file_and_a_page_say_the_same() -> None:
    table = "".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) + "</tr>" for row in SHEET[4:]
    )
    page = f"<p>Purchase order</p><p>PO Number: PO-4711</p><p>Currency: GBP</p><table>{table}</table>"
    message = mail("")
    message.set_content(page, subtype="html")
    csv = "PO Number;PO-4711;;\nCurrency;GBP;;\n;;;\n" + "\n".join(";".join(map(str, row)) for row in SHEET[4:])
    for content in (workbook(SHEET), message.as_bytes(), csv.encode()):
        found = said(content)
        assert (found.kind, found.lines) == ("order", 2)
        assert best(found, "buyer_reference", "currency", "lines.1.quantity", "lines.1.price", "lines.2.sku") == [
            "PO-4711", "GBP", "1250", "0.42", "BR-62",
        ]  # fmt: skip


def test_an_address_in_the_next_column_of_a_sheet_is_that_of_its_label() -> None:
    sheet = [["PO Number", "PO-4711"], ["Ship To", "Depot 7 Ltd"], [None, "2 Dock Road, Hull HU1 2AB"], [], *SHEET[4:]]
    found = said(workbook(sheet))
    assert best(found, "ship_to.name", "ship_to.postal_code") == ["Depot 7 Ltd", "HU1 2AB"]


@pytest.mark.parametrize("title", ["Invoice", "Auftragsbestätigung", "报价单", "Delivery note"])
def test_what_is_no_order_says_so(title: str) -> None:
    changed = [one if one[-1] != "PURCHASE ORDER" else (400, 60, title) for one in ENGLISH]
    assert said(drawn(changed)).kind == ("order" if not title.isascii() and title == "报价单" else "other")


def test_a_letter_without_goods_is_no_order() -> None:
    assert said(mail("Dear Jo,\n\nsee you on Monday 2 November 2026.\n\nRegards").as_bytes()).kind == "other"


def test_a_quantity_that_nobody_saw_is_computed_and_says_so() -> None:
    rows = [one if one[0] != 216 else (216, ("BR-62", "Ball bearing", "", "pcs", "3.85", "30.80")) for one in ENGLISH]
    found = said(drawn(rows))
    (computed,) = found.fields["lines.2.quantity"]
    assert (computed.value, computed.reason, computed.spot) == ("8", "computed", None)


def test_a_total_that_does_not_add_up_changes_no_reading() -> None:
    wrong = [one if one[-1] != "GBP 666.96" else (480, 290, "GBP 999.99") for one in ENGLISH]
    assert said(drawn(wrong)).best("total") == "999.99"


def test_a_page_that_lies_askew_is_read_by_its_turned_coordinates() -> None:
    (paper,) = (part.paper for part in ADAPTER.read(drawn(ENGLISH), "o").parts)
    assert paper is not None
    (page,) = paper.pages
    for angle in (1.5, -1.5):
        turned = tuple(_turned(word, math.radians(angle)) for word in page.words)
        askew = Page(1, page.width, page.height, "px", "ocr", turned, "test", skew=angle)
        found = extract(Paper("", "", "image/tiff", "", (askew,)))
        assert found.guessed
        assert best(found, "buyer_reference", "lines.1.quantity", "lines.2.price", "total") == [
            "PO-4711", "1250", "3.85", "666.96",
        ]  # fmt: skip


def _turned(word: Word, angle: float) -> Word:
    x, y = word.box.middle
    x, y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
    width, height = word.box.width, word.box.height
    return word._replace(box=Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def test_two_documents_of_one_form_have_one_fingerprint() -> None:
    other = [one if one[-1] != "PO-4711" else (430, 90, "PO-4712") for one in ENGLISH]
    assert said(drawn(ENGLISH)).layout == said(drawn(other)).layout
    assert said(drawn(ENGLISH)).layout != said(drawn(ENGLISH[1:9] + ENGLISH[14:])).layout


def test_an_empty_page_says_nothing() -> None:
    assert extract(Paper("", "", "application/pdf", "", ())).kind == "other"
