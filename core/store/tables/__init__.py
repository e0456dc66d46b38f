"""All tables on one MetaData; alembic and the tests read it from here."""

from core.store.tables import (
    access,
    approvals,
    changes,
    confirmations,
    credit,
    discrepancies,
    entry,
    intake,
    master,
    messaging,
    notices,
    ordering,
    pricing,
    ranking,
    shipping,
    sourcing,
    tasks,
)
from core.store.tables.base import metadata

__all__ = [
    "access",
    "approvals",
    "changes",
    "confirmations",
    "credit",
    "discrepancies",
    "entry",
    "intake",
    "master",
    "messaging",
    "metadata",
    "notices",
    "ordering",
    "pricing",
    "ranking",
    "shipping",
    "sourcing",
    "tasks",
]
