"""Orders on paper, made by a test: a form as PDF or table, and the mail that carries it; of the demo's buyer."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from email.message import EmailMessage

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

#: of ``gateway/master_data/demo.toml``
BUYER = "Alpina Handels GmbH"
ACCOUNT = "K-10021"
CONTACT = "purchasing@alpina.example"

_TITLES = ("Pos", "Item no.", "Description", "Quantity", "Unit", "Unit price", "Amount")
_STRANGE = ("Call-off", "", "", "Volume", "", "Rate", "Worth")
_PLACES = (50, 80, 150, 320, 380, 430, 500)


@dataclass(frozen=True)
class Line:
    sku: str = "NL-1001"
    description: str = "Ball bearing 6204"
    quantity: int = 24
    price: Decimal = Decimal("4.90")

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


LARGE = Line("NL-1002", "Ball bearing 6305", 40, Decimal("24.00"))


@dataclass(frozen=True)
class PaperOrder:
    """An order as its buyer writes it; ``total`` is its sum unless it is miscalculated."""

    reference: str = "PO-4711"
    account: str = ACCOUNT
    buyer: str = BUYER
    lines: tuple[Line, ...] = (Line(), LARGE)
    ship_to: tuple[str, ...] = ("Alpina Lager Wien", "Laxenburger Strasse 365", "1230 Wien")
    ordered: str = "2026-11-20"
    wanted: str = "2026-12-04"
    total: Decimal | None = None
    shows_total: bool = True
    remarks: tuple[str, ...] = field(default=())
    #: what its buyer calls a field or a column, by what all call it
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def sum(self) -> Decimal:
        return self.total if self.total is not None else sum((line.amount for line in self.lines), Decimal(0))

    def head(self) -> list[tuple[str, str]]:
        return [
            ("Order number", self.reference),
            ("Order date", self.ordered),
            ("Delivery date", self.wanted),
            ("Customer number", self.account),
            ("Currency", "EUR"),
        ]

    def rows(self) -> list[list[str]]:
        return [
            [str(place), line.sku, line.description, str(line.quantity), "PCE", str(line.price), str(line.amount)]
            for place, line in enumerate(self.lines, 1)
        ]

    def pdf(self, *, strange: bool = False) -> bytes:
        """Return it as a PDF with a text of its own.

        *strange* is a form whose heads nobody knows: the code of an item stands below its name, its unit below that.
        """
        file = io.BytesIO()
        page = canvas.Canvas(file, pagesize=A4, invariant=True)
        height = 800.0

        def put(x: float, words: str, *, bold: bool = False, size: int = 10) -> None:
            page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
            page.drawString(x, height, words)

        put(50, self.buyer, bold=True)
        height -= 50
        put(50, "Purchase Order", bold=True, size=16)
        height -= 30
        for label, value in self.head():
            if value:
                put(50, f"{self.words.get(label, label)}:")
                put(170, value)
                height -= 16
        height -= 10
        put(50, "Deliver to:", bold=True)
        for words in self.ship_to:
            height -= 14
            put(50, words)
        height -= 30
        for place, title in zip(_PLACES, _STRANGE if strange else _TITLES, strict=True):
            put(place, self.words.get(title, title), bold=True)
        for drop, cells in self._drawn(strange=strange):
            height -= drop
            for place, words in cells:
                put(place, words)
        height -= 26
        if self.shows_total:
            put(380, "Net total:", bold=True)
            put(500, str(self.sum))
        for words in self.remarks:
            height -= 16
            put(50, words)
        page.save()
        return file.getvalue()

    def _drawn(self, *, strange: bool) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Yield the rows of the lines: how far below the one before, and the places of the words."""
        for row in self.rows():
            if strange:
                _, code, name, quantity, unit, price, amount = row
                yield 20, [(50, name), (320, quantity), (430, price), (500, amount)]
                yield 12, [(50, code), (320, unit)]
            else:
                yield 16, list(zip(_PLACES, row, strict=True))

    def table(self) -> bytes:
        """Return it as a CSV file: the head as pairs, then the lines."""
        file = io.StringIO()
        writer = csv.writer(file, delimiter=";")
        titles = list(_TITLES)
        rows = [*([label, value] for label, value in self.head()), [], ["Deliver to", ", ".join(self.ship_to)], []]
        rows += [titles, *self.rows(), ["", "", "", "", "", "Net total", str(self.sum)]]
        writer.writerows(row + [""] * (len(titles) - len(row)) for row in rows)  # as a spreadsheet writes it
        return file.getvalue().encode()


def mail(
    *attached: tuple[str, bytes],
    sender: str = CONTACT,
    subject: str = "Order",
    body: str = "Please see the attachment.",
    results: str = "",
) -> bytes:
    """Return a mail with files (name, content); *results* are those of a mail server that checked its sender."""
    message = EmailMessage()
    if results:
        message["Authentication-Results"] = results
    message["From"] = f"Petra Huber <{sender}>"
    message["To"] = "orders@nordlicht.example"
    message["Subject"] = subject
    digest = hashlib.sha256(repr((sender, subject, body, attached)).encode()).hexdigest()[:16]
    message["Message-ID"] = f"<{digest}@{sender.partition('@')[2]}>"
    message["Date"] = "Fri, 20 Nov 2026 09:00:00 +0100"
    message.set_content(body)
    for name, content in attached:
        kind = {"pdf": ("application", "pdf"), "csv": ("text", "csv")}.get(name.rpartition(".")[2])
        maintype, subtype = kind or ("application", "octet-stream")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    if attached:
        message.set_boundary(f"={digest}=")  # the same bytes each time
    return message.as_bytes()
