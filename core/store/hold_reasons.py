"""Counts holds by reason, set-wise: some hundred rows whatever the number of orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, case, func, select, type_coerce

from core.store.engine import Tx
from core.store.tables.master import partners
from core.store.tables.ordering import holds, orders

_MICROS_PER_MINUTE: Final = 60_000_000


class HoldCount(NamedTuple):
    """So many holds of a code, rule and partner were lifted ``by`` rule or person after ``minute`` whole minutes.

    ``by`` is ``open`` where they are in force: there is no minute. ``micros`` is what all of them took together.
    """

    code: str
    rule: str
    partner: str
    by: str
    minute: int | None
    holds: int
    micros: int | None


def hold_counts(tx: Tx, since: datetime, until: datetime) -> list[HoldCount]:
    """Return the holds of real orders that were set from *since* on, before *until*."""
    by = case(
        (holds.c.released_at.is_(None), "open"), (holds.c.released_by.like("rule:%"), "rule"), else_="person"
    ).label("by")
    took = type_coerce(holds.c.released_at, BigInteger) - type_coerce(holds.c.set_at, BigInteger)
    each = (
        select(holds.c.code, holds.c.rule, partners.c.code.label("partner"), by, took.label("took"))
        .join(orders, orders.c.id == holds.c.order_id)
        .join(partners, partners.c.id == orders.c.partner_id)
        .where(holds.c.set_at >= since, holds.c.set_at < until, orders.c.test.is_(False))
        .subquery()
    )
    minute = each.c.took.op("/")(_MICROS_PER_MINUTE)
    named = (each.c.code, each.c.rule, each.c.partner, each.c.by, minute)
    statement = select(*named, func.count(), func.sum(each.c.took)).group_by(*named)
    rows: Sequence[Any] = tx.execute(statement).all()
    return [
        HoldCount(code, rule, partner, how, None if minutes is None else int(minutes), number, micros and int(micros))
        for code, rule, partner, how, minutes, number, micros in rows
    ]
