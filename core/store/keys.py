"""API keys: only their SHA-256 is kept; the prefix finds the row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, insert, literal, select, update

from core.store.engine import Tx
from core.store.tables.access import api_keys
from core.store.tables.master import partners, users


class KeyRow(NamedTuple):
    """One API key; ``partner`` is the code of the partner that it is bound to, None for the house.

    ``roles`` are its own, or those that the master data gives its ``user`` now; None for a key without roles. ``units``
    are the business units that it may order from, None for all; ``rate`` the calls a second that it may make for long,
    None for that of the settings.
    """

    prefix: str
    name: str
    hash: bytes
    scopes: tuple[str, ...]
    partner: str | None
    user: str | None
    roles: tuple[str, ...] | None
    units: tuple[str, ...] | None
    rate: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_active(self, now: datetime) -> bool:
        """Tell whether the key opens anything at *now*."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class UserRow(NamedTuple):
    """A person of the master data; ``units`` as of a key."""

    roles: tuple[str, ...]
    units: frozenset[str] | None


def add_key(
    tx: Tx,
    *,
    prefix: str,
    name: str,
    key_hash: bytes,
    scopes: Collection[str],
    partner_id: int | None,
    user: str | None,
    roles: Collection[str] | None,
    units: Collection[str] | None = None,
    rate: int | None = None,
    created_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Keep a new key."""
    tx.execute(
        insert(api_keys).values(
            prefix=prefix,
            name=name,
            hash=key_hash,
            scopes=sorted(scopes),
            partner_id=partner_id,
            user_name=user,
            roles=None if roles is None else sorted(roles),
            units=None if units is None else sorted(units),
            rate=rate,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def find_key(tx: Tx, prefix: str) -> KeyRow | None:
    """Return the key that begins with *prefix*."""
    row = tx.execute(_BY_PREFIX, {"prefix": prefix}).one_or_none()
    return None if row is None else _key(row)


def list_keys(tx: Tx) -> list[KeyRow]:
    """Return all keys, the oldest first."""
    return [_key(row) for row in tx.execute(_keys().order_by(api_keys.c.created_at, api_keys.c.prefix))]


def find_user(tx: Tx, name: str) -> UserRow | None:
    """Return the user *name*, None when the master data knows nobody of that name."""
    row = tx.execute(select(users.c.roles, users.c.units).where(users.c.name == name)).one_or_none()
    return None if row is None else UserRow(tuple(row.roles), None if row.units is None else frozenset(row.units))


def user_roles(tx: Tx, name: str) -> tuple[str, ...] | None:
    """Return the roles of the user *name*, None when the master data knows nobody of that name."""
    found = find_user(tx, name)
    return None if found is None else found.roles


def revoke_key(tx: Tx, prefix: str, at: datetime) -> bool:
    """Close the key *prefix* for good, as of *at* or of when it first was; tell whether there is such a key."""
    changed = tx.execute(
        update(api_keys)
        .where(api_keys.c.prefix == prefix)
        .values(revoked_at=func.coalesce(api_keys.c.revoked_at, literal(at, api_keys.c.revoked_at.type)))
    )
    return changed.rowcount == 1


def touch_key(tx: Tx, prefix: str, at: datetime) -> None:
    """Note that the key was used at *at*."""
    tx.execute(update(api_keys).where(api_keys.c.prefix == prefix).values(last_used_at=at))


def _keys() -> Select[Any]:
    return (
        select(
            api_keys,
            partners.c.code.label("partner"),
            users.c.roles.label("user_roles"),
            users.c.units.label("user_units"),
        )
        .join_from(api_keys, partners, api_keys.c.partner_id == partners.c.id, isouter=True)
        .join(users, users.c.name == api_keys.c.user_name, isouter=True)
    )


# Every call asks for its key: made once, because making a statement costs several times as much as running it.
_BY_PREFIX: Final = _keys().where(api_keys.c.prefix == bindparam("prefix"))


def _key(row: Any) -> KeyRow:
    # A user whom the master data no longer knows has no role, which is less than a key without roles.
    roles = row.roles if row.user_name is None else row.user_roles or ()
    units = row.units if row.user_name is None or row.units is not None else row.user_units
    return KeyRow(
        row.prefix,
        row.name,
        bytes(row.hash),
        tuple(row.scopes),
        row.partner,
        row.user_name,
        None if roles is None else tuple(roles),
        None if units is None else tuple(units),
        row.rate,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
    )
