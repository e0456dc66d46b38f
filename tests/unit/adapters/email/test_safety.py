"""What must not be opened is not (issue 6, part 7; gateway.md section 7: email in, archives, XML, size)."""

import io
import zipfile

import pytest
from compound_files import compound_file
from mail_samples import archive, pdf, workbook
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from adapters.email.kinds import kind_of
from adapters.email.limits import Limits, Unreadable
from adapters.email.safety import check, check_html, members

LIMITS = Limits()


def refused(content: bytes, limits: Limits = LIMITS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        check(content, "order", kind_of(content), limits)
    return caught.value


def written(writer: PdfWriter) -> bytes:
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def locked_pdf(user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf("Order")))
    writer.encrypt(user, "owner", algorithm="AES-128")
    return written(writer)


def acting_pdf(action: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf("Order")))
    acts = DictionaryObject({NameObject("/S"): NameObject(f"/{action}"), NameObject("/JS"): TextStringObject("x()")})
    writer.root_object[NameObject("/OpenAction")] = acts
    return written(writer)


def test_a_sound_document_passes() -> None:
    for content in (pdf("Order"), workbook(), locked_pdf(""), b"<Order/>", b"text"):
        check(content, "order", kind_of(content), LIMITS)


@pytest.mark.parametrize("action", ["JavaScript", "Launch", "SubmitForm", "ImportData"])
def test_a_pdf_that_acts_is_not_opened(action: str) -> None:
    error = refused(acting_pdf(action))
    assert (error.violation.code, error.dangerous) == ("paper.active", True)


def test_a_script_among_the_names_of_a_pdf_is_found() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf("Order")))
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    named = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), writer._add_object(script)])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): named})
    assert refused(written(writer)).violation.code == "paper.active"


def test_a_locked_file_is_told() -> None:
    assert refused(locked_pdf("secret")).violation.code == "paper.encrypted"
    assert refused(compound_file({"EncryptedPackage": b"x"})).violation.code == "paper.encrypted"
    packed = bytearray(archive({"order.pdf": b"%PDF-"}))
    packed[6] |= 1  # the flag of the member, and of its entry in the directory
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(packed)).violation.code == "paper.encrypted"


@pytest.mark.parametrize(
    "content",
    [
        workbook({"xl/vbaProject.bin": b"x"}),
        compound_file({"Workbook": b"x", "_VBA_PROJECT_CUR": {"VBA": {"dir": b"x"}}}),
        compound_file({"WordDocument": b"x", "Macros": {"VBA": {"dir": b"x"}}}),
    ],
)
def test_macros_are_not_opened(content: bytes) -> None:
    error = refused(content)
    assert (error.violation.code, error.dangerous) == ("paper.macros", True)


def test_a_flood_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({"zeros.csv": b"\0" * 20_000_000})
    assert len(bomb) < 30_000
    assert refused(bomb).violation.code == "paper.bomb"
    assert refused(workbook({"xl/worksheets/sheet1.xml": b" " * 20_000_000})).violation.code == "paper.bomb"
    assert refused(archive({f"{n}.txt": b"x" for n in range(30)}), Limits(members=20)).violation.code == "paper.bomb"


def test_an_archive_that_lies_of_its_size_is_stopped_while_it_unpacks() -> None:
    packed = bytearray(archive({"zeros.csv": b"\0" * 3_000_000}))
    claimed = (100).to_bytes(4, "little")
    packed[22:26] = claimed  # the member's head
    entry = packed.index(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = claimed
    content = bytes(packed)
    check(content, "order.zip", "zip", LIMITS)
    with pytest.raises(Unreadable) as caught:
        list(members(content, "order.zip", Limits(total_bytes=1_000_000)))
    assert caught.value.violation.code in ("paper.bomb", "paper.broken")


def test_xml_with_a_document_type_is_not_opened() -> None:
    for head in (b'<!DOCTYPE o SYSTEM "http://x/">', b'<!DOCTYPE o [<!ENTITY a "b">]>'):
        error = refused(b"<?xml version='1.0'?>" + head + b"<o/>")
        assert (error.violation.code, error.dangerous) == ("paper.doctype", True)


def test_too_much_damaged_and_foreign_is_told() -> None:
    assert refused(b"x" * 101, Limits(part_bytes=100)).violation.code == "paper.too_large"
    check(b"x" * 100, "order", "text", Limits(part_bytes=100))
    assert refused(b"PK\x03\x04 cut off").violation.code == "paper.broken"
    assert refused(b"%PDF-1.4 and nothing more").violation.code == "paper.broken"
    assert refused(b"MZ\x90\0").violation.code == "paper.program"
    assert refused(b"\x78\x9f\x3e\x22\x01\x00").violation.code == "paper.winmail"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>x()</script>",
        b"<img src=x onerror=alert(1)>",
        b"<a href='JavaScript:x()'>",
        b"<iframe src='http://x'>",
        b"<meta http-equiv=refresh content='0;url=http://x'>",
        b"< object data=x>",
    ],
)
def test_a_page_that_acts_is_not_opened(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        check_html(content, "order.html")
    assert caught.value.dangerous


def test_a_page_that_only_shows_something_passes() -> None:
    check_html(b'<meta http-equiv="Content-Type" content="text/html"><table><tr><td>5 of A-1 once = more</table>', "o")


def test_members_are_given_with_their_names() -> None:
    content = archive({"in/order.pdf": b"1", "x.csv": b"22"})
    with zipfile.ZipFile(io.BytesIO(content), "a") as packed:
        packed.mkdir("empty")
    assert list(members(content, "o.zip", LIMITS)) == [("in/order.pdf", b"1"), ("x.csv", b"22")]
