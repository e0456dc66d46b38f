"""The one door of mail and fax: what came is kept for good before anybody is answered (INT-05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from core.clock import Clock
from core.store import intake as rows
from core.store import papers
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx

#: the channel that numbers such orders: ``2026-MF-000001``
CHANNEL: Final = "MF"
#: what reads them: the adapter's id
_READER: Final = "email"

Transport = Literal["mail", "fax"]


class PaperDoor:
    """Keeps what came by mail or fax; safe for several threads and processes."""

    def __init__(self, store: Store, *, blobs: BlobStore, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        #: rung when something was kept
        self.on_kept: Callable[[], None] = lambda: None

    def keep(self, content: bytes, *, transport: Transport, name: str, origin: str, claim_id: str | None = None) -> int:
        """Keep *content* as a source that waits to be read, and return its id; when this returns, it is on the disk.

        *name* is what its sender called it, *origin* says where it came from (``mail/in/order.eml``). *claim_id*, 80
        signs at most, names this very arrival: the same one again is the source that it made, so that whoever was
        broken off before the answer can hand it over once more.

        Raises:
            StorageFull: there is no room for the bytes; nothing was kept.
            StoreUnavailable: the database does not answer; ask again with the same claim.
        """
        sha256 = self._blobs.put(content)

        def work(tx: Tx) -> int:
            if claim_id is not None and (known := rows.source_by_claim(tx, claim_id)) is not None:
                return known
            now = self._clock.now()
            source_id = rows.add_source(
                tx, sha256=sha256, size=len(content), channel=CHANNEL, transport=transport, origin=origin[:300],
                partner_id=None, claim_id=claim_id, received_at=now, decoder=_READER, documents=1, settled=False,
                worker_id=None,
            )  # fmt: skip
            papers.add(tx, source_id, name=name, at=now)
            return source_id

        source_id = self._store.write(work)
        self.on_kept()
        return source_id
