"""Rows of maps of columns that are kept under a name: a new version a change, all of them kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, insert, select

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.imports import import_maps

Row = dict[str, Any]


class MapName(NamedTuple):
    """Whose map it is ("" the house's) and how it is called."""

    partner: str
    name: str


def latest(tx: Tx, key: MapName) -> Row | None:
    """Return the newest version of a map, also one that says that it is removed; None where there never was one."""
    statement = select(import_maps).where(_is(key)).order_by(import_maps.c.version.desc()).limit(1)
    row = tx.execute(statement).mappings().first()
    return None if row is None else dict(row)


def for_partner(tx: Tx, name: str, partner: str | None) -> Row:
    """Return the map *name* of *partner*, or the house's where the partner has none of its own.

    Raises:
        NotFound: there is none.
    """
    for owner in dict.fromkeys((partner or "", "")):
        row = latest(tx, MapName(owner, name))
        if row is not None and row["map"] is not None:
            return row
    raise NotFound(f"there is no map {name}", hint="PUT /api/v1/import-maps/{name} keeps one.")


def add_version(tx: Tx, key: MapName, version: int, document: Any, *, actor: str, at: datetime) -> None:
    """Keep a version; *document* is None where the map is removed."""
    values = {**key._asdict(), "version": version, "map": document, "changed_by": actor[:100], "changed_at": at}
    tx.execute(insert(import_maps), values)


def page(tx: Tx, *, partner: str | None, after: MapName | None, limit: int) -> list[Row]:
    """Return at most *limit* maps, each at its newest version, by name: those of *partner* and the house's."""
    newest = (
        select(import_maps.c.partner, import_maps.c.name, func.max(import_maps.c.version).label("version"))
        .group_by(import_maps.c.partner, import_maps.c.name)
        .subquery()
    )
    statement = (
        select(import_maps)
        .join(newest, and_(*(import_maps.c[name] == newest.c[name] for name in ("partner", "name", "version"))))
        .where(import_maps.c.map.is_not(None))
        .order_by(import_maps.c.name, import_maps.c.partner)
        .limit(limit)
    )
    if partner is not None:
        statement = statement.where(import_maps.c.partner.in_(("", partner)))
    if after is not None:
        same = (import_maps.c.name == after.name) & (import_maps.c.partner > after.partner)
        statement = statement.where((import_maps.c.name > after.name) | same)
    return [dict(row) for row in tx.execute(statement).mappings()]


def _is(key: MapName) -> Any:
    return (import_maps.c.partner == key.partner) & (import_maps.c.name == key.name)
