"""A violation is told with exactly the keys that outsiders rely on."""

from __future__ import annotations

import json

import pytest

from core.provenance import Level, Severity, Violation, fault, told_again
from core.texts.catalogue import LANGUAGES


def test_a_violation_as_json_has_its_eleven_keys_and_no_other() -> None:
    violation = Violation(
        "code.unknown",
        "'XY' is not a code of 1225.",
        Severity.WARNING,
        Level.ELEMENT,
        segment=2,
        tag="BGM",
        element=3,
        offset=31,
        value="XY",
        hint="Use 9.",
        syntax_code="12",
        hold="manual",
    )
    assert violation.as_json() == {
        "code": "code.unknown",
        "severity": "warning",
        "level": "element",
        "segment": 2,
        "tag": "BGM",
        "element": 3,
        "component": None,
        "offset": 31,
        "value": "XY",
        "message": "'XY' is not a code of 1225.",
        "hint": "Use 9.",
    }


def test_a_violation_rejects_its_message_unless_it_says_otherwise() -> None:
    assert Violation("segment.missing", "no BGM").severity is Severity.ERROR


def test_a_fault_has_the_words_of_the_catalogue_and_their_parameters() -> None:
    violation = fault("order.quantity_missing", {"line": 3}, level=Level.COMPONENT, segment=12, tag="LIN", offset=310)
    assert violation == Violation(
        "order.quantity_missing",
        "Line 3 has no ordered quantity (QTY+21).",
        level=Level.COMPONENT,
        segment=12,
        tag="LIN",
        offset=310,
        hint="Send QTY+21 after LIN.",
        parameters={"line": 3},
    )


def test_a_fault_is_told_in_every_language_and_only_its_words_change() -> None:
    violation = fault("order.quantity_missing", {"line": 3}, segment=12, tag="LIN", offset=310)
    told = {language: violation.as_json(language) for language in LANGUAGES}
    assert told["en"] == violation.as_json()
    assert (told["de"]["message"], told["de"]["hint"]) == (
        "Position 3 hat keine Bestellmenge (QTY+21).",
        "QTY+21 nach LIN senden.",
    )
    assert (told["zh"]["message"], told["zh"]["hint"]) == (
        "第 3 行没有订购数量（QTY+21）。",
        "请在 LIN 之后发送 QTY+21。",
    )
    for shown in told.values():
        assert shown | {"message": "", "hint": ""} == told["en"] | {"message": "", "hint": ""}


def test_a_fault_keeps_what_tells_it_in_another_language_later() -> None:
    violation = fault("quantity.too_large", {"line": 2, "most": 10**9}, segment=9, syntax_code="12")
    kept = json.loads(json.dumps(violation.kept()))
    assert kept["syntax_code"] == "12"
    for language in LANGUAGES:
        assert told_again(kept, language) == violation.as_json(language)


def test_a_variant_is_kept_and_chosen_again() -> None:
    violation = fault("envelope.unz_count", {"sent": "2", "found": 1}, variant="groups")
    assert violation.message == "UNZ says 2 groups; the interchange has 1."
    assert told_again(violation.kept(), "de")["message"].startswith("Laut UNZ sind es 2 Nachrichtengruppen")


@pytest.mark.parametrize("parameters", [None, {}, {"unknown": 1}])
def test_what_cannot_be_told_in_another_language_is_told_as_it_was_kept(parameters: dict[str, int] | None) -> None:
    kept = {"code": "order.quantity_missing", "message": "as told then", "hint": "", "parameters": parameters}
    assert told_again(kept, "de") == {"code": "order.quantity_missing", "message": "as told then", "hint": ""}


def test_what_an_older_version_kept_has_no_parameters() -> None:
    kept = {"code": "order.no_lines", "message": "as told then", "hint": "", "syntax_code": "13"}
    assert told_again(kept, "zh") == {"code": "order.no_lines", "message": "as told then", "hint": ""}


def test_words_of_an_adapters_own_are_told_as_they_are() -> None:
    assert Violation("theirs.own", "their words", hint="their hint").told("de") == ("their words", "their hint")


def test_parameters_are_plain_texts_that_every_database_and_terminal_takes() -> None:
    class Placed(str):
        __slots__ = ("place",)

    violation = fault(
        "value.not_numeric", {"id": "6060", "name": "Quantity", "tag": "QTY", "sent": Placed("1\x00\x1b[2J")}
    )
    assert violation.parameters is not None
    assert violation.parameters["sent"] == "1\ufffd\ufffd[2J"
    assert {type(given) for given in violation.parameters.values()} == {str}
    assert violation.message.isprintable()


def test_a_fault_that_the_catalogue_does_not_know_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        fault("no.such_code")
    with pytest.raises(KeyError):
        fault("order.quantity_missing", {"number": 3})
