"""The desk of mail and fax of API and console: what came, what was read of it, and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.errors import NotFound
from core.paper.memory import revoke
from core.paper.questions import ask_now
from core.provenance import ENGLISH
from core.reporting import paper_memory
from core.reporting import papers as views
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.views.papers import PaperFilter
from gateway.paper.drawing import Drawer, NoPicture

Json = dict[str, Any]


class PaperDesk:
    """See ``gateway.web.paper_port.PaperDesk`` for what each method promises."""

    def __init__(
        self, store: Store, blobs: BlobStore, clock: Clock, act: Callable[[Callable[[Tx], Json]], Json]
    ) -> None:
        self._store = store
        self._act = act
        self._clock = clock
        self._blobs = blobs
        self._drawer = Drawer()

    def papers(
        self,
        *,
        state: str | None = None,
        transport: str | None = None,
        became: str | None = None,
        partner: str | None = None,
        since: datetime | None = None,
        language: str = ENGLISH,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of what came."""
        wanted = PaperFilter(state, transport, became, partner, since)
        return self._store.read(lambda tx: views.papers(tx, wanted, language=language, cursor=cursor, limit=limit))

    def paper(self, paper_id: str, *, language: str = ENGLISH) -> Json:
        """Return what was read of one."""
        return self._store.read(lambda tx: views.paper(tx, paper_id, language=language))

    def picture(self, paper_id: str, part: int, page: int, *, field: str | None = None) -> bytes:
        """Return a page, or the place of a field on it, as a PNG."""
        row = self._store.read(lambda tx: views.part_to_show(tx, paper_id, part))
        box = None
        if field is not None:
            known = (row["judgement"] or {"fields": {}})["fields"].get(field)
            if known is None:
                raise NotFound(f"nothing was read of the field {field}", inputs={"field": field})
            if known.get("page") != page or "box" not in known:
                raise NoPicture(f"the field {field} does not stand on page {page}", inputs={"page": known.get("page")})
            box = known["box"]
        return self._drawer.draw(self._blobs.get(row["sha256"]), page, box)

    def ask(self, paper_id: str, *, actor: str, language: str = ENGLISH) -> Json:
        """Ask the sender of one."""

        def work(tx: Tx) -> Json:
            source_id = int(views.paper(tx, paper_id)["id"])
            ask_now(tx, MasterCache(), source_id, actor=actor, at=self._clock.now())
            return views.paper(tx, paper_id, language=language)

        return self._act(work)

    def lessons(
        self,
        *,
        partner: str | None = None,
        state: str | None = None,
        language: str = ENGLISH,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of what was learned."""
        return self._store.read(
            lambda tx: paper_memory.lessons(
                tx, partner=partner, state=state, language=language, cursor=cursor, limit=limit
            )
        )

    def revoke(self, lesson: int, *, reason: str, actor: str, language: str = ENGLISH) -> Json:
        """Forget what was learned."""

        def work(tx: Tx) -> Json:
            revoke(tx, lesson, actor=actor, at=self._clock.now(), reason=reason)
            return paper_memory.lesson(tx, lesson, language=language)

        return self._store.write(work)
