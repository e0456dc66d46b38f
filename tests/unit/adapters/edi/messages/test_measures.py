"""Weights, lengths and volumes in the units that partners send."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.edi.assembly import Assembly
from adapters.edi.collect import RawDocument
from adapters.edi.measures import measured, measures

D = Decimal


@pytest.mark.parametrize(
    ("sent", "field", "value"),
    [
        (("AAB", "KGM", "12.5"), "weight_kg", "12.5"),
        (("G", "GRM", "1500"), "weight_kg", "1.5"),
        (("AAD", "TNE", "0.3"), "weight_kg", "300"),
        (("AAB", "LBR", "100"), "weight_kg", "45.359237"),
        (("AAA", "KGM", "7"), "net_weight_kg", "7"),
        (("AAW", "MTQ", "0.96"), "volume_m3", "0.96"),
        (("AAW", "LTR", "960"), "volume_m3", "0.96"),
        (("LN", "CMT", "120"), "length_mm", "1200"),
        (("WD", "MTR", "0.8"), "width_mm", "800"),
        (("HT", "INH", "10"), "height_mm", "254"),
    ],
)
def test_a_measure_comes_to_our_unit(sent: tuple[str, str, str], field: str, value: str) -> None:
    assembly = Assembly(RawDocument(), ".")
    found = measured(assembly, [("PD", *sent)])
    assert (found, assembly.violations) == ({field: D(value)}, [])
    assert str(found[field]) == value


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (("AAB", "STN", "12"), "measure.unit_unknown"),
        (("LN", "KGM", "12"), "measure.unit_unknown"),
        (("AAB", "KGM", "12 kg"), "measure.not_numeric"),
        (("AAB", "KGM", "1,5"), "measure.not_numeric"),
    ],
)
def test_what_cannot_be_read_is_told_and_harms_nothing(sent: tuple[str, str, str], code: str) -> None:
    assembly = Assembly(RawDocument(), ".")
    assert measured(assembly, [("PD", *sent)]) == {}
    assert [(violation.code, violation.severity) for violation in assembly.violations] == [(code, "warning")]


def test_the_first_of_a_kind_counts_and_others_are_passed_over() -> None:
    assembly = Assembly(RawDocument(), ",")
    sent = [("AAB", "KGM", "1,5"), ("AAD", "KGM", "9"), ("CT", "PCE", "7"), ("HT", "MMT", "")]
    assert measured(assembly, [("PD", *one) for one in sent]) == {"weight_kg": D("1.5")}
    assert assembly.violations == []


def test_what_is_not_known_is_not_written() -> None:
    written = measures("PD", {"weight_kg": D("12.500"), "height_mm": None})
    assert [(segment.tag, *segment.elements) for segment in written] == [("MEA", "PD", "AAB", ["KGM", "12.5"])]
    (total,) = measures("AAX", {"weight_kg": D(3)}, total=True)
    assert total.elements == ["AAX", "AAD", ["KGM", "3"]]
