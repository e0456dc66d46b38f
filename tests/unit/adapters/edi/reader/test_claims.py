"""Allowances and charges that a buyer claims (ALC): each holds its order, located, unless a net price contains it."""

from __future__ import annotations

import pytest

LINE = ("LIN+1++4000862141404:EN", "QTY+21:48:PCE")
NET, GROSS = "PRI+AAA:14.58", "PRI+AAB:18.25"
HEADER = ("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+BY+5412345000013::9", "NAD+SU+4012345500004::9")


def told(decoded) -> list[tuple[str, str, str, dict]]:
    return [(fault.code, fault.severity.value, fault.hold, dict(fault.parameters)) for fault in decoded.violations]


def claim(text: str, **more: str) -> tuple[str, str, str, dict]:
    return ("order.allowance_claimed", "warning", "charges.claimed", {"claim": text, **more})


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (("ALC+A++++DI:::Jahresrabatt", "PCD+1:5"), claim("5 %, DI, Jahresrabatt")),
        (("ALC+A++++DI", "PCD+3:2.5", "MOA+8:12.40"), claim("2.5 %, 12.40, DI")),
        (("ALC+C++++FC", "MOA+23:120"), claim("120, FC", variant="charge")),
        (("ALC+A",), claim("-")),
    ],
)
def test_a_claim_on_the_whole_order_holds_it(order, read, group, expected):
    decoded = read(order(header=(*HEADER, *group)))
    assert decoded.document is not None
    assert told(decoded) == [expected]
    (fault,) = decoded.violations
    assert (fault.tag, fault.element, fault.component, fault.value) == ("ALC", 1, 1, group[0][4])


def test_what_is_neither_allowance_nor_charge_is_none(order, read):
    assert read(order(header=(*HEADER, "ALC+N++++DI", "PCD+1:5"))).violations == ()


@pytest.mark.parametrize(
    ("prices", "held"),
    [((NET,), False), ((GROSS,), True), ((GROSS, NET), False), ((NET, GROSS), False), ((), True)],
    ids=["net", "gross", "gross and net", "net and gross", "no price"],
)
def test_a_net_price_contains_the_claims_of_its_line(order, read, prices, held):
    """EANCOM: PRI AAA includes allowances and charges, AAB leaves them out."""
    decoded = read(order(*LINE, *prices, "ALC+A++++DI", "PCD+3:20"))
    assert told(decoded) == ([claim("20 %, DI", line="1", variant="of_line")] if held else [])


def test_each_line_has_its_own_claims_in_a_file_of_many_alike(order, read):
    item = ("QTY+21:48:PCE", GROSS, "ALC+C++++PC", "MOA+8:1.10")
    decoded = read(order(*[one for line in range(1, 41) for one in (f"LIN+{line}++4000862141404:EN", *item)]))
    found = [dict(fault.parameters)["line"] for fault in decoded.violations if fault.code == "order.allowance_claimed"]
    assert found == [str(line) for line in range(1, 41)]
    assert {str(line.price) for line in decoded.document.lines} == {"18.25"}


def test_a_change_claims_as_an_order_does(read):
    body = ("UNH+1+ORDCHG:D:96A:UN", "BGM+230+C1+4", "DTM+137:20261122:102", "RFF+ON:PO1",
            "NAD+BY+5412345000013::9", "NAD+SU+4012345500004::9", "ALC+A++++DI", "PCD+1:5",
            "LIN+1+3", "QTY+21:10", "UNS+S", "UNT+12+1")  # fmt: skip
    unb = "UNB+UNOC:3+5412345000013:14+4012345500004:14+261122:0800+REF1"
    decoded = read("".join(one + "'" for one in (unb, *body, "UNZ+1+REF1")).encode())
    assert decoded.document is not None
    assert claim("5 %, DI") in told(decoded)
