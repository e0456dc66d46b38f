"""What a shop's message does to its order, and what it leaves to a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from shop_traffic import Message, Shops, shopify, woocommerce
from sqlalchemy import select, update

from adapters.commerce.shopify.adapter import ADAPTER
from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, Party, ShopDestination
from core.errors import Conflict, NotFound, StoreUnavailable
from core.intake.plausibility import PlausibleDates
from core.ordering.amend import Request, amend
from core.ordering.confirm import Desk
from core.reporting import views
from core.reporting.orders import order as order_json
from core.reporting.reports import report
from core.reporting.shops import shop_json
from core.shops import work
from core.shops.work import Effect, Shop, Told, bring
from core.store import orders as order_rows
from core.store.alerts import open_alerts
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_id_by_code
from core.store.tables.intake import documents, sources
from core.store.tables.ordering import holds, orders
from core.store.tables.shops import shop_deliveries
from core.store.tables.tasks import tasks
from core.storefront import HookDelivery, StoreAccess
from core.testing.trade import CRATE, CUP, MONDAY
from gateway.shops.deliveries import DeliveryDesk

D = Decimal


def told_tasks(shops: Shops) -> list[tuple[str, str, str]]:
    """Return (kind, role, subject) of every task, the first first."""
    found = shops.store.read(lambda tx: list(tx.execute(select(tasks).order_by(tasks.c.id))))
    return [(row.kind, row.role, row.subject) for row in found]


def open_holds(shops: Shops) -> list[tuple[str, int | None]]:
    found = shops.store.read(lambda tx: list(tx.execute(select(holds).where(holds.c.released_at.is_(None)))))
    return [(row.code, row.line) for row in found]


def of_shop(shops: Shops, number: str = "2026-EC-000001") -> dict[str, Any]:
    def read(tx: Tx) -> dict[str, Any]:
        return shop_json(tx, order_rows.by_number(tx, number)["id"]) or {}

    return shops.store.read(read)


def set_state(shops: Shops, state: str) -> None:
    shops.store.write(lambda tx: tx.execute(update(orders).values(state=state)))


def test_an_unknown_item_parks_its_line_with_a_task(shops: Shops) -> None:
    """What the shop's customer cannot answer is no refusal: the order is here, held, and a person is asked."""
    message = shopify(1, 1, {CUP: 3})
    told = json.loads(message.body)
    told["line_items"].append({"id": 99, "sku": "NOBODY", "name": "A thing", "price": "5.00", "quantity": 2})
    shops.tell("shopify", Message("orders/create", json.dumps(told).encode()))
    order = shops.order(1)
    assert order is not None
    assert order["state"] == "in_review"
    assert ("item.unknown", 2) in open_holds(shops)
    ((kind, role, _),) = told_tasks(shops)
    assert (kind, role) == ("shop.item_unknown", "sales")
    shops.tell("shopify", shopify(1, 2, {CUP: 3}))
    assert [row.state for row in shops.deliveries()] == ["done", "done"]
    settled = shops.order(1)
    assert settled is not None
    assert settled["state"] == "confirmed", "the shop took the line away"


def test_costs_discounts_taxes_and_gift_note_are_kept_with_the_order(shops: Shops) -> None:
    shops.tell(
        "shopify",
        shopify(
            1, 1, {CUP: 4}, note_attributes=[{"name": "Gift message", "value": "Happy birthday"}],
            shipping_lines=[{"title": "Post", "price": "4.90", "code": "STD"}], total_discounts="5.00",
            discount_codes=[{"code": "SPRING", "amount": "5.00"}], total_price="59.38",
            tax_lines=[{"title": "VAT", "rate": 0.19, "price": "9.48"}], total_tax="9.48",
        ),
    )  # fmt: skip
    told = of_shop(shops)
    assert [(one["kind"], one["amount"], one["name"]) for one in told["charges"]] == [
        ("discount", "-5.00", "SPRING"),
        ("shipping", "4.90", "Post"),
    ]
    assert [(one["name"], one["amount"], one["rate"]) for one in told["taxes"]] == [("VAT", "9.48", "19")]
    assert (told["total"], told["gift_note"], told["name"]) == ("59.38", "Happy birthday", "#1")
    order = shops.order(1)
    assert order is not None
    assert order["total"] == D("49.90"), "goods, discount and shipping without tax"

    shown = shops.store.read(lambda tx: order_json(tx, "2026-EC-000001"))
    assert (shown["gift_note"], shown["notes"]) == ("Happy birthday", []), "the carrier gets notes, not gift messages"


def test_a_gift_message_that_is_written_later_is_taken_over(shops: Shops) -> None:
    """Issue 5, part 3."""
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, note="Ring twice"))
    gift = [{"name": "Gift message", "value": "Happy birthday"}]
    shops.tell("shopify", shopify(1, 2, {CUP: 4}, note="Ring twice", note_attributes=gift))
    shown = shops.store.read(lambda tx: order_json(tx, "2026-EC-000001"))
    assert (shown["gift_note"], shown["notes"]) == ("Happy birthday", ["Ring twice"])


def test_a_test_order_reserves_nothing_and_owes_nothing(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, test=True, financial_status="paid"))
    order = shops.order(1)
    assert order is not None
    assert (order["test"], order["paid"]) == (True, [])


def test_an_order_that_ended_before_it_came_is_never_confirmed(shops: Shops) -> None:
    at = "2026-03-02T08:02:00Z"
    shops.tell("shopify", shopify(1, 2, {CUP: 4}, "orders/cancelled", cancelled_at=at))
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, "orders/create"))
    order = shops.order(1)
    assert order is not None
    assert order["state"] == "cancelled"
    shops.tell("shopify", shopify(2, 2, {CUP: 4}, closed_at=at))
    closed = shops.order(2)
    assert closed is not None
    assert closed["state"] == "in_review", "it may have been sent by somebody else"
    assert open_holds(shops) == [("manual", None)]


def test_a_cancellation_alone_waits_for_its_order(shops: Shops) -> None:
    gone = Message("orders/delete", b'{"id": 1}')
    shops.tell("shopify", gone)
    assert shops.order(1) is None
    assert shops.deliveries()[0].effect == "kept until the order itself is told"
    shops.tell("shopify", shopify(1, 1, {CUP: 4}))
    order = shops.order(1)
    assert order is not None
    assert order["state"] == "cancelled"


@pytest.mark.parametrize("state", ["packed", "shipped", "delivered"])
def test_a_cancellation_that_comes_too_late_asks_a_person_once(shops: Shops, state: str) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}))
    set_state(shops, state)
    at = "2026-03-02T08:02:00Z"
    for minute in (2, 3):
        shops.tell("shopify", shopify(1, minute, {CUP: 4}, "orders/cancelled", cancelled_at=at))
    order = shops.order(1)
    assert order is not None
    assert order["state"] == state
    assert told_tasks(shops) == [("shop.too_late", "sales", "main/1/end")]
    timeline = shops.store.read(lambda tx: views.timeline(tx, "2026-EC-000001"))
    assert [one["event"] for one in timeline["events"]].count("shop.cancelled_late") == 1


def test_a_change_that_comes_too_late_asks_a_person(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}))
    set_state(shops, "shipped")
    shops.tell("shopify", shopify(1, 2, {CUP: 9}))
    assert [(kind, role) for kind, role, _ in told_tasks(shops)] == [("shop.too_late", "sales")]


def test_a_refund_is_told_to_finance_once(shops: Shops) -> None:
    refund = {
        "id": 900, "order_id": 1, "processed_at": "2026-03-02T08:04:30Z", "note": "scratched",
        "transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}],
        "refund_line_items": [{"line_item_id": 11, "quantity": 1}],
    }  # fmt: skip
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, financial_status="paid"))
    for _ in range(2):
        shops.tell("shopify", Message("refunds/create", json.dumps(refund).encode()))
    assert told_tasks(shops) == [("shop.refund", "finance", "main/1/900")]
    (told,) = of_shop(shops)["refunds"]
    assert (told["amount"], told["reason"], told["lines"]) == (
        "5.00",
        "scratched",
        [{"line_id": "11", "quantity": "1"}],
    )


def test_what_was_paid_is_posted_once_and_follows_the_sum(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, financial_status="paid"))
    shops.tell("shopify", shopify(1, 2, {CUP: 4}, financial_status="paid"))
    order = shops.order(1)
    assert order is not None
    assert order["paid"] == [D("50.00")]
    shops.tell("shopify", shopify(1, 3, {CUP: 6}, financial_status="paid"))
    order = shops.order(1)
    assert order is not None
    assert order["paid"] == [D("75.00")]


def test_what_people_agreed_on_here_outlasts_the_shops_messages(shops: Shops) -> None:
    """Only what the shop altered is taken over: a payment leaves a quantity alone that was changed by hand."""
    shops.tell("shopify", shopify(1, 1, {CUP: 4, CRATE: 1}))
    more = OrderChange("", "1", ChangeFunction.CHANGE, (ChangedLine(1, LineAction.CHANGE, quantity=D(7)),))

    def by_hand(tx: Tx) -> None:
        desk = Desk(MasterCache(), "anna", shops.clock.now())
        amend(tx, desk, order_rows.by_number(tx, "2026-EC-000001", lock=True), Request(more, tx.ids.next()))

    shops.store.write(by_hand)
    shops.tell("shopify", shopify(1, 2, {CUP: 4, CRATE: 2}, financial_status="paid"))
    order = shops.order(1)
    assert order is not None
    assert (order["lines"][CUP][0], order["lines"][CRATE][0]) == (7, 2)


def test_a_shop_that_opens_a_cancelled_order_again_asks_a_person(shops: Shops) -> None:
    shops.tell("woocommerce", woocommerce(1, 1, {CUP: 4}))
    shops.tell("woocommerce", woocommerce(1, 2, {CUP: 4}, status="cancelled"))
    shops.tell("woocommerce", woocommerce(1, 3, {CUP: 4}, status="processing"))
    assert told_tasks(shops)[-1][0] == "shop.reopened"


def test_every_delivery_has_its_document_and_outcome(shops: Shops) -> None:
    """Sources, documents and outcomes know webhooks as they know files: nothing stays unexplained."""
    order = shopify(1, 1, {CUP: 4}, "orders/create")
    shops.tell("shopify", order, order, shopify(1, 2, {CUP: 5}), Message("orders/updated", b'{"id": 2}'))
    found = shops.store.read(
        lambda tx: list(tx.execute(select(documents, sources.c.channel, sources.c.transport, sources.c.origin).join(
            sources, sources.c.id == documents.c.source_id).order_by(documents.c.id)))
    )  # fmt: skip
    assert [(row.type, row.outcome, row.reason) for row in found] == [
        ("ORDERS", "accepted", None),
        ("ORDCHG", "duplicate", "shop.nothing_new"),
        ("ORDCHG", "changed", None),
        ("ORDERS", "rejected", "shop.value_missing"),
    ]
    assert {(row.channel, row.transport, row.origin) for row in found} == {("EC", "webhook", "hooks/shopify/main")}
    reconciled = shops.store.read(views.reconciliation)
    assert (reconciled["documents"], reconciled["unexplained"]) == (4, 0)
    assert shops.deliveries()[-1].state == "failed"
    assert [one["kind"] for one in shops.store.read(open_alerts)] == ["shop.delivery_failed"]


def test_a_reference_of_two_stores_of_one_partner_is_parked(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}))
    shops.tell("woocommerce", woocommerce(1, 1, {CUP: 1}))
    failed = shops.deliveries()[-1]
    assert (failed.state, failed.problem["code"]) == ("failed", "order.number_reused")


def test_an_old_order_is_refused_with_its_date(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, created_at="2020-01-01T00:00:00Z"))
    assert shops.deliveries()[0].problem["code"] == "date.too_old"
    assert shops.order(1) is None


def test_what_is_no_order_is_passed_over(shops: Shops) -> None:
    shops.tell("shopify", Message("products/update", b'{"id": 5}'))
    assert shops.deliveries()[0].state == "ignored"
    assert shops.store.read(lambda tx: list(tx.execute(select(documents)))) == []


def test_a_thin_body_waits_until_its_order_is_fetched(shops: Shops) -> None:
    edit = Message("orders/edited", b'{"order_edit": {"order_id": 1}}')
    shops.tell("shopify", edit)
    assert "base_url" in shops.deliveries()[0].problem["message"]
    shops.open_to("https://shop.example")
    shops.tell("shopify", edit)
    waiting = shops.deliveries()[1]
    assert (waiting.state, waiting.shop_id) == ("fetching", "1")
    answer = json.dumps({"order": json.loads(shopify(1, 3, {CUP: 4}).body)}).encode()
    shops.store.write(
        lambda tx: tx.execute(
            update(shop_deliveries).where(shop_deliveries.c.id == waiting.id).values(fetched=answer, state="queued")
        )
    )
    shops.worker.run_due()
    order = shops.order(1)
    assert order is not None
    assert order["lines"][CUP][0] == 4


def test_a_failure_of_ours_is_tried_again_and_then_told(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """One delivery that fails keeps none of the others back."""
    takes = work.plan_order

    def fails(snapshot: Any, order: Any, **how: Any) -> Any:
        if order.buyer_reference == "2":
            raise RuntimeError("broken")
        return takes(snapshot, order, **how)

    monkeypatch.setattr(work, "plan_order", fails)
    shops.tell("shopify", *(shopify(shop_id, 1, {CUP: 1}) for shop_id in (1, 2, 3)))
    assert [row.state for row in shops.deliveries()] == ["done", "queued", "done"]
    for _ in range(6):
        shops.clock.advance(timedelta(minutes=5))
        shops.worker.run_due()
    assert shops.deliveries()[1].state == "failed"
    (alert,) = shops.store.read(open_alerts)
    assert "RuntimeError: broken" in alert["message"]
    monkeypatch.undo()
    desk = DeliveryDesk(shops.store, shops.clock, lambda: None)
    failed = str(shops.deliveries()[1].id)
    assert desk.retry(failed, actor="anna", reason="mended")["state"] == "queued"
    with pytest.raises(Conflict):
        desk.retry(failed, actor="anna", reason="again")
    shops.worker.run_due()
    assert desk.delivery(failed)["effect"] == "placed 2026-EC-000003"
    with pytest.raises(NotFound):
        desk.delivery("1")


def test_a_database_that_fails_ends_the_round(shops: Shops) -> None:
    shops.keep("shopify", [shopify(1, 1, {CUP: 1})])
    shops.store.close()
    with pytest.raises(StoreUnavailable):
        shops.worker.run_due()


def test_deliveries_are_listed_by_pages(shops: Shops) -> None:
    shops.tell("shopify", *(shopify(shop_id, 1, {CUP: 1}) for shop_id in range(5)))
    desk = DeliveryDesk(shops.store, shops.clock, lambda: None)
    found, cursor = [], None
    while True:
        page = desk.deliveries(state="done", store="main", cursor=cursor, limit=2)
        found += [one["shop_id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == ["4", "3", "2", "1", "0"]
    assert desk.deliveries(state="failed", store=None, cursor=None, limit=2)["items"] == []
    assert desk.deliveries(state=None, store="other", cursor=None, limit=2)["items"] == []
    assert desk.deliveries(state=None, store=None, cursor=None, limit=1)["items"][0]["received_at"].startswith(
        (MONDAY + timedelta(hours=2)).date().isoformat()
    )


def test_a_day_of_webhooks_is_held_against_the_targets_of_shops(shops: Shops) -> None:
    """INT-06: what is confirmed without a hand takes no ten minutes, and no field of it is corrected."""
    shops.tell("shopify", *(shopify(shop_id, 1, {CUP: 2}, "orders/create") for shop_id in range(1, 21)))
    told = shops.store.read(lambda tx: report(tx, "channel-performance", first=None, last=None, now=shops.clock.now()))
    (row,) = [row for row in told["rows"] if row["channel"] == "EC"]
    assert (row["orders"], row["handled"], row["error_percent"], row["met"]) == (20, 20, "0.00", True)


def test_an_order_beyond_what_is_kept_is_refused_at_once(shops: Shops) -> None:
    beyond = {CUP: 9_000_000_000_000, CRATE: 9_000_000_000_000}
    shops.tell("shopify", shopify(1, 1, {CUP: 2}), shopify(1, 2, beyond), shopify(2, 1, beyond))
    assert [row.state for row in shops.deliveries()] == ["done", "failed", "failed"]
    order = shops.order(1)
    assert order is not None
    assert order["lines"][CUP][0] == 2


def test_an_order_for_several_addresses_is_held_and_shown_with_them(shops: Shops) -> None:
    """We send an order to one address; which pieces go where is kept for the person who divides it."""
    told = ADAPTER.read(HookDelivery("d", "orders/create"), shopify(1, 1, {CUP: 4}).body, StoreAccess("main")).event
    assert told is not None
    assert told.order is not None
    places = tuple(ShopDestination(Party("DP", name=name, city="Wien"), (("11", D(2)),)) for name in ("Ada", "Bo"))
    event = told._replace(order=replace(told.order, destinations=places))

    def work(tx: Tx) -> Effect:
        partner_id = partner_id_by_code(tx, "ACME")
        assert partner_id is not None
        desk = Desk(MasterCache(), "shop", shops.clock.now())
        by = Told(event, tx.ids.next(), tx.ids.next(), shops.clock.now())
        return bring(tx, desk, PlausibleDates(), Shop("shopify", "main", partner_id), by)

    assert shops.store.write(work).outcome == "accepted"
    assert open_holds(shops) == [("manual", None)]
    assert [one["address"]["name"] for one in of_shop(shops)["destinations"]] == ["Ada", "Bo"]


def test_another_currency_than_our_prices_holds_the_order(shops: Shops) -> None:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, currency="SEK"))
    order = shops.order(1)
    assert order is not None
    assert order["state"] == "in_review"
    assert ("price.missing", 1) in open_holds(shops)
