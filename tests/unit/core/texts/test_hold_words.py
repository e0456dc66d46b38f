"""Every hold is told in every language from its code, rule and inputs; in English as its rule says it (LNG-01)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

import pytest

from core.currency import Exchange, Rates
from core.documents import Party, ShopOrder, ShopSums
from core.intake.handlers import told_holds
from core.partners.model import Partner, Tolerances
from core.provenance import fault
from core.review.availability import date_unmet, stock_short, unit_differs
from core.review.credit import CreditRules, check_credit
from core.review.customer import CustomerDesk
from core.review.fields import FieldRules
from core.review.holds import RELEASES, HoldDraft
from core.review.margin import margin_low
from core.review.price import PriceRules, discount_authority, not_free, price_mismatch, price_missing
from core.roles.hiding import HIDDEN, hide
from core.shops.reckoning import reckon
from core.store.credit import CreditPosition
from core.testing.trade import STORE_GLN, an_order
from core.texts.catalogue import LANGUAGES
from core.texts.hold_words import hold_words, retold, tell_hold

#: words of English that no other language has
ENGLISH_WORDS = re.compile(r"\b(the|has|is|are|not|missing|and|with|or|by)\b")
STORE = Party("DP", STORE_GLN, "", "Store 7", "Hauptstr. 7", "Berlin", "BE", "10115", "DE")


def in_json(draft: HoldDraft) -> dict[str, Any]:
    """Return H of the contracts."""
    return {
        "code": draft.code, "stage": draft.stage, "line": draft.line, "reason": draft.reason, "inputs": draft.inputs,
        "rule": draft.rule, "rule_version": "1", "release_role": draft.release_role, "release_when": draft.lifted_by,
    }  # fmt: skip


def of_credit() -> Iterator[HoldDraft]:
    rules, late = CreditRules(), [(f"INV-{n}", date(2026, 1, n), Decimal(10)) for n in range(1, 8)]
    cases: list[tuple[dict[str, Any], list[tuple[str, date, Decimal]]]] = [
        ({"grade": "A", "credit_limit": Decimal(100)}, late),
        ({"grade": "D"}, []),
        ({"grade": "C", "credit_limit": Decimal(10_000)}, []),
        ({"grade": ""}, []),
    ]
    for differs, overdue in cases:
        position = CreditPosition(Decimal(0), Decimal(70), overdue, [])
        yield from check_credit(rules, Partner(1, "ACME", "Acme", **differs), position, Decimal("99.99"), "EUR").holds
    nothing, exchange = (
        CreditPosition(Decimal(0), Decimal(0), [], []),
        Exchange("EUR", "EUR", date(2026, 3, 2), Rates("EUR")),
    )
    yield from check_credit(rules, Partner(1, "ACME", "Acme"), nothing, Decimal(1), "CHF", exchange=exchange).holds


def of_customers() -> Iterator[HoldDraft]:
    complete: dict[str, Any] = {
        "tax_id": "DE136695976", "business_unit": "B1", "country": "DE", "payment_method": "transfer",
        "payment_terms_days": 30, "delivery_terms": "DAP", "transport_mode": "road", "contact": "P",
        "phone": "+49 30 12345", "email": "a@b.example", "addresses": {("DP", STORE_GLN): STORE},
    }  # fmt: skip
    for differs in (
        {"blocked": "unpaid bills"},
        {"contact": ""},
        {"email": "nobody"},
        {"contact": "", "email": "nobody"},
    ):
        partner = Partner(1, "ACME", "Acme", **{**complete, **differs})
        yield from CustomerDesk(partner, "ED", FieldRules()).check(an_order(buyer=None), "EUR").result.holds
    abroad = an_order(ship_to=STORE._replace(country="AT"))
    yield from (
        CustomerDesk(Partner(1, "ACME", "Acme", **complete), "ED", FieldRules()).check(abroad, "EUR").result.holds
    )


def of_lines() -> Iterator[HoldDraft | None]:
    rules, tolerances = PriceRules(), Tolerances(price_percent=Decimal(2))
    yield price_mismatch(3, 9_000_000, 10_000_000, tolerances, "catalogue")
    yield discount_authority(rules, 3, 9_000_000, 10_000_000)
    yield price_missing(3, "CUP-1", "EUR", "2026-03-02")
    yield not_free(3, "standard")
    yield margin_low(rules, None, [(1, 10_000_000, 9_900_000, 5_000_000, None)], "EUR")
    yield margin_low(rules, None, [(1, 0, 9_900_000, 5_000_000, None)], "EUR")
    yield stock_short(3, "CUP-1", 5_000_000, 2_000_000)
    yield unit_differs(3, "CUP-1", "CT", "PCE")
    yield date_unmet(date(2026, 3, 2), date(2026, 3, 9), 2)
    for named in ("4012345100013", ""):
        why = f"line 3: no item of ours is {named or 'no item code'}"
        inputs = {"gtin": named, "supplier_code": "", "buyer_code": ""}
        yield HoldDraft("item.unknown", why, inputs, "item.identity", line=3)
    why = "the reservation ended before the order was released"
    yield HoldDraft("stock.expired", why, {}, "stock.reservation", stage="release")
    yield HoldDraft("manual", "the buyer wants a call", {}, "manual")
    sums = ShopSums(shipping=Decimal("9.90"))
    told = ShopOrder(an_order(), "7", None, total=Decimal("999.99"), sums=sums)
    yield reckon(told).hold
    counts = {"sent": "5", "found": 6}
    yield from told_holds([fault("envelope.unt_count", counts, hold="document.count_mismatch")])
    yield from told_holds([fault("order.allowance_claimed", {"claim": "5 %, DI"}, hold="charges.claimed")])


HOLDS = [one for found in (of_credit(), of_customers(), of_lines()) for one in found if one is not None]


def named(draft: HoldDraft) -> str:
    return f"{draft.code}/{draft.rule}"


@pytest.mark.parametrize("draft", HOLDS, ids=named)
def test_the_english_words_are_those_of_the_rule(draft: HoldDraft) -> None:
    """So that whoever changes a rule's sentence changes its words in every language."""
    assert tell_hold(in_json(draft), "en") == {"reason": draft.reason, "release_when": draft.lifted_by}


@pytest.mark.parametrize("language", ["de", "zh"])
@pytest.mark.parametrize("draft", HOLDS, ids=named)
def test_every_hold_is_told_in_every_language(draft: HoldDraft, language: str) -> None:
    """LNG-01: with every number of the English sentence."""
    told, english = tell_hold(in_json(draft), language), {"reason": draft.reason, "release_when": draft.lifted_by}
    for name, said in told.items():
        if draft.code == "manual" and name == "reason":
            assert said == draft.reason, "what a person wrote stays"
            continue
        assert said != english[name]
        assert not ENGLISH_WORDS.search(said.replace("no item code", "")), said
        assert sorted(re.findall(r"\d+\.\d\d", said)) == sorted(re.findall(r"\d+\.\d\d", english[name]))


def test_all_words_are_used_and_every_code_says_what_lifts_it() -> None:
    """A hold code without all three languages fails here."""
    told = set(hold_words("en").templates)
    assert {named(draft) for draft in HOLDS if draft.code != "manual"} == {"/".join(key.split("/")[:2]) for key in told}
    assert hold_words("en").lifts == {code: lifted_by for code, (_, lifted_by) in RELEASES.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_parameters(language: str) -> None:
    english, words = hold_words("en"), hold_words(language)
    assert list(words.templates) == list(english.templates)
    assert list(words.lifts) == list(english.lifts) == sorted(english.lifts)
    for key, templates in words.templates.items():
        assert templates.keys() == english.templates[key].keys()
        for name, template in templates.items():
            wanted, found = ({name for _, name, _, _ in Formatter().parse(one)} - {None} for one in (
                english.templates[key][name], template,
            ))  # fmt: skip
            assert found == wanted, key


def test_holds_are_told_wherever_they_stand() -> None:
    (limit,) = [in_json(draft) for draft in HOLDS if draft.code == "credit.limit"]
    order = {"number": "2026-ED-000001", "holds": [limit], "reason": "as it was"}
    assert retold(order, "en") is order
    told = retold({"items": [order], "next": None}, "de")["items"][0]
    assert told["holds"][0]["reason"] == "Obligo 70.00 + Auftrag 99.99 liegt 69.99 EUR über dem Limit von 100.00"
    assert told["holds"][0]["release_when"] == "Zahlung von 69.99 EUR oder Limit +69.99"  # codespell:ignore oder
    assert (told["holds"][0]["inputs"], told["reason"]) == (limit["inputs"], "as it was")


def test_what_a_role_may_not_see_stays_hidden_in_every_language() -> None:
    for draft in HOLDS:
        if draft.code.startswith("credit."):
            hidden = hide({"holds": [in_json(draft)]}, {"credit"})
            (told,) = retold(hidden, "zh")["holds"]
            assert {told["reason"], told["release_when"]} == {hold_words("zh").hidden}
    assert hold_words("en").hidden == HIDDEN


@pytest.mark.parametrize("inputs", [{}, {"overdue": None}, {"overdue": ["INV-1"]}, None])
def test_a_hold_of_another_version_is_told_as_it_was(inputs: Any) -> None:
    kept = {
        "code": "credit.overdue", "rule": "credit.overdue", "inputs": inputs, "line": None,
        "reason": "1 overdue invoices", "release_when": "payment",
    }  # fmt: skip
    assert retold(kept, "de") == kept
    other = {**kept, "code": "no.such", "rule": "no.such"}
    assert retold(other, "zh") == other
