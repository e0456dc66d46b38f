"""The desk of samples of API and command line: papers that are read once more, blindly."""

from __future__ import annotations

import hmac
from typing import Any

from core.clock import Clock
from core.errors import NotFound
from core.paper.blind import Answers, Verdict
from core.paper.samples import answer_sample, settle_sample
from core.paper.sampling import Sampler
from core.reporting import paper_samples as views
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from gateway.paper.drawing import Drawer

Json = dict[str, Any]

#: the file itself is shown where no page can be drawn
_WITHOUT_PAGES = frozenset({"table", "mail"})


def sampler_of(secret: bytes) -> Sampler:
    """Return what draws samples by a key of its own, made from the *secret* of the installation."""
    return Sampler(hmac.digest(secret, b"paper samples", "sha256"))


def shown_by(desk: SampleDesk, sample_id: str) -> dict[int, bytes]:
    """Return what is to be looked at: pictures of the pages by their number, or the file itself as 0."""
    pages = desk.sample(sample_id)["pages"]
    return {page: desk.picture(sample_id, page) for page in pages} or {0: desk.file(sample_id)}


class SampleDesk:
    """See ``gateway.web.sample_port.SampleDesk`` for what each method promises."""

    def __init__(self, store: Store, blobs: BlobStore, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._cache = MasterCache()
        self._drawer = Drawer()

    def samples(
        self,
        *,
        state: str | None = None,
        paper_class: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of samples."""
        return self._store.read(
            lambda tx: views.samples(tx, state=state, paper_class=paper_class, cursor=cursor, limit=limit)
        )

    def sample(self, sample_id: str) -> Json:
        """Return one."""
        return self._store.read(lambda tx: views.sample(tx, sample_id))

    def picture(self, sample_id: str, page: int) -> bytes:
        """Return a page as a PNG."""
        part = self._store.read(lambda tx: views.shown_part(tx, sample_id))
        return self._drawer.draw(self._blobs.get(part["sha256"]), page)

    def file(self, sample_id: str) -> bytes:
        """Return the bytes of what has no page to draw."""
        part = self._store.read(lambda tx: views.shown_part(tx, sample_id))
        if part["class"] not in _WITHOUT_PAGES:
            raise NotFound(f"sample {sample_id} has pages", hint="Look at those.", inputs={"class": part["class"]})
        return self._blobs.get(part["sha256"])

    def answer(self, sample_id: str, answers: Answers, *, seen: int, actor: str) -> Json:
        """Take what a person typed."""

        def work(tx: Tx) -> Json:
            at = self._clock.now()
            answer_sample(tx, self._cache, int(sample_id), answers, actor=actor, at=at, seen=seen)
            return views.sample(tx, sample_id)

        return self._store.write(work)

    def settle(self, sample_id: str, verdicts: dict[str, Verdict], *, reason: str, seen: int, actor: str) -> Json:
        """Decide who was wrong."""

        def work(tx: Tx) -> Json:
            at = self._clock.now()
            settle_sample(tx, int(sample_id), verdicts, actor=actor, reason=reason, at=at, seen=seen)
            return views.sample(tx, sample_id)

        return self._store.write(work)
