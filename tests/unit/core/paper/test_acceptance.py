"""A field without evidence is never accepted (INT-05; issue 6, part 5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Party
from core.paper.acceptance import judge
from core.paper.evidence import Judgement, calibrated
from core.paper.forms import unit_price
from core.paper.known import Known, KnownItem, Memory
from core.paper.likeness import plain
from core.paper.reference import form_of
from core.reading import Box, Candidate, Extracted, Spot

HOME = Party(
    "DP",
    "4012345000009",
    name="Acme Works Ltd",
    street="14 Foundry Lane",
    city="Leeds",
    postal_code="LS10 1JR",
    country="GB",
)
BOLT = KnownItem(
    "HX-1000",
    "4006381333931",
    "PCE",
    ("Hex bolt M8x40 A2", "Sechskantschraube M8x40 A2"),
    Decimal("0.42"),
    Decimal("0.02"),
)
KNOWN = Known(
    "ACME", "GBP", frozenset({"account"}), addresses=(HOME,), items={"HX-1000": BOLT},
    by_gtin={"4006381333931": "HX-1000"}, by_code={"A-77": "HX-1000"}, memory=Memory(frozenset({"PO-9999"})),
)  # fmt: skip
SAID = {
    "account": "100200", "buyer_reference": "PO-4711", "document_date": "2026-11-02", "requested_date": "2026-11-20",
    "currency": "GBP", "ship_to.name": "Acme Works Ltd", "ship_to.address": "14 Foundry Lane; Leeds LS10 1JR",
    "lines.1.sku": "HX-1000", "lines.1.gtin": "4006381333931", "lines.1.description": "Hex bolt M8x40 A2",
    "lines.1.quantity": "1250", "lines.1.unit": "PCE", "lines.1.price": "0.42", "lines.1.amount": "525.00",
    "net_total": "525.00", "tax_total": "105.00", "total": "630.00",
}  # fmt: skip


def read(value: str, confidence: float = 1.0) -> tuple[Candidate, ...]:
    return (Candidate(value, value, Spot(1, Box(0, 0, 9, 9)), confidence, "label"),)


def document(*without: str, guessed: bool = False, confidence: float = 0.9, **changed: str) -> Extracted:
    """Return the reading of a right order, some fields left out or said otherwise."""
    said = {**SAID, **{name.replace("__", "."): value for name, value in changed.items()}}
    sure = confidence if guessed else 1.0
    fields = {name: read(value, sure) for name, value in said.items() if name not in without}
    return Extracted("order", "en", fields, guessed=guessed)


def doubts(verdict: Judgement) -> dict[str, str]:
    return {path: one.reason for path, one in verdict.doubtful.items()}


def test_a_right_order_of_a_known_customer_needs_nobody() -> None:
    for guessed in (False, True):
        verdict = judge(document(guessed=guessed, confidence=0.9995), KNOWN)
        assert doubts(verdict) == {}
        assert verdict.certain
        assert verdict.accepted["lines.1.quantity"].evidence == (
            ("arithmetic.line", "arithmetic.sum", "price.list") + (() if guessed else ("text.exact",))
        )
        assert verdict.accepted["lines.1.sku"].evidence == (
            *(("catalogue.alone",) if guessed else ()), "catalogue.description", "catalogue.gtin", "catalogue.sku",
        )  # fmt: skip
        assert verdict.accepted["ship_to.gln"].value == HOME.gln
        assert verdict.accepted["partner"].evidence == ("master.account",)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"lines__1__quantity": "1260"}, "lines.1.quantity", "paper.amounts_differ"),
        ({"lines__1__price": "0.43"}, "lines.1.price", "paper.amounts_differ"),
        ({"net_total": "530.00"}, "total", "paper.total_differs"),
        (
            {"lines__1__sku": "BR-62", "lines__1__gtin": "", "lines__1__description": ""},
            "lines.1.sku",
            "paper.item_unknown",
        ),
        ({"ship_to__address": "Lager 3; 70565 Stuttgart"}, "ship_to.address", "paper.ship_to_new"),
        ({"ship_to__name": "Acme Outlet"}, "ship_to.name", "paper.ship_to_new"),
        ({"requested_date": "2026-10-20"}, "requested_date", "paper.date_doubtful"),
        ({"requested_date": "2027-11-20"}, "document_date", "paper.date_doubtful"),
        ({"bank": "IBAN GB33BUKB20201555555555"}, "bank", "paper.bank_named"),
        ({"buyer_reference": ""}, "buyer_reference", "paper.missing"),
        ({"lines__1__quantity": ""}, "lines.1.quantity", "paper.missing"),
    ],
)
def test_what_does_not_fit_is_for_a_person(changed: dict[str, str], field: str, reason: str) -> None:
    gone = [name.replace("__", ".") for name, value in changed.items() if not value]
    verdict = judge(document(*gone, **changed), KNOWN)
    assert doubts(verdict)[field] == reason
    assert field not in verdict.accepted


def test_a_customer_is_never_known_by_its_name_alone() -> None:
    named = replace(KNOWN, named_by=frozenset({"name"}))
    assert doubts(judge(document(), named))["partner"] == "paper.customer_unknown"
    assert doubts(judge(document(), Known()))["partner"] == "paper.customer_unknown"
    clashing = replace(KNOWN, contradicted_by=frozenset({"gln"}))
    assert doubts(judge(document(), clashing))["partner"] == "paper.customer_contradicted"


def test_codes_that_mean_different_items_are_for_a_person() -> None:
    other = KnownItem("BR-6204", "4012345000016", "PCE", ("Ball bearing",))
    known = replace(KNOWN, items={**KNOWN.items, "BR-6204": other}, by_gtin={"4006381333931": "BR-6204"})
    assert doubts(judge(document(), known))["lines.1.sku"] == "paper.item_doubtful"


def test_a_misread_code_is_snapped_only_with_a_proof_beside_it() -> None:
    guessed = document("lines.1.gtin", guessed=True, confidence=0.9995, lines__1__sku="HX-10O0")
    accepted = judge(guessed, KNOWN).accepted["lines.1.sku"]
    assert (accepted.value, accepted.text) == ("HX-1000", "HX-10O0")
    assert accepted.evidence == ("catalogue.alone", "catalogue.description", "catalogue.snapped")
    bare = document(
        "lines.1.gtin", "lines.1.description", "lines.1.price", guessed=True, confidence=0.9995, lines__1__sku="HX-10O0"
    )
    assert doubts(judge(bare, KNOWN))["lines.1.sku"] == "paper.item_doubtful"
    exact = document("lines.1.gtin", lines__1__sku="HX-10O0")  # a text says what it says
    assert doubts(judge(exact, KNOWN))["lines.1.sku"] == "paper.item_unknown"


def test_a_bad_check_digit_proves_nothing() -> None:
    """INT-11: the GTIN is verified by its check digit."""
    verdict = judge(document("lines.1.sku", lines__1__gtin="4006381333930"), KNOWN)
    assert doubts(verdict)["lines.1.sku"] == "paper.item_unknown"


def test_an_order_number_is_known_by_its_form_or_has_no_sign_that_pictures_confuse() -> None:
    def reason(reference: str, confidence: float, memory: Memory) -> str | None:
        found = document(guessed=True, confidence=confidence, buyer_reference=reference)
        return doubts(judge(found, replace(KNOWN, memory=memory))).get("buyer_reference")

    assert reason("PO-4711", 0.99, Memory(frozenset({"PO-9999"}))) is None
    assert (
        reason("PO-4711", 0.9, Memory(frozenset({"PO-9999"}))) == "paper.reference_doubtful"
    )  # which digit, no form says
    assert reason("P0-4711", 0.9999, Memory(frozenset({"PO-9999"}))) is None
    assert reason("P0-4711", 0.9999, Memory(frozenset({"PO-9999", "P9-9999"}))) == "paper.reference_doubtful"
    assert reason("PX-4711", 0.9999, Memory(frozenset({"PO-9999"}))) == "paper.reference_doubtful"
    assert reason("PX4477", 0.9999, Memory()) is None
    assert reason("PX-4477", 0.9999, Memory()) == "paper.reference_doubtful"  # nothing speaks for a mark
    assert reason("PX4477", 0.97, Memory()) == "paper.reference_doubtful"
    assert reason("PX4411", 0.9999, Memory()) == "paper.reference_doubtful"  # 1 may be I


def test_what_a_picture_hides_is_for_a_person() -> None:
    """A label that was misread is no label: then the goods would go where the customer did not ask for them."""
    for path in ("requested_date", "ship_to.name"):
        assert doubts(judge(document(path, guessed=True, confidence=0.9995), KNOWN))[path] == "paper.missing"
        assert judge(document(path), KNOWN).certain, "a text that does not say it leaves it to the master data"


def test_a_unit_that_was_not_seen_is_ours_only_at_our_price() -> None:
    bare = document("lines.1.unit", guessed=True, confidence=0.9995)
    unit = judge(bare, KNOWN).accepted["lines.1.unit"]
    assert (unit.value, unit.evidence) == ("PCE", ("price.list",))
    boxes = replace(KNOWN, items={"HX-1000": BOLT._replace(price=Decimal("0.042"))})
    assert doubts(judge(bare, boxes))["lines.1.unit"] == "paper.missing"


def test_twins_in_an_order_number_are_those_of_its_form() -> None:
    found = document(guessed=True, confidence=0.9995, buyer_reference="P0-471l")
    accepted = judge(found, KNOWN).accepted["buyer_reference"]
    assert (accepted.value, accepted.text, accepted.evidence) == ("PO-4711", "P0-471l", ("memory.reference",))
    used = replace(KNOWN, used=frozenset({"PO-4711"}))
    assert doubts(judge(found, used))["buyer_reference"] == "paper.reference_used"


def test_an_order_number_that_was_used_is_for_a_person() -> None:
    used = replace(KNOWN, used=frozenset({"PO-4711"}))
    assert doubts(judge(document(), used))["buyer_reference"] == "paper.reference_used"


def test_numbers_of_a_picture_need_more_than_their_line() -> None:
    alone = document("net_total", "tax_total", "total", guessed=True, confidence=0.9995)
    assert doubts(judge(alone, KNOWN)) == {"total": "paper.missing"}, (
        "a line that was passed over is missed by it alone"
    )
    assert judge(alone, KNOWN).accepted["lines.1.quantity"].evidence == ("arithmetic.line", "price.list")
    strange = replace(KNOWN, items={"HX-1000": BOLT._replace(price=Decimal("9.99"))})
    assert doubts(judge(alone, strange))["lines.1.quantity"] == "paper.field_doubtful"
    bare = document("lines.1.amount", "lines.1.price", guessed=True, confidence=0.9999)
    assert doubts(judge(bare, KNOWN))["lines.1.quantity"] == "paper.field_doubtful"


def test_a_text_that_can_be_read_in_two_ways_needs_the_product() -> None:
    two = (*read("1234"), *read("1.234"))
    found = document("lines.1.amount", "lines.1.price", "net_total", "tax_total", "total")
    ambiguous = replace(found, fields={**found.fields, "lines.1.quantity": two})
    assert doubts(judge(ambiguous, KNOWN))["lines.1.quantity"] == "paper.field_doubtful"


def test_a_price_that_is_not_ours_is_no_doubt_of_the_reading() -> None:
    """What it means is for the review, which holds it as on any channel."""
    strange = replace(KNOWN, items={"HX-1000": BOLT._replace(price=Decimal("0.99"))})
    verdict = judge(document(), strange)
    assert verdict.certain
    assert "price.list" not in verdict.accepted["lines.1.price"].evidence


def test_confidence_counts_as_it_was_measured() -> None:
    assert calibrated(0.9995) == 0.998
    assert calibrated(0.96) == 0.97
    assert calibrated(0.5) == 0.93
    assert form_of("PO-4711/B") == "PO-9999/B"


FIELDS = sorted(SAID)
#: the memory holds what a misreading would have to hit: codes and houses that differ in one sign
SPOILT = ("HX-1001", "HX-1008", "HX-8000", "HX-100", "4006381333932")
OTHER = KnownItem("BR-6204", "4012345000016", "PCE", ("Ball bearing",), Decimal("0.42"), Decimal("0.02"))
DOCK = Party("DP", name="Acme Works Ltd", street="44 Foundry Lane", city="Leeds", postal_code="LS10 1JR")
TAUGHT = replace(
    KNOWN,
    items={**KNOWN.items, "BR-6204": OTHER},
    memory=Memory(
        frozenset({"PO-9999"}),
        codes=dict.fromkeys(SPOILT, "BR-6204"),
        ship_tos={plain("Acme Works Ltd 44 Foundry Lane; Leeds LS10 1JR"): DOCK},
    ),
)
EDITS = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["digit", "drop", "confuse"]), min_size=1, max_size=4)


def edited(value: str, how: str, place: int) -> str:
    """Return a value as a reader of pictures gets it wrong."""
    digits = [at for at, sign in enumerate(value) if sign.isdigit()]
    if not digits:
        return value
    at = digits[place % len(digits)]
    if how == "drop":
        return value[:at] + value[at + 1 :]
    sign = (
        str((int(value[at]) + 1 + place) % 10) if how == "digit" else {"0": "8", "5": "6", "1": "7"}.get(value[at], "3")
    )
    return value[:at] + sign + value[at + 1 :]


@settings(max_examples=400)
@given(EDITS, st.integers(0, 9), st.booleans())
def test_no_misread_quantity_price_or_item_is_ever_accepted(edits: dict[str, str], place: int, picture: bool) -> None:
    """Whatever digits of a right order are misread, a wrong value of a line never passes without a person."""
    said = {name: edited(value, edits[name], place) if name in edits else value for name, value in SAID.items()}
    try:
        found = document(guessed=picture, confidence=0.9995, **{n.replace(".", "__"): v for n, v in said.items()})
        verdict = judge(found, KNOWN)
    except ValueError:
        return  # a day that is none is never extracted
    if not verdict.certain:
        return
    assert verdict.accepted["lines.1.sku"].value == SAID["lines.1.sku"]
    for name in ("lines.1.quantity", "lines.1.price"):
        assert Decimal(verdict.accepted[name].value) == Decimal(SAID[name])


@settings(max_examples=400)
@given(EDITS, st.integers(0, 9))
def test_memory_makes_no_misread_picture_pass(edits: dict[str, str], place: int) -> None:
    """What was learned proves what it was learned of, never its misreading, even where that is a code or a house."""
    said = {name: edited(value, edits[name], place) if name in edits else value for name, value in SAID.items()}
    try:
        found = document(guessed=True, confidence=0.9995, **{n.replace(".", "__"): v for n, v in said.items()})
        verdict = judge(found, TAUGHT)
    except ValueError:
        return  # as above
    if (item := verdict.accepted.get("lines.1.sku")) is not None:
        assert item.value == SAID["lines.1.sku"]
    if (street := verdict.accepted.get("ship_to.street")) is not None:
        assert street.value == HOME.street
    if verdict.certain:
        for name in ("lines.1.quantity", "lines.1.price"):
            assert Decimal(verdict.accepted[name].value) == Decimal(SAID[name])


def test_a_code_that_was_taught_names_its_item_and_is_no_proof_alone_in_a_picture() -> None:
    own = {"lines__1__sku": "A-900", "lines__1__description": "Schraube"}
    known = replace(TAUGHT, memory=Memory(frozenset({"PO-9999"}), codes={"A-900": "HX-1000"}))
    exact = judge(document("lines.1.gtin", **own), known)
    assert (exact.certain, exact.accepted["lines.1.sku"].evidence) == (True, ("memory.code",))
    assert exact.accepted["lines.1.sku"].value == "HX-1000"
    pictured = judge(document("lines.1.gtin", guessed=True, confidence=0.9995, **own), known)
    assert doubts(pictured)["lines.1.sku"] == "paper.item_doubtful"
    gone = replace(known, memory=Memory(codes={"A-900": "ZZ-1"}))
    assert doubts(judge(document("lines.1.gtin", **own), gone))["lines.1.sku"] == "paper.item_unknown"


def test_a_code_that_means_another_item_than_the_catalogue_has_is_for_a_person() -> None:
    known = replace(TAUGHT, memory=Memory(codes={"HX-1000": "BR-6204"}))
    assert doubts(judge(document("lines.1.gtin"), known))["lines.1.sku"] == "paper.item_doubtful"


def test_a_place_that_was_taught_is_known_by_its_words_and_by_its_numbers() -> None:
    def place(street: str, *, guessed: bool) -> str | None:
        found = document(guessed=guessed, confidence=0.9995, ship_to__address=f"{street}; Leeds LS10 1JR")
        accepted = judge(found, known).accepted.get("ship_to.street")
        return accepted.value if accepted else None

    known = TAUGHT
    assert place("44 Foundry Lane", guessed=False) == "44 Foundry Lane"
    assert place("14 Foundry Lane", guessed=False) == "14 Foundry Lane"
    assert place("44 Foundry Lane", guessed=True) is None, "a picture may have shown 14"
    known = replace(TAUGHT, addresses=())
    assert place("44 Foundry Lane", guessed=True) == "44 Foundry Lane"
    assert place("44 Foundrv Lane", guessed=True) == "44 Foundry Lane"
    assert place("41 Foundry Lane", guessed=True) is None
    assert place("44 Foundrv Lane", guessed=False) is None, "a text says what it says"


def test_a_customer_s_own_words_for_an_address_of_the_master_data_mean_that_one() -> None:
    words = {plain("Acme Wareneingang Leeds"): HOME._replace(gln="", country="")}
    known = replace(KNOWN, memory=Memory(ship_tos=words))
    verdict = judge(document("ship_to.address", ship_to__name="Acme Wareneingang Leeds"), known)
    assert verdict.accepted["ship_to.gln"].value == HOME.gln
    assert verdict.accepted["ship_to.gln"].evidence == ("memory.ship_to",)


@given(st.sets(st.sampled_from(FIELDS)), st.booleans(), st.floats(0, 1))
def test_every_accepted_field_names_its_evidence(without: set[str], picture: bool, confidence: float) -> None:
    verdict = judge(document(*without, guessed=picture, confidence=confidence), KNOWN)
    for path, one in verdict.accepted.items():
        assert one.evidence, path
    assert not set(verdict.accepted) & set(verdict.doubtful)


def test_what_a_document_names_and_nobody_read_is_for_a_person() -> None:
    told = frozenset({"requested_date", "lines.1.unit", "lines.2.sku"})
    verdict = judge(replace(document("requested_date"), unread=told), KNOWN)
    # the sum leaves no line out; the unit that was read may be of another line
    assert doubts(verdict) == {"requested_date": "paper.missing", "lines.1.unit": "paper.field_doubtful"}
    alone = replace(document("net_total", "total", "tax_total"), unread=frozenset({"lines.2.sku"}))
    assert doubts(judge(alone, KNOWN)) == {"lines.2.sku": "paper.missing"}


def test_days_of_lines_are_judged_each() -> None:
    for day, reason in (("2026-11-20", {}), ("2026-10-20", {"lines.1.requested_date": "paper.date_doubtful"})):
        found = document()
        verdict = judge(replace(found, fields={**found.fields, "lines.1.requested_date": read(day)}), KNOWN)
        assert doubts(verdict) == reason
        assert ("lines.1.requested_date" in verdict.accepted) is not bool(reason)


def test_a_discount_is_taken_as_per_cent_only_where_the_product_says_so() -> None:
    totals = {"lines__1__amount": "472.50", "net_total": "472.50", "tax_total": "94.50", "total": "567.00"}
    off = document(lines__1__discount="10", **totals)
    assert doubts(judge(off, KNOWN)) == {}
    assert unit_price(off, 1, "0.42") == Decimal("0.378")
    alone = document("lines.1.amount", "net_total", "tax_total", "total", lines__1__discount="10")
    assert doubts(judge(alone, KNOWN))["lines.1.price"] == "paper.amounts_differ"


def test_a_name_with_a_comma_is_known_by_what_follows_it() -> None:
    works = HOME._replace(name="Acme Works, Goods Inward")
    found = document(ship_to__name="Acme Works", ship_to__address="Goods Inward; 14 Foundry Lane; Leeds LS10 1JR")
    verdict = judge(found, replace(KNOWN, addresses=(works,)))
    assert verdict.accepted["ship_to.name"].value == "Acme Works, Goods Inward"


def test_lines_that_known_codes_led_to_are_all_of_them_only_where_they_add_up() -> None:
    """Whoever looks for known codes passes over any other."""
    totals = {"net_total", "tax_total", "total"}
    by_heads, summed = document(*totals), document()
    assert judge(by_heads, KNOWN).certain
    by_code = {"lines.1.sku": (by_heads.fields["lines.1.sku"][0]._replace(reason="known"),)}
    found = replace(by_heads, fields={**by_heads.fields, **by_code})
    assert doubts(judge(found, KNOWN)) == {"lines.2.sku": "paper.missing"}
    assert judge(replace(summed, fields={**summed.fields, **by_code}), KNOWN).certain
