"""Every hold says who may release it and what would lift it."""

from __future__ import annotations

import pytest

from core.review.holds import CheckResult, HoldDraft

#: CONTRACTS, hold codes, of which the rules of this release set these
CODES = [
    "customer.unknown", "customer.blocked", "customer.incomplete", "customer.discrepancy", "credit.limit",
    "credit.overdue", "credit.prepayment", "credit.review", "price.mismatch", "price.missing", "discount.authority",
    "margin.low", "item.unknown", "stock.short", "stock.expired", "date.unmet", "document.count_mismatch", "manual",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_role_and_a_way_out(code: str) -> None:
    hold = HoldDraft(code, "why", {}, "rule")
    assert hold.release_role in ("sales", "sales_manager", "finance", "operations")
    assert hold._replace(role="director").release_role == "director"
    assert hold.lifted_by
    assert hold._replace(release_when="this very thing").lifted_by == "this very thing"


def test_a_verdict_keeps_its_evidence_and_the_version_of_its_rules() -> None:
    hold = HoldDraft("credit.limit", "why", {}, "credit.limit")
    assert CheckResult("credit", (hold,), {"limit": "1"}).as_json("7") == {
        "group": "credit",
        "ok": False,
        "holds": ["credit.limit"],
        "rule_version": "7",
        "evidence": {"limit": "1"},
    }
    assert CheckResult("credit", (), {}).as_json("7")["ok"] is True
