"""Which charges an invoice bills: each once, whatever parts the order ships in."""

from __future__ import annotations

from decimal import Decimal

from core.billing.charges import ChargeKey, LineProgress, charges_due
from core.billing.plan import tax_totals
from core.documents import OrderCharge

D = Decimal
SHIPPING = OrderCharge("shipping", D("4.90"), code="FC", label="Post", tax_rate=D(19))
COUPON = OrderCharge("discount", D(-30), code="DI", label="SPRING")
OFF = OrderCharge("discount", D("-1.00"), line=1, code="DI", label="TEN")


def progress(billed: int, net: str, rate: int = 19, ordered: int = 3) -> LineProgress:
    return LineProgress(D(billed), D(ordered), D(net), D(rate))


def test_the_first_invoice_has_the_charges_of_the_order_and_the_next_has_not() -> None:
    first = charges_due([SHIPPING], {}, {1: progress(1, "100")})
    assert [(one.amount, one.tax_rate, one.code) for one in first] == [(D("4.90"), D(19), "FC")]
    assert charges_due([SHIPPING], {first[0].key: D("4.90")}, {1: progress(3, "200")}) == ()


def test_a_discount_on_a_line_goes_with_what_is_billed_of_it_to_the_last_cent() -> None:
    billed: dict[tuple[str, int, str, str], Decimal] = {}
    found = []
    for pieces in (1, 2, 3):
        for one in charges_due([OFF], billed, {1: progress(pieces, "10")}):
            billed[one.key] = billed.get(one.key, D(0)) + one.amount
            found.append(one.amount)
    assert found == [D("-0.33"), D("-0.34"), D("-0.33")]
    assert charges_due([OFF], {}, {2: progress(1, "10")}) == (), "another line"


def test_an_allowance_takes_off_no_more_than_there_is_and_the_rest_later() -> None:
    first = charges_due([COUPON], {}, {1: progress(1, "20")})
    assert [one.amount for one in first] == [D(-20)]
    rest = charges_due([COUPON], {ChargeKey("discount", 0, "SPRING", ""): D(-20)}, {1: progress(2, "20")})
    assert [one.amount for one in rest] == [D(-10)]


def test_a_rate_that_was_not_told_is_that_of_most_goods() -> None:
    (one,) = charges_due([COUPON], {}, {1: progress(1, "60", 7), 2: progress(1, "50", 19)})
    assert one.tax_rate == 7


def test_a_cent_of_rounding_below_0_has_no_tax_of_minus_0() -> None:
    (part,) = tax_totals([(D(0), D("-0.01"))])
    assert str(part.tax) == "0.00"


def test_alike_charges_are_billed_together() -> None:
    (one,) = charges_due([SHIPPING, SHIPPING], {}, {1: progress(1, "60")})
    assert one.amount == D("9.80")
