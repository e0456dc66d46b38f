"""Notices in words: every one in every language, exactly the facts, and no trick by what a buyer wrote."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from adapters.documents import pdf
from adapters.documents.adapter import ADAPTER
from adapters.documents.engine import TemplateFault
from adapters.documents.facts import SHAPE, completed
from adapters.documents.samples import sample
from adapters.documents.templates import DEFAULT_LANGUAGES, _texts
from adapters.documents.view import address
from core.ports import NOTICES, WrittenNotice

#: what a buyer might write into a field: markup of three languages, and a line of a mail's head
NASTY = '<script>alert(1)</script> {{ 7*7 }} {% raw %} #strong[x] *y* $z$ @ref \\ "q"\r\nBcc: all@example.com'
#: assigned to no character, so no font has it
NO_SIGN = "\u0378"


def write(notice: str, language: str = "en", **changes: Any) -> WrittenNotice:
    facts = sample(notice)
    for name, value in changes.items():
        facts[name] = {**facts[name], **value} if isinstance(value, dict) else value
    return ADAPTER.writer(None).write(notice, facts, language=language)


def text_of(written: WrittenNotice) -> str:
    pages = PdfReader(io.BytesIO(written.attachments[0].content)).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("language", DEFAULT_LANGUAGES)
@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_is_there_in_every_language(notice: str, language: str) -> None:
    """LNG-01: each notice has a text of its own in English, German and Chinese, and names what it is about."""
    written = write(notice, language)
    assert written.language == language
    invoice = dict.fromkeys(("invoice.issued", "payment.reminder"), "INV-2026-000031")
    about = invoice | {"paper.question": "CUP-9"}
    assert about.get(notice, "2026-ED-000123") in written.text
    assert "None" not in written.text + written.subject
    assert "{" not in written.text + written.subject
    assert f'<html lang="{language}">' in written.html
    if language != "en":
        assert written.subject != write(notice, "en").subject or notice == "exception.raised"


def test_every_language_has_the_same_words() -> None:
    """LNG-01: no language lacks a label, and every placeholder of a label is there in each."""

    def shape(words: Any) -> Any:
        if isinstance(words, Mapping):
            return {key: shape(value) for key, value in words.items() if key != "values"}
        return sorted(part.split("}")[0] for part in str(words).split("{")[1:])

    expected = shape(_texts("en")["words"])
    assert {language for language in DEFAULT_LANGUAGES if shape(_texts(language)["words"]) == expected} == set(
        DEFAULT_LANGUAGES
    )


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_needs_none_of_what_may_be_missing(notice: str) -> None:
    """Only the order's number is known: the notice is still whole."""
    written = ADAPTER.writer(None).write(notice, {"order": {"number": "2026-ED-000009"}})
    assert "None" not in written.text
    assert written.html.count("None") == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Goods", "Shipping: Post", "Line 2, Discount: SPRING", "Total, net", "Tax 7 % on", "Total, with tax"]),
        ("de", ["Waren", "Versand: Post", "Position 2, Nachlass: SPRING", "Gesamtbetrag mit Steuer"]),
        ("zh", ["货物", "运费: Post", "折扣: SPRING", "含税总额"]),
    ],
)
def test_charges_and_taxes_lead_from_the_lines_to_the_totals(language: str, told: list[str]) -> None:
    """Issue 5, part 3: text, page and PDF tell each charge and tax by name with its amount, in their sequence."""
    written = write("order.confirmed", language)
    assert written.remarks == ()
    for text in (written.text, written.html, text_of(written)):
        places = [text.index(name) for name in told]
        assert places == sorted(places)
    amounts = re.findall(r"[\d,.]+", "".join(written.text.split("\n\n")[2:]).replace("\xa0", " "))
    assert {one.replace(",", "").replace(".", "") for one in amounts} >= {"490", "1000", "1512630", "1618573"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_document_holds_the_five_groups(language: str) -> None:
    """CNF-04: lines, prices, expected dates, payment terms and agreements, in text, page and PDF alike."""
    written = write("order.confirmed", language)
    told = {
        "en": ("CUP-2", "€0.015", "20 Mar 2026", "30 days", "Contract C-77", "€15,131.40"),
        "de": ("CUP-2", "0,015 €", "20.03.2026", "ab Rechnungsdatum", "Vertrag C-77", "15.131,40 €"),
    }[language]
    for where in (written.text, written.html, text_of(written)):
        plain = where.replace("\xa0", " ")
        assert [value for value in told if value not in plain] == []


def test_the_buyers_answer_is_asked_for() -> None:
    """CNF-16: the buyer is told to check product, quantity, price, delivery and payment, and how to answer."""
    written = write("order.confirmed")
    for where in (written.text, text_of(written).replace("\n", " ")):
        assert "check products, quantities, prices, delivery and payment" in where
        assert "(ORDCHG) that names 2026-ED-000123" in where
    assert sample("order.confirmed")["link"] in written.text


@pytest.mark.parametrize("place", ["order", "partner", "lines", "notes"])
def test_what_a_buyer_wrote_is_text_and_nothing_else(place: str) -> None:
    values: dict[str, Any] = {
        "order": {"buyer_reference": NASTY},
        "partner": {"contact": NASTY},
        "lines": [{**sample("order.confirmed")["lines"][0], "description": NASTY}],
        "notes": [NASTY],
    }
    written = write("order.confirmed", **{place: values[place]})
    assert "<script>" not in written.html
    assert "\n" not in written.subject
    assert "\r" not in written.subject
    assert "{{ 7*7 }}" in written.text, "nothing of it is run"
    told = written.text if place == "partner" else text_of(written)  # the PDF greets nobody
    assert "#strong[x] *y* $z$" in told.replace("\n", " ").replace("\u200b", "")


@pytest.mark.parametrize(
    ("unit", "language", "told"), [("PCE", "en", "10 pcs"), ("C62", "zh", "10 件"), ("BX", "en", "10 BX")]
)
def test_a_unit_is_told_by_its_name_where_it_has_one(unit: str, language: str, told: str) -> None:
    """LNG-01: PCE and C62 are both a piece; a code without a word of its own stays a code."""
    line = {**sample("order.confirmed")["lines"][0], "unit": unit}
    assert told in write("order.confirmed", language, lines=[line]).text


def test_an_item_is_called_by_its_name_in_the_readers_language() -> None:
    """LNG-02: the description of the partner's language, else the one that the order has."""
    assert "Becher, weiß" in write("order.confirmed", "de").text
    assert "Cup, white" in write("order.confirmed", "zh").text


def test_a_link_is_only_a_link_when_it_is_one() -> None:
    assert 'href="https://' in write("order.confirmed").html
    assert "href" not in write("order.confirmed", link="javascript:alert(1)").html


def test_long_orders_have_their_head_and_number_on_every_page() -> None:
    """CNF-04: 200 lines with words too long for their column are all there."""
    line = sample("order.confirmed")["lines"][0]
    lines = [{**line, "line": number, "description": "X" * 256 if number == 7 else "Cup"} for number in range(1, 201)]
    written = write("order.confirmed", lines=lines, order={"buyer_reference": "R" * 70})
    reader = PdfReader(io.BytesIO(written.attachments[0].content))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Amount" in page
    whole = "\n".join(pages).replace("\u200b", "")
    assert sum(f"\n{number}\n" in whole or f"\n{number} " in whole for number in range(1, 201)) == 200
    assert whole.count("X") == 256


def test_the_same_facts_give_the_same_bytes() -> None:
    """CNF-20: what was sent can be made again."""
    assert write("order.confirmed") == write("order.confirmed")


def test_the_pdf_is_pdf_a() -> None:
    content = write("order.confirmed").attachments[0]
    assert (content.name, content.media_type) == ("confirmation-2026-ED-000123-1.pdf", "application/pdf")
    metadata = PdfReader(io.BytesIO(content.content)).xmp_metadata
    assert metadata is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in content.content
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in content.content


def test_a_sign_that_no_font_has_leaves_the_text_alone() -> None:
    """Never a page of empty boxes: the notice goes out as text and page, and says why there is no PDF."""
    written = write("order.confirmed", notes=[f"a {NO_SIGN} b"])
    assert written.attachments == ()
    assert len(written.remarks) == 1
    assert "no font has \\u{378}" in written.remarks[0]
    assert NO_SIGN in written.text


def test_without_the_extra_there_is_text_and_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    written = write("order.confirmed")
    assert (written.attachments, written.remarks) == ((), ("no PDF: the extra `documents` is not installed",))
    assert "CUP-4" in written.html


@pytest.mark.parametrize(
    ("part", "source", "place", "why"),
    [
        ("text.en.txt", "Hello\nyou {{ order.numero }}", (2, 14), "numero"),
        ("subject.en.txt", "{{ ordr.number }}", (1, 4), "ordr"),
        ("text.en.txt", "{% if order %}\nno end", (1, 4), "end"),
        ("page.en.html", "<p>{{ order.total | monney }}</p>", (1, 21), "monney"),
        ("text.en.txt", "{{ ''.__class__.__mro__ }}", (1, 0), "__class__"),
        ("document.en.typ", "#let x = 1\n#nothing", (2, 1), "nothing"),
        ("document.en.typ", "#let d = json(bytes(sys.inputs.data))\n#d.shown.numero", (2, 9), "numero"),
    ],
)
def test_a_fault_of_a_template_is_located(
    tmp_path: Path, part: str, source: str, place: tuple[int, int], why: str
) -> None:
    """CNF-20: a template that names what there is not is refused with its file, line and column."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / part).write_text(source)
    with pytest.raises(TemplateFault) as caught:
        ADAPTER.writer(tmp_path).write("order.confirmed", sample("order.confirmed"), template="acme")
    told = caught.value.inputs
    assert (told["part"], told["line"], told["column"]) == (f"acme/{part}", *place)
    assert why in str(told["reason"])


def test_a_document_reads_no_file_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "document.en.typ").write_text('#read("/etc/passwd")\n#read("../../adapter.py")')
    with pytest.raises(TemplateFault):
        ADAPTER.writer(tmp_path).write("order.confirmed", sample("order.confirmed"), template="acme")


def test_facts_are_completed_by_name() -> None:
    whole = completed({"order": {"number": "1"}, "own": 1})
    assert set(SHAPE) < set(whole)
    assert (whole["lines"], whole["link"], whole["own"], whole["order"]["total"]) == ([], None, 1, None)


@pytest.mark.parametrize(
    ("country", "shown"),
    [("US", ["Main Rd 1", "94110 San Francisco", "CA", "US"]), ("AT", ["Main Rd 1", "94110 San Francisco", "AT"])],
)
def test_a_region_stands_in_an_address_where_its_country_writes_one(country: str, shown: list[str]) -> None:
    party = {"name": "", "street": "Main Rd 1", "postal_code": "94110", "city": "San Francisco", "region": "CA"}
    assert address(party | {"country": country, "gln": ""}) == shown
