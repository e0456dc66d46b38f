"""Orders in sentences (issue 6, part 4), with and without amounts that prove them."""

from __future__ import annotations

import pytest
from mail_samples import mail

from adapters.email.adapter import ADAPTER
from core.reading import Extracted


def said(*lines: str) -> Extracted:
    text = "Order no. PO-4711\n\nPlease send:\n\n" + "\n".join(lines) + "\n"
    (part,) = ADAPTER.read(mail(text).as_bytes(), "order").parts
    assert part.extracted is not None
    return part.extracted


def goods(found: Extracted) -> list[list[str]]:
    names = ("quantity", "unit", "sku", "description", "price")
    return [[found.best(f"lines.{line}.{name}") for name in names] for line in range(1, found.lines + 1)]


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("20 Stück 4711 Hülsen 8 mm à 3,20", ["20", "PCE", "4711", "Hülsen 8 mm", "3.20"]),
        ("20 Stück 4711 Hülsen zu je 3,20 EUR/Stk.", ["20", "PCE", "4711", "Hülsen", "3.20"]),
        ("- 5 rolls of KX200/5", ["5", "ROL", "KX200/5", "", ""]),
        ("2x NIT-500", ["2", "", "NIT-500", "", ""]),
        ("1,250 pcs 08-4471 Pipette tips 200 ul at GBP 24.80 each", ["1250", "PCE", "08-4471", "Pipette tips 200 ul",
                                                                     "24.80"]),
        ("A-12.360 折叠纸箱 600x400x400，150 只，单价 13.84 元", ["150", "PCE", "A-12.360", "折叠纸箱 600x400x400",
                                                                   "13.84"]),
        ("KX200/5: 200 Rollen", ["200", "ROL", "KX200/5", "", ""]),
        ("3. 2.500 Rollen KX200/5 Folie à 6,45 €", ["2500", "ROL", "KX200/5", "Folie", "6.45"]),
        ("2'500 Rollen Art.-Nr. KX200/5", ["2500", "ROL", "KX200/5", "", ""]),
        ("2 500 Stück 1004711", ["2500", "PCE", "1004711", "", ""]),
    ],
)  # fmt: skip
def test_a_line_of_goods_needs_no_amount(sentence: str, meant: list[str]) -> None:
    assert goods(said(sentence)) == [meant]


def test_a_sentence_that_is_broken_over_two_lines_is_one() -> None:
    found = said("- 12 pcs TC4010 Thermocouple type K 100 mm with a long lead", "  at 38.50 GBP each", "- 2 pcs TC4020")
    assert goods(found) == [
        ["12", "PCE", "TC4010", "Thermocouple type K 100 mm with a long lead", "38.50"],
        ["2", "PCE", "TC4020", "", ""],
    ]


@pytest.mark.parametrize(
    "sentence",
    ["Deliveries are taken from 8:00 to 15:30, 24 hours before.", "Our tender of 10.11.2026 counts.", "20 Stück Hülsen",
     "Ring 0611 5550-482.", "A-12.360"],
)  # fmt: skip
def test_what_is_no_line_of_goods_is_none(sentence: str) -> None:
    assert said(sentence).lines == 0
