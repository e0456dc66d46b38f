"""Webhooks and orders of other hands: each gives an order, names one to fetch, is passed over, or is refused in words.

The corpus is looked for as in ``edifact/test_corpus_orders``; where it is missing, one loud line says so.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from corpus_files import CORPUS
from shop_sums import billed_total

from core.shops.reckoning import reckon
from core.storefront import HookDelivery, HookRequest, ShopRead, StoreAccess
from core.texts.catalogue import LANGUAGES, text_of

FOLDER: Final = CORPUS.parent / "webhooks"
FILES: Final = sorted(FOLDER.glob("*/*.json"))
#: by folder: the platform and the topic that such a body comes under
READ_AS: Final[dict[str, tuple[str, str]]] = {
    "amazon-sp-api": ("amazon", ""),
    "bigcommerce-callback": ("bigcommerce", ""),
    "magento-order": ("adobe_commerce", ""),
    "shopify-checkouts": ("shopify", "checkouts/create"),
    "shopify-draft_orders": ("shopify", "draft_orders/create"),
    "shopify-fragments": ("shopify", "orders/create"),
    "shopify-fulfillment_orders": ("shopify", "fulfillment_orders/split"),
    "shopify-fulfillments": ("shopify", "fulfillments/create"),
    "shopify-order_transactions": ("shopify", "order_transactions/create"),
    "shopify-orders": ("shopify", "orders/updated"),
    "shopify-refunds": ("shopify", "refunds/create"),
    "woocommerce-order": ("woocommerce", "order.updated"),
    "woocommerce-refund": ("woocommerce", "order.updated"),
    "woocommerce-webhook-resource": ("woocommerce", "order.updated"),
}
#: files that have another topic than their folder
TOPICS: Final = {
    "2025-04-orders-2": "orders/edited",
    "2025-04-orders-3": "orders/risk_assessment_changed",
    "orders_cancelled": "orders/cancelled",
    "orders_delete": "orders/delete",
    "orders_edited": "orders/edited",
    "orders_risk_assessment_changed": "orders/risk_assessment_changed",
    "orders_shopify_protect_eligibility_changed": "orders/shopify_protect",
}
#: what becomes of each: "order <lines>", "fetch", "refund", "deleted", "ignored", or the first fault
OUTCOMES: Final[dict[str, str]] = {
    # amazon-sp-api
    "FulfillmentOrderStatusNotification-0": "ignored",
    "OrderChangeNotification-0": "fetch",
    "ordersV0-orders-example": "fetch",
    "ordersV0-orders-sandbox1": "shop.several_orders /payload/Orders",
    "ordersV0-orders-sandbox2": "fetch",
    "ordersV0-orders_orderId_-example": "fetch",
    "ordersV0-orders_orderId_-sandbox1": "fetch",
    "ordersV0-orders_orderId_address-example": "fetch",
    "orders_2026-01-01-_orders_2026_01_01_orders-sandbox2": "order 1",
    "orders_2026-01-01-_orders_2026_01_01_orders_orderId_-sandbox3": "order 1",
    "vendorOrders-_vendor_orders_v1_purchaseOrders-sandbox3": "shop.order_missing /payload",
    "vendorOrders-_vendor_orders_v1_purchaseOrdersStatus-sandbox1": "shop.order_missing /payload",
    # bigcommerce-callback
    "store_order_archived": "deleted",
    "store_order_created": "fetch",
    "store_order_message_created": "ignored",
    "store_order_statusUpdated": "fetch",
    "store_shipment_created": "fetch",
    # magento-order
    "100000002": "order 1",
    "100000057": "order 1",
    # shopify-checkouts
    "2024-01-checkouts-1": "ignored",
    "2024-04-checkouts-1": "ignored",
    "checkouts_create": "ignored",
    # shopify-draft_orders
    "draft_order": "ignored",
    "2023-10-draft_orders-2": "ignored",
    "2024-04-draft_orders-1": "ignored",
    "2025-04-draft_orders-1": "ignored",
    # shopify-fragments
    "properties_empty_object": "shop.value_missing /id",
    "properties_invalid0": "shop.not_json at 24",
    "properties_invalid2": "shop.value_missing /id",
    "properties_ommited": "shop.value_missing /id",
    "requested_fulfillment_service_id_invalid": "shop.not_json at 832",
    "valid": "shop.value_missing /currency",
    "cart_updated_payload_with_null_note": "shop.value_missing /currency",
    "cart_updated_payload_with_properties": "shop.value_missing /currency",
    # shopify-fulfillment_orders
    "fulfillment_orders_order_routing_complete": "ignored",
    "fulfillment_orders_placed_on_hold": "ignored",
    "fulfillment_orders_split": "ignored",
    # shopify-fulfillments
    "fulfillment": "shop.value_missing /order_id",
    "2024-01-fulfillments-2": "fetch",
    "2025-04-fulfillments-1": "fetch",
    "fulfillments_create": "fetch",
    # shopify-order_transactions
    "2024-01-order_transactions-2": "fetch",
    "2025-04-order_transactions-1": "fetch",
    # shopify-orders
    "order_with_transaction": "order 2 cancelled",
    "2023-10-orders-2": "shop.value_not_currency /currency",
    "2024-01-orders-1": "shop.value_not_currency /currency",
    "2024-04-orders-1": "shop.value_not_currency /currency",
    "2025-04-orders-2": "fetch",
    "2025-04-orders-3": "ignored",
    "orders_cancelled": "order 2 cancelled",
    "orders_delete": "deleted",
    "orders_edited": "fetch",
    "orders_risk_assessment_changed": "ignored",
    "orders_shopify_protect_eligibility_changed": "ignored",
    # shopify-refunds
    "2025-04-refunds-2": "refund 0",
    "refunds_create": "refund 85.00",
    # woocommerce-order
    "v2-orders-1": "order 2",
    "wp-api-v1-orders-1": "order 2",
    "wp-api-v1-orders-3": "shop.several_orders ",
    "wp-api-v2-orders-1": "order 2",
    "wp-api-v3-orders-1": "order 2",
    "wp-api-v3-orders-3": "shop.several_orders ",
    "wp-api-v3-orders-4": "order 2",
    # woocommerce-refund
    "v3-order-refunds-1": "shop.value_missing /id",
    "wp-api-v1-order-refunds-3": "shop.several_orders ",
    "wp-api-v2-order-refunds-1": "shop.value_missing /currency",
    "wp-api-v3-order-refunds-3": "shop.several_orders ",
    # woocommerce-webhook-resource
    "v2-webhooks-1": "shop.value_missing /id",
    "v2-webhooks-3": "shop.value_missing /id",
    "v2-webhooks-4": "shop.value_missing /id",
    "wp-api-v1-webhooks-1": "shop.value_missing /currency",
    "wp-api-v1-webhooks-4": "shop.value_missing /currency",
    "wp-api-v3-webhooks-1": "shop.value_missing /currency",
    "wp-api-v3-webhooks-3": "shop.several_orders ",
}


def name(path: Path) -> str:
    """Return the name of a file without the repository that it comes from."""
    return path.stem.partition("__")[2]


def read(path: Path) -> ShopRead:
    """Read one file under its topic."""
    platform, topic = READ_AS[path.parent.name]
    adapter = importlib.import_module(f"adapters.commerce.{platform}.adapter").ADAPTER
    access = StoreAccess(
        "corpus", ("no secret is needed to read",), {"marketplace_id": "A1"} if platform == "amazon" else {}
    )
    found: ShopRead = adapter.read(HookDelivery("c", TOPICS.get(name(path), topic)), path.read_bytes(), access)
    return found


def outcome(read: ShopRead) -> str:
    """Return what became of a file in one line."""
    if read.event is None:
        found = next(found for found in read.violations if found.severity == "error")
        return f"{found.code} {found.tag}" if found.tag is not None else f"{found.code} at {found.offset}"
    if (told := read.event.order) is not None:
        return f"order {len(told.order.lines)}" + (" cancelled" if told.state == "cancelled" else "")
    if read.event.refund is not None:
        return f"refund {read.event.refund.amount}"
    return "fetch" if read.event.fetch else read.event.kind


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_becomes_of_a_file_is_what_the_table_says(path: Path) -> None:
    if path.parent.name == "standard-webhooks":
        return  # a vector of a signature, and no order: the test below
    found = read(path)
    assert outcome(found) == OUTCOMES[name(path)]
    for violation in found.violations:
        assert violation.tag is not None or violation.offset is not None, violation
        assert all(text_of(violation.code, violation.parameters, language) for language in LANGUAGES)
    order = found.event and found.event.order
    if order:
        assert not [one for one in found.violations if one.code == "shop.total_differs"]
        reckoned = reckon(order)
        assert reckoned.hold is None
        told_by_rate = bool(reckoned.order.line_taxes) or not order.taxes
        if order.total is not None and order.state != "cancelled" and told_by_rate:
            assert billed_total(reckoned.order) == order.total, "issue 5, part 3: every cent is explained"


def test_the_vector_with_several_signatures_holds() -> None:
    for path in FOLDER.glob("standard-webhooks/*.json"):
        vector: dict[str, Any] = json.loads(path.read_text("utf-8"))
        adapter = importlib.import_module("adapters.commerce.standard_webhooks.adapter").ADAPTER
        now = datetime.fromtimestamp(int(vector["headers"]["webhook-timestamp"]), UTC)
        access = StoreAccess("corpus", (vector["secret"],))
        request = HookRequest(vector["headers"], vector["body"].encode())
        assert adapter.verify(request, access, now).id == vector["headers"]["webhook-id"]


def test_every_file_of_the_corpus_is_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    if not FILES:
        with capsys.disabled():
            sys.stdout.write(f"\nWARNING: no webhook corpus in {FOLDER}; payloads of other hands were not read\n")
        return
    assert sorted(name(path) for path in FILES if path.parent.name in READ_AS) == sorted(OUTCOMES)
    assert sum(told.startswith("order") for told in OUTCOMES.values()) >= 10
