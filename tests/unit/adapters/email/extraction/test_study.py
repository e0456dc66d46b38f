"""What stands beside a value that a person typed leads to the next one (issue 6, part 6; INT-11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.email.extraction.extract import extract
from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.study import study
from core.manner import Finding, Manner, Meant, Stored, Study
from core.reading import Box, Page, Paper, Word

HEAD = ("Pos", "Teil", "Benennung", "Bedarf", "ME", "EP")
ROWS = (
    ("1", "HX-1000", "Hex bolt", "24", "PCE", "4,90"),
    ("2", "BR-6204", "Ball bearing", "1.040", "PCE", "24,00"),
)
ALL = frozenset({"buyer_reference", "requested_date", "lines.1.sku", "lines.1.quantity"})


def paper(
    reference: str = "4711-88",
    wanted: str = "03/04/2026",
    *,
    label: str = "Vorgang",
    head: tuple[str, ...] = HEAD,
    rows: tuple[tuple[str, ...], ...] = ROWS,
) -> Paper:
    """Return a form as a reader of PDF gives it: every word with its box, 6 points a sign."""
    words: list[Word] = []

    def put(x: float, y: float, text: str) -> None:
        for one in text.split():
            words.append(Word(one, Box(x, y, x + 6 * len(one), y + 10)))
            x += 6 * len(one) + 3

    put(50, 30, "Bestellung")
    for place, (name, value) in enumerate(
        ((label, reference), ("Kundennummer", "K-10021"), ("Eintreffen bei uns", wanted))
    ):
        put(50, 60 + 16 * place, f"{name}:")
        put(200, 60 + 16 * place, value)
    for number, row in enumerate((head, *rows)):
        for column, text in enumerate(row):
            put(50 + 85 * column, 140 + 18 * number, text)
    return Paper("", "a.pdf", "application/pdf", "", (Page(1, 600, 800, "pt", "text", tuple(words), "test"),))


def meant(reference: str = "4711-88", wanted: str = "2026-04-03") -> Meant:
    return Meant(
        {"buyer_reference": reference, "requested_date": wanted},
        ({"quantity": "24", "price": "4.9"}, {"quantity": "1040", "price": "24"}),
        ({"HX-1000": "sku", "Hex bolt": "description"}, {"BR-6204": "sku"}),
    )


def learned(findings: tuple[Finding, ...]) -> set[tuple[str, str, str]]:
    return {(one.kind, one.value, one.means) for one in findings if not one.source and not one.ends}


def manner_of(findings: tuple[Finding, ...]) -> Manner:
    def of(kind: str) -> dict[str, str]:
        return {value: means for one, value, means in learned(findings) if one == kind}

    locale = of("locale")
    return Manner(of("label"), of("column"), locale.get("days", ""), locale.get("numbers", ""))  # type: ignore[arg-type]


def test_labels_columns_days_and_numbers_are_learned_of_one_form_and_read_the_next() -> None:
    found = study(Study(paper(), meant(), Manner(), ALL))
    assert learned(found) == {
        ("label", "vorgang", "buyer_reference"), ("label", "eintreffenbeiuns", "requested_date"),
        ("locale", "days", "day"),
        ("column", "teil", "sku"), ("column", "bedarf", "quantity"),
    }  # fmt: skip
    rows = (("1", "ZZ-9", "Something", "2.400", "PCE", "1,25"),)
    blind = extract(paper("4712-01", "04/05/2026", rows=rows))
    assert (blind.kind, blind.best("buyer_reference"), blind.lines) == ("unsure", "", 0)
    read = extract(paper("4712-01", "04/05/2026", rows=rows), manner_of(found))
    values = {path: [one.value for one in said] for path, said in read.fields.items()}
    assert read.kind == "order"
    assert values["buyer_reference"] == ["4712-01"]
    assert values["requested_date"] == ["2026-05-04"]
    assert (values["lines.1.sku"], values["lines.1.quantity"], values["lines.1.price"]) == (
        ["ZZ-9"],
        ["2400"],
        ["1.25"],
    )
    taught = {path for path, said in read.fields.items() if said[0].reason == "taught"}
    assert taught == {"buyer_reference", "requested_date", "lines.1.sku", "lines.1.quantity"}


BARE = ("Pos", "Artikel-Nr", "Bezeichnung", "Menge", "ME")
KILOS = (("1", "HX-1000", "Hex bolt", "1.040", "KGM"), ("2", "BR-6204", "Grease", "2.125", "KGM"))


def test_the_mark_of_a_fraction_is_learned_where_no_number_of_the_form_shows_it() -> None:
    whole = meant()._replace(lines=({"quantity": "1040"}, {"quantity": "2125"}))
    (finding,) = study(Study(paper(head=BARE, rows=KILOS), whole, Manner(), frozenset({"lines.1.quantity"})))
    assert (finding.kind, finding.value, finding.means) == ("locale", "numbers", ",")
    manner = Manner(decimal=",")
    (said,) = extract(paper(head=BARE, rows=KILOS), manner).fields["lines.2.quantity"]
    assert (said.value, said.reason) == ("2125", "taught")
    shows = (*KILOS, ("3", "ZZ-9", "Oil", "0.5", "KGM"))
    read = extract(paper(head=BARE, rows=shows), manner)
    assert read.best("lines.2.quantity") == "2.125", "the document's own numbers come first"


def test_a_form_whose_own_days_show_their_order_is_read_by_them() -> None:
    manner = Manner(labels={"eintreffenbeiuns": "requested_date"}, first="day")
    other = paper(wanted="03/04/2026", rows=(("1", "HX-1000", "12/31/2026", "24", "PCE", "4,90"),))
    assert [one.value for one in extract(other, manner).fields["requested_date"]] == ["2026-03-04"]
    assert len(extract(paper(), manner).fields["requested_date"]) == 1


def test_nothing_of_a_customer_s_manner_stays_for_the_next() -> None:
    extract(paper(), Manner(labels={"vorgang": "buyer_reference"}, first="month"))
    assert not lexicon().manner
    assert extract(paper()).best("buyer_reference") == ""


def test_what_nobody_looked_at_teaches_nothing() -> None:
    """Submitting confirms an order, and no way of writing days that all the next are read by."""
    assert study(Study(paper(), meant(), Manner(), frozenset())) == ()
    only = study(Study(paper(), meant(), Manner(), frozenset({"buyer_reference"})))
    assert learned(only) == {("label", "vorgang", "buyer_reference")}


@pytest.mark.parametrize("label", ["4711", "X", "Kundennummer", "Lieferant", "Rechnungsnummer 7"])
def test_a_number_and_a_word_that_means_something_else_to_all_are_no_label(label: str) -> None:
    found = study(Study(paper(label=label), meant(), Manner(), ALL))
    assert "label" not in {one.kind for one in found if one.means == "buyer_reference"}


def test_a_value_that_does_not_stand_on_the_page_teaches_nothing() -> None:
    found = study(Study(paper(), meant("9999-00", "2027-01-01"), Manner(), ALL))
    assert {one.kind for one in found} == {"column"}


def test_what_a_stored_paper_refutes_names_it_with_what_it_would_have_read() -> None:
    """Issue 6, part 6: tried on the customer's stored documents before use."""
    month_first = Stored("17", paper("4700-01", "05/06/2026", label="Bestellnummer"), meant("4700-01", "2026-05-06"))
    manner = Manner(labels={"eintreffenbeiuns": "requested_date"})
    found = study(Study(paper(), meant(), manner, ALL, (month_first,)))
    days = next(one for one in found if one.value == "days")
    assert (days.means, days.source, days.read, days.meant) == ("day", "17", "2026-06-05", "2026-05-06")
    assert ("label", "vorgang", "buyer_reference") in learned(found)
    # "Vorgang" is a file number on the other form, whose order number stands elsewhere
    other = paper("4700-01", label="Bestellnummer")
    (page,) = other.pages
    more = (*page.words, Word("Vorgang:", Box(300, 60, 348, 70)), Word("AKTE-7", Box(400, 60, 436, 70)))
    stored = Stored("18", replace(other, pages=(replace(page, words=more),)), meant("4700-01"))
    (label, *_) = study(Study(paper(), meant(), Manner(), frozenset({"buyer_reference"}), (stored,)))
    assert (label.value, label.source, label.read, label.meant) == ("vorgang", "18", "AKTE-7", "4700-01")


def test_a_lesson_that_misreads_the_paper_itself_ends() -> None:
    wrong = Manner(labels={"vorgang": "requested_date", "eintreffenbeiuns": "requested_date"}, first="month")
    found = study(Study(paper(), meant(), wrong, ALL))
    assert [(one.kind, one.value, one.means) for one in found if one.ends] == [("locale", "days", "month")]
    assert ("locale", "days", "day") in learned(found)


def test_a_locale_reads_what_has_one_reading_as_before() -> None:
    read = extract(paper(wanted="23/04/2026"), Manner(labels={"eintreffenbeiuns": "requested_date"}, first="month"))
    assert [one.value for one in read.fields["requested_date"]] == ["2026-04-23"]
    assert read.fields["requested_date"][0].reason == "taught", "by its label"
