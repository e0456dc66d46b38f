"""The rules by which papers are looked at again, as a rulebook names them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.review.rulebook import RulebookRefused, read_rulebook


def test_a_class_may_have_a_share_of_its_own() -> None:
    rules = read_rulebook({"papers": {"sample_percent": "5", "class_percent": {"fax": "20"}}}).papers
    assert (rules.percent_of("fax"), rules.percent_of("pdf")) == (Decimal(20), Decimal(5))


@pytest.mark.parametrize(
    ("papers", "why"),
    [
        ({"sample_percent": "101"}, "sample_percent is 0 to 100 per cent"),
        ({"class_percent": {"fax": "-1"}}, "class_percent is 0 to 100 per cent"),
        ({"class_percent": {"telex": "1"}}, "no such class: telex; known: pdf, table, mail, scan, fax"),
        ({"first_orders": -1}, "first_orders is 0 to 1000"),
        ({"sample_days": 0}, "sample_days is 1 to 365"),
        ({"baseline_minutes": 0}, "baseline_minutes is 1 to 1440"),
        ({"sample_role": "nobody"}, "no such role: nobody"),
        ({"finding_role": "nobody"}, "no such role: nobody"),
    ],
)
def test_what_nothing_can_be_drawn_by_is_refused_and_says_why(papers: dict[str, Any], why: str) -> None:
    with pytest.raises(RulebookRefused, match=why):
        read_rulebook({"papers": papers})


def test_a_role_of_the_rulebook_itself_may_look() -> None:
    book = read_rulebook({"papers": {"sample_role": "auditor"}, "roles": {"acts_for": {"auditor": []}}})
    assert book.papers.sample_role == "auditor"
