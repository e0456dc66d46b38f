"""Rows of what shops are told of their orders: made from the stream, claimed in each order's sequence, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, insert, select, tuple_, update

from core.errors import NotFound
from core.store import claims
from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.tables.master import stores
from core.store.tables.ordering import events, orders, sequences
from core.store.tables.shops import shop_news, shop_orders

#: how far the stream was looked through for news
_CURSOR: Final = "shop.news"
#: whether a store is there whose news were not looked for up to the end; where none is, the cursor stays where it is
_BEHIND: Final = (
    select(stores.c.store)
    .where(
        func.coalesce(select(sequences.c.n).where(sequences.c.name == _CURSOR).scalar_subquery(), 0)
        < select(func.max(events.c.seal)).scalar_subquery()
    )
    .limit(1)
)
_ANY_STORE: Final = select(stores.c.store).limit(1)
_LAST_SEAL: Final = select(func.max(events.c.seal))
#: facts of shops' orders in a part of the stream; who is not to be told is passed over
_TOLD_FACTS: Final = (
    select(
        events.c.seal, events.c.id.label("event_id"), events.c.event, events.c.seq, events.c.at, events.c.inputs,
        events.c.order_id, orders.c.number, orders.c.test, shop_orders.c.platform, shop_orders.c.store,
        shop_orders.c.shop_id, shop_orders.c.facts, shop_orders.c.line_ids,
    )
    .join(shop_orders, shop_orders.c.order_id == events.c.order_id)
    .join(orders, orders.c.id == events.c.order_id)
    .join(stores, and_(stores.c.platform == shop_orders.c.platform, stores.c.store == shop_orders.c.store))
    .where(
        events.c.seal > bindparam("after"),
        events.c.seal <= bindparam("upto"),
        events.c.event.in_(bindparam("kinds", expanding=True)),
        stores.c.write_back.is_(True),
        stores.c.base_url != "",
    )
    .order_by(events.c.seal)
)  # fmt: skip
_earlier: Final = shop_news.alias("earlier")
#: due, and nothing before it of the same order still to be told
_DUE: Final = (
    select(shop_news.c.id, shop_news.c.platform, shop_news.c.store)
    .where(
        shop_news.c.state == "queued",
        shop_news.c.due_at <= bindparam("now"),
        ~select(_earlier.c.id)
        .where(
            _earlier.c.order_id == shop_news.c.order_id,
            _earlier.c.seal < shop_news.c.seal,
            _earlier.c.state.in_(("queued", "attempting")),
        )
        .exists(),
    )
    .order_by(shop_news.c.due_at, shop_news.c.seal)
    .limit(bindparam("most"))
)
_STORE: Final = tuple_(shop_news.c.platform, shop_news.c.store)
_UNDER_WAY: Final = select(shop_news.c.id, shop_news.c.worker_id).where(shop_news.c.state == "attempting")


class NewsRow(NamedTuple):
    """One piece of news as it is kept; see the table for what each value means."""

    id: int
    platform: str
    store: str
    shop_id: str
    order_id: int
    event_id: int
    seal: int
    kind: str
    payload: dict[str, Any]
    state: str
    attempts: int
    due_at: datetime
    worker_id: int | None
    created_at: datetime
    told_at: datetime | None
    last_error: str | None


def any_store(tx: Tx) -> bool:
    """Tell whether a store is loaded at all."""
    return tx.execute(_ANY_STORE).first() is not None


def behind(tx: Tx) -> bool:
    """Tell whether the stream has something that was not looked through for shops."""
    return tx.execute(_BEHIND).first() is not None


def lock_cursor(tx: Tx, most: int) -> tuple[int, int]:
    """Move the cursor on by up to *most* positions; return those after which, and up to which, facts are new.

    It stays locked until the transaction ends.
    """
    after = next_in_sequence(tx, _CURSOR, 0) - 1
    last = int(tx.execute(_LAST_SEAL).scalar_one() or 0)
    upto = max(after, min(last, after + most))
    next_in_sequence(tx, _CURSOR, upto - after)
    return after, upto


def told_facts(tx: Tx, after: int, upto: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """Return the facts of *kinds* between two positions of the stream whose shops are to be told."""
    found = tx.execute(_TOLD_FACTS, {"after": after, "upto": upto, "kinds": list(kinds)})
    return [dict(row) for row in found.mappings()]


def add_news(tx: Tx, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    """Queue news, each ``{platform, store, shop_id, order_id, event_id, seal, kind, payload}``."""
    if rows:
        fresh = {"state": "queued", "attempts": 0, "due_at": at, "created_at": at}
        tx.execute(insert(shop_news), [{"id": tx.ids.next(), **fresh, **row} for row in rows])


def anything_due(tx: Tx, now: datetime) -> bool:
    """Tell whether a claim would find something."""
    return tx.execute(_DUE, {"now": now, "most": 1}).first() is not None


def claim_due(
    tx: Tx, now: datetime, worker_id: int, *, most: int, room: Mapping[tuple[str, str], int], each: int
) -> list[NewsRow]:
    """Claim up to *most* due news for *worker_id*.

    Of one store (platform, name) at most as many as *room* says, *each* where it says nothing.
    """
    statement = _DUE.where(_STORE.not_in(nothing)) if (nothing := claims.full(room)) else _DUE
    due = tx.execute(statement.with_for_update(skip_locked=True, of=shop_news), {"now": now, "most": most * 4})
    ids = claims.picked(due, lambda row: (row.platform, row.store), most=most, each=each, room=room)
    if not ids:
        return []
    tx.execute(
        update(shop_news)
        .where(shop_news.c.id.in_(ids))
        .values(state="attempting", worker_id=worker_id, attempts=shop_news.c.attempts + 1)
    )
    return [NewsRow._make(row) for row in tx.execute(select(shop_news).where(shop_news.c.id.in_(ids)))]


def under_way(tx: Tx) -> list[tuple[int, int]]:
    """Return (news, worker) of every try that has not ended."""
    return [(int(row.id), int(row.worker_id)) for row in tx.execute(_UNDER_WAY)]


def end_try(tx: Tx, row: NewsRow, state: str, *, at: datetime, due_at: datetime | None = None, error: str = "") -> bool:
    """Keep the outcome of a try; False when the claim was lost, and the try is another's by now."""
    values = {
        "state": state,
        "due_at": due_at or at,
        "worker_id": None,
        "told_at": at if state == "told" else None,
        "last_error": error[:300] or None,
    }
    return tx.execute(update(shop_news).where(claims.held(shop_news, row, "attempting")).values(**values)).rowcount == 1


def free(tx: Tx, news_id: int, worker_id: int, at: datetime) -> None:
    """Queue again the try of a worker that is gone; the shop is asked first what arrived."""
    tx.execute(
        update(shop_news)
        .where(shop_news.c.id == news_id, shop_news.c.state == "attempting", shop_news.c.worker_id == worker_id)
        .values(state="queued", worker_id=None, due_at=at)
    )


def news_row(tx: Tx, news_id: int) -> NewsRow:
    """Return one piece of news.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(select(shop_news).where(shop_news.c.id == news_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no shop news {news_id}")
    return NewsRow._make(row)


def queue_again(tx: Tx, news_id: int, at: datetime) -> bool:
    """Queue what was given up, or had no place, its tries counted anew; False where it is open or told."""
    done = tx.execute(
        update(shop_news)
        .where(shop_news.c.id == news_id, shop_news.c.state.in_(("dead", "nothing")))
        .values(state="queued", attempts=0, due_at=at)
    )
    return done.rowcount == 1


def list_news(
    tx: Tx, *, state: str | None = None, order: str | None = None, before: int | None = None, limit: int
) -> list[tuple[NewsRow, str]]:
    """Return up to *limit* news with the numbers of their orders, the latest first, below the position *before*."""
    statement = select(shop_news, orders.c.number).join(orders, orders.c.id == shop_news.c.order_id)
    if state is not None:
        statement = statement.where(shop_news.c.state == state)
    if order is not None:
        statement = statement.where(orders.c.number == order)
    if before is not None:
        statement = statement.where(shop_news.c.seal < before)
    found = tx.execute(statement.order_by(shop_news.c.seal.desc()).limit(limit))
    return [(NewsRow._make(row[:-1]), row[-1]) for row in found]


def forget(tx: Tx, before: datetime) -> int:
    """Delete news that were told, or had no place, before *before*; return how many. They are never made again."""
    old = delete(shop_news).where(shop_news.c.state.in_(("told", "nothing")), shop_news.c.due_at < before)
    return int(tx.execute(old).rowcount)
