"""Who may come in: the API keys as the house sees them, and who was turned away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from core.clock import Clock, from_micros, iso, to_micros
from core.reporting.cursor import decode, encode, page
from core.store.engine import Store
from core.store.keys import KeyRow
from core.store.refused_calls import RefusedCalls, count_refused, list_refused
from gateway.authentication import ApiKeys
from gateway.web.access_port import Refused

_log = structlog.get_logger(__name__)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccessDesk:
    """See ``gateway.web.access_port.AccessDesk``; *counted* hears of each code how many calls it refused."""

    store: Store
    clock: Clock
    counted: Callable[[str, int], None] | None = None

    def keys(self, *, cursor: str | None, limit: int) -> Json:
        """Return a page of the keys, the oldest first."""
        key = decode(cursor, int, str)
        rows = self._keys().all()
        if key is not None:
            rows = [row for row in rows if (to_micros(row.created_at), row.prefix) > key]
        shown, more = page(rows[: limit + 1], limit)
        now = self.clock.now()
        following = encode(to_micros(shown[-1].created_at), shown[-1].prefix) if more else None
        return {"items": [key_json(row, now) for row in shown], "next": following}

    def revoke(self, prefix: str, *, actor: str) -> Json:
        """Close a key for good and return it."""
        keys = self._keys()
        keys.revoke(prefix)
        _log.info("key revoked", prefix=prefix, actor=actor)
        return next(key_json(row, self.clock.now()) for row in keys.all() if row.prefix == prefix)

    def refused(self, *, cursor: str | None, limit: int) -> Json:
        """Return a page of refused calls."""
        key = decode(cursor, int, str)
        behind = None if key is None else (from_micros(key[0]), key[1])
        rows = self.store.read(lambda tx: list_refused(tx, behind=behind, limit=limit + 1))
        shown, more = page(rows, limit)
        following = encode(to_micros(shown[-1].hour), shown[-1].id) if more else None
        return {"items": [_refused_json(row) for row in shown], "next": following}

    def count(self, refused: Sequence[Refused]) -> None:
        """Count, log and keep calls that were refused."""
        for each in refused:
            if self.counted is not None:
                self.counted(each.code, each.calls)
            told = each._asdict()
            _log.info("calls refused", prefix=told.pop("key"), **told)
        kept = [RefusedCalls(*each[:7], each.calls) for each in refused if each.kept]
        if kept:
            self.store.write(lambda tx: count_refused(tx, kept, self.clock.now()))

    def _keys(self) -> ApiKeys:
        return ApiKeys(self.store, self.clock)


def key_json(row: KeyRow, now: datetime) -> Json:
    """Return what the house may see of a key: everything but its hash."""
    return {
        "prefix": row.prefix,
        "name": row.name,
        "scopes": list(row.scopes),
        "partner": row.partner,
        "user": row.user,
        "roles": None if row.roles is None else list(row.roles),
        "units": None if row.units is None else list(row.units),
        "rate": row.rate,
        "state": "active" if row.is_active(now) else "revoked" if row.revoked_at else "expired",
        "created_at": iso(row.created_at),
        "expires_at": _instant(row.expires_at),
        "last_used_at": _instant(row.last_used_at),
    }


def _refused_json(row: Any) -> Json:
    told = {
        name: getattr(row, name) for name in ("code", "key", "name", "address", "method", "path", "reason", "calls")
    }
    return {"hour": iso(row.hour), **told, "first_at": iso(row.first_at), "last_at": iso(row.last_at)}


def _instant(value: datetime | None) -> str | None:
    return None if value is None else iso(value)
