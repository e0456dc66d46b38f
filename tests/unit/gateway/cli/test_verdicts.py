"""What ``check`` prints, in every language (LNG-01)."""

from __future__ import annotations

from string import Formatter
from typing import Any

import pytest

from core.provenance import Level, Severity, fault
from core.texts.catalogue import LANGUAGES
from gateway.cli.verdict_words import WORDS, Words
from gateway.cli.verdicts import place, print_summary, print_verdict

PLACED = fault(
    "document.line_count", {"sent": "3", "found": 2}, severity=Severity.WARNING, level=Level.COMPONENT,
    segment=9, tag="CNT", element=1, component=2, offset=188, value="3",
)  # fmt: skip
WHOLE = fault("source.empty", level=Level.INTERCHANGE)


def names_in(words: object) -> list[str | None]:
    return sorted(str(name) for _, name, _, _ in Formatter().parse(str(words)) if name is not None)


def verdict(language: str) -> dict[str, Any]:
    hold = {"code": "price.mismatch", "reason": "13.25 instead of 12.50"}
    order = {"number": "2026-ED-000001", "partner": "ACME", "state": "in_review", "total": "318.00", "currency": "EUR"}
    message = {
        "type": "ORDERS", "reference": "1", "verdict": "accepted_with_warnings",
        "violations": [PLACED.as_json(language)], "order": {**order, "holds": [hold]}, "replies": [],
    }  # fmt: skip
    interchange = {
        "sender": "", "recipient": "4012345500004", "control_reference": "REF1", "test": True,
        "violations": [WHOLE.as_json(language)], "messages": [message],
        "replies": [{"type": "CONTRL", "filename": "CONTRL_000001.edi", "content": ""}],
    }  # fmt: skip
    return {"file": "a.edi", "format": "", "interchanges": [interchange]}


def test_every_language_has_every_word_with_the_same_places_for_values() -> None:
    assert tuple(WORDS) == LANGUAGES
    for words in WORDS.values():
        assert words.severities.keys() == {"error", "warning"}
        for name in Words._fields:
            assert names_in(getattr(words, name)) == names_in(getattr(WORDS["en"], name)), name
            assert getattr(words, name), name


SAID = {
    "en": "warning document.line_count at segment 9, CNT, element 1, component 2, byte 188: "
    "CNT says 3 lines; the message has 2. (Count again before sending.)",
    "de": "Warnung document.line_count bei Segment 9, CNT, Datenelement 1, Komponente 2, Byte 188: "
    "Laut CNT sind es 3 Positionen; die Nachricht hat 2. (Vor dem Senden nachzählen.)",
    "zh": "警告 document.line_count（第 9 段，CNT，第 1 个数据元，第 2 个成分，字节 188）："
    "CNT 称有 3 行；报文实际有 2 行。发送前请重新计数。",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_violation_in_one_line(language: str) -> None:
    assert place(PLACED.as_json(language), WORDS[language]) == SAID[language]


def test_a_violation_without_a_place_is_one_of_the_whole() -> None:
    assert place(WHOLE.as_json(), WORDS["en"]).startswith("error source.empty at the whole: There is nothing in it.")
    on_a_tag = fault("acknowledgement.uci_missing", tag="UCI").as_json()
    assert place(on_a_tag, WORDS["en"]).startswith("error acknowledgement.uci_missing at UCI: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_names_everything(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_verdict(verdict(language), language)
    printed = capsys.readouterr().out
    for named in (
        "a.edi", "REF1", "4012345500004", "accepted_with_warnings", "2026-ED-000001", "in_review", "318.00 EUR",
        "price.mismatch", "13.25 instead of 12.50", "CONTRL_000001.edi", PLACED.told(language).message,
        WHOLE.told(language).hint, WORDS[language].unknown_format, WORDS[language].test,
    ):  # fmt: skip
        assert named in printed


def test_the_english_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    print_verdict(verdict("en"))
    assert capsys.readouterr().out.splitlines() == [
        "a.edi: unknown format",
        "interchange REF1 from ? to 4012345500004, test",
        "  error source.empty at the whole: There is nothing in it. (Send the file again.)",
        "  ORDERS 1: accepted_with_warnings",
        f"    {place(PLACED.as_json(), WORDS['en'])}",
        "    order 2026-ED-000001 of ACME: in_review, 318.00 EUR",
        "      held by price.mismatch: 13.25 instead of 12.50",
        "  would send CONTRL as CONTRL_000001.edi",
    ]


def test_a_summary_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {"verdicts": {"rejected": 1}, "violations": {"order.no_lines": 2}}
    print_summary({"interchanges": 3, "messages": 4, **counts}, "de")
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["3", "Übertragungsdateien,", "4", "Nachrichten"],
        ["Art", "Name", "Anzahl"],
        ["Urteil", "rejected", "1"],
        ["Verstoß", "order.no_lines", "2"],
    ]


def test_an_empty_summary_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary({"interchanges": 0, "messages": 0, "verdicts": {}, "violations": {}}, "zh")
    assert capsys.readouterr().err == "其中没有发现任何内容。\n"
