"""The import desk of API and CLI: files are kept and queued, watched, paused, cancelled and resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson

from core.clock import Clock
from core.entry.columns import read_map
from core.entry.drafts import DraftChanged
from core.errors import Conflict, NotFound
from core.reporting import cursor as cursors
from core.reporting.imports import import_json, import_page, import_row_json, map_json, row_page
from core.store import idempotency, import_maps
from core.store import imports as rows
from core.store.alerts import close_alert
from core.store.blobs import BlobStore, BlobWriter
from core.store.engine import Store, Tx
from core.store.import_maps import MapName
from core.store.imports import Row
from gateway.imports.worker import IMPORT_FAILED, SYSTEM_FAILED

Json = dict[str, Any]

#: rows of one page of a download
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a file, under which key, and what that key may enter: units and types of orders (None: all)."""

    actor: str
    #: the public part of the key; "" for the command line
    owner: str = ""
    #: whose orders they are, None where the rows name it; *bound*: the key enters orders of no other
    partner: str | None = None
    bound: bool = False
    units: frozenset[str] | None = None
    order_types: frozenset[str] | None = None


class ImportDesk:
    """See ``gateway.web.import_port.ImportDesk`` for what each method promises."""

    def __init__(self, store: Store, *, blobs: BlobStore, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        #: told that there is work
        self.wake = wake

    def writer(self) -> BlobWriter:
        """Return what takes the bytes of a file as they arrive."""
        return self._blobs.writer()

    def map_in_force(self, name: str, partner: str | None) -> Json:
        """Return the newest version of a map."""
        return self._store.read(lambda tx: map_json(import_maps.for_partner(tx, name, partner)))

    def create(
        self,
        kept: tuple[str, int],
        filename: str,
        columns: Json,
        sender: Sender,
        *,
        map_name: str | None = None,
        map_version: int | None = None,
        dry_run: bool = False,
        key: str | None = None,
    ) -> tuple[Json, bool]:
        """Queue a file; return the import and whether the key had queued it before."""
        read_map(columns)
        sha256, size = kept
        values = {
            "filename": filename[:200], "sha256": sha256, "size": size, "map": columns, "map_name": map_name,
            "map_version": map_version, "partner": sender.partner or "", "bound": sender.bound, "dry_run": dry_run,
            "actor": sender.actor[:100], "owner": sender.owner,
            "units": None if sender.units is None else sorted(sender.units),
            "order_types": None if sender.order_types is None else sorted(sender.order_types),
        }  # fmt: skip
        # A map that was changed meanwhile, or a file of another name, is still the same request.
        asked = {"sha256": sha256, "map": map_name or columns, "partner": sender.partner, "dry_run": dry_run}
        request = hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()

        def work(tx: Tx) -> tuple[Json, bool]:
            now = self._clock.now()
            if key is not None:
                first = idempotency.begin(tx, sender.owner, key, request, now)
                if first is not None:
                    return import_json(rows.get(tx, int(first.answer["id"]))), True
            made = rows.add(tx, values, now)
            if key is not None:
                idempotency.finish(tx, sender.owner, key, 202, {"id": str(made)})
            return import_json(rows.get(tx, made)), False

        answer = self._store.write(work)
        self.wake()
        return answer

    def get(self, import_id: int, *, partner: str | None) -> Json:
        """Return an import."""
        return self._store.read(lambda tx: import_json(rows.get(tx, import_id, partner=partner)))

    def page(
        self, *, partner: str | None, own: bool = False, state: str | None = None, cursor: str | None = None,
        limit: int = 50,
    ) -> Json:  # fmt: skip
        """Return a page of imports."""
        return self._store.read(
            lambda tx: import_page(tx, partner=partner, own=own, state=state, cursor=cursor, limit=limit)
        )

    def rows(
        self,
        import_id: int,
        *,
        partner: str | None,
        status: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of rows."""
        return self._store.read(
            lambda tx: row_page(tx, import_id, partner=partner, status=status, cursor=cursor, limit=limit)
        )

    def results(self, import_id: int, *, partner: str | None) -> tuple[Json, list[str], Iterator[Json]]:
        """Return an import, the titles of its file and every row."""
        found = self._store.read(lambda tx: rows.get(tx, import_id, partner=partner))
        titles = found["layout"]["titles"] if found["layout"] else []
        return import_json(found), titles, self._every_row(import_id)

    def _every_row(self, import_id: int) -> Iterator[Json]:
        after = 0
        while True:
            page = self._store.read(
                partial(rows.row_results, import_id=import_id, state=None, after=after, limit=_PAGE)
            )
            yield from (import_row_json(row) for row in page)
            if len(page) < _PAGE:
                return
            after = page[-1]["row"]

    def cancel(self, import_id: int, *, partner: str | None) -> Json:
        """End an import; what is placed stays."""

        def work(tx: Tx, row: Row) -> None:
            if row["state"] in ("done", "failed"):
                raise Conflict(f"import {import_id} is {row['state']} already", hint="Orders that were placed stay.")
            if row["state"] != "cancelled":
                now = self._clock.now()
                rows.leave_waiting(tx, import_id)
                rows.put(tx, import_id, {"state": "cancelled", "worker_id": None, "moved_at": now, "ended_at": now})
                close_alert(tx, IMPORT_FAILED, str(import_id), at=now)

        return self._change(import_id, partner, work)

    def pause(self, import_id: int, *, partner: str | None) -> Json:
        """Let an import rest until it is resumed."""

        def work(tx: Tx, row: Row) -> None:
            if row["state"] in rows.ENDED:
                raise Conflict(f"import {import_id} is {row['state']} already")
            rows.put(tx, import_id, {"state": "paused", "worker_id": None, "moved_at": self._clock.now()})

        return self._change(import_id, partner, work)

    def resume(self, import_id: int, *, partner: str | None) -> Json:
        """Go on with an import that is paused, or failed, or try again the orders that the system failed on."""

        def work(tx: Tx, row: Row) -> None:
            if row["state"] == "cancelled":
                raise Conflict(
                    f"import {import_id} is cancelled", hint="Send the file again: what was placed stays as it is."
                )
            again = rows.again(tx, import_id, SYSTEM_FAILED) if row["state"] in ("done", "paused") else []
            if row["state"] == "done" and not again:
                raise Conflict(f"import {import_id} is done", hint="Correct the rows that were refused and send them.")
            if row["state"] in rows.ACTIVE:
                return
            now = self._clock.now()
            values = {
                "state": "queued", "problem": None, "moved_at": now, "ended_at": None,
                "refused": row["refused"] - len(again),
                "rows_refused": row["rows_refused"] - sum(one["rows"] for one in again),
            }  # fmt: skip
            rows.put(tx, import_id, values)
            close_alert(tx, IMPORT_FAILED, str(import_id), at=now)

        return self._change(import_id, partner, work)

    def _change(self, import_id: int, partner: str | None, work: Callable[[Tx, Row], None]) -> Json:
        def change(tx: Tx) -> Json:
            work(tx, rows.get(tx, import_id, partner=partner, lock=True))
            return import_json(rows.get(tx, import_id))

        answer = self._store.write(change)
        self.wake()
        return answer

    # maps

    def map(self, name: str, *, owner: str) -> Json:
        """Return the newest version of the map of *owner*."""
        return self._store.read(lambda tx: map_json(_standing(tx, MapName(owner, name))))

    def maps(self, *, partner: str | None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of maps."""
        key = cursors.decode(cursor, str, str)
        after = MapName(*key) if key else None

        def work(tx: Tx) -> Json:
            found, more = cursors.page(import_maps.page(tx, partner=partner, after=after, limit=limit + 1), limit)
            return {
                "items": [map_json(row) for row in found],
                "next": cursors.encode(found[-1]["partner"], found[-1]["name"]) if more else None,
            }

        return self._store.read(work)

    def put_map(self, name: str, columns: Json, *, owner: str, seen: int | None, actor: str) -> Json:
        """Keep a new version of a map, or its first."""
        read_map(columns)
        key = MapName(owner, name)

        def work(tx: Tx) -> Json:
            before = import_maps.latest(tx, key)
            standing = before is not None and before["map"] is not None
            if before is not None and before["map"] == columns:
                return map_json(before)
            if seen is not None and (not standing or before is None or before["version"] != seen):
                raise DraftChanged(hint="Read it again and send your change for that version.")
            if seen is None and standing:
                raise Conflict(f"there is a map {name} already", hint="Send its ETag in If-Match to change it.")
            version = (before["version"] if before else 0) + 1
            import_maps.add_version(tx, key, version, columns, actor=actor, at=self._clock.now())
            return map_json(_standing(tx, key))

        return self._store.write(work)

    def remove_map(self, name: str, *, owner: str, seen: int, actor: str) -> None:
        """Remove a map; imports keep the version that they were sent with."""
        key = MapName(owner, name)

        def work(tx: Tx) -> None:
            if _standing(tx, key)["version"] != seen:
                raise DraftChanged(hint="Read it again before you remove it.")
            import_maps.add_version(tx, key, seen + 1, None, actor=actor, at=self._clock.now())

        self._store.write(work)


def _standing(tx: Tx, key: MapName) -> Row:
    row = import_maps.latest(tx, key)
    if row is None or row["map"] is None:
        raise NotFound(f"there is no map {key.name}")
    return row
