"""Which rule chooses the template of a notice."""

from __future__ import annotations

from itertools import product

import pytest

from core.notices.templates import BY_DEFAULT, BY_PREFERENCE, Choice, TemplateRule, choose

EVERYBODY = TemplateRule("house")
GROUP = TemplateRule("retail", group="RETAIL")
PARTNER = TemplateRule("acme", partner="ACME")
URGENT = TemplateRule("urgent", order_type="urgent")
CHANGED = TemplateRule("changed", notice="order.changed")
RULES = [EVERYBODY, GROUP, PARTNER, URGENT, CHANGED]


@pytest.mark.parametrize(
    ("fits", "name", "rule"),
    [
        ({"partner": "ACME", "group": "RETAIL", "order_type": "urgent"}, "acme", "notice=* partner=ACME"),
        ({"partner": "OTHER", "group": "RETAIL", "order_type": "urgent"}, "retail", "notice=* group=RETAIL"),
        ({"partner": "OTHER", "group": "", "order_type": "urgent"}, "urgent", "notice=* order_type=urgent"),
        ({"partner": "OTHER", "group": "", "order_type": "sample"}, "house", "notice=*"),
    ],
)
def test_the_rule_that_fits_most_closely_chooses(fits: dict[str, str], name: str, rule: str) -> None:
    """CNF-05: by customer, its group and the type of the order; which rule it was is told."""
    assert choose(RULES, notice="order.confirmed", **fits) == Choice(name, rule)
    assert choose(list(reversed(RULES)), notice="order.confirmed", **fits).name == name, "no sequence matters"


def test_a_rule_for_one_notice_goes_before_one_for_all() -> None:
    """CNF-20: a template may be set for one notice alone."""
    both = [TemplateRule("all", partner="ACME"), TemplateRule("one", notice="order.changed", partner="ACME")]
    told = {notice: choose(both, notice=notice, partner="ACME", group="", order_type="").name for notice in (
        "order.changed", "order.shipped",
    )}  # fmt: skip
    assert told == {"order.changed": "one", "order.shipped": "all"}


def test_a_preference_goes_before_every_rule_and_none_means_the_default() -> None:
    """CUS-03: what the partner's own preference names is taken."""
    named = {"notice": "order.confirmed", "partner": "ACME", "group": "", "order_type": ""}
    assert choose(RULES, preferred="mine", **named) == Choice("mine", BY_PREFERENCE)
    assert choose([], **named) == Choice("", BY_DEFAULT)


def test_no_two_rules_that_fit_weigh_the_same() -> None:
    """Every set of conditions has a weight of its own, so that there is one answer."""
    sets = product(("*", "order.confirmed"), ("", "ACME"), ("", "RETAIL"), ("", "urgent"))
    weights = [TemplateRule("x", *conditions).weight for conditions in sets]
    assert sorted(weights) == list(range(16))
