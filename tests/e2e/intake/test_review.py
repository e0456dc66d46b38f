"""Review: each check group holds what breaks its rule, on one side of the boundary and not on the other.

A held order has its number, its CONTRL and no ORDRSP; releasing it confirms it and sends the ORDRSP.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Conflict
from core.roles.matrix import DEFAULT_ROLES, TEAMS
from core.testing.edifact import Faults, OrdersLine
from core.values import gs1_check_digit

CUP, CRATE, RARE, UNPRICED = "4012345100013", "4012345100020", "4012345100037", "4012345100044"


class Buyer:
    """One trading partner like ACME that differs where the test says so."""

    serial = 0

    def __init__(self, house, **differs):
        Buyer.serial += 1
        body = f"57901{Buyer.serial:07d}"
        self.gln, self.code, self.house = body + gs1_check_digit(body), f"BUYER-{Buyer.serial}", house
        address = {
            "role": "DP", "gln": self.gln, "name": "Store", "street": "Torvet 1", "city": "Skive", "region": "82",
            "postal_code": "7800", "country": "DK",
        }  # fmt: skip
        whole = {
            "code": self.code, "name": f"Buyer {Buyer.serial}", "gln": self.gln, "currency": "EUR", "country": "DK",
            "tax_id": "DK12345674", "grade": "A", "credit_limit": "1000000", "payment_terms_days": 30,
            "payment_method": "transfer", "delivery_terms": "DAP", "transport_mode": "road", "business_unit": "MAIN",
            "tolerances": {"price_percent": "2", "days_late": 2},
            "contact": {"name": "Jens Bang", "phone": "+45 5550110", "email": "jens@buyer.example"},
            "edi": [
                {"id": self.gln, "qualifier": "14", "our_id": "4012345000009", **differs.pop("agreement", {})}
            ],
            "addresses": [address],
        }  # fmt: skip
        more = {name: differs.pop(name) for name in ("sales_history", "open_invoices") if name in differs}
        whole.update(differs)
        known = {name: value for name, value in whole.items() if value is not None}
        house.load(
            {"partners": [known], **{name: [{"partner": self.code, **row} for row in more[name]] for name in more}}
        )

    def orders(self, *lines, **how):
        """Have one order taken in; return what became of it."""
        return self.sends(self.order(*lines, **how))

    def order(self, *lines, **how):
        return self.house.order(*lines, **{"buyer": self.gln, "ship_to": self.gln, **how})

    def sends(self, *orders):
        return self.house.judge(self.house.file(*orders, sender=self.gln))


@pytest.fixture
def shelf(house):
    """Put 40 jugs on the shelf that nobody has reserved, under an item of this test's own; return its GTIN and SKU."""
    Buyer.serial += 1
    body = f"40123453{Buyer.serial:04d}"
    gtin, sku = body + gs1_check_digit(body), f"JUG-{Buyer.serial}"
    house.load(
        {
            "items": [{"sku": sku, "gtin": gtin, "description": "Jug"}],
            "prices": [{"sku": sku, "currency": "EUR", "amount": "40"}],
            "stock": [{"sku": sku, "warehouse": "MAIN", "on_hand": "40"}],
        }
    )
    return gtin, sku


def expect_held(taken, *codes):
    """Assert that the only order is held by *codes* and nothing else, with its number, CONTRL and no ORDRSP."""
    assert taken.outcomes == ["accepted"]
    assert taken.exit_code == 0
    assert sorted(taken.holds) == sorted(codes)
    (order,) = taken.orders
    assert order["number"]
    assert order["state"] == "in_review"
    assert taken.contrl.action == "7"
    assert taken.answers == []
    for hold in order["holds"]:
        assert (hold["stage"], hold["rule_version"]) == ("confirm", "1")
        assert hold["reason"]
        assert hold["rule"]
        assert hold["release_when"]
        assert hold["release_role"] in DEFAULT_ROLES.roles | TEAMS
    return order["holds"][0]


def expect_passed(taken):
    """Assert that the only order was confirmed at once and answered as it was sent."""
    assert taken.outcomes == ["accepted"]
    assert taken.holds == []
    assert expect_confirmed(taken) == "29"


def expect_confirmed(taken):
    """Assert that the only order was confirmed at once; return BGM 1225 of its answer."""
    (order,) = taken.orders
    assert (order["state"], taken.holds) == ("confirmed", [])
    ((_, number, function),) = taken.answers
    assert number == order["number"]
    return function


def release(house, taken, **how):
    """Release the only order; return the ORDRSP's BGM 1225 and its lines (answer, ordered, delivered)."""
    before = set(house.outbox())
    number = taken.orders[0]["number"]
    order = house.gateway.operations.release(number, actor="user:test", **how)
    assert (order["state"], order["holds"]) == ("confirmed", [])
    assert house.events_of(number)[-3:] == ["hold.released", "reservation.created", "order.confirmed"]
    return house.response_since(before, number)


# customer


@pytest.mark.parametrize(
    ("differs", "missing"),
    [
        ({"business_unit": None}, None),  # the supplier that the order names stands for it
        ({"payment_method": None}, "payment_method"),
        ({"payment_terms_days": None}, "payment_terms"),
        ({"transport_mode": None}, "transport_mode"),
        ({"delivery_terms": None}, "delivery_terms"),
        ({"tax_id": None}, "buyer.tax_id"),
        ({"contact": {"name": "Jens Bang", "email": "jens@buyer.example"}}, "buyer.phone"),
        ({"contact": {"phone": "+45 5550110", "email": "jens@buyer.example"}}, "buyer.contact"),
        ({}, None),
    ],
)
def test_customer_incomplete_names_each_of_the_thirty_fields_that_is_nowhere(house, differs, missing):
    taken = Buyer(house, **differs).orders()
    if missing is None:
        expect_passed(taken)
        return
    hold = expect_held(taken, "customer.incomplete")
    assert hold["inputs"] == {"missing": [missing]}
    assert (hold["rule"], hold["release_role"]) == ("customer.thirty-fields", "sales")
    assert missing in hold["release_when"]
    assert release(house, taken)[0] == "29"


@pytest.mark.parametrize(("blocked", "codes"), [(None, ()), ("insolvent since May", ("customer.blocked",))])
def test_customer_blocked_waits_for_a_person(house, blocked, codes):
    """VAL-06."""
    buyer = Buyer(house, blocked=blocked)
    taken = buyer.orders()
    if not codes:
        expect_passed(taken)
        return
    hold = expect_held(taken, *codes)
    assert (hold["rule"], hold["inputs"]) == (
        "customer.account",
        {"partner": buyer.code, "blocked": "insolvent since May"},
    )
    assert release(house, taken)[0] == "29"


def test_who_wants_to_hear_it_is_told_that_the_order_waits(house):
    """Sent once, with nothing promised; the answer follows when the hold is lifted."""
    taken = Buyer(house, blocked="insolvent since May", agreement={"tell_pending": True}).orders()
    (order,) = taken.orders
    assert (order["state"], taken.holds) == ("in_review", ["customer.blocked"])
    assert [answer[1:] for answer in taken.answers] == [(order["number"], "12")]
    assert release(house, taken)[0] == "29"
    passed = Buyer(house, agreement={"tell_pending": True}).orders()
    expect_passed(passed)


def test_what_the_order_says_itself_is_not_missing_in_the_master_data(house):
    buyer = Buyer(house, contact={"email": "jens@buyer.example"})
    assert expect_held(buyer.orders(), "customer.incomplete")["inputs"]["missing"] == ["buyer.contact", "buyer.phone"]
    said = Faults(added=(("NAD+BY", "COM+?+45 5550110:TE"), ("NAD+BY", "CTA+OC+:Jens Bang")))
    expect_passed(buyer.orders(faults=said))


@pytest.mark.parametrize(("country", "holds"), [("DK", ()), ("SE", ("customer.discrepancy",))])
def test_customer_discrepancy_only_another_country_holds(house, country, holds):
    buyer = Buyer(house)
    party = f"NAD+DP+{buyer.gln}::9++Store+Another street 9+Skive+82+7800+{country}"
    taken = buyer.orders(ship_to_segment=party)
    if not holds:
        expect_passed(taken)
        return
    hold = expect_held(taken, *holds)
    assert hold["rule"] == "customer.delivery-country"
    assert hold["inputs"]["ship_to.country"] == {"order": "SE", "master": "DK"}
    assert hold["inputs"]["ship_to.street"] == {"order": "Another street 9", "master": "Torvet 1"}
    assert release(house, taken)[0] == "29"


# credit


@pytest.mark.parametrize(("limit", "over"), [("125.00", None), ("124.99", "0.01")])
def test_credit_limit_exactly_reached_is_credit(house, limit, over):
    taken = Buyer(house, credit_limit=limit).orders(OrdersLine(CUP, "10", "12.50"))
    if over is None:
        expect_passed(taken)
        return
    hold = expect_held(taken, "credit.limit")
    assert (hold["rule"], hold["release_role"]) == ("credit.limit", "department_manager")
    told = {"grade": "A", "limit": limit, "exposure": "0.00", "order_total": "125.00", "currency": "EUR", "short": over}
    assert hold["inputs"].items() >= told.items()
    assert over in hold["release_when"]
    assert release(house, taken, reason="paid today")[0] == "29"


def test_credit_limit_counts_what_was_confirmed_before_and_open_invoices(house):
    due = house.today + timedelta(days=20)
    invoice = {"number": "I-1", "due": due, "amount": "50.00"}
    buyer = Buyer(house, credit_limit="300.00", open_invoices=[invoice])
    expect_passed(buyer.orders())  # 50 + 125 of 300
    expect_passed(buyer.orders())  # 50 + 250
    hold = expect_held(buyer.orders(OrdersLine(CUP, "1", "12.50")), "credit.limit")
    assert (hold["inputs"]["exposure"], hold["inputs"]["short"]) == ("300.00", "12.50")


def test_credit_limit_is_used_up_by_the_orders_of_one_file_in_their_sequence(house):
    buyer = Buyer(house, credit_limit="250.00")
    taken = buyer.sends(*(buyer.order(reference=str(number)) for number in (1, 2, 3)))
    assert [order["state"] for order in taken.orders] == ["confirmed", "confirmed", "in_review"]
    assert taken.holds == ["credit.limit"]


@pytest.mark.parametrize(("days", "holds"), [(-1, ("credit.overdue",)), (0, ())])
def test_credit_overdue_begins_the_day_after_it_was_due(house, days, holds):
    due = house.today + timedelta(days=days)
    taken = Buyer(house, open_invoices=[{"number": "I-77", "due": due, "amount": "10.00"}]).orders()
    if not holds:
        expect_passed(taken)
        return
    hold = expect_held(taken, *holds)
    assert (hold["rule"], hold["inputs"]["overdue"]) == ("credit.overdue", ["I-77"])
    assert "10.00" in hold["release_when"]
    assert release(house, taken)[0] == "29"


@pytest.mark.parametrize(
    ("grade", "code", "told"), [("D", "credit.prepayment", "125.00"), ("C", "credit.review", ""), ("B", None, "")]
)
def test_credit_prepayment_is_for_grade_d_and_review_for_grade_c(house, grade, code, told):
    """CUS-07 to CUS-09."""
    taken = Buyer(house, grade=grade).orders()
    if code is None:
        expect_passed(taken)
        return
    hold = expect_held(taken, code)
    assert told in hold["release_when"]
    assert release(house, taken)[0] == "29"


@pytest.mark.parametrize(("grade", "enough"), [("A", "41.67"), ("B", "62.50"), ("C", "125.00")])
def test_credit_limit_follows_from_grade_and_sales(house, grade, enough):
    """CUS-06 to CUS-08: three, two and one times the mean month."""
    month = f"{house.today - timedelta(days=40):%Y-%m}"
    short = str(Decimal(enough) - Decimal("0.02"))
    for amount, fits in ((enough, True), (short, False)):
        sales = [{"month": month, "amount": amount}]
        taken = Buyer(house, grade=grade, credit_limit=None, sales_history=sales).orders()
        codes = ["credit.review"] if grade == "C" else []  # every order of it, also within its limit
        codes += [] if fits else ["credit.limit"]
        if codes:
            expect_held(taken, *codes)
        else:
            expect_passed(taken)


def test_credit_review_when_nothing_gives_a_limit(house):
    taken = Buyer(house, credit_limit=None).orders()
    assert expect_held(taken, "credit.review")["inputs"]["limit"] is None
    assert release(house, taken)[0] == "29"


# availability


@pytest.mark.parametrize(
    ("quantities", "short"), [(("40",), None), (("41",), 1), (("20", "20"), None), (("20", "21"), 2)]
)
def test_stock_short_is_what_the_lines_of_an_order_want_beyond_the_shelf(house, shelf, quantities, short):
    gtin, sku = shelf
    taken = Buyer(house).orders(*(OrdersLine(gtin, quantity, "40") for quantity in quantities))
    if short is None:
        expect_passed(taken)
        assert house.stock(sku)["available"] == "0"
        return
    hold = expect_held(taken, "stock.short")
    have = {"41": "40", "21": "20"}[quantities[-1]]
    assert hold["line"] == short
    assert hold["rule"] == "availability.on-hand"
    told = {"sku": sku, "ordered": quantities[-1], "available": have, "short": "1"}
    assert hold["inputs"].items() >= told.items()
    assert [option["option"] for option in hold["inputs"]["options"]] == ["split"]
    assert house.stock(sku)["reserved"] == "0"  # nothing is taken for an order that waits
    function, lines = release(house, taken)
    assert function == "4"
    assert lines[-1] == ("3", quantities[-1], have)
    assert house.stock(sku) == {**house.stock(sku), "reserved": "40", "available": "0"}


def test_stock_short_for_the_second_of_two_orders_in_one_file(house, shelf):
    buyer = Buyer(house)
    taken = buyer.sends(
        buyer.order(OrdersLine(shelf[0], "30", "40")), buyer.order(OrdersLine(shelf[0], "11", "40"), reference="2")
    )
    assert [order["state"] for order in taken.orders] == ["confirmed", "in_review"]
    assert taken.orders[1]["holds"][0]["inputs"]["available"] == "10"


def test_an_order_of_what_is_not_there_at_all_is_not_released(house, shelf):
    buyer = Buyer(house)
    expect_passed(buyer.orders(OrdersLine(shelf[0], "40", "40")))
    taken = buyer.orders(OrdersLine(shelf[0], "1", "40"))
    expect_held(taken, "stock.short")
    before = set(house.outbox())
    with pytest.raises(Conflict, match=r"nothing of .* can be delivered"):
        house.gateway.operations.release(taken.orders[0]["number"], actor="user:test")
    # Refused means unchanged: the hold is still there, nothing was sent.
    assert [hold["code"] for hold in house.order_of(taken.orders[0]["number"])["holds"]] == ["stock.short"]
    assert set(house.outbox()) == before
    house.load({"stock": [{"sku": shelf[1], "warehouse": "MAIN", "on_hand": "50"}]})
    assert release(house, taken) == ("29", [("5", "1", "1")])


@pytest.mark.parametrize(("days", "late"), [(5, None), (1, None), (-1, None), (-2, 3)])
def test_date_unmet_is_later_than_the_buyer_tolerates(house, days, late):
    """Goods on hand take one day (``review.lead_days``); this buyer tolerates two days more."""
    requested = house.today + timedelta(days=days)
    taken = Buyer(house).orders(requested_date=requested)
    promised = house.today + timedelta(days=1)
    if late is None:
        function = expect_confirmed(taken)
        assert function == ("29" if requested >= promised else "4"), "a later day is answered as one (INT-17)"
        return
    hold = expect_held(taken, "date.unmet")
    assert hold["rule"] == "availability.date"
    assert hold["inputs"] == {
        "requested": requested.isoformat(),
        "promised": promised.isoformat(),
        "days_late_tolerated": 2,
    }
    assert f"{late} days late" in hold["reason"]
    assert release(house, taken)[0] == "4"
    assert house.order_of(taken.orders[0]["number"])["lines"][0]["promised_date"] == promised.isoformat()


# price and item


@pytest.mark.parametrize(
    ("price", "percent"),
    [("102.00", None), ("102.01", "+2.01"), ("98.00", None), ("97.99", "-2.01"), ("100", None), ("106", "+6.00")],
)
def test_price_mismatch_begins_beyond_two_per_cent(house, price, percent):
    taken = Buyer(house).orders(OrdersLine(CRATE, "3", price))
    if percent is None:
        expect_passed(taken)
        return
    hold = expect_held(taken, "price.mismatch")
    assert (hold["line"], hold["rule"], hold["release_role"]) == (1, "price.tolerance", "sales")
    assert hold["inputs"] == {
        "buyer_price": price.rstrip("0").rstrip(".") if "." in price else price,
        "expected_price": "100",
        "level": "catalogue",
        "difference_percent": percent,
        "allowed": "2",
        "tolerance_percent": "2",
        "tolerance_amount": "0",
    }
    number = taken.orders[0]["number"]
    assert release(house, taken)[0] == "29"
    line = house.order_of(number)["lines"][0]
    assert Decimal(line["price"]) == Decimal(price)  # releasing accepts theirs
    assert Decimal(line["amount"]) == Decimal(price) * 3


@pytest.mark.parametrize(("price", "holds"), [("13.00", ()), ("13.01", ("price.mismatch",))])
def test_price_mismatch_takes_the_larger_of_per_cent_and_amount(house, price, holds):
    tolerances = {"price_percent": "2", "price_amount": "0.50"}  # 2 % of 12.50 are 0.25
    taken = Buyer(house, tolerances=tolerances).orders(OrdersLine(CUP, "10", price))
    assert taken.holds == list(holds)


def test_price_mismatch_without_a_tolerance_begins_at_the_last_digit(house):
    exact = Buyer(house, tolerances={})
    expect_passed(exact.orders(OrdersLine(CUP, "10", "12.500000")))
    expect_held(exact.orders(OrdersLine(CUP, "10", "12.500001")), "price.mismatch")


def test_a_price_of_many_is_compared_for_one(house):
    order = Buyer(house)
    content = house.file(order.order(OrdersLine(CRATE, "3", "10200:::100")), sender=order.gln).encode()
    wrong = house.file(order.order(OrdersLine(CRATE, "3", "10201:::100")), sender=order.gln).encode()
    basis = (b":::100'", b":CT::100'")
    expect_passed(house.ingest(content.replace(*basis)))
    expect_held(house.ingest(wrong.replace(*basis)), "price.mismatch")


def test_price_missing_when_we_have_none(house):
    taken = Buyer(house).orders(OrdersLine(UNPRICED, "2", "7"))
    hold = expect_held(taken, "price.missing")
    assert (hold["line"], hold["rule"]) == (1, "price.catalogue")
    assert hold["inputs"] == {"sku": "UNPRICED", "currency": "EUR", "date": house.today.isoformat()}
    assert release(house, taken)[0] == "29"


def test_price_missing_on_both_sides_cannot_be_released(house):
    taken = Buyer(house).orders(OrdersLine(UNPRICED, "2"))
    expect_held(taken, "price.missing")
    with pytest.raises(Conflict, match="has no price"):
        house.gateway.operations.release(taken.orders[0]["number"], actor="user:test")


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (OrdersLine(CUP, "1"), True),
        (OrdersLine("", "1", supplier_code="CUP"), True),
        (OrdersLine("4012345199997", "1"), False),
        (OrdersLine("", "1", buyer_code="NOBODYS"), False),
        (OrdersLine("", "1"), False),
        # the GTIN wins: another supplier's code beside it is a discrepancy, never a hold
        (OrdersLine(CUP, "1", supplier_code="CRATE"), True),
    ],
)
def test_item_unknown_by_any_of_its_names(house, line, known):
    """VAL-04."""
    taken = Buyer(house).orders(OrdersLine(CRATE, "1", "100"), line)
    if known:
        expect_passed(taken)
        return
    hold = expect_held(taken, "item.unknown")
    assert (hold["line"], hold["rule"]) == (2, "item.identity")
    assert hold["inputs"] == {
        "gtin": line.gtin,
        "supplier_code": line.supplier_code,
        "buyer_code": line.buyer_code,
    }
    assert release(house, taken) == ("4", [("5", "1", "1"), ("7", "1", "0")])


# releasing


def test_every_hold_of_an_order_is_told_and_the_last_release_confirms_it(house, shelf):
    buyer = Buyer(house, credit_limit="10.00", tax_id=None)
    taken = buyer.orders(
        OrdersLine(CRATE, "3", "150"), OrdersLine(shelf[0], "41", "40"), OrdersLine("4012345199997", "1")
    )
    codes = ["credit.limit", "customer.incomplete", "item.unknown", "price.mismatch", "stock.short"]
    expect_held(taken, *codes)
    number, before = taken.orders[0]["number"], set(house.outbox())
    for code in codes[:-1]:
        left = house.gateway.operations.release(number, actor="user:test", codes=[code])
        assert left["state"] == "in_review"
        assert code not in [hold["code"] for hold in left["holds"]]
    with pytest.raises(Conflict, match=r"is held: stock\.short"):
        house.gateway.operations.confirm(number, actor="user:test")
    assert set(house.outbox()) == before
    function, lines = release(house, taken, codes=["stock.short"], reason="send what there is")
    assert (function, lines) == ("4", [("5", "3", "3"), ("3", "41", "40"), ("7", "1", "0")])
    with pytest.raises(Conflict, match="has no hold to release"):
        house.gateway.operations.release(number, actor="user:test")


def test_the_checks_of_an_order_are_kept_with_their_evidence_and_rule_version(house):
    taken = Buyer(house).orders(OrdersLine(CRATE, "3", "106"))
    number = taken.orders[0]["number"]
    groups = {check["group"]: check for check in house.checks_of(number)}
    assert set(groups) == {"customer", "credit", "availability", "price"}
    assert [group for group, check in groups.items() if not check["ok"]] == ["price"]
    assert groups["price"]["holds"] == ["price.mismatch"]
    assert {check["rule_version"] for check in groups.values()} == {"1"}
    assert all(check["evidence"] for check in groups.values())


@pytest.mark.parametrize("unit", ["PCE", "C62", "EA"])
def test_units_that_mean_pieces_pass(house, unit):
    expect_passed(Buyer(house).orders(OrdersLine(CUP, "10", "12.50", unit=unit)))


def test_a_unit_that_the_item_is_not_kept_in_is_held(house):
    taken = Buyer(house).orders(OrdersLine(CUP, "5", "12.50", unit="CT"))
    hold = expect_held(taken, "customer.discrepancy")
    assert (hold["line"], hold["rule"]) == (1, "item.unit")
    assert (hold["inputs"]["order"], hold["inputs"]["master"]) == ("CT", "PCE")
    assert release(house, taken)[0] == "29"
