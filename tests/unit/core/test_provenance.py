"""A violation is told with exactly the keys that outsiders rely on."""

from __future__ import annotations

from core.provenance import Level, Severity, Violation


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
