"""The platforms that are built in, and how one store of them is spoken with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from core.errors import SettingsInvalid
from core.store.engine import Tx
from core.store.shops import store_rows
from core.storefront import ShopCall, StoreAccess, Storefront
from gateway.shops.calls import Shop

#: characters of a secret or token that may be around it in a file or variable
_BLANKS: Final = " \t\r\n"
#: when a call is signed that is never made
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@lru_cache(maxsize=1)
def storefronts() -> Mapping[str, Storefront]:
    """Return every platform by its id; they are imported when the first store needs one."""
    from adapters.commerce.adobe_commerce.adapter import ADAPTER as ADOBE_COMMERCE  # noqa: PLC0415 - see above
    from adapters.commerce.amazon.adapter import ADAPTER as AMAZON  # noqa: PLC0415 - as above
    from adapters.commerce.bigcommerce.adapter import ADAPTER as BIGCOMMERCE  # noqa: PLC0415 - as above
    from adapters.commerce.generic.adapter import ADAPTER as GENERIC  # noqa: PLC0415 - as above
    from adapters.commerce.shopify.adapter import ADAPTER as SHOPIFY  # noqa: PLC0415 - as above
    from adapters.commerce.standard_webhooks.adapter import ADAPTER as STANDARD_WEBHOOKS  # noqa: PLC0415 - as above
    from adapters.commerce.woocommerce.adapter import ADAPTER as WOOCOMMERCE  # noqa: PLC0415 - as above

    platforms: tuple[Storefront, ...] = (
        SHOPIFY, WOOCOMMERCE, BIGCOMMERCE, ADOBE_COMMERCE, AMAZON, STANDARD_WEBHOOKS, GENERIC,
    )  # fmt: skip
    return MappingProxyType({platform.id: platform for platform in platforms})


class StoreRow(NamedTuple):
    """One of ``[[stores]]`` as it is kept."""

    platform: str
    store: str
    partner_id: int
    secret_env: str
    previous_secret_env: str
    token_env: str
    base_url: str
    options: Mapping[str, Any]
    write_back: bool


def stores(tx: Tx) -> dict[tuple[str, str], StoreRow]:
    """Return the stores that are loaded, by platform and name."""
    return {(row["platform"], row["store"]): StoreRow(**row) for row in store_rows(tx)}


def access_of(row: StoreRow, environment: Mapping[str, str]) -> StoreAccess:
    """Return how the store *row* is spoken with; its secrets are read from *environment* each time.

    Raises:
        SettingsInvalid: the variable of its secret is not set.
    """
    secrets = [environment.get(name, "").strip(_BLANKS) for name in (row.secret_env, row.previous_secret_env) if name]
    if not secrets[0]:
        raise SettingsInvalid(
            f"the secret of the store {row.platform}/{row.store} is not there",
            hint=f"Set the environment variable {row.secret_env} for the gateway.",
        )
    return StoreAccess(row.store, tuple(secret for secret in secrets if secret), row.options)


def shop_of(row: StoreRow, environment: Mapping[str, str]) -> Shop:
    """Return the store *row* as its API is called.

    Raises:
        SettingsInvalid: its platform is none that is built in, it has no address, or its secret is not set.
    """
    storefront = storefronts().get(row.platform)
    name = f"{row.platform}/{row.store}"
    if storefront is None:
        raise SettingsInvalid(f"there is no platform {row.platform}", hint=f"It is that of the store {name}.")
    if not row.base_url:
        raise SettingsInvalid(
            f"it is not told where the API of the store {name} is", hint="Set base_url in [[stores]]."
        )
    token = environment.get(row.token_env, "").strip(_BLANKS) if row.token_env else ""
    return Shop(storefront, access_of(row, environment), row.base_url, token)


def faults_of(row: StoreRow, environment: Mapping[str, str]) -> list[str]:
    """Return what keeps a loaded store from being served, nothing where it can be."""
    front = storefronts().get(row.platform)
    if front is None:
        return [f"there is no platform {row.platform}"]
    try:
        access = access_of(row, environment)
    except SettingsInvalid as error:
        return [f"{row.secret_env} is not set: {error.message}"]
    if faults := [f"{fault.place}: {fault.message}" for fault in front.check(access)]:
        return faults
    if not row.base_url:
        return (
            ["base_url: its webhooks name orders alone, which are fetched from there"] if front.fetches(access) else []
        )
    return _token_faults(front, access, row, environment)


def _token_faults(front: Storefront, access: StoreAccess, row: StoreRow, environment: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the token of a store that is called; only the shop can say whether it counts."""
    token = environment.get(row.token_env, "").strip(_BLANKS) if row.token_env else ""
    try:
        if front.login(token, access) is None:
            front.authorise(ShopCall("GET", "/"), token, access, _EPOCH)
    except SettingsInvalid as error:
        return [f"{row.token_env or 'token_env'}: {error.message}. {error.hint}"]
    return []
