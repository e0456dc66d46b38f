"""A draft guide says what samples show: it loads, and the samples follow it; the report says what deviates."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from adapters.edi.guides.draft import draft
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.report import drafted, markdown, report
from adapters.edi.guides.survey import survey
from core.testing.edifact import Faults, InterchangeFile, OrdersLine, OrdersMessage

DAY = date(2026, 1, 5)


def orders(number: str, *lines: OrdersLine, **knobs) -> bytes:
    faults = knobs.pop("faults", Faults())
    message = OrdersMessage(number, DAY, lines or (OrdersLine(gtin="4012345000016"),), faults=faults)
    return InterchangeFile([message], number, **knobs).encode()


SAMPLES = [
    ("one.edi", orders("A1", OrdersLine(gtin="4012345000016", price="1.00"), OrdersLine(gtin="4012345000023"))),
    ("two.edi", orders("A2", OrdersLine(gtin="4012345000016", quantity="120"), line_end="\r\n")),
]


def rules_of(text: str) -> dict[tuple[str, str], dict]:
    (entry,) = tomllib.loads(text)["messages"]
    return {(rule["path"], rule.get("qualifier", "")): rule for rule in entry["segments"]}


def test_a_draft_says_which_segments_were_used_and_how_often() -> None:
    text = draft(survey(SAMPLES), "Acme")
    rules = rules_of(text)
    assert tomllib.loads(text)["title"] == "Acme"
    assert (rules["DTM", "137"]["min"], rules["DTM", "137"]["max"]) == (1, 1)
    assert (rules["LIN", ""]["min"], rules["LIN", ""].get("max")) == (1, None)
    assert "min" not in rules["LIN/PRI", "AAA"]
    assert ("UNT", "") not in rules
    assert {path for path, _ in rules} == {"BGM", "DTM", "NAD", "CUX", "LIN", "LIN/QTY", "LIN/PRI", "CNT"}


def test_a_draft_says_which_codes_and_formats_were_used() -> None:
    rules = rules_of(draft(survey(SAMPLES)))
    elements = {element["at"]: element for element in rules["LIN", ""]["elements"]}
    assert elements["3.1"] == {"at": "3.1", "required": True, "format": "n13"}
    assert elements["3.2"] == {"at": "3.2", "required": True, "codes": ["EN"]}
    assert [element["codes"] for element in rules["DTM", "137"]["elements"] if "codes" in element] == [["102"]]


def test_a_draft_says_release_association_and_habits() -> None:
    text = draft(survey(SAMPLES))
    (entry,) = tomllib.loads(text)["messages"]
    assert (entry["type"], entry["release"], entry["association"]) == ("ORDERS", "D.96A", "EAN008")
    assert "# lines: LF after each segment (1), CR LF after each segment (1)" in text
    assert "# charset: UNOC:3 (2)" in text
    assert "# sender: 5790000000005:14 (2)" in text


def test_the_samples_follow_their_draft(read) -> None:
    guide = parse_guide(draft(survey(SAMPLES)).encode(), "acme")
    for _, content in SAMPLES:
        assert read(content, guide) == read(content)


def test_what_the_samples_did_not_show_is_told_and_rejects_nothing(read) -> None:
    guide = parse_guide(draft(survey(SAMPLES)).encode(), "acme")
    (decoded,) = read(orders("A3", faults=Faults(without=("CUX",), instead=(("BGM", "BGM+224+A3+9"),))), guide)
    assert {fault.code for fault in decoded.violations} == {"guide.segment_missing", "guide.code_not_agreed"}
    assert decoded.document is not None


def test_what_partners_send_breaks_no_toml() -> None:
    hostile = orders("A1", sender='x"\\\x07é', faults=Faults(added=(("DTM+137", 'RFF+"]\n:1'), ("CUX", "FTX+\\'"))))
    found = drafted([('na"me\n|.edi', hostile)], 'ti"tle\n')
    parse_guide(found.guide.encode(), "acme")
    assert "\x07" not in found.guide
    assert "\x07" not in found.page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"UNB+UNOC", b"UNA:+.? 'UNB+", orders("A1")[:200]])
def test_what_is_no_sample_still_gives_a_draft_that_loads(content: bytes) -> None:
    found = drafted([("broken.edi", content)])
    parse_guide(found.guide.encode(), "acme")
    assert found.report["errors"]


def test_the_report_counts_deviations_with_place_and_advice() -> None:
    unknown = Faults(added=(("DTM+137", "RFF+ZZQ:1"), ("CUX", "XYZ+1")))
    files = [("one.edi", orders("A1", faults=unknown)), ("two.edi", orders("A2", faults=unknown))]
    told = report(survey(files))
    assert [(one["code"], one["count"], one["file"], one["tag"]) for one in told["errors"]] == [
        ("segment.unknown", 2, "one.edi", "XYZ")
    ]
    assert [(one["code"], one["element"], one["value"]) for one in told["warnings"]] == [("code.unknown", 1, "ZZQ")]
    assert told["messages"] == [
        {"type": "ORDERS", "release": "D.96A", "association": "EAN008", "messages": 2, "rejected": 2}
    ]
    page = markdown(told)
    assert "| 2 | ORDERS XYZ one.edi #8 @" in page
    assert told["errors"][0]["hint"] in page


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xef\xbb\xbf" + orders("A1"), "practice.bom"),
        (orders("A1").replace(b"260105:0931", b"20260105:0931"), "practice.date_of_eight"),
        (orders("A1", syntax_version="1"), "practice.syntax_old"),
        (orders("A1", OrdersLine(gtin="4012345000017")), "practice.gtin"),
        (orders("A1").replace(b"NAD+BY+5790000000005", b"NAD+BY+5790000000006"), "practice.gln"),
        (orders("A1234567890123456"), "practice.reference_long"),
        (orders("A1", una="UNA:+.?*'").translate(bytes.maketrans(b"+", b"|")), "practice.separators"),
        (orders("A1", una="UNA:+.? \n", line_end="").replace(b"'", b"\n"), "practice.line_end_terminator"),
    ],
)
def test_the_report_tells_what_deviates_from_practice(content: bytes, code: str) -> None:
    found = report(survey([("one.edi", content)]))["practice"]
    assert [one["code"] for one in found] == [code]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Conformance report"), ("de", "Prüfbericht"), ("zh", "符合性报告")]
)
def test_the_report_is_told_in_the_language_of_the_partner(language: str, title: str) -> None:
    page = drafted([("one.edi", b"\xef\xbb\xbf" + orders("A1"))], language=language).page
    assert page.startswith(f"# {title}\n")
    assert ("byte order mark" in page) is (language == "en")
