"""What ``ordergate doctor`` looks at: that the issuer's keys are there, and that what claims mean here exists."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from core.store import Tx
from core.store.lookup import MasterCache
from core.store.master import partner_codes
from gateway.oidc.fetching import fetch_keys
from gateway.oidc.settings import OidcSettings
from gateway.settings import HttpOutSettings
from gateway.transports.http_out.client import HttpOut


def keys_published(settings: OidcSettings, http_out: HttpOutSettings) -> list[str]:
    """Return what each key of the issuer is called and signs with.

    Raises:
        OrdergateError: it cannot be reached, must not be called, or publishes no key that is allowed.
    """

    async def ask() -> list[str]:
        async with HttpOut(http_out.policy, timeout_seconds=http_out.timeout_seconds, ca_file=http_out.ca_file) as out:
            keys = await fetch_keys(out, settings)
        return [f"{one.kid or 'a key without name'} ({', '.join(sorted(one.algorithms))})" for one in keys]

    return asyncio.run(ask())


def unknown_meanings(settings: OidcSettings, tx: Tx) -> Iterator[str]:
    """Yield what the tables of *settings* name and the rules in force or the master data do not know."""
    cache = MasterCache()
    cache.refresh(tx)
    roles, partners = cache.rules.book.roles.roles, partner_codes(tx)
    for theirs, ours in settings.roles.items():
        yield from (f"oidc.roles.{theirs}: there is no role {role}" for role in ours if role not in roles)
    for value, code in settings.partners.items():
        if code not in partners:
            yield f"oidc.partners.{value}: there is no partner {code}"
