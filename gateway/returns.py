"""The desk of returns: asked for, numbered, decided by the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.clock import Clock, iso
from core.errors import NotFound
from core.reporting.cursor import decode, encode, page
from core.returns.request import ReturnRequest, request_return
from core.store.engine import Store, Tx
from core.store.returns import page_of_rmas

Json = dict[str, Any]


class ReturnDesk:
    """See ``gateway.web.return_port.ReturnDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: Clock, on_commit: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_commit = on_commit

    def request_return(self, asked: ReturnRequest, *, partner: str | None, actor: str) -> Json:
        """Keep a request and return what was decided."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            number = request_return(tx, asked, partner=partner, actor=actor[:100], now=now)
            return _shown(page_of_rmas(tx, number=number)[0])

        done = self._store.write(work)
        self._on_commit()
        return done

    def rma(self, number: str, *, partner: str | None = None) -> Json:
        """Return one return."""
        found = self._store.read(lambda tx: page_of_rmas(tx, number=number, partner=partner))
        if not found:
            raise NotFound(f"there is no return {number}")
        return _shown(found[0])

    def rmas(
        self,
        *,
        order: str | None = None,
        partner: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of returns, the latest first."""
        key = decode(cursor, int)
        before = None if key is None else key[0]
        found, more = page(
            self._store.read(
                lambda tx: page_of_rmas(tx, order=order, partner=partner, state=state, before=before, limit=limit + 1)
            ),
            limit,
        )
        return {"items": [_shown(row) for row in found], "next": encode(found[-1]["id"]) if more else None}


def _shown(row: Json) -> Json:
    told = ("number", "order", "partner", "state", "reason", "words", "lines", "requested_by", "decided_by", "because")
    return {
        **{name: row[name] for name in told},
        "requested_at": iso(row["requested_at"]),
        "rule_version": row["rule_version"],
    }
