"""Bytes as text, whatever their sender calls them (ocr-intake, section 6)."""

import pytest

from adapters.email.charsets import text_of


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Größe".encode(), "utf-8", "Größe"),
        ("Größe".encode("cp1252"), "iso-8859-1", "Größe"),
        ("“5”".encode("cp1252"), "iso-8859-1", "“5”"),
        ("订单".encode("gb18030"), "gb2312", "订单"),
        ("订单".encode("gb18030"), None, "订单"),
        ("六角螺栓 M8，5 个".encode("gb18030"), None, "六角螺栓 M8，5 个"),
        ("Größe: Äpfel, Öl, süß, Maß".encode("cp1252"), None, "Größe: Äpfel, Öl, süß, Maß"),
        ("订单".encode(), "x-unknown", "订单"),
        ("Größe".encode(), "us-ascii", "Größe"),
        (b"a\x81", "utf-8", "a "),
        (b"uryyb", "rot13", "uryyb"),
        (b"x", "../etc", "x"),
    ],
)
def test_a_text_is_read_whatever_its_charset_is_called(content: bytes, charset: str | None, text: str) -> None:
    assert text_of(content, charset) == text


@pytest.mark.parametrize("charset", ["utf-7", "raw_unicode_escape", "unicode_escape"])
def test_halves_of_signs_are_no_text(charset: str) -> None:
    """Nobody can write them down: neither UTF-8 nor a database."""
    read = text_of(b"+2AA- \\ud800", charset)
    assert not [sign for sign in read if "\ud800" <= sign <= "\udfff"]


def test_signs_that_steer_machines_are_spaces() -> None:
    assert text_of(b"PO\0\x1b[2J 4711\tb\r\n", "utf-8") == "PO  [2J 4711\tb\r\n"
