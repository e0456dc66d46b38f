"""Which sign parts whole and fraction is told by the document itself (issue 6, part 4: strict parsers by locale)."""

from __future__ import annotations

import pytest

from adapters.email.extraction.marks import decimal_mark, settled
from core.reading import Candidate


def read(*values: str, text: str = "") -> tuple[Candidate, ...]:
    return tuple(Candidate(value, text or value, None, 1.0, "column") for value in values)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.250", "3,20"], ","), (["1,250", "3.20 EUR"], "."), (["1.250"], ""), (["3,20", "3.20"], ""),
        (["1.234.567"], ","), (["0.125"], "."), (["1.234,5"], ","), ([], ""),
    ],
)  # fmt: skip
def test_clear_numbers_tell_the_mark(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


def test_the_mark_rules_out_the_other_reading() -> None:
    line = {"quantity": read("1250", "1.250", text="1.250"), "price": read("3.20", text="3,20")}
    ((settled_line,), _) = settled([line], {})
    assert [one.value for one in settled_line["quantity"]] == ["1250"]


def test_pieces_are_whole_and_kilogrammes_need_not_be() -> None:
    quantity = read("1250", "1.250", text="1,250")
    pieces, kilogrammes = ({"quantity": quantity, "unit": read(code)} for code in ("PCE", "KGM"))
    (first, second), _ = settled([pieces, kilogrammes], {})
    assert [len(line["quantity"]) for line in (first, second)] == [1, 2]
    assert len(settled([kilogrammes], {}, written="en")[0][0]["quantity"]) == 1
