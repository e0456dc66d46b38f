"""Tasks: what waits for a person, whom it waits for, and what became of it."""

from sqlalchemy import BigInteger, Column, Index, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

tasks = Table(
    "tasks",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    #: what it is about: with the kind its own key while it is open
    Column("subject", String(100), nullable=False),
    Column("order_id", BigInteger, index=True),
    #: who does it: any of the role, or the one who is named
    Column("role", String(50), nullable=False),
    Column("assignee", String(100)),
    Column("words", String(500), nullable=False),
    Column("inputs", Json, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("reminded_at", Instant),
    #: open, done, expired, cancelled
    Column("state", String(10), nullable=False),
    Column("closed_at", Instant),
    Column("done_by", String(100)),
    Column("outcome", String(40)),
    Column("reason", String(500)),
    Index(
        "ix_tasks_kind_subject",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
