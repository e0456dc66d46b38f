"""Plans of one batch: item identity, prices, checks, and the fold that lets each order see what is left."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.model import Item, PriceCandidate, StockLevel
from core.currency import Exchange, Rates
from core.documents import Order, Party
from core.errors import ValueOutOfRange
from core.ordering.plan import KnownOrder, Plan, Snapshot, parties, plan_order, resolve_item
from core.partners.model import Company, Partner, Tolerances
from core.review.holds import HoldDraft
from core.review.rulebook import Rules
from core.store.credit import CreditPosition
from core.testing.trade import CRATE, CUP, GTINS, LAMP, MONDAY, PRICES, STORE_GLN, a_line, an_order
from core.values import text

STORE = Party("DP", STORE_GLN, "", "Store 7", "Hauptstr. 7", "Berlin", "BE", "10115", "DE")
PARTNER = Partner(
    1, "ACME", "Acme", gln="4012345000009", currency="EUR", tax_id="DE1", grade="A", credit_limit=Decimal(10_000),
    payment_terms_days=30, payment_method="transfer", delivery_terms="DAP", transport_mode="road", business_unit="B1",
    contact="P", phone="1", email="a@b.example", tolerances=Tolerances(price_percent=Decimal(2), days_late=2),
    addresses={("DP", STORE_GLN): STORE},
)  # fmt: skip
US = Company("Muster", "4054321000009", "4054321", "DE1", "DE", "Europe/Berlin", "EUR", Party("SU", "4054321000009"))


def item(sku: str) -> Item:
    price = PriceCandidate("catalogue", int(PRICES[sku] * 10**6), 0, date(2020, 1, 1), None, "EUR", "", "")
    return Item(sku, GTINS[sku], f"Item {sku}", "C62", "standard", None, (price,))


def snapshot(**changes: Any) -> Snapshot:
    """A hundred of each in MAIN, 40 cups more in NORTH; nothing owed of a limit of 10,000."""
    fields: dict[str, Any] = {
        "now": MONDAY,
        "today": MONDAY.date(),
        "company": US,
        "partner": PARTNER,
        "channel": "ED",
        "rules": Rules(),
        "items": {sku: item(sku) for sku in PRICES},
        "sku_by_gtin": {gtin: sku for sku, gtin in GTINS.items()},
        "sku_by_code": {(1, "B-CUP"): CUP},
        "stock": {sku: [StockLevel("MAIN", 100_000_000)] for sku in PRICES},
        "credit": CreditPosition(Decimal(0), Decimal(0), [], []),
        "exchange": Exchange("EUR", "EUR", MONDAY.date(), Rates("EUR")),
    }
    fields["stock"][CUP].append(StockLevel("NORTH", 40_000_000))
    return Snapshot(**(fields | changes))


def codes(plan: Plan) -> list[str]:
    return [hold.code for hold in plan.holds]


def test_a_clean_order_is_confirmed_at_once() -> None:
    """CUS-11: credit is the first review step."""
    plan = plan_order(snapshot(), an_order("PO-1", a_line(CUP, 10, "12.50"), a_line(CRATE, 3)), test=False)
    assert plan.confirmed
    assert plan.total4 == 4_249_700
    assert [(line.sku, line.price6, line.amount4, line.taken) for line in plan.lines] == [
        (CUP, 12_500_000, 1_250_000, [("MAIN", 10_000_000)]),
        (CRATE, 99_990_000, 2_999_700, [("MAIN", 3_000_000)]),
    ]
    assert plan.promised == date(2026, 3, 9)
    assert [check.group for check in plan.checks] == ["credit", "customer", "availability", "price"]


@pytest.mark.parametrize(
    ("line", "sku"),
    [
        (a_line(CUP), CUP),
        (a_line(CUP, gtin="", supplier_code=CRATE), CRATE),
        (a_line(CUP, gtin="", buyer_code="B-CUP"), CUP),
        (a_line(CUP, supplier_code=CRATE, buyer_code="B-CUP"), CUP),  # the GTIN wins
        (a_line(CUP, gtin="", supplier_code=CRATE, buyer_code="B-CUP"), CRATE),  # then our own code
        (a_line(CUP, gtin="", supplier_code="NO-SUCH", buyer_code="B-CUP"), CUP),
        (a_line(CUP, gtin="9999999999994", buyer_code="B-CUP"), CUP),
        (a_line(CUP, gtin="9999999999994"), None),
        (a_line(CUP, gtin="", buyer_code="B-OTHER"), None),
        (a_line(CUP, gtin=""), None),
    ],
)
def test_the_gtin_wins_then_our_code_then_the_buyers(line, sku: str | None) -> None:
    found = resolve_item(snapshot(), line)
    assert (found.sku if found else None) == sku


def test_another_partners_code_is_not_ours_to_use() -> None:
    stranger = snapshot(sku_by_code={(2, "B-CUP"): CUP})
    assert resolve_item(stranger, a_line(CUP, gtin="", buyer_code="B-CUP")) is None


def test_an_unknown_item_holds_with_every_code_that_was_sent() -> None:
    plan = plan_order(snapshot(), an_order("PO-1", a_line(gtin="", buyer_code="B-9")), test=False)
    assert codes(plan) == ["item.unknown"]
    assert plan.holds[0].reason == "line 1: no item of ours is B-9"
    assert plan.holds[0].inputs == {"gtin": "", "supplier_code": "", "buyer_code": "B-9"}
    assert plan.lines[0].sku is None


@pytest.mark.parametrize(
    ("unit", "held"),
    [("C62", []), ("PCE", []), ("", []), ("CT", ["customer.discrepancy"]), ("KGM", ["customer.discrepancy"])],
)
def test_five_cartons_are_not_five_pieces(unit: str, held: list[str]) -> None:
    plan = plan_order(snapshot(), an_order("PO-1", a_line(CUP, 5, unit=unit)), test=False)
    assert codes(plan) == held
    assert plan.lines[0].unit == (unit or "C62")


@pytest.mark.parametrize(
    ("price", "basis", "held"),
    [
        (None, 1, []),
        ("12.50", 1, []),
        ("12.75", 1, []),
        ("12.750001", 1, ["price.mismatch"]),
        ("12.25", 1, []),
        ("12.249999", 1, ["price.mismatch"]),
        ("1250", 100, []),
        ("1276", 100, ["price.mismatch"]),
    ],
)
def test_the_price_on_both_sides_of_the_tolerance(price: str | None, basis: int, held: list[str]) -> None:
    order = an_order("PO-1", a_line(CUP, 1, price, price_basis=Decimal(basis)))
    assert codes(plan_order(snapshot(), order, test=False)) == held


def test_a_tolerated_price_is_the_price_of_the_order() -> None:
    plan = plan_order(snapshot(), an_order("PO-1", a_line(CUP, 1, "12.60")), test=False)
    assert plan.confirmed
    assert (plan.lines[0].price6, plan.total4) == (12_600_000, 126_000)


def test_a_price_per_thirds_is_rounded_to_a_millionth() -> None:
    plan = plan_order(snapshot(), an_order("PO-1", a_line(CUP, 3, "37.50", price_basis=Decimal(3))), test=False)
    assert (plan.lines[0].price6, plan.total4) == (12_500_000, 375_000)


@pytest.mark.parametrize(("price", "held"), [(None, True), ("5", True)])
def test_an_item_without_our_price_waits_for_a_person(price: str | None, held: bool) -> None:
    bare = snapshot(items={CUP: Item(CUP, GTINS[CUP], "Cup", "C62", "standard", None)})
    plan = plan_order(bare, an_order("PO-1", a_line(CUP, 2, price)), test=False)
    assert (codes(plan) == ["price.missing"]) == held
    assert plan.lines[0].amount4 == (100_000 if price else None)


@pytest.mark.parametrize(("quantity", "held"), [("140", []), ("140.000001", ["stock.short"])])
def test_stock_on_both_sides_of_what_there_is(quantity: str, held: list[str]) -> None:
    plan = plan_order(snapshot(), an_order("PO-1", a_line(CUP, quantity)), test=False)
    assert codes(plan) == held
    if not held:
        assert plan.lines[0].taken == [("MAIN", 100_000_000), ("NORTH", 40_000_000)]


def test_lines_of_one_item_compete_inside_their_order() -> None:
    plan = plan_order(snapshot(), an_order("PO-1", a_line(LAMP, 60), a_line(LAMP, 60)), test=False)
    assert [(hold.code, hold.line) for hold in plan.holds] == [("stock.short", 2)]
    assert plan.holds[0].inputs["available"] == "40"


@pytest.mark.parametrize(("quantity", "held"), [(100, []), (101, ["credit.limit"])])
def test_credit_on_both_sides_of_the_limit(quantity: int, held: list[str]) -> None:
    owing = snapshot(credit=CreditPosition(Decimal(0), Decimal(10_000) - 100 * PRICES[LAMP], [], []))
    assert codes(plan_order(owing, an_order("PO-1", a_line(LAMP, quantity)), test=False)) == held + (
        ["stock.short"] if quantity > 100 else []
    )


@pytest.mark.parametrize(
    ("requested", "held", "promised"),
    [
        (date(2026, 3, 1), [], date(2026, 3, 3)),
        (date(2026, 2, 28), ["date.unmet"], date(2026, 3, 3)),
        (None, [], date(2026, 3, 7)),
    ],
)
def test_the_date_on_both_sides_of_the_tolerance(requested: date | None, held: list[str], promised: date) -> None:
    plan = plan_order(snapshot(), an_order(requested_date=requested), test=False)
    assert (codes(plan), plan.promised) == (held, promised)


def test_the_next_order_sees_what_is_left() -> None:
    shared = snapshot()
    first = plan_order(shared, an_order("PO-1", a_line(CUP, 100)), test=False)
    second = plan_order(shared, an_order("PO-2", a_line(CUP, 40)), test=False)
    third = plan_order(shared, an_order("PO-3", a_line(CUP, 1)), test=False)
    assert [first.lines[0].taken, second.lines[0].taken] == [[("MAIN", 100_000_000)], [("NORTH", 40_000_000)]]
    assert codes(third) == ["stock.short"]
    assert shared.credit.committed == Decimal(1750)


def test_a_held_order_uses_nothing_up_but_its_reference() -> None:
    shared = snapshot()
    held = plan_order(shared, an_order("PO-1", a_line(CUP, 100, "99")), test=False)
    assert codes(held) == ["price.mismatch"]
    assert shared.credit.committed == 0
    assert plan_order(shared, an_order("PO-2", a_line(CUP, 140)), test=False).confirmed
    assert plan_order(shared, an_order("PO-1"), test=False).reason == "order.number_reused"


def test_a_reference_of_the_same_batch_is_known_to_the_next() -> None:
    shared = snapshot()
    plan_order(shared, an_order("PO-1"), test=False)
    repeat = plan_order(shared, an_order("PO-1"), test=False)
    other = plan_order(shared, an_order("PO-1", a_line(CUP, 11)), test=False)
    assert (repeat.verdict, repeat.reason) == ("duplicate", "order.repeated")
    assert (other.verdict, other.reason) == ("parked", "order.number_reused")
    assert not repeat.lines


def test_a_reference_of_an_earlier_order_is_named() -> None:
    planned = plan_order(snapshot(), an_order("PO-1"), test=False)
    known = KnownOrder(42, "2026-ED-000001", planned.hash)
    repeat = plan_order(snapshot(known={"PO-1": known}), an_order("PO-1"), test=False)
    assert (repeat.verdict, repeat.repeats) == ("duplicate", known)


def test_a_test_order_neither_reads_nor_uses_stock_and_credit() -> None:
    poor = snapshot(stock={}, credit=CreditPosition(Decimal(10**9), Decimal(0), [], []))
    plan = plan_order(poor, an_order("PO-1", a_line(CUP, 10**6)), test=True)
    assert plan.confirmed
    assert plan.lines[0].taken == []
    assert [check.group for check in plan.checks] == ["customer", "availability", "price"]
    assert (poor.known, poor.credit.committed) == ({}, Decimal(10**9))


def test_holds_of_the_document_come_first() -> None:
    hold = HoldDraft("document.count_mismatch", "CNT says 3", {}, "intake.counts")
    plan = plan_order(snapshot(), an_order("PO-1", a_line(CUP, 1, "99")), test=False, holds=(hold,))
    assert codes(plan) == ["document.count_mismatch", "price.mismatch"]


@pytest.mark.parametrize(
    "line",
    [
        a_line(CUP, "0.0000001"),
        a_line(CUP, 1, "0.0000001"),
        a_line(CUP, 10**9, "9223372036"),
    ],
)
def test_what_the_store_cannot_keep_exactly_is_refused(line) -> None:
    with pytest.raises(ValueOutOfRange):
        plan_order(snapshot(), an_order("PO-1", line), test=False)


def test_the_replies_name_the_buyer_as_sent_else_as_known() -> None:
    buyer, supplier, ship_to = parties(snapshot(), an_order(buyer=None, ship_to=None))
    assert (buyer.role, buyer.gln, buyer.name) == ("BY", PARTNER.gln, PARTNER.name)
    assert (supplier, ship_to) == (US.party, STORE)
    sent = Party("BY", gln="1")
    assert parties(snapshot(), an_order(buyer=sent))[0] == sent


ORDERS = st.lists(
    st.lists(st.tuples(st.sampled_from([CUP, LAMP]), st.integers(1, 90)), min_size=1, max_size=3), max_size=6
).map(
    lambda wanted: [
        an_order(f"PO-{number}", *(a_line(sku, quantity) for sku, quantity in lines))
        for number, lines in enumerate(wanted)
    ]
)


@settings(max_examples=50)
@given(ORDERS)
def test_a_batch_is_planned_like_its_orders_one_by_one(orders: list[Order]) -> None:
    """Each order planned in a snapshot of its own, with what the earlier ones left, decides the same (decision 5)."""
    batch = snapshot()
    together = [plan_order(batch, order, test=False) for order in orders]
    state = snapshot()
    for order, plan in zip(orders, together, strict=True):
        fresh = deepcopy(state)
        alone = plan_order(fresh, order, test=False)
        assert (alone.lines, codes(alone), alone.total4) == (plan.lines, codes(plan), plan.total4)
        state = fresh
    taken: dict[tuple[str, str], int] = {}
    for plan in together:
        for line in plan.lines:
            for warehouse, part in line.taken:
                taken[line.sku or "", warehouse] = taken.get((line.sku or "", warehouse), 0) + part
    had = {(sku, level.warehouse): level.available6 for sku, levels in snapshot().stock.items() for level in levels}
    assert all(part <= had[key] for key, part in taken.items())  # invariant 3


@settings(max_examples=50)
@given(ORDERS, st.decimals(min_value=0, max_value=5000, places=2))
def test_confirmed_orders_never_pass_the_limit(orders: list[Order], limit: Decimal) -> None:
    partner = Partner(**{name: getattr(PARTNER, name) for name in PARTNER.__slots__} | {"credit_limit": limit})
    shared = snapshot(partner=partner)
    plans = [plan_order(shared, order, test=False) for order in orders]
    confirmed = sum((Decimal(plan.total4) / 10**4 for plan in plans if plan.confirmed), Decimal(0))
    assert confirmed <= limit  # invariant 4
    assert text(shared.credit.committed) == text(confirmed)


def test_a_dry_run_carries_on_what_was_planned_before() -> None:
    first, second = snapshot(), snapshot()
    plan_order(first, an_order("PO-1", a_line(CUP, 130)), test=False)
    second.continue_from(first)
    assert codes(plan_order(second, an_order("PO-2", a_line(CUP, 11)), test=False)) == ["stock.short"]
    assert plan_order(second, an_order("PO-1"), test=False).verdict == "parked"


def test_a_dry_run_does_not_carry_one_partners_credit_to_another() -> None:
    first = snapshot()
    plan_order(first, an_order("PO-1", a_line(CUP, 130)), test=False)
    other = snapshot(partner=Partner(**{name: getattr(PARTNER, name) for name in PARTNER.__slots__} | {"id": 2}))
    other.continue_from(first)
    assert (other.credit.committed, other.known) == (0, {})
    assert other.stock[CUP][0].available6 == 0
