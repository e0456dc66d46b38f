"""Leniency is a policy: the defaults are the fault table, and a guide makes each fault harder, milder or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.edi.guides.leniency import DEFAULTS, Treatment
from core.provenance import Severity
from core.testing.edifact import CLEAN, Faults, InterchangeFile, OrdersLine, OrdersMessage

DAY = date(2026, 1, 5)
HOLD, HOLDS = "document.count_mismatch", {"order.allowance_claimed": "charges.claimed"}


def orders(*lines: OrdersLine, faults: Faults = CLEAN, **knobs) -> bytes:
    return InterchangeFile([OrdersMessage("A1", DAY, lines or (OrdersLine(),), faults=faults)], "77", **knobs).encode()


def quantity(text: str) -> bytes:
    return orders(faults=Faults(instead=(("QTY+21", f"QTY+21:{text}"),)))


#: code -> a file with that fault and no other
ENVELOPE = {
    "envelope.unz_missing": orders(closed=False),
    "envelope.unz_count": orders(messages=3),
    "envelope.unz_reference": orders(closing_reference="78"),
    "envelope.junk": orders() + b"That is all.\n",
    "envelope.una_repeated": orders().replace(b"UNH+", b"UNA:+.? 'UNH+"),
}
MESSAGE = {
    "envelope.unt_count": orders(faults=Faults(segments=99)),
    "envelope.unt_reference": orders(faults=Faults(reference="2")),
    "document.line_count": orders(faults=Faults(lines="7")),
    "order.allowance_claimed": orders(faults=Faults(added=(("CUX", "ALC+A++++DI"),))),
    "segment.unknown": orders(faults=Faults(added=(("CUX", "XYZ+1"),))),
    "segment.misplaced": orders(faults=Faults(added=(("CUX", "BGM+220+A1+9"),))),
    "segment.too_many": orders(faults=Faults(added=(("DTM+137", "ALI+DE"),) * 6)),
    "element.too_many": orders(faults=Faults(instead=(("BGM", "BGM+220+A1+9+AC+more"),))),
    "component.too_many": orders(faults=Faults(instead=(("DTM+137", "DTM+137:20260105:102:more"),))),
    "element.missing": orders(faults=Faults(added=(("CUX", "PAT"),))),
    "value.too_long": orders(faults=Faults(added=(("DTM+137", "RFF+CT:" + "9" * 36),))),
    "value.decimal_digit": quantity("5.:PCE"),
    "code.unknown": orders(faults=Faults(added=(("DTM+137", "RFF+ZZQ:1"),))),
    "charset.level": InterchangeFile(
        [OrdersMessage("A1", DAY, notes=("bitte bald",), faults=Faults(added=()))], "77", charset="UNOA", codec="ascii"
    ).encode(),
    "charset.mismatch": InterchangeFile(
        [OrdersMessage("Ä1", DAY)], "77", charset="UNOC", codec="utf-8"
    ).encode(),
    "syntax.line_break": orders().replace(b"NAD+BY+", b"NAD+\nBY+"),
}  # fmt: skip


def lenient(guide, code: str, treatment: str):
    return guide(head=f'[leniency]\n"{code}" = "{treatment}"')


def faults_of(decoded) -> list[tuple[str, str, str]]:
    return [(fault.code, fault.severity.value, fault.hold) for fault in decoded.violations]


def expected(code: str) -> tuple[str, str, str]:
    default = DEFAULTS[code]
    hold = HOLDS.get(code, HOLD) if default is Treatment.HOLD else ""
    return code, "error" if default is Treatment.ERROR else "warning", hold


@pytest.mark.parametrize("code", ENVELOPE)
def test_an_envelope_is_judged_by_the_fault_table_or_by_the_guide(guide, scan, code: str) -> None:
    source = ENVELOPE[code]
    assert faults_of(scan(source)) == [expected(code)]
    assert scan(source, lenient(guide, code, "error")).failed
    assert not scan(source, lenient(guide, code, "warning")).failed
    assert faults_of(scan(source, lenient(guide, code, "warning"))) == [(code, "warning", "")]
    assert scan(source, lenient(guide, code, "ignored")).violations == ()


@pytest.mark.parametrize("code", MESSAGE)
def test_a_message_is_judged_by_the_fault_table_or_by_the_guide(guide, read, code: str) -> None:
    source = MESSAGE[code]
    (plain,) = read(source)
    assert faults_of(plain) == [expected(code)]
    assert plain.failed is (DEFAULTS[code] is Treatment.ERROR)
    (strict,) = read(source, lenient(guide, code, "error"))
    assert strict.failed
    assert strict.document is None
    (mild,) = read(source, lenient(guide, code, "warning"))
    assert faults_of(mild) == [(code, "warning", "")]
    assert mild.document is not None
    (silent,) = read(source, lenient(guide, code, "ignored"))
    assert silent.violations == ()
    assert silent.document == mild.document


def test_a_file_without_its_end_may_be_held_instead_of_refused(guide, scan) -> None:
    found = scan(ENVELOPE["envelope.unz_missing"], lenient(guide, "envelope.unz_missing", "hold"))
    assert faults_of(found) == [("envelope.unz_missing", "warning", HOLD)]
    assert not found.failed


def test_a_fault_that_leaves_no_document_stays_an_error(guide, read) -> None:
    """A quantity that is no number may be milder where nobody needs it; an order needs its own."""
    (decoded,) = read(quantity("many:PCE"), lenient(guide, "value.not_numeric", "ignored"))
    assert decoded.document is None
    assert [fault.severity for fault in decoded.violations] == [Severity.ERROR]
    assert decoded.violations[0].tag == "QTY"


def test_a_number_that_no_field_is_made_of_may_be_anything(guide, read) -> None:
    source = orders(faults=Faults(added=(("QTY+21", "QTY+12:many:PCE"),)))
    assert read(source)[0].failed
    (decoded,) = read(source, lenient(guide, "value.not_numeric", "ignored"))
    assert decoded.document is not None
    assert decoded.violations == ()


def test_what_is_not_named_stays_as_it_is(guide, read) -> None:
    source = orders(faults=Faults(segments=99, added=(("CUX", "XYZ+1"),)))
    (decoded,) = read(source, lenient(guide, "segment.unknown", "warning"))
    assert faults_of(decoded) == [("envelope.unt_count", "warning", HOLD), ("segment.unknown", "warning", "")]
