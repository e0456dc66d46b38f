"""The door for tokens: from the header to the same principal that an API key has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from joserfc.jwk import Key

from core.clock import Clock
from core.errors import NotFound, TokenRefused
from core.roles.matrix import DEFAULT_ROLES
from core.store import Store, Tx
from core.store.keys import find_user
from core.store.lookup import MasterCache, partner_id_by_code
from gateway.oidc.keys import IssuerKeys
from gateway.oidc.rights import Holder, Rights, holder_of, rights_of
from gateway.oidc.settings import OidcSettings
from gateway.oidc.tokens import TokenHead, checked_claims, read_head
from gateway.settings import HttpOutSettings
from gateway.transports.http_out.client import HttpOut
from gateway.web.ports import Principal


class TokenDoor:
    """See ``gateway.web.ports.TokenDoor``."""

    def __init__(self, settings: OidcSettings, keys: IssuerKeys, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._keys = keys
        self._store = store
        self._clock = clock
        self._cache = MasterCache()

    async def admit(self, token: str) -> Principal:
        """Return who holds *token* and what it allows.

        Raises:
            TokenRefused: it does not count; its ``reason`` is for our log.
            IssuerUnavailable: there are no keys to judge it by.
        """
        head = read_head(token, self._settings.algorithms)
        key = await self._keys.find(head)
        return await asyncio.to_thread(self._principal, token, head, key)

    def _principal(self, token: str, head: TokenHead, key: Key) -> Principal:
        settings = self._settings
        claims = checked_claims(
            token,
            head,
            key,
            issuer=settings.issuer,
            audience=settings.audience,
            leeway_seconds=settings.leeway_seconds,
            now=self._clock.now(),
        )
        rights, holder = rights_of(claims, settings), holder_of(claims)
        try:
            return self._store.read(lambda tx: self._look_up(tx, rights, holder))
        except NotFound:
            reason = "token.user_unknown" if rights.partner is None else "token.partner_unknown"
            raise TokenRefused(reason, holder=holder.name) from None

    def _look_up(self, tx: Tx, rights: Rights, holder: Holder) -> Principal:
        """Return the principal by what partners, users and rules are at this moment.

        Raises:
            NotFound: there is no such partner or user.
        """
        if rights.partner is not None and partner_id_by_code(tx, rights.partner) is None:
            raise NotFound
        user = None if rights.user is None else find_user(tx, rights.user)
        if rights.user is not None and user is None:
            raise NotFound
        roles = rights.roles if user is None else frozenset(user.roles)
        matrix = DEFAULT_ROLES
        if roles is not None:
            self._cache.refresh(tx)
            matrix = self._cache.rules.book.roles
        # By a user's name they are one person with their keys: nobody approves what they asked for themselves.
        return Principal(
            rights.user or holder.name,
            rights.scopes,
            rights.partner,
            holder.key,
            roles,
            matrix,
            None if user is None else user.units,
        )


@asynccontextmanager
async def opened(
    settings: OidcSettings, http_out: HttpOutSettings, store: Store, clock: Clock
) -> AsyncIterator[TokenDoor]:
    """Run the door of the issuer of *settings*; its keys are asked for at once, and nobody waits for them here."""
    async with HttpOut(http_out.policy, timeout_seconds=http_out.timeout_seconds, ca_file=http_out.ca_file) as out:
        keys = IssuerKeys(settings, out, clock)
        keys.begin()
        try:
            yield TokenDoor(settings, keys, store, clock)
        finally:
            await keys.aclose()
