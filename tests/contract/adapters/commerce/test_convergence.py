"""Every platform's deliveries end an order the same way, in whatever sequence and however often they come."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from shop_lives import OPTIONS, PLATFORMS, life

from adapters.commerce.shopify.adapter import Shopify
from core.storefront import HookDelivery, ShopRead, StoreAccess
from core.testing.shop_life import Sent, all_sequences, exercise_convergence, some_sequences
from gateway.shops.registry import storefronts

D = Decimal
#: Amazon shows an order once it is paid, and tells no refund of it
TELLS_REFUNDS = set(PLATFORMS) - {"amazon"}


def access(platform: str) -> StoreAccess:
    return StoreAccess("main", (), OPTIONS[platform])


def test_every_platform_has_a_life() -> None:
    assert set(PLATFORMS) == set(storefronts())


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("cancelled", [False, True])
def test_every_sequence_ends_the_same(platform: str, cancelled: bool) -> None:
    """All permutations of what a platform tells of one order, each with a delivery that comes twice."""
    told = life(platform, 7, cancelled=cancelled)
    standing = exercise_convergence(storefronts()[platform], access(platform), told, all_sequences(len(told)))
    assert standing.snapshot is not None
    assert {line.supplier_code: line.quantity for line in standing.snapshot.order.lines} == {"CUP-1": 2, "LAMP-3": 200}
    assert standing.ended is cancelled
    assert standing.paid is not None
    assert standing.paid.amount == D("28.000")
    assert [refund.amount for refund in standing.refunds.values()] == ([D(5)] if platform in TELLS_REFUNDS else [])


@pytest.mark.parametrize(("platform", "topic"), [("shopify", "orders/delete"), ("woocommerce", "order.deleted")])
def test_a_deletion_is_never_forgotten(platform: str, topic: str) -> None:
    told = [*life(platform, 7, cancelled=False), Sent(topic, b'{"id": 7}')]
    standing = exercise_convergence(storefronts()[platform], access(platform), told, all_sequences(len(told)))
    assert standing.deleted


class _Timeless(Shopify):
    """Does not tell when a snapshot was made, so that the one that comes last counts."""

    def read(self, delivery: HookDelivery, body: bytes, access: StoreAccess) -> ShopRead:
        found = super().read(delivery, body, access)
        if found.event is None or found.event.order is None:
            return found
        return found._replace(event=found.event._replace(at=None, order=replace(found.event.order, updated_at=None)))


def test_the_exerciser_catches_a_storefront_that_depends_on_the_sequence() -> None:
    told = life("shopify", 7, cancelled=False)
    with pytest.raises(AssertionError, match="the order ends otherwise"):
        exercise_convergence(_Timeless(), access("shopify"), told, some_sequences(len(told), 10))
    with pytest.raises(AssertionError, match="is passed over"):
        exercise_convergence(Shopify(), access("shopify"), [Sent("shop/update", b"{}")], [(0,)])
    with pytest.raises(AssertionError, match="is refused"):
        exercise_convergence(Shopify(), access("shopify"), [Sent("orders/create", b"{}")], [(0,)])
