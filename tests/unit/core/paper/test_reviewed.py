"""What became of each field of a draft that was read: whether a doubt was worth a person's time (issue 6, part 6)."""

from __future__ import annotations

from typing import Any

import pytest

from core.paper.reviewed import outcome_of

READ = {"origin": "read", "part": ""}
DOUBTED = {"doubt": "paper.item_unknown", "candidates": [{"value": "XX-9", "text": "XX-9"}]}
MISSING = {"doubt": "paper.missing", "candidates": []}
ACCEPTED = {"value": "24", "evidence": ["text.exact"]}
ENTERED = {"origin": "entered", "by": "petra"}
CORRECTED = {**READ, "corrected_by": "petra", "was": "XX-9"}


@pytest.mark.parametrize(
    ("path", "kept", "form", "origins", "outcome"),
    [
        ("lines.1.sku", DOUBTED, {"lines": [{"sku": "XX-9"}]}, {"lines.1.sku": READ}, "confirmed"),
        ("lines.1.sku", DOUBTED, {"lines": [{"sku": "NL-1"}]}, {"lines.1.sku": CORRECTED}, "corrected"),
        ("lines.1.sku", DOUBTED, {"lines": [{"sku": "NL-1"}]}, {"lines.1.sku": ENTERED}, "corrected"),
        # the customer's code stays where it was read, and a person names the item beside it
        (
            "lines.1.sku", DOUBTED, {"lines": [{"buyer_code": "XX-9", "sku": "NL-1"}]},
            {"lines.1.buyer_code": READ, "lines.1.sku": ENTERED}, "corrected",
        ),
        ("lines.1.sku", DOUBTED, {"lines": [{"buyer_code": "XX-9"}]}, {"lines.1.buyer_code": READ}, "confirmed"),
        ("lines.2.quantity", ACCEPTED, {"lines": [{}]}, {}, "corrected"),  # the line was taken away
        ("lines.1.quantity", ACCEPTED, {"lines": [{"quantity": "24"}]}, {"lines.1.quantity": READ}, "confirmed"),
        ("requested_date", MISSING, {}, {}, "confirmed"),  # nothing stands there, and so it stays
        ("requested_date", MISSING, {"requested_date": "2026-12-04"}, {"requested_date": ENTERED}, "corrected"),
        ("ship_to.address", DOUBTED, {"ship_to": {"street": "Street 1"}}, {"ship_to.street": READ}, "confirmed"),
        ("ship_to.city", ACCEPTED, {"ship_to": {"city": "Wien"}}, {"ship_to.city": ENTERED}, "corrected"),
        ("partner", DOUBTED, {"partner": "ALPINA"}, {"partner": ENTERED}, "corrected"),
        ("total", DOUBTED, {}, {}, "seen"),
        ("bank", DOUBTED, {}, {}, "seen"),
        ("document_date", DOUBTED, {}, {}, "seen"),
        ("lines.1.amount", DOUBTED, {"lines": [{}]}, {}, "seen"),
    ],
)  # fmt: skip
def test_a_field_is_confirmed_where_it_stands_as_it_was_read(
    path: str, kept: dict[str, Any], form: dict[str, Any], origins: dict[str, Any], outcome: str
) -> None:
    assert outcome_of(path, kept, form, origins) == outcome
