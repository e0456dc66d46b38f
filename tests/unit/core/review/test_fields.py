"""The profile of 30 fields, and how the rules narrow it by channel, country and partner (VAL-01, VAL-05)."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from core.review.fields import BY_NAME, FIELDS, FieldChange, FieldRules, Rule, is_valid, profile_of
from core.review.formats import FORMATS
from core.review.rulebook import Rulebook, RulebookRefused, read_rulebook


def rules(text: str) -> FieldRules:
    return read_rulebook(tomllib.loads(text)).fields


def test_there_are_thirty_in_their_order() -> None:
    """VAL-01."""
    assert [one.number for one in FIELDS] == list(range(1, 31))
    assert len(BY_NAME) == 30
    assert {one.format for one in FIELDS} <= FORMATS.keys()


def test_by_default_all_thirty_are_required() -> None:
    """VAL-01."""
    profile = profile_of(FieldRules(), channel="ED", country="CN", partner="ACME")
    assert profile == {one.name: Rule(required=True, format=one.format) for one in FIELDS}


NARROWED = """
[fields.everyone."ship_to.region"]
required = false
[fields.channels.SR."buyer.contact"]
required = false
[fields.countries.CN."ship_to.region"]
required = true
[fields.partners.ACME.delivery_terms]
format = "incoterm"
[fields.partners.ACME."ship_to.region"]
format = "code"
"""


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ({}, {"ship_to.region": Rule(False, "text")}),
        ({"channel": "SR"}, {"ship_to.region": Rule(False, "text"), "buyer.contact": Rule(False, "text")}),
        ({"country": "CN"}, {}),
        ({"partner": "ACME"}, {"ship_to.region": Rule(False, "code"), "delivery_terms": Rule(True, "incoterm")}),
        (
            {"partner": "ACME", "country": "CN"},
            {"ship_to.region": Rule(True, "code"), "delivery_terms": Rule(True, "incoterm")},
        ),
    ],
)
def test_the_last_that_speaks_wins(where: dict[str, str], changed: dict[str, Rule]) -> None:
    """VAL-05: per channel, country and partner."""
    found, plain = profile_of(rules(NARROWED), **where), profile_of(FieldRules())
    assert {name: rule for name, rule in found.items() if rule != plain[name]} == changed


def test_a_postal_code_may_be_given_another_form_or_none() -> None:
    changed = rules('[fields.postal_codes]\nCN = ""\nGB = "AANN NAA|AN NAA"'.replace(" NAA", "NAA"))
    assert not is_valid(FieldRules(), "postal_code", "20003", "CN")
    assert is_valid(changed, "postal_code", "20003", "CN")
    assert not is_valid(changed, "postal_code", "1234", "GB")
    assert is_valid(changed, "postal_code", "LS10 1JR", "GB")
    assert not is_valid(changed, "postal_code", "1011", "DE")


def test_rules_survive_being_kept() -> None:
    book = read_rulebook(tomllib.loads(NARROWED))
    assert read_rulebook(book.document()) == book
    assert book.fields.partners["ACME"]["delivery_terms"] == FieldChange(None, "incoterm")
    assert Rulebook().fields != book.fields


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"everyone": {"colour": {"required": True}}}, "colour is no field"),
        ({"partners": {"ACME": {"buyer.phone": {"format": "morse"}}}}, "morse is no format"),
        ({"channels": {"ED": {"quantity": {"required": False}}}}, "quantity cannot be optional"),
        ({"countries": {"CN": {"document_date": {"format": "text"}}}}, "that of its type"),
        ({"postal_codes": {"CN": "[0-9]{6}"}}, "is a picture"),
        ({"everyone": {"buyer.phone": {"wanted": True}}}, "is no rule"),
    ],
)
def test_what_no_profile_can_be_made_of_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(RulebookRefused, match=told.replace("[", r"\[")):
        read_rulebook({"fields": change})
