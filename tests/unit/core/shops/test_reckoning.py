"""What a shop's order costs in our terms: each cent of its total is explained, or it is held (issue 5, part 3)."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from shop_sums import billed_total

from core.documents import LineTax, Order, OrderLine, ShopCharge, ShopOrder, ShopSums, ShopTax
from core.shops.reckoning import Reckoned, reckon
from core.values import round_money

D = Decimal


def shop_order(*lines: tuple[str, str], **told: object) -> ShopOrder:
    """Return an order of (quantity, price) lines under the ids "11", "12" ..."""
    ordered = tuple(
        OrderLine(number, D(quantity), supplier_code=f"SKU-{number}", price=D(price))
        for number, (quantity, price) in enumerate(lines, 1)
    )
    ids = tuple((number, str(10 + number)) for number in range(1, len(lines) + 1))
    return replace(ShopOrder(Order("7", ordered, currency="EUR"), "7", None, line_ids=ids), **told)  # type: ignore[arg-type]


def amounts(reckoned: Reckoned) -> list[tuple[str, int, Decimal, Decimal | None]]:
    return [(one.kind, one.line, one.amount, one.tax_rate) for one in reckoned.order.charges]


def test_a_tax_of_the_whole_order_is_that_of_its_lines_and_charges() -> None:
    charges = (
        ShopCharge("discount", D(-5), "SPRING", "SPRING", source="/total_discounts"),
        ShopCharge("shipping", D("4.90"), "Post", "STD", source="/shipping_lines/0/price"),
    )
    told = shop_order(("4", "12.50"), charges=charges, taxes=(ShopTax(D("9.48"), "VAT", D(19)),), total=D("59.38"))
    reckoned = reckon(told)
    assert reckoned.hold is None
    assert amounts(reckoned) == [("discount", 0, D(-5), D(19)), ("shipping", 0, D("4.90"), D(19))]
    assert [(one.code, one.label, one.source) for one in reckoned.order.charges] == [
        ("DI", "SPRING", "/total_discounts"),
        ("FC", "Post", "/shipping_lines/0/price"),
    ]
    assert reckoned.order.line_taxes[0].rate == 19
    assert billed_total(reckoned.order) == D("59.38")


def test_prices_with_tax_are_net_by_the_taxes_that_the_shop_tells() -> None:
    """3 x 9.99 with 19 %: the shop took 4.79 of 29.97, so 25.18 is left, and shipping is told with its own tax."""
    told = shop_order(
        ("3", "9.99"),
        tax_included=True,
        charges=(ShopCharge("shipping", D("4.95"), source="/s/0"),),
        taxes=(ShopTax(D("4.79"), "VAT", D(19), "11"), ShopTax(D("0.79"), "VAT", D(19), charge="/s/0")),
        total=D("34.92"),
    )
    reckoned = reckon(told)
    assert reckoned.hold is None
    assert reckoned.order.tax_included
    assert reckoned.order.lines[0].price == D("8.394958")
    assert reckoned.order.line_taxes == (LineTax(1, D(19), D("4.79")),)
    assert ("shipping", 0, D("4.16"), D(19)) in amounts(reckoned)
    assert billed_total(reckoned.order) == D("34.92")


def test_a_discount_on_a_line_and_one_on_shipping_go_with_what_they_are_of() -> None:
    told = shop_order(
        ("2", "11.90"),
        ("1", "10.70"),
        tax_included=True,
        charges=(
            ShopCharge("discount", D("-2.38"), "TEN", "TEN", "11", source="/l/0/d"),
            ShopCharge("discount", D("-1.19"), "TEN", "TEN", charge="/s/0", source="/s/0/d"),
            ShopCharge("shipping", D("5.95"), source="/s/0"),
        ),
        taxes=(
            ShopTax(D("3.42"), "VAT", D(19), "11"),
            ShopTax(D("0.70"), "VAT", D(7), "12"),
            ShopTax(D("0.76"), "VAT", D(19), charge="/s/0"),
        ),
        total=D("36.88"),
    )
    reckoned = reckon(told)
    assert reckoned.hold is None
    assert [line.price for line in reckoned.order.lines] == [D(10), D(10)]
    assert amounts(reckoned) == [
        ("discount", 1, D("-2.00"), D(19)),
        ("shipping", 0, D("5.00"), D(19)),
        ("discount", 0, D("-1.00"), D(19)),
    ]
    assert billed_total(reckoned.order) == D("36.88")


def test_what_is_not_taxed_among_what_is_has_the_rate_0() -> None:
    told = shop_order(
        ("1", "10"), ("1", "3"), taxes=(ShopTax(D("1.90"), "VAT", D(19), "11"),),
        charges=(ShopCharge("tip", D(2), source="/tip"),), total=D("16.90"),
    )  # fmt: skip
    reckoned = reckon(told)
    assert reckoned.hold is None
    assert [tax.rate for tax in reckoned.order.line_taxes] == [19, 0]
    assert amounts(reckoned) == [("tip", 0, D(2), D(0))]
    assert billed_total(reckoned.order) == D("16.90")


def test_a_rate_that_nobody_tells_is_the_roundest_that_explains_the_tax() -> None:
    told = shop_order(("1", "100"), ("2", "12.34"), taxes=(ShopTax(D("23.69")),), total=D("148.37"))
    reckoned = reckon(told)
    assert {tax.rate for tax in reckoned.order.line_taxes} == {19}
    assert billed_total(reckoned.order) == D("148.37")


def test_a_line_of_a_few_cents_has_the_rate_of_the_others_where_none_is_told() -> None:
    """0.10 on 0.50 would be 20 %; with 19.00 on 100.00 it is 19 %."""
    taxes = (ShopTax(D("19.00"), line_id="11"), ShopTax(D("0.10"), line_id="12"))
    reckoned = reckon(shop_order(("1", "100"), ("1", "0.50"), taxes=taxes, total=D("119.60")))
    assert [tax.rate for tax in reckoned.order.line_taxes] == [19, 19]
    assert billed_total(reckoned.order) == D("119.60")


def test_a_tax_that_names_no_line_is_that_of_the_charges_where_lines_tell_their_own() -> None:
    told = shop_order(
        ("1", "100"), taxes=(ShopTax(D("7.00"), rate=D(7), line_id="11"), ShopTax(D("0.95"), rate=D(19))),
        charges=(ShopCharge("shipping", D(5)),), total=D("112.95"),
    )  # fmt: skip
    reckoned = reckon(told)
    assert amounts(reckoned) == [("shipping", 0, D(5), D(19))]
    assert billed_total(reckoned.order) == D("112.95")


def test_cents_of_rounding_are_kept_as_a_charge_and_hold_nothing() -> None:
    """The shop rounds the tax of each line, our invoice once per rate."""
    taxes = tuple(ShopTax(D("0.02"), "VAT", D(19), str(10 + number)) for number in (1, 2, 3))
    told = shop_order(("1", "0.11"), ("1", "0.11"), ("1", "0.11"), taxes=taxes, total=D("0.38"))
    assert billed_total(replace(told.order)) == D("0.33")
    reckoned = reckon(replace(told, total=D("0.39")))
    assert reckoned.hold is None
    assert billed_total(reckoned.order) == D("0.39")


def test_more_than_rounding_holds_and_names_the_part() -> None:
    told = shop_order(
        ("4", "12.50"),
        charges=(ShopCharge("shipping", D("4.90")),),
        sums=ShopSums(goods=D(50), shipping=D("9.90")),
        total=D("59.90"),
    )
    hold = reckon(told).hold
    assert hold is not None
    assert (hold.code, hold.inputs["difference"]) == ("total.mismatch", "5.00")
    assert hold.inputs["parts"] == [{"part": "shipping", "told": "9.90", "found": "4.90"}]
    assert "shipping 9.90/4.90" in hold.reason


def test_taxes_that_no_rate_explains_are_nobodys_guess() -> None:
    """Two rates, told of the order alone: nobody says which line has which, so our own table decides on the invoice."""
    taxes = (ShopTax(D("1.90"), "VAT", D(19)), ShopTax(D("0.70"), "VAT", D(7)))
    reckoned = reckon(shop_order(("1", "10"), ("1", "10"), taxes=taxes, total=D("22.60")))
    assert reckoned.hold is None
    assert reckoned.order.line_taxes == ()


cents = st.integers(1, 50_000).map(lambda found: D(found) / 100)


@given(st.lists(st.tuples(st.integers(1, 40), cents, st.sampled_from([0, 7, 19])), min_size=1, max_size=6), cents)
def test_prices_with_tax_always_come_to_the_shops_total(
    lines: list[tuple[int, Decimal, int]], shipping: Decimal
) -> None:
    """Whatever is in the basket: the invoice is the shop's total to the cent, and nothing is held."""

    def tax_in(gross: Decimal, rate: int) -> Decimal:
        return round_money(gross * rate / (100 + rate))

    taxes = [
        ShopTax(tax_in(quantity * price, rate), "VAT", D(rate), str(10 + number))
        for number, (quantity, price, rate) in enumerate(lines, 1)
    ]
    told = shop_order(
        *((str(quantity), str(price)) for quantity, price, _ in lines),
        tax_included=True,
        charges=(ShopCharge("shipping", shipping, source="/s"),),
        taxes=(*taxes, ShopTax(tax_in(shipping, 19), "VAT", D(19), charge="/s")),
        total=sum((quantity * price for quantity, price, _ in lines), shipping),
    )
    reckoned = reckon(told)
    assert reckoned.hold is None
    assert billed_total(reckoned.order) == told.total


def test_an_order_of_many_lines_takes_time_by_their_number_alone() -> None:
    """Four times the lines with a discount and a tax each take four times as long: others wait meanwhile."""

    def seconds(count: int) -> float:
        ids = [str(10 + number) for number in range(1, count + 1)]
        told = shop_order(
            *[("2", "9.99")] * count,
            charges=tuple(ShopCharge("discount", D(-1), "TEN", "TEN", line_id=line_id) for line_id in ids),
            taxes=tuple(ShopTax(D("3.03"), "VAT", D(19), line_id) for line_id in ids),
            tax_included=True,
            total=D("18.98") * count,
        )
        began = time.process_time()
        assert reckon(told).hold is None
        return time.process_time() - began

    assert seconds(2_000) < 10 * min(seconds(500) for _ in range(2))
