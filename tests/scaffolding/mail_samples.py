"""Files as partners send them, made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

from PIL import Image
from reportlab.pdfgen import canvas


def pdf(*lines: str) -> bytes:
    """Return a PDF of one page with *lines*."""
    kept = io.BytesIO()
    page = canvas.Canvas(kept, invariant=1)
    for number, line in enumerate(lines):
        page.drawString(60, 780 - 16 * number, line)
    page.save()
    return kept.getvalue()


def picture(width: int = 1200, height: int = 1600, kind: str = "PNG") -> bytes:
    """Return a white picture."""
    kept = io.BytesIO()
    Image.new("1", (width, height), 1).save(kept, kind)
    return kept.getvalue()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP file."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return kept.getvalue()


def workbook(extra: Mapping[str, bytes] | None = None) -> bytes:
    """Return what a workbook is seen by; it has no sheets."""
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **(extra or {})})


def mail(body: str = "", *, subject: str = "Order 4711", sender: str = "Jo Doe <jo@acme.example>") -> EmailMessage:
    """Return a mail that attachments can be added to."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "orders@seller.example"
    message["Subject"] = subject
    message["Message-ID"] = "<4711@acme.example>"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0100"
    message.set_content(body)
    return message


def attach(message: EmailMessage, content: bytes, name: str, media_type: str = "application/octet-stream") -> None:
    """Attach a file."""
    main, _, sub = media_type.partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)
