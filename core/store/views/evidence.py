"""Sums that must come out even: documents against sources, orders against documents."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from core.store.engine import Tx
from core.store.tables.intake import documents, sources
from core.store.tables.ordering import orders


class Sums(NamedTuple):
    """Documents of all sources against documents judged, both ways, source by source.

    ``lacking`` and ``surplus`` are of settled sources; ``unjudged`` are those of sources that are still at work.
    """

    documents: int
    lacking: int
    surplus: int
    unjudged: int


def document_sums(tx: Tx) -> Sums:
    """Return how many documents there should be and by how many they miss or exceed that."""
    judged = select(documents.c.source_id, func.count().label("n")).group_by(documents.c.source_id).subquery()
    n = func.coalesce(judged.c.n, 0)
    lack = case((n < sources.c.documents, sources.c.documents - n), else_=0)
    row = tx.execute(
        select(
            func.coalesce(func.sum(sources.c.documents), 0).label("documents"),
            func.coalesce(func.sum(case((sources.c.settled, lack), else_=0)), 0).label("lacking"),
            func.coalesce(func.sum(case((sources.c.settled, 0), else_=lack)), 0).label("unjudged"),
            func.coalesce(func.sum(case((n > sources.c.documents, n - sources.c.documents), else_=0)), 0).label(
                "surplus"
            ),
        ).outerjoin(judged, judged.c.source_id == sources.c.id)
    ).one()
    strays = tx.execute(
        select(func.coalesce(func.sum(judged.c.n), 0))
        .outerjoin(sources, sources.c.id == judged.c.source_id)
        .where(sources.c.id.is_(None))
    ).scalar_one()
    return Sums(int(row.documents), int(row.lacking), int(row.surplus) + int(strays), int(row.unjudged))


def order_count(tx: Tx) -> int:
    """Return how many orders there are."""
    return int(tx.execute(select(func.count()).select_from(orders)).scalar_one())


def orders_with_document(tx: Tx) -> int:
    """Return how many orders and accepted documents name each other."""
    named = and_(
        documents.c.id == orders.c.document_id,
        documents.c.order_id == orders.c.id,
        documents.c.outcome == "accepted",
    )
    return int(tx.execute(select(func.count()).select_from(orders).join(documents, named)).scalar_one())
