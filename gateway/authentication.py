"""API keys: made, listed, revoked, recognised.

A key is ``og_<prefix>_<secret>`` with 256 random bits; only its SHA-256 is stored. A slow hash would add nothing:
there is no dictionary of 256 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from core.clock import Clock
from core.errors import NotFound, SystemFailed, Unauthenticated, UsageError
from core.roles.matrix import DEFAULT_ROLES, RoleRules
from core.store import Store, Tx
from core.store import keys as store_keys
from core.store.keys import KeyRow
from core.store.lookup import MasterCache
from core.store.master import partner_codes
from gateway.web.ports import Principal

SCOPES: Final = frozenset({"read", "submit", "operate", "admin"})
#: the scopes of a key with roles for which none are given: its roles say the rest
ROLE_SCOPES: Final = frozenset({"read", "submit", "operate"})
#: calls a second that a key may be given
MAX_RATE: Final = 100_000
_PREFIX_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_PREFIX_LENGTH: Final = 10
_SECRET_BYTES: Final = 32
_FORM: Final = re.compile(rf"og_([{_PREFIX_ALPHABET}]{{{_PREFIX_LENGTH}}})_[A-Za-z0-9_-]{{43}}", re.ASCII)
#: compared with when there is no such key, so that both ways take the same time
_NOBODY: Final = hashlib.sha256(b"nobody").digest()
#: the last use is written at most this often
_TOUCH_EVERY: Final = timedelta(minutes=5)


class NewKey(NamedTuple):
    """A key that was just made; ``token`` is shown this once and kept nowhere."""

    token: str
    prefix: str
    name: str
    scopes: tuple[str, ...]
    partner: str | None
    expires_at: datetime | None
    user: str | None = None
    roles: tuple[str, ...] | None = None
    units: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        """Name the key by its public part."""
        return f"<key {self.prefix} of {self.name!r}>"


class ApiKeys:
    """The API keys of one database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._touched: dict[str, datetime] = {}
        self._cache = MasterCache()

    def authenticate(self, token: str) -> Principal:
        """Return whose key *token* is.

        Raises:
            Unauthenticated: no such key, expired or revoked.
        """
        form = _FORM.fullmatch(token)
        prefix = form.group(1) if form else ""
        row, matrix = self._store.read(lambda tx: self._find(tx, prefix))
        same = hmac.compare_digest(_digest(token), row.hash if row else _NOBODY)
        now = self._clock.now()
        if row is None or not same:
            raise Unauthenticated("no such key")
        if not row.is_active(now):
            raise Unauthenticated("the key is revoked" if row.revoked_at else "the key has expired")
        self._touch(prefix, now)
        roles = None if row.roles is None else frozenset(row.roles)
        # Who has several keys is one person: approvals count people.
        units = None if row.units is None else frozenset(row.units)
        return Principal(
            row.user or row.name, frozenset(row.scopes), row.partner, prefix, roles, matrix, units, row.rate
        )

    def _find(self, tx: Tx, prefix: str) -> tuple[KeyRow | None, RoleRules]:
        """Return the key of *prefix*, and the permission matrix in force where it counts."""
        row = store_keys.find_key(tx, prefix)
        if row is None or row.roles is None:
            return row, DEFAULT_ROLES
        self._cache.refresh(tx)
        return row, self._cache.rules.book.roles

    def create(
        self,
        name: str,
        scopes: Collection[str],
        *,
        partner: str | None = None,
        user: str | None = None,
        roles: Collection[str] | None = None,
        units: Collection[str] | None = None,
        rate: int | None = None,
        expires_at: datetime | None = None,
        token: str | None = None,
    ) -> NewKey:
        """Make a key, or keep *token* that :func:`new_token` made before.

        With *roles*, or the roles of a *user* of the master data, the permission matrix says what it may do within its
        scopes; no scopes then stand for :data:`ROLE_SCOPES`. *units* are the business units that it may order
        from; without them those of its user count, or all. *rate* is how many calls a second it may make for long,
        instead of the rate of the settings.

        Raises:
            UsageError: a rate that is none, an unknown scope or role, no scope, or ``admin`` or a role for a partner.
            NotFound: there is no such partner or user.
        """
        with_roles = user is not None or roles is not None
        if with_roles and not scopes:
            scopes = ROLE_SCOPES
        _check(name, scopes, partner)
        if rate is not None and not 1 <= rate <= MAX_RATE:
            raise UsageError(f"a rate is 1 to {MAX_RATE} calls a second")
        if with_roles and partner is not None:
            raise UsageError("roles are for people of the house, not for a partner's key")
        if user is not None and roles is not None:
            raise UsageError("a key has roles of its own or those of its user, not both")
        token = token or new_token()
        prefix = token.split("_")[1]

        def work(tx: Tx) -> None:
            ids = partner_codes(tx) if partner is not None else {}
            if partner is not None and partner not in ids:
                raise NotFound(f"there is no partner {partner!r}")
            self._check_roles(tx, user, roles)
            store_keys.add_key(
                tx,
                prefix=prefix,
                name=name,
                key_hash=_digest(token),
                scopes=scopes,
                partner_id=ids[partner] if partner is not None else None,
                user=user,
                roles=roles,
                units=units,
                rate=rate,
                created_at=self._clock.now(),
                expires_at=expires_at,
            )

        self._store.write(work)
        own = None if roles is None else tuple(sorted(roles))
        only = None if units is None else tuple(sorted(units))
        return NewKey(token, prefix, name, tuple(sorted(scopes)), partner, expires_at, user, own, only)

    def _check_roles(self, tx: Tx, user: str | None, roles: Collection[str] | None) -> None:
        given = roles if user is None else store_keys.user_roles(tx, user)
        if user is not None and given is None:
            raise NotFound(f"there is no user {user!r}", hint="Load `[[users]]` of the master data first.")
        self._cache.refresh(tx)
        known = self._cache.rules.book.roles.roles
        if unknown := set(given or ()) - known:
            raise UsageError(
                f"unknown role {', '.join(sorted(unknown))}", hint=f"Roles are {', '.join(sorted(known))}."
            )

    def all(self) -> list[KeyRow]:
        """Return every key, the oldest first."""
        return self._store.read(store_keys.list_keys)

    def revoke(self, prefix: str) -> None:
        """Close the key *prefix* (the part between the underscores, or the whole key) for good.

        Raises:
            NotFound: there is no such key.
        """
        form = _FORM.fullmatch(prefix)
        found = form.group(1) if form else prefix
        if not self._store.write(lambda tx: store_keys.revoke_key(tx, found, self._clock.now())):
            raise NotFound(f"there is no key {found!r}", hint="ordergate keys list shows their prefixes.")

    def _touch(self, prefix: str, now: datetime) -> None:
        last = self._touched.get(prefix)
        if last is not None and now - last < _TOUCH_EVERY:
            return
        self._touched[prefix] = now
        # Who may read may read on a full disk or beside a locked database, too: only the mark of use is lost.
        with suppress(SystemFailed):
            self._store.write(lambda tx: store_keys.touch_key(tx, prefix, now))


def new_token() -> str:
    """Return a fresh key that no database knows yet."""
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(_PREFIX_LENGTH))
    return f"og_{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"


def _digest(token: str) -> bytes:
    # A header may bring bytes that are no text; they hash to something that no key has.
    return hashlib.sha256(token.encode(errors="backslashreplace")).digest()


def _check(name: str, scopes: Collection[str], partner: str | None) -> None:
    unknown = set(scopes) - SCOPES
    if unknown or not scopes:
        what = f"unknown scope {', '.join(sorted(unknown))}" if unknown else "a key needs a scope"
        raise UsageError(what, hint=f"Scopes are {', '.join(sorted(SCOPES))}.")
    if partner is not None and "admin" in scopes:
        raise UsageError("a partner's key cannot be an admin key", hint="Give it read and submit.")
    if not name or len(name) > 100 or not name.isprintable():
        raise UsageError("a key needs a printable name of at most 100 characters")
