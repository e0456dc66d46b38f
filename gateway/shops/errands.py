"""What is done at a shop: an order is fetched, news are told. Each may be done again at any time."""

from __future__ import annotations

from core.errors import SettingsInvalid, ValueRefused
from core.storefront import HookDelivery, ShopCall, ShopNews
from gateway.shops.calls import CallFault, Shop, ShopCaller


async def tell(caller: ShopCaller, shop: Shop, news: ShopNews) -> bool:
    """Tell a shop *news*, after asking what it has of them; False where the platform has no place for them.

    Raises:
        CallFault: it was not told, or whether it was is unknown; the next try asks.
    """
    storefront, access = shop.storefront, shop.access
    try:
        asked = storefront.asks(news, access)
        answers = [await _taken(caller, shop, call) for call in asked]
        calls = storefront.tell(news, access, answers)
    except ValueRefused as error:
        raise CallFault(error.message, refused=True) from error
    except SettingsInvalid as error:
        raise CallFault(error.message, no_access=True) from error
    for call in calls:
        await _taken(caller, shop, call)
    return bool(asked or calls)


async def fetch(caller: ShopCaller, shop: Shop, delivery: HookDelivery, body: bytes) -> bytes | None:
    """Return the order that a delivery names, as the shop answers it; None where the delivery needs no fetch.

    Raises:
        CallFault: it was not answered, or is another order.
    """
    try:
        event = shop.storefront.read(delivery, body, shop.access).event
        if event is None or not event.fetch:
            return None
        answer = await caller.call(shop, ShopCall("GET", event.fetch))
        told = shop.storefront.read_fetched(answer, shop.access).event
        if told is not None and told.fetch:  # in an old version of the API, which tells where the whole is
            answer = await caller.call(shop, ShopCall("GET", told.fetch))
            told = shop.storefront.read_fetched(answer, shop.access).event
    except SettingsInvalid as error:
        raise CallFault(error.message, no_access=True) from error
    if told is not None and (told.fetch or told.shop_id not in ("", event.shop_id)):
        raise CallFault(f"the order {event.shop_id} was asked for and {told.shop_id} was answered", refused=True)
    return answer


async def _taken(caller: ShopCaller, shop: Shop, call: ShopCall) -> bytes:
    answer = await caller.call(shop, call)
    try:
        refusal = shop.storefront.refusal(answer)
    except ValueRefused as error:  # a page of a proxy with the status 200, most often
        raise CallFault(error.message) from error
    if refusal:
        raise CallFault(f"refused: {refusal}", refused=True)
    return answer
