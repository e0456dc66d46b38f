"""Checks the stores of a file by their platforms: one that is not there, settings that it does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.storefront import StoreAccess
from gateway.master_data.models import MasterData, StoreFront
from gateway.shops.registry import storefronts


def broken_stores(master: MasterData, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield one line a fault in ``[[stores]]``, with its key path.

    Secrets are looked at where *environment* has them; a gateway of another environment may have those that it lacks.
    """
    if not master.stores:
        return
    platforms = storefronts()
    for index, row in enumerate(master.stores):
        front = platforms.get(row.platform)
        if front is None:
            known = ", ".join(sorted(platforms))
            yield f"stores[{index}].platform: there is no platform {row.platform!r}; platforms are {known}"
            continue
        named = _named_secrets(row, environment)
        for fault in front.check(StoreAccess(row.store, tuple(named.values()), row.options)):
            place, _, rest = fault.place.partition(".")
            if place != "secrets":
                yield f"stores[{index}].options.{fault.place}: {fault.message}"
            elif rest:
                yield f"stores[{index}].{list(named)[int(rest)]}: {fault.message}"


def _named_secrets(row: StoreFront, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that are there, by the key that names their variable."""
    names = {"secret_env": row.secret_env, "previous_secret_env": row.previous_secret_env}
    return {key: secret for key, name in names.items() if (secret := environment.get(name, "").strip())}
