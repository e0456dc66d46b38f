"""What a file is, by its bytes."""

import pytest
from compound_files import compound_file, outlook_mail
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import archive, mail, pdf, picture, workbook

from adapters.email.kinds import kind_of

KINDS = {
    "empty": [b"", b"\0\0\0", b" \r\n"],
    "pdf": [pdf("x"), b"\r\n\r\n%PDF-1.4"],
    "tiff": [picture(kind="TIFF")],
    "png": [picture()],
    "jpeg": [b"\xff\xd8\xff\xe0\0\x10JFIF"],
    "workbook": [workbook(), compound_file({"Workbook": b"x" * 600})],
    "document": [
        archive({"[Content_Types].xml": b"", "word/document.xml": b""}),
        compound_file({"WordDocument": b"x"}),
    ],
    "zip": [archive({"order.pdf": b"x"}), b"PK\x03\x04 cut off"],
    "encrypted": [compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})],
    "outlook": [outlook_mail({0x0037: "Order"})],
    "unknown": [compound_file({"Other": b"x"}), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", b"\x01\x02\x03\x04\0\0"],
    "mail": [
        mail("hello").as_bytes(),
        b"Received: from a\r\nFrom: b@c\r\n\r\ntext",
        b"Authentication-Results:\r\n mx.example; spf=pass\r\nFrom: b@c\r\nSubject: x\r\n\r\ntext",
    ],
    "edifact": [b"UNA:+.? 'UNB+UNOC:3+A+B", b"\r\nUNB+UNOC:3+A+B"],
    "xml": [b"<?xml version='1.0'?><Order/>", b"\xef\xbb\xbf<Order xmlns='urn:x'/>"],
    "html": [b"<html><body>x", b"<?xml version='1.0'?><!DOCTYPE html><html/>", b"<table><tr>"],
    "text": [
        b"Menge;Artikel\n5;A-1\n",
        b"BM is a unit",
        b"MZ-1 5 pcs",
        "Größe".encode("cp1252"),
        "订单".encode("utf-16"),
    ],
    "archive": [b"Rar!\x1a\x07\0", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"],
    "program": [b"MZ\x90\0\x03", b"\x7fELF\x02\0"],
    "tnef": [b"\x78\x9f\x3e\x22\x01\x00"],
}


@pytest.mark.parametrize(("kind", "content"), [(kind, one) for kind, all_ in KINDS.items() for one in all_])
def test_a_file_is_what_its_bytes_say(kind: str, content: bytes) -> None:
    assert kind_of(content) == kind


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"RIFF", b"BM"])
)
def test_any_bytes_are_something(content: bytes, start: bytes) -> None:
    assert kind_of(start + content)
