"""What may be attached to a confirmation."""

from __future__ import annotations

import pytest

from core.errors import ValueRefused
from core.notices.enclosures import MOST_BYTES, check_file

PDF, PNG, JPEG = b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\nx", b"\xff\xd8\xffx"


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("drawing 1.pdf", "application/pdf", PDF),
        ("Zeichnung-ä (2).PDF", "application/pdf", PDF),
        ("图纸.png", "image/png", PNG),
        ("a.jpeg", "image/jpeg", JPEG),
        ("a.txt", "text/plain", "ä".encode()),
        ("a.csv", "text/csv", b"a;b\r\n"),
        ("a.txt", "text/plain", b"x" * MOST_BYTES),
    ],
)
def test_usual_files_are_taken(name: str, media_type: str, content: bytes) -> None:
    """CNF-06: documents, pictures and texts, up to the limit itself."""
    check_file(name, media_type, content)


@pytest.mark.parametrize(
    ("name", "media_type", "content", "why"),
    [
        ("a.exe", "application/octet-stream", b"MZ", "does not go with"),
        ("a.html", "text/html", b"<p>", "does not go with"),
        ("a.exe", "application/pdf", PDF, "is no name"),
        ("../a.pdf", "application/pdf", PDF, "is no name"),
        ("a/b.pdf", "application/pdf", PDF, "is no name"),
        (".a.pdf", "application/pdf", PDF, "is no name"),
        ("a\r\nX: y.pdf", "application/pdf", PDF, "is no name"),
        ("a" * 100 + ".pdf", "application/pdf", PDF, "is no name"),
        ("a.pdf", "application/pdf", b"<html>", "is not application/pdf"),
        ("a.png", "image/png", JPEG, "is not image/png"),
        ("a.txt", "text/plain", b"\xff\xfe", "is not text/plain"),
        ("a.csv", "text/csv", b"a\x00b", "is not text/csv"),
        ("a.txt", "text/plain", b"", "has 0 bytes"),
        ("a.txt", "text/plain", b"x" * (MOST_BYTES + 1), "may be attached"),
    ],
)
def test_others_are_refused(name: str, media_type: str, content: bytes, why: str) -> None:
    with pytest.raises(ValueRefused, match=why):
        check_file(name, media_type, content)
