"""What a confirmation says of an order, and that ORDRSP says the same (CNF-04, CNF-16)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import (
    Allowance,
    LineAnswer,
    LineTax,
    OrderCharge,
    OrderResponse,
    ResponseLine,
    ScheduleLine,
    TradeTerms,
)
from core.messaging.replies import OrderResponses
from core.messaging.terms import PartnerTerms
from core.notices.facts_order import agreements, confirmation_facts, payment_facts, response_facts
from core.ordering.canonical import AskedTerms
from core.partners.model import Company, Partner, Tolerances
from core.review.credit import CreditRules
from core.store import orders as order_rows
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.testing.stores import prepared_store
from core.testing.trade import (
    CRATE,
    CUP,
    MONDAY,
    PRICES,
    Trade,
    a_line,
    an_order,
    item_row,
    place,
    price_row,
    waiting_of_order,
)

DAY = date(2026, 3, 9)
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=3)
PRICE = st.none() | st.decimals(min_value=0, max_value=10**4, places=4)
DAYS = st.none() | st.dates(min_value=DAY, max_value=DAY + timedelta(days=60))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store = prepared_store(f"sqlite:///{tmp_path / 'o.db'}")
    yield store
    store.close()


def confirmation(tx: Tx, number: str, said: dict[str, Any]) -> tuple[dict[str, Any], Company, Partner]:
    cache = MasterCache()
    cache.refresh(tx)
    order = order_rows.by_number(tx, number)
    company, partner = our_company(tx, cache), partner_by_id(tx, cache, order["partner_id"])
    facts = confirmation_facts(tx, order, said, company=company, partner=partner, rules=CreditRules(), at=MONDAY)
    return facts, company, partner


def placed(store: Store, order: Any) -> str:
    return store.write(lambda tx: place(tx, [order])[0].number)


def test_the_five_groups_of_a_confirmation(store: Store) -> None:
    """CNF-04: lines, prices, expected dates, payment terms and special agreements are there."""
    own = price_row(CUP, Decimal("11.90"), level="customer", partner="ACME")
    trade = Trade(prices=[*(price_row(sku, price) for sku, price in PRICES.items()), own])
    store.write(trade.load)
    order = an_order("PO-7", a_line(CUP, 10, "11.90"), a_line(CRATE, 3, "99.99"), contract="C-77", type="urgent")
    number = placed(store, order)
    facts, _, _ = store.read(lambda tx: confirmation(tx, number, {"function": "29", "revision": 1}))
    assert [(line["sku"], line["quantity"], line["price"], line["amount"]) for line in facts["lines"]] == [
        (CUP, "10", "11.9", "119.00"),
        (CRATE, "3", "99.99", "299.97"),
    ]
    assert facts["order"]["total"] == "418.97"
    assert facts["order"]["promised_date"] == facts["lines"][0]["promised_date"]
    assert facts["payment"] == {"days": 30, "prepayment": False, "method": "transfer", "words": ""}
    assert facts["agreements"] == [
        {"kind": "contract", "value": "C-77", "line": None},
        {"kind": "order_type", "value": "urgent", "line": None},
        {"kind": "delivery_terms", "value": "DAP", "line": None},
        {"kind": "transport_mode", "value": "road", "line": None},
        {"kind": "price.customer", "value": "11.9", "line": 1},
    ]
    assert facts["answer"]["differs"] is False
    assert json.loads(json.dumps(facts)) == facts, "facts are plain JSON"


def test_names_and_addresses_come_from_the_master_data_where_the_order_has_none(store: Store) -> None:
    """LNG-02: what an item is called in other languages, and the address of a delivery point named by its GLN."""
    cups = [item_row(CUP, descriptions={"de": "Becher"}), item_row(CRATE)]
    store.write(Trade(items=cups).load)
    number = placed(store, an_order("PO-7", a_line(CUP, 10), a_line(CRATE, 1)))
    facts, _, _ = store.read(lambda tx: confirmation(tx, number, {"function": "29", "revision": 1}))
    assert [line["descriptions"] for line in facts["lines"]] == [{"de": "Becher"}, {}]
    assert (facts["ship_to"]["name"], facts["ship_to"]["city"]) == ("Store 7", "Berlin")


def test_the_document_and_ordrsp_agree_on_every_line(store: Store) -> None:
    """CNF-16: product, quantity, price and delivery of a line are those of the ORDRSP that its row is rendered to."""
    store.write(Trade(items=[item_row(sku) for sku in PRICES]).load)
    number = placed(store, an_order("PO-8", a_line(CUP, 10), a_line(CRATE, 7)))
    said = {"function": "4", "revision": 1, "lines": {"2": ["3", "2.5"]}, "notes": ["ring first"]}

    def both(tx: Tx) -> tuple[dict[str, Any], OrderResponse]:
        facts, company, partner = confirmation(tx, number, said)
        row = waiting_of_order(tx, order_rows.by_number(tx, number)["id"])[0]
        row = row._replace(payload=json.dumps(said))
        return facts, OrderResponses(tx, [row], company=company, partner=partner, rules=CreditRules(), at=MONDAY)[0]

    facts, response = store.read(both)
    assert [told_by_facts(line) for line in facts["lines"]] == [told_by_message(line) for line in response.lines]
    assert facts["lines"][1]["differs"] == ["quantity"]
    assert (facts["answer"]["differs"], facts["notes"]) == (True, ["ring first"])
    assert Decimal(facts["order"]["total"]) == response.total
    assert terms_by_facts(facts) == terms_by_message(response.terms)


SHIPPING = OrderCharge("shipping", Decimal("4.90"), code="FC", label="Post", tax_rate=Decimal(19), tax_category="S")
COUPON = OrderCharge("discount", Decimal("-10.00"), code="DI", label="SPRING", reference="SPRING")
OFF = OrderCharge("discount", Decimal("-3.00"), line=2, code="DI", label="three for two")
TAKEN = (LineTax(1, Decimal(19), Decimal("23.75")), LineTax(2, Decimal(7), Decimal("20.79")))


@pytest.mark.parametrize(
    ("served", "charges", "sums"),
    [
        # 125.00 + 299.97; -3.00 of line 2; 19 % of 129.90, 7 % of 286.97: the coupon is taxed as most of the goods
        ("3", ["-3.00", "4.90", "-10.00"], ("424.97", "416.87", "461.64")),
        # a third of line 2 has a third of what is taken off: 125.00 + 99.99 - 1.00; the coupon is of 19 % then
        ("1", ["-1.00", "4.90", "-10.00"], ("224.99", "218.89", "248.60")),
    ],
)
def test_lines_charges_and_taxes_add_up_to_the_totals_in_words_and_in_ordrsp(
    store: Store, served: str, charges: list[str], sums: tuple[str, str, str]
) -> None:
    """Issue 5, part 3: what is served is told with its part of the charges, alike in both."""
    goods, total, gross = sums
    store.write(Trade(items=[item_row(sku) for sku in PRICES]).load)
    lines = a_line(CUP, 10, "12.50"), a_line(CRATE, 3, "99.99")
    asked = replace(an_order("PO-7", *lines), charges=(OFF, SHIPPING, COUPON), line_taxes=TAKEN)
    number = placed(store, asked)
    said: dict[str, Any] = {"function": "29", "revision": 1}
    if served != "3":
        said |= {"function": "4", "lines": {"2": ["3", served]}}

    def both(tx: Tx) -> tuple[dict[str, Any], OrderResponse]:
        order = order_rows.by_number(tx, number)
        if served != "3":
            order_rows.set_state(tx, order["id"], order["state"], total=Decimal(total))
        facts, company, partner = confirmation(tx, number, said)
        row = waiting_of_order(tx, order["id"])[0]._replace(payload=json.dumps(said))
        return facts, OrderResponses(tx, [row], company=company, partner=partner, rules=CreditRules(), at=MONDAY)[0]

    facts, response = store.write(both)
    told = facts["order"]
    assert [one["amount"] for one in facts["charges"]] == charges
    assert (told["goods"], told["total"], told["gross"]) == (goods, total, gross)
    assert sum(Decimal(line["amount"]) for line in facts["lines"]) == Decimal(goods)
    assert Decimal(told["total"]) + sum(Decimal(tax["tax"]) for tax in facts["taxes"]) == Decimal(gross)
    signed = [one.amount if one.charge else -(one.amount or 0) for one in _all_allowances(response)]
    assert signed == [Decimal(one) for one in charges]
    assert (response.total, response.allowance_total) == (Decimal(total), Decimal("-5.10"))
    assert response.tax == Decimal(gross) - Decimal(total)
    assert [line.tax_rate for line in response.lines] == [19, 7]


def _all_allowances(response: OrderResponse) -> list[Allowance]:
    return [*(one for line in response.lines for one in line.allowances), *response.allowances]


def test_taxes_that_an_order_tells_of_some_lines_alone_are_left_to_its_invoice(store: Store) -> None:
    store.write(Trade(items=[item_row(sku) for sku in PRICES]).load)
    asked = replace(an_order("PO-7", a_line(CUP, 10), a_line(CRATE, 3)), charges=(SHIPPING,), line_taxes=TAKEN[:1])
    number = placed(store, asked)
    facts, _, _ = store.read(lambda tx: confirmation(tx, number, {"function": "29", "revision": 1}))
    assert ([one["kind"] for one in facts["charges"]], facts["taxes"]) == (["shipping"], [])
    assert facts["order"]["gross"] is None


GRADES = st.sampled_from(["", "A", "B", "C", "D"])
SAID = st.sampled_from(["", "42", "transfer", "DAP", "road", "2 % in 10 days"])


@given(
    st.builds(AskedTerms, SAID, st.sampled_from(["standard", "urgent", "pre_order"]), SAID, SAID, SAID, SAID),
    st.builds(
        Partner, id=st.just(1), code=st.just("ACME"), name=st.just("Acme"), grade=GRADES,
        payment_terms_days=st.none() | st.integers(0, 90), payment_method=SAID, delivery_terms=SAID,
        transport_mode=SAID, reservation_days=st.none() | st.integers(1, 30),
        tolerances=st.sampled_from([Tolerances(), Tolerances(quantity_percent=Decimal(5))]),
    ),
)  # fmt: skip
def test_the_document_and_ordrsp_agree_on_every_term(asked: AskedTerms, partner: Partner) -> None:
    """CNF-04: payment, delivery and agreements are the same in both; ORDRSP is silent of days that nobody agreed."""
    order = replace(an_order(), **asked._asdict())
    facts = {"payment": payment_facts(order, partner, CreditRules()), "agreements": agreements(order, partner)}
    told = PartnerTerms(partner, CreditRules())[asked]
    said = terms_by_message(told)
    expected = terms_by_facts(facts)
    if partner.payment_terms_days is None and not partner.grade:
        assert said.pop("days") is None
        assert expected.pop("days") == CreditRules().ungraded_terms_days
    assert said == expected


def test_a_partner_without_terms_is_told_none() -> None:
    assert PartnerTerms(Partner(1, "ACME", "Acme"), CreditRules())[AskedTerms()] is None


def terms_by_facts(facts: dict[str, Any]) -> dict[str, Any]:
    payment, agreed = facts["payment"], {one["kind"]: one["value"] for one in facts["agreements"] if not one["line"]}
    numbers = [agreed[kind] for kind in ("order_type", "reservation_days", "quantity_tolerance") if kind in agreed]
    return {
        "days": None if payment["prepayment"] else payment["days"],
        "prepayment": payment["prepayment"],
        "payment": {payment["method"], payment["words"]} - {""},
        **{kind: agreed.get(kind, "") for kind in ("contract", "delivery_terms", "transport_mode")},
        "others": numbers,
    }


def terms_by_message(told: TradeTerms | None) -> dict[str, Any]:
    told = told or TradeTerms()
    payment = {told.payment_method, *(words.removeprefix("payment by ") for words in told.payment_words)}
    others = [re.sub(r"^order type: |^the goods are kept for | days$|^the quantity may differ by | %$", "", words)
              for words in told.agreements]  # fmt: skip
    return {
        "days": told.payment_days,
        "prepayment": told.prepayment,
        "payment": payment - {""},
        "contract": told.contract,
        "delivery_terms": told.delivery_terms,
        "transport_mode": told.transport_mode,
        "others": others,
    }


def told_by_facts(line: dict[str, Any]) -> tuple[Any, ...]:
    price = None if line["price"] is None else Decimal(line["price"])
    schedule = [(Decimal(part["quantity"]), part["day"]) for part in line["schedule"]]
    return (line["line"], line["answer"], Decimal(line["quantity"]), price, line["promised_date"], schedule)


def told_by_message(line: ResponseLine) -> tuple[Any, ...]:
    day = line.promised_date and line.promised_date.isoformat()
    schedule = [(part.quantity, part.day and part.day.isoformat()) for part in line.schedule]
    return (line.line, line.answer.value, line.quantity, line.price, day, schedule)


LINES = st.builds(
    ResponseLine,
    line=st.integers(1, 10**6),
    answer=st.sampled_from(LineAnswer),
    quantity=AMOUNTS,
    ordered=AMOUNTS,
    price=PRICE,
    promised_date=DAYS,
    price_basis=st.just(Decimal(1)),
    schedule=st.lists(st.builds(ScheduleLine, AMOUNTS, DAYS), max_size=3).map(tuple),
)


@given(st.lists(LINES, max_size=5))
def test_no_figure_is_altered_on_its_way_into_a_document(lines: list[ResponseLine]) -> None:
    """CNF-04: quantity, price, date and answer of each line are those of the response, whatever they are."""
    response = OrderResponse("N", "PO", "4", MONDAY, tuple(lines))
    facts = response_facts(response, an_order())
    assert [told_by_facts(line) for line in facts["lines"]] == [told_by_message(line) for line in lines]


@pytest.mark.parametrize(
    ("promised", "requested", "price", "differs"),
    [
        (DAY, DAY, "12.50", []),
        (DAY + timedelta(days=1), DAY, "12.50", ["date"]),
        (DAY, DAY, "12.51", ["price"]),
        (DAY, None, None, []),
    ],
)
def test_what_differs_from_the_order_is_named(
    promised: date, requested: date | None, price: str | None, differs: list[str]
) -> None:
    """CNF-16: a later day and another price are told beside the line, an equal one is not."""
    asked = an_order("PO-9", a_line(CUP, 10, price, requested_date=requested))
    line = ResponseLine(
        1, LineAnswer.ACCEPTED, Decimal(10), Decimal(10), price=Decimal("12.50"), promised_date=promised
    )
    facts = response_facts(OrderResponse("N", "PO", "29", MONDAY, (line,)), asked)
    assert (facts["lines"][0]["differs"], facts["answer"]["differs"]) == (differs, bool(differs))


def test_a_price_for_a_hundred_is_compared_by_the_piece() -> None:
    asked = an_order("PO-9", a_line(CUP, 10, "1250", price_basis=Decimal(100)))
    line = ResponseLine(1, LineAnswer.ACCEPTED, Decimal(10), Decimal(10), price=Decimal("12.50"))
    facts = response_facts(OrderResponse("N", "PO", "29", MONDAY, (line,)), asked)
    assert (facts["lines"][0]["differs"], facts["lines"][0]["asked_price"]) == ([], "12.5")


def test_terms_are_the_partners_then_the_grades_and_d_pays_first() -> None:
    """CNF-04: payment terms are those that the invoice will have."""
    partner = Partner(1, "ACME", "Acme", grade="A", payment_terms_days=14)
    order, rules = an_order(), CreditRules()
    assert payment_facts(order, partner, rules)["days"] == 14
    assert payment_facts(order, replace(partner, payment_terms_days=None), rules)["days"] == 60
    told = payment_facts(order, replace(partner, grade="D", payment_terms_days=None), rules)
    assert (told["days"], told["prepayment"]) == (0, True)
