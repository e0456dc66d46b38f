"""What a file is, by its bytes: neither its name nor what a mail says of it is believed (ocr-intake, section 5.1)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final, Literal

import olefile

Kind = Literal[
    "empty", "pdf", "tiff", "png", "jpeg", "gif", "bmp", "webp", "workbook", "document", "mail", "outlook", "tnef",
    "edifact", "xml", "html", "text", "zip", "archive", "encrypted", "program", "unknown",
]  # fmt: skip

MEDIA_TYPES: Final[dict[Kind, str]] = {
    "pdf": "application/pdf",
    "tiff": "image/tiff",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "workbook": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "document": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "mail": "message/rfc822",
    "outlook": "application/vnd.ms-outlook",
    "tnef": "application/vnd.ms-tnef",
    "edifact": "application/edifact",
    "xml": "application/xml",
    "html": "text/html",
    "text": "text/plain",
    "zip": "application/zip",
}
PICTURES: Final = frozenset({"tiff", "png", "jpeg", "gif", "bmp", "webp"})
#: the same by their names in Pillow, which knows many more that nobody sends and that have not been looked at
PILLOW_FORMATS: Final = ("TIFF", "PNG", "JPEG", "GIF", "BMP", "WEBP")

_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", "pdf"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: a PDF may have other bytes before its own within the first 1,024 (PDF 1.7, appendix H, note 13)
_PDF_WITHIN: Final = 1_024
#: this much of a text is looked at
_HEAD: Final = 4_096
_HEAD_FIELD: Final = re.compile(rb"[!-9;-~]+[ \t]*:")
_OF_MAILS: Final = re.compile(
    rb"^(from|received|return-path|message-id|mime-version|delivered-to|subject|date|x-[a-z-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_HTML: Final = re.compile(rb"<(!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
_EDIFACT: Final = re.compile(rb"\s*(UNA.{6}\s*UN[BG]|UNB[^\w\s])", re.DOTALL)


def kind_of(content: bytes) -> Kind:
    """Return what *content* is. Never raises; what is damaged is told by its beginning."""
    if not content.strip(b"\0 \t\r\n"):
        return "empty"
    if content.startswith(_ZIP):
        return _of_zip(content)
    if content.startswith(_OLE):
        return _of_ole(content)
    return _by_mark(content) or _of_text(content)


def _by_mark(content: bytes) -> Kind | None:
    known = next((kind for mark, kind in _MAGIC if content.startswith(mark)), None)
    if known in ("bmp", "program") and b"\0" not in content[:_HEAD]:
        return None  # a text that begins with BM or MZ
    if known is None and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "pdf" if known is None and b"%PDF-" in content[:_PDF_WITHIN] else known


def _of_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = {member.filename for member in packed.infolist()}
    except Exception:  # noqa: BLE001 - as with OLE below; its check tells what is wrong
        return "zip"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return "workbook"
    return "document" if "[Content_Types].xml" in names else "zip"


def _of_ole(content: bytes) -> Kind:
    """Tell OLE files apart by their streams (MS-CFB): mails, workbooks, texts, and packages of encrypted ones."""
    try:
        with olefile.OleFileIO(content) as ole:
            top = {str(path[0]).lower() for path in ole.listdir(streams=True, storages=True)}
    except Exception:  # noqa: BLE001 - a damaged file makes the library fail in many ways; it is no kind that we read
        return "unknown"
    if "encryptedpackage" in top:
        return "encrypted"
    if "__properties_version1.0" in top:
        return "outlook"
    if top & {"workbook", "book"}:
        return "workbook"
    return "document" if "worddocument" in top else "unknown"


def _of_text(content: bytes) -> Kind:
    head = content[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _EDIFACT.match(start):
        return "edifact"
    if start.startswith(b"<"):
        return "html" if _HTML.search(head) else "xml"
    first = start.split(b"\n", 1)[0]
    if _HEAD_FIELD.match(first) and len(_OF_MAILS.findall(head)) > 1:
        return "mail"
    control = sum(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head)
    return "text" if control * 100 <= len(head) and b"\0" not in head else "unknown"
